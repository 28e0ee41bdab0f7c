/**
 * Puts the interface together: the frame before the map is made, the rest when the first points are on the screen.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  /** Whether any event has a direction, so that the two colours are to be seen. */
  function hasWays() {
    const column = CF.events && CF.events.column("direction");
    return Boolean(column && column.values && column.values.some((value) => value === "north" || value === "south"));
  }

  /** A short word of welcome that goes at the first touch of anything. */
  function welcome() {
    const hint = h("div.cf-hint", { role: "note" });
    ui.live(hint, (node) => ui.fill(node, hasWays() && `${ui.t("hint-ways")} `, ui.t(ui.phone ? "hint-phone" : "hint")));
    ui.shell.mapBox.append(hint);
    const away = () => {
      hint.remove();
      for (const type of types) window.removeEventListener(type, away, true);
    };
    const types = ["pointerdown", "keydown", "wheel"];
    for (const type of types) window.addEventListener(type, away, { capture: true, passive: true });
    CF.bus.on("select", away);
  }

  /** The frame stands before the map is made: it decides the map's size. */
  function beforeMap() {
    ui.addTheme();
    ui.layOut();
    ui.addTopBar();
    ui.addSheet();
  }

  /** What draws on the map; panels wait until the first points are on the screen. */
  function afterMap() {
    window.L.control.scale({ position: "bottomleft", maxWidth: 110 }).addTo(CF.map);
    window.L.control.zoom({ position: "topright", zoomInTitle: "", zoomOutTitle: "" }).addTo(CF.map);
    ui.live(CF.map.getContainer(), (box) => {
      for (const [name, key] of [["in", "zoom-nearer"], ["out", "zoom-farther"]]) {
        const button = box.querySelector(".leaflet-control-zoom-" + name);
        button.setAttribute("aria-label", ui.t(key));
        button.title = ui.t(key);
      }
    });
    ui.addOverlays();
    ui.addLines();
    ui.addSites();
    ui.addSelection();
    ui.addLabels();
    CF.bus.on("first-paint", furnish);
  }

  function furnish() {
    ui.addPanel();
    ui.addPointing();
    ui.addDetails();
    ui.addLayers();
    ui.addFilters();
    ui.addTime();
    ui.addMethod();
    ui.addPrint();
    welcome();
    ui.repaint();
  }

  Object.assign(ui, { beforeMap, afterMap });
})();
