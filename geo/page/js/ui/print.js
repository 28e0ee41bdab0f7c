/**
 * Print: one landscape page, the map as it is on the screen scaled to two thirds, beside it the legend and the count,
 * below it parameters and sources. The map keeps its size in pixels and is scaled, so that nothing has to be painted
 * again while the browser waits.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  const PX_PER_MM = 96 / 25.4;
  /** Room for the map on the page; the style sheet has the same numbers. */
  const ROOM_MM = { width: 178, height: 138 };
  /** Height of the page, of its head with room to spare, and of the two marks. */
  const [PAGE_MM, HEAD_MM, MARKS_MM] = [190, 24, 17];

  let restore = null;

  function side() {
    const legends = CF.layers.filter((layer) => ui.isDrawn(layer, CF.map.getZoom()) && layer.meta.group !== "base" && layer.meta.mark !== "dates")
      .sort((a, b) => (b.meta.order || 0) - (a.meta.order || 0));
    return [
      h("p.cf-print-count", null, ui.countWords()),
      h("p.cf-note", null, ui.t("printed", { date: ui.date(new Date().toISOString().slice(0, 10)) })),
      legends.map((layer) => h("section", null, h("h3", null, ui.words(layer.meta.title)), ui.legend(layer))),
    ];
  }

  function under() {
    const filters = ui.filterWords();
    const shown = CF.layers.filter((layer) => layer.visible && (layer.meta.sources || []).length);
    const parameters = ui.methodRows().map(([name, value]) => `${name} ${value}`).join(" · ");
    return [
      filters && h("p", null, h("strong", null, ui.t("filters") + ": "), filters),
      h("p", null, h("strong", null, ui.t("not-said") + ": "), ["enforcement", "hypotheses", "proxy"].map((key) => ui.t("warning-" + key)).join(" ")),
      h("p", null, h("strong", null, ui.t("sources") + ": "), shown.map((layer) => `${ui.words(layer.meta.title)}: ${layer.meta.sources.map((s) => [s.name, s.period].filter(Boolean).join(", ")).join("; ")}`).join(" · ")),
      h("p", null, h("strong", null, ui.t("parameters") + ": "), parameters),
    ];
  }

  /** Puts the page in order for printing; called by the browser too, and then nothing may take time. */
  function prepare() {
    if (!CF.map || !ui.shell.print) return;
    const size = CF.map.getSize();
    const scale = Math.min((ROOM_MM.width * PX_PER_MM) / size.x, (ROOM_MM.height * PX_PER_MM) / size.y);
    const style = document.documentElement.style;
    style.setProperty("--cf-print-w", size.x + "px");
    style.setProperty("--cf-print-h", size.y + "px");
    style.setProperty("--cf-print-scale", String(scale));
    ui.fill(ui.shell.print, h("div.cf-print-side", null, side()), h("div.cf-print-under", null, under()));
    // A long legend is made smaller until it fits: one page, nothing cut off.
    ui.shell.print.classList.add("cf-measure");
    const room = (PAGE_MM - HEAD_MM - (CF.index.handling ? MARKS_MM : 0)) * PX_PER_MM;
    for (let zoom = 1; zoom > 0.5; zoom -= 0.04) {
      style.setProperty("--cf-print-zoom", zoom.toFixed(2));
      if (ui.shell.print.firstChild.getBoundingClientRect().height <= room) break;
    }
    ui.shell.print.classList.remove("cf-measure");
  }

  /** Prints in the paper's own colours: the map is painted in them first. */
  function print() {
    const root = document.documentElement;
    const was = root.dataset.theme;
    const paint = (theme) => {
      root.dataset.theme = theme;
      CF.bus.emit("theme", theme);
      ui.repaintSwatches();
      ui.repaint();
    };
    restore = () => {
      restore = null;
      paint(was);
    };
    paint("print");
    ui.whenPainted(() => {
      prepare();
      window.print();
    });
  }

  /** Calls back once the tiles have been painted in the colours asked for, or after two seconds at most. */
  function whenPainted(fn) {
    const settled = (tiles) => new Promise((resolve) => (!tiles || tiles.isSettled() ? resolve() : tiles.once("settled", resolve)));
    const late = new Promise((resolve) => setTimeout(resolve, 2000));
    Promise.race([Promise.all([settled(CF.ground), settled(CF.points)]), late]).then(() => requestAnimationFrame(() => requestAnimationFrame(fn)));
  }

  function addPrint() {
    ui.shell.mapBox.append(h("div.cf-north", { "aria-hidden": "true" }, "N"));
    window.addEventListener("beforeprint", prepare);
    matchMedia("print").addEventListener("change", (event) => event.matches && prepare());
    window.addEventListener("afterprint", () => restore && restore());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "p") {
        event.preventDefault();
        print();
      }
    });
  }

  Object.assign(ui, { addPrint, print, whenPainted, preparePrint: prepare });
})();
