import type { ForwardRefExoticComponent, HTMLAttributes, ReactNode, RefAttributes } from "react";
import type { ReportConcernElement, ReportConcernProperties, Source } from "./index.js";

type Texts = Omit<ReportConcernProperties, "channel" | "rootKey" | "launcher" | "context">;

export interface ReportConcernProps
  extends Source,
    Omit<HTMLAttributes<ReportConcernElement>, "onError">,
    Partial<{ [Name in keyof Texts]: NonNullable<Texts[Name]> }> {
  channel: string;
  rootKey: string;
  /** `false`: no button; open by `ref.current.open()` or the package's `open()`. */
  launcher?: boolean;
  context?: Record<string, unknown>;
  /** The form can be used. */
  onReady?: (event: Event) => void;
  /** Its first screen is painted. */
  onOpen?: (event: Event) => void;
  /** The dialog is gone: the same whether something was sent or not. */
  onClose?: (event: Event) => void;
  /** The form could not be loaded here; the link is there. */
  onError?: (event: Event) => void;
  /** In place of the link to the hosted page; keep a link in it. */
  children?: ReactNode;
}

export declare const ReportConcern: ForwardRefExoticComponent<ReportConcernProps & RefAttributes<ReportConcernElement>>;
