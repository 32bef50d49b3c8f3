// A product that installed the package: drawn on a server first, then brought to life.
import { configure, open } from "@recourse/widget";
import { ReportConcern } from "@recourse/widget/react";
import { StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";

/** What the test says about the source of the element. */
const source = JSON.parse(document.documentElement.dataset.source ?? "{}");
const told: string[] = [];
Object.assign(window, { told, open });
configure({ theme: "dark" });

export function Product() {
  const tell = (event: Event) => void told.push(event.type);
  return (
    <ReportConcern
      intake="http://127.0.0.1:9180"
      {...source}
      channel="demo"
      rootKey="KEY"
      label="Melden"
      subjectId="m-1"
      context={{ plan: "team" }}
      id="one"
      className="quiet"
      onOpen={tell}
      onClose={tell}
      onError={tell}
    />
  );
}

hydrateRoot(
  document.getElementById("root")!,
  <StrictMode>
    <Product />
  </StrictMode>,
);
