/**
 * Light, dark and high contrast: the system's choice until the reader makes one.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;

  const CHOICES = ["auto", "light", "dark", "contrast"];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const contrast = matchMedia("(prefers-contrast: more)");
  const root = document.documentElement;

  let choice = CHOICES.includes(root.dataset.themeChoice) ? root.dataset.themeChoice : "auto";

  const resolved = () => (choice !== "auto" ? choice : contrast.matches ? "contrast" : dark.matches ? "dark" : "light");

  function apply() {
    const now = resolved();
    if (root.dataset.theme === now) return;
    root.dataset.theme = now;
    CF.bus.emit("theme", now);
    ui.repaintSwatches();
    ui.repaint();
  }

  /** @param {"auto"|"light"|"dark"|"contrast"} next */
  function setTheme(next) {
    choice = next;
    apply();
  }

  function addTheme() {
    for (const query of [dark, contrast]) query.addEventListener("change", apply);
    apply();
  }

  Object.assign(ui, { addTheme, setTheme, theme: () => choice, THEMES: CHOICES });
})();
