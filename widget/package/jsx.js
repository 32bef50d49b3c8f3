// Types only: `import type {} from "@recourse/widget/jsx"`.
export {};
