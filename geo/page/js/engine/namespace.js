/**
 * The one object that all scripts of the page share, in the window and in the workers, and its messages.
 *
 * Types of message: first-paint, loaded, filter, select, hover, view, language, layers, theme, painted.
 * The first two happen once: who listens later is told at once.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});
  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map();
  const ONCE = new Set(["first-paint", "loaded"]);
  /** @type {Map<string, any>} */
  const past = new Map();

  CF.bus = {
    /** Calls `fn` with every message of this type; returns a function that stops it. */
    on(type, fn) {
      if (!listeners.has(type)) listeners.set(type, new Set());
      listeners.get(type).add(fn);
      if (past.has(type)) queueMicrotask(() => fn(past.get(type)));
      return () => listeners.get(type).delete(fn);
    },
    /** One listener's fault does not keep a message from the others. */
    emit(type, detail) {
      if (ONCE.has(type)) {
        if (past.has(type)) return;
        past.set(type, detail);
      }
      for (const fn of listeners.get(type) || []) {
        try {
          fn(detail);
        } catch (error) {
          console.error(error);
        }
      }
    },
  };
})(typeof self === "undefined" ? globalThis : self);
