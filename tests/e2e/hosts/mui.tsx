// A product whose dialogs are MUI's.
import type {} from "@recourse/widget/jsx";
import Dialog from "@mui/material/Dialog";
import DialogTitle from "@mui/material/DialogTitle";
import { useState } from "react";
import { createRoot } from "react-dom/client";

function Product() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button onClick={() => setOpen(true)}>Open the product's dialog</button>
      <Dialog open={open} onClose={() => setOpen(false)} aria-labelledby="title" transitionDuration={0}>
        <DialogTitle id="title">Product's dialog</DialogTitle>
        <input aria-label="Product's field" />
        <report-concern channel="demo" root-key="KEY" subject-id="in-mui" />
      </Dialog>
    </>
  );
}

createRoot(document.getElementById("root")!).render(<Product />);
