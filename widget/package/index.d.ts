/** What can be said of one `<report-concern>`: as attributes (in kebab-case), as properties, or by `configure`. */
export interface ReportConcernProperties {
  /** The channel's name. */
  channel: string;
  /** The channel's root key, which the form pins. */
  rootKey: string;
  /** Words of the button; “Report a concern” unless given. */
  label: string | null;
  /** Word of the button that closes a dialog in which no form came; “Close” unless given. */
  closeLabel: string | null;
  /** In the text (unless given), fixed in a corner, or the element's own content as the button. */
  placement: "inline" | "corner" | "own" | null;
  /** `off`: no button; `open()` opens. */
  launcher: "on" | "off" | null;
  /** BCP 47; else the `lang` of the page. */
  locale: string | null;
  /** Else the person's own setting. */
  theme: "light" | "dark" | "system" | null;
  /** What the report is about. The reporter sees it and can remove it. */
  subjectType: string | null;
  subjectId: string | null;
  subjectLabel: string | null;
  /** A signed statement of your server about the object, never about the person. */
  contextToken: string | null;
  /**
   * What the product knows about the place: plain data, at most 8,192 characters as JSON, and of that 64 entries, each name at most 64
   * characters and each text 1,000. What is no plain data or too long is refused with a line in the console. Shown to the reporter,
   * who can remove it.
   */
  context: Record<string, unknown>;
}

/** `<report-concern>`, once its script has come. */
export interface ReportConcernElement extends HTMLElement, ReportConcernProperties {
  /** Opens the dialog as the button does; in a page where the form cannot stand, the link. */
  open(): void;
  /** As Escape does: the form asks the reporter when something was typed. */
  close(): void;
  /** Sets several properties. */
  configure(properties: Partial<ReportConcernProperties>): void;
}

export interface Source {
  /** Your intake: `https://report.example`. The form, and only the form, is loaded from there. */
  intake: string;
  /** An exact version; the current one unless given. */
  version?: string;
  /** The hash of that version, from `/widget/integrity.json` of the intake. */
  integrity?: string;
}

/**
 * Defines `<report-concern>`. Two calls load once.
 * @returns the element's class, `null` on a server
 * @throws when it does not load or is not what `integrity` says; the link inside the element then stays what it is
 */
export function load(source: Source): Promise<(new () => ReportConcernElement) | null>;

/** Opens the first element that the selector names, now or as soon as there is one. Nothing on a server. */
export function open(target?: string): void;

/** Closes the dialog if one of these elements opened it. Nothing on a server. */
export function close(target?: string): void;

/** Sets properties of every element that the selector names, those to come as well. Nothing on a server. */
export function configure(properties: Partial<ReportConcernProperties>, target?: string): void;

/** Address of the form as a page of its own: for footers, mails, QR codes and native apps. */
export function hostedPage(where: { intake: string; channel: string }): string;

/** What `window.recourse.push` takes; it may be a plain array until the script has come. */
export type Call =
  | ["open", (string | undefined)?]
  | ["close", (string | undefined)?]
  | ["configure", string | undefined, Partial<ReportConcernProperties>];

declare global {
  interface Window {
    recourse?: { push(...calls: Call[]): unknown };
  }
  interface HTMLElementTagNameMap {
    "report-concern": ReportConcernElement;
  }
  interface HTMLElementEventMap {
    "recourse:ready": Event;
    "recourse:open": Event;
    "recourse:close": Event;
    "recourse:error": Event;
  }
}
