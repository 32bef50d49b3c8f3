// A product whose dialogs are Radix's.
import type {} from "@recourse/widget/jsx";
import * as Dialog from "@radix-ui/react-dialog";
import { createRoot } from "react-dom/client";

function Product() {
  return (
    <Dialog.Root>
      <Dialog.Trigger>Open the product's dialog</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay />
        <Dialog.Content aria-describedby={undefined}>
          <Dialog.Title>Product's dialog</Dialog.Title>
          <input aria-label="Product's field" />
          <report-concern channel="demo" root-key="KEY" subject-id="in-radix" />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

createRoot(document.getElementById("root")!).render(<Product />);
