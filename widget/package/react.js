"use client";
// A component that draws the same on server and in the browser: the element with a link in it. The link works before the script has
// come, and where it never comes.
import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from "react";

import { hostedPage, load } from "./index.js";

/**
 * @param {import("./react.js").ReportConcernProps} props
 * @param {import("react").ForwardedRef<import("./index.js").ReportConcernElement>} outer
 */
function Component(props, outer) {
  const { intake, version, integrity, channel, rootKey, label, closeLabel, launcher, context, children } = props;
  const { subjectType, subjectId, subjectLabel, contextToken, className, onReady, onOpen, onClose, onError, ...rest } = without(props);
  /** @type {import("react").RefObject<import("./index.js").ReportConcernElement | null>} */
  const element = useRef(null);
  useImperativeHandle(outer, () => /** @type {import("./index.js").ReportConcernElement} */ (element.current), []);

  useEffect(() => {
    const mine = element.current;
    const handlers = { ready: onReady, open: onOpen, close: onClose, error: onError };
    const listeners = Object.entries(handlers).flatMap(([name, handler]) => (handler ? [/** @type {const} */ ([`recourse:${name}`, handler])] : []));
    for (const [name, handler] of listeners) mine?.addEventListener(name, handler);
    return () => listeners.forEach(([name, handler]) => mine?.removeEventListener(name, handler));
  }, [onReady, onOpen, onClose, onError]);

  // A property: React 18 would write an object into an attribute.
  useEffect(() => {
    if (element.current && context) element.current.context = context;
  }, [context]);

  useEffect(() => {
    load({ intake, version, integrity }).catch(() => {
      element.current?.dispatchEvent(new Event("recourse:error", { bubbles: true, composed: true }));
    });
  }, [intake, version, integrity]);

  const link = createElement("a", { href: hostedPage({ intake, channel }), target: "_blank", rel: "noopener noreferrer" }, label || "Report a concern");
  const attributes = {
    // By its own name: React 18 would write `classname`.
    class: className,
    ...{ channel, "root-key": rootKey, label, "close-label": closeLabel, launcher: launcher === false ? "off" : undefined },
    ...{ "subject-type": subjectType, "subject-id": subjectId, "subject-label": subjectLabel, "context-token": contextToken },
  };
  return createElement("report-concern", { ...rest, ...attributes, ref: element }, children ?? link);
}

/**
 * The rest goes to the element as it is: `placement`, `locale`, `theme`, `id`, `className`…
 * @param {import("./react.js").ReportConcernProps} props
 */
function without({ intake, version, integrity, channel, rootKey, label, closeLabel, launcher, context, children, ...rest }) {
  return rest;
}

/** @type {typeof import("./react.js").ReportConcern} */
export const ReportConcern = forwardRef(Component);
