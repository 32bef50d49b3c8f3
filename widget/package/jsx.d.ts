import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { ReportConcernElement } from "./index.js";

/** The attributes of `<report-concern>`, as React 19 writes them; `context` is set as a property. */
export interface ReportConcernAttributes extends HTMLAttributes<ReportConcernElement> {
  channel: string;
  "root-key": string;
  label?: string;
  "close-label"?: string;
  placement?: "inline" | "corner" | "own";
  launcher?: "on" | "off";
  locale?: string;
  theme?: "light" | "dark" | "system";
  "subject-type"?: string;
  "subject-id"?: string;
  "subject-label"?: string;
  "context-token"?: string;
  context?: Record<string, unknown>;
  "onrecourse:ready"?: (event: Event) => void;
  "onrecourse:open"?: (event: Event) => void;
  "onrecourse:close"?: (event: Event) => void;
  "onrecourse:error"?: (event: Event) => void;
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "report-concern": DetailedHTMLProps<ReportConcernAttributes, ReportConcernElement>;
    }
  }
}
