/**
 * The frame of the page: bands for the handling mark, top bar, panels around the map, bottom bar, sheet on a phone.
 * It is laid out before the map is made, so that the map finds its size once.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  const PHONE = "(max-width: 699px)";

  /** Elements by their part in the page. Filled by `layOut`. */
  const shell = (ui.shell = {});

  /** A region with a heading that can be folded, used in the left panel. */
  function section(key, open = true) {
    const body = h("div.cf-section-body", { id: ui.uid("section") });
    const button = h("button.cf-section-head", { type: "button", "aria-expanded": String(open), "aria-controls": body.id });
    const words = h("span");
    const aside = h("span.cf-section-aside");
    ui.append(button, [ui.icon("down"), words, aside]);
    ui.live(words, (node) => ui.fill(node, ui.t(key)));
    body.hidden = !open;
    button.addEventListener("click", () => {
      body.hidden = !body.hidden;
      button.setAttribute("aria-expanded", String(!body.hidden));
    });
    return { root: h("section.cf-section", null, h("h2", null, button), body), body, aside };
  }

  /** Builds the frame around the map's element, which Leaflet has not touched yet. */
  function layOut() {
    if (shell.root) return;
    const app = document.getElementById("contraflow-app");
    const map = app.querySelector(".folium-map");
    shell.top = h("header.cf-top");
    shell.layers = section("layers");
    shell.filters = section("filters");
    shell.left = h("aside.cf-left", { id: "cf-left" }, shell.layers.root, shell.filters.root);
    shell.mapBox = h("div.cf-map", { id: "cf-map" }, map);
    shell.right = h("aside.cf-right", { id: "cf-right", hidden: true });
    shell.bottom = h("footer.cf-bottom");
    shell.sheet = h("div.cf-sheet", { hidden: true });
    shell.print = h("section.cf-print", { "aria-hidden": "true" });
    shell.work = h("div.cf-work", null, shell.left, shell.mapBox, shell.right, shell.sheet);
    const skip = h("a.cf-skip", { href: "#cf-map" });
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      map.focus();
    });
    app.replaceChildren(shell.work);
    document.body.prepend(skip);
    app.before(shell.top);
    app.after(shell.bottom, shell.print);
    document.body.classList.add("cf-ready");
    ui.live(skip, (node) => ui.fill(node, ui.t("skip")));
    ui.live(shell.left, (node) => node.setAttribute("aria-label", ui.t("left-panel")));
    ui.live(shell.right, (node) => node.setAttribute("aria-label", ui.t("right-panel")));
    ui.live(map, (node) => node.setAttribute("aria-label", ui.t("map-label")));
    const phone = matchMedia(PHONE);
    phone.addEventListener("change", () => arrange(phone.matches));
    arrange(phone.matches);
  }

  /** Desktop: panel beside the map, bar below. Phone: both in one sheet over the map. */
  function arrange(phone) {
    ui.phone = phone;
    document.documentElement.classList.toggle("cf-phone", phone);
    shell.sheet.hidden = !phone;
    if (phone) shell.sheet.append(shell.bottom, shell.left);
    else {
      shell.work.prepend(shell.left);
      document.getElementById("contraflow-app").after(shell.bottom);
    }
    if (ui.sheetReady) ui.sheetReady();
    if (CF.map) requestAnimationFrame(() => CF.map.invalidateSize({ pan: false, debounceMoveend: true }));
  }

  /** Folds the left panel away or brings it back; the map takes the room. */
  function foldLeft(folded) {
    shell.left.hidden = folded;
    ui.leftFolded = folded;
    document.documentElement.classList.toggle("cf-folded", folded);
    if (CF.map) CF.map.invalidateSize({ pan: false });
    CF.bus.emit("panel", { left: !folded });
  }

  Object.assign(ui, { layOut, foldLeft, section, phone: false, leftFolded: false });
})();
