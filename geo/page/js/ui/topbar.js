/**
 * The top bar: title, period, language, theme, method, print. On a phone what does not fit is in one menu.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  const LANGUAGES = { en: "English", es: "Español" };
  let menu = null;
  let menuButton = null;

  const title = () => ui.words(CF.index.title) || ui.t("default-title");

  /** The period of what is drawn: 8 Mar 2006 – 4 Nov 2025. */
  function periodWords() {
    const { start, end } = CF.index.period || {};
    if (!start && !end) return "";
    return start === end || !end ? ui.date(start) : `${ui.date(start)} – ${ui.date(end)}`;
  }

  /** Two languages are one switch: both are always to be seen. */
  function languageSwitch() {
    return h("div.cf-switch", { role: "group", "aria-label": ui.t("language") }, Object.entries(LANGUAGES).map(([code, name]) =>
      h("button", {
        type: "button", lang: code, title: name, "aria-label": name, "aria-pressed": String(CF.lang() === code), "data-lang": code,
        click: () => CF.setLang(code),
      }, code.toUpperCase())));
  }

  function themeChoice() {
    const id = ui.uid("theme");
    return h("div.cf-menu-row", null, h("label", { for: id }, ui.t("theme")), h("select.cf-select", { id, change: (event) => ui.setTheme(event.target.value) },
      ui.THEMES.map((name) => h("option", { value: name, selected: ui.theme() === name }, ui.t("theme-" + name)))));
  }

  function openMenu(open) {
    menu.hidden = !open;
    menuButton.setAttribute("aria-expanded", String(open));
    if (open) {
      const first = menu.querySelector("button, select");
      if (first) first.focus();
    }
  }

  function menuItems() {
    const item = (icon, words, act) => h("button.cf-menu-item", { type: "button", click: () => { openMenu(false); act(); } }, ui.icon(icon), h("span", null, words));
    return [
      item("book", ui.t("method"), () => ui.showMethod()),
      item("print", ui.t("print"), () => ui.print()),
      item("fit", ui.t("fit"), () => CF.home()),
      themeChoice(),
    ];
  }

  function render() {
    const focus = document.activeElement && ui.shell.top.contains(document.activeElement) ? document.activeElement.dataset.lang : null;
    const subtitle = ui.words(CF.index.subtitle);
    const period = periodWords();
    document.title = title();
    menu = h("div.cf-menu", { id: "cf-menu", hidden: true }, menuItems());
    menuButton = h("button.cf-icon", {
      type: "button", "aria-expanded": "false", "aria-controls": "cf-menu", "aria-label": ui.t("more"), title: ui.t("more"), click: () => openMenu(menu.hidden),
    }, ui.icon("more"));
    const fold = h("button.cf-icon.cf-fold", {
      type: "button", "aria-controls": "cf-left", "aria-expanded": String(!ui.leftFolded), "aria-label": ui.t("layers-and-filters"), title: ui.t("layers-and-filters"),
      click: () => ui.foldLeft(!ui.leftFolded),
    }, ui.icon("layers"));
    ui.fill(ui.shell.top, fold,
      h("div.cf-title", null, h("h1", { title: title() }, title()), h("p", null, [subtitle, period].filter(Boolean).join(" · "))),
      h("nav.cf-tools", { "aria-label": ui.t("tools") },
        languageSwitch(),
        h("button.cf-button.cf-wide-only", { type: "button", click: () => ui.showMethod() }, ui.icon("book"), h("span", null, ui.t("method"))),
        h("button.cf-icon.cf-wide-only", { type: "button", "aria-label": ui.t("print"), title: ui.t("print"), click: () => ui.print() }, ui.icon("print")),
        menuButton, menu));
    if (focus) ui.shell.top.querySelector(`[data-lang="${focus}"]`).focus();
  }

  function addTopBar() {
    render();
    CF.bus.on("language", render);
    CF.bus.on("panel", () => {
      const fold = ui.shell.top.querySelector(".cf-fold");
      if (fold) fold.setAttribute("aria-expanded", String(!ui.leftFolded));
    });
    document.addEventListener("pointerdown", (event) => {
      if (menu && !menu.hidden && !menu.contains(event.target) && !menuButton.contains(event.target)) openMenu(false);
    });
    ui.closeMenu = () => {
      if (!menu || menu.hidden) return false;
      openMenu(false);
      menuButton.focus();
      return true;
    };
  }

  Object.assign(ui, { addTopBar, pageTitle: title, periodWords });
})();
