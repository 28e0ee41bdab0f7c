/**
 * The panel on the right: one thing at a time, either what was clicked or the method. It opens with its heading,
 * gives the keyboard's place back when it closes, and folds the left panel where there is no room for both.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  const ROOM_FOR_BOTH_PX = 1040;

  let showing = null; // "details" | "method" | null
  let before = null; // where the keyboard was
  let foldedForUs = false;

  /**
   * Shows content in the panel.
   *
   * @param {"details"|"method"} what
   * @param {string} title
   * @param {Array<any>} content
   * @param {{focus?: boolean, over?: string|Node, wide?: boolean}} [options]
   */
  function openPanel(what, title, content, options = {}) {
    const { right } = ui.shell;
    const opening = showing === null;
    const hadFocus = right.contains(document.activeElement);
    if (opening) before = document.activeElement;
    showing = what;
    const heading = h("h2.cf-panel-title", { tabindex: -1 }, title);
    const top = right.scrollTop;
    ui.fill(right,
      h("div.cf-panel-head", null, h("div", null, options.over && h("p.cf-over", null, options.over), heading),
        h("button.cf-icon", { type: "button", "aria-label": ui.t("close"), title: ui.t("close"), click: () => closePanel() }, ui.icon("close"))),
      h("div.cf-panel-body", null, content));
    right.classList.toggle("cf-wide", Boolean(options.wide));
    right.hidden = false;
    if (opening && !ui.phone && !ui.leftFolded && window.innerWidth < ROOM_FOR_BOTH_PX) {
      foldedForUs = true;
      ui.foldLeft(true);
    }
    right.scrollTop = options.keepScroll ? top : 0;
    if (options.focus || hadFocus) heading.focus({ preventScroll: true });
    document.documentElement.classList.add("cf-panel-open");
  }

  function closePanel(silent) {
    if (showing === null) return;
    const was = showing;
    const hadFocus = ui.shell.right.contains(document.activeElement);
    showing = null;
    ui.shell.right.hidden = true;
    ui.shell.right.replaceChildren();
    document.documentElement.classList.remove("cf-panel-open");
    if (foldedForUs) {
      foldedForUs = false;
      ui.foldLeft(false);
    }
    if (hadFocus && before && before.isConnected) before.focus({ preventScroll: true });
    if (was === "details" && !silent && CF.selected()) CF.select(null);
  }

  function addPanel() {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (ui.closeMenu && ui.closeMenu()) return;
      if (showing) closePanel();
    });
  }

  Object.assign(ui, { addPanel, openPanel, closePanel, panelShows: () => showing });
})();
