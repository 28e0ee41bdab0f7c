/**
 * The phone: one sheet over the map with three stops. Peek shows the count and the time, half the layers and filters,
 * full everything. It is dragged by its handle, or moved by the handle's button.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  const STOPS = ["peek", "half", "full"];
  const PEEK_PX = 132;
  let stop = "peek";
  let handle = null;

  const heightOf = (name) => {
    const room = ui.shell.work.clientHeight;
    return name === "peek" ? PEEK_PX : name === "half" ? Math.round(room * 0.52) : room - 12;
  };

  function setStop(name) {
    const { sheet, left } = ui.shell;
    // What was in the middle of the part of the map in sight stays there.
    if (CF.map && ui.phone && name !== "full" && stop !== "full") CF.map.panBy([0, (heightOf(name) - heightOf(stop)) / 2], { animate: false });
    stop = name;
    sheet.dataset.stop = name;
    sheet.style.height = heightOf(name) + "px";
    if (ui.phone) left.inert = name === "peek"; // out of sight, out of the tab order
    if (!handle) return;
    handle.setAttribute("aria-expanded", String(name !== "peek"));
    handle.setAttribute("aria-label", ui.t(name === "peek" ? "open-sheet" : "close-sheet"));
  }

  function dragging() {
    let from = null;
    handle.addEventListener("pointerdown", (event) => {
      from = { y: event.clientY, height: ui.shell.sheet.offsetHeight, moved: false };
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (!from) return;
      const height = from.height + from.y - event.clientY;
      from.moved = from.moved || Math.abs(event.clientY - from.y) > 6;
      if (!from.moved) return;
      ui.shell.sheet.classList.add("cf-dragged");
      ui.shell.sheet.style.height = Math.max(PEEK_PX, Math.min(heightOf("full"), height)) + "px";
    });
    const done = () => {
      if (!from) return;
      ui.shell.sheet.classList.remove("cf-dragged");
      if (from.moved) {
        const height = ui.shell.sheet.offsetHeight;
        setStop(STOPS.reduce((best, name) => (Math.abs(heightOf(name) - height) < Math.abs(heightOf(best) - height) ? name : best)));
        justDragged = true;
        setTimeout(() => { justDragged = false; }, 0);
      }
      from = null;
    };
    let justDragged = false;
    handle.addEventListener("pointerup", done);
    handle.addEventListener("pointercancel", done);
    handle.addEventListener("click", () => {
      if (!justDragged) setStop(stop === "peek" ? "half" : "peek");
    });
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      setStop(STOPS[Math.max(0, Math.min(2, STOPS.indexOf(stop) + by))]);
    });
  }

  function addSheet() {
    handle = h("button.cf-grip", { type: "button", "aria-controls": "cf-left" }, h("span", { "aria-hidden": "true" }));
    dragging();
    ui.sheetReady = () => {
      if (ui.phone) {
        ui.shell.sheet.prepend(handle);
        setStop(stop);
      } else {
        ui.shell.left.inert = false;
        ui.shell.sheet.style.height = "";
      }
    };
    ui.sheetReady();
    window.addEventListener("resize", ui.perFrame(() => ui.phone && setStop(stop)));
    CF.bus.on("language", () => setStop(stop));
    CF.bus.on("select", (picked) => {
      if (picked && ui.phone && stop === "full") setStop("peek");
    });
  }

  Object.assign(ui, { addSheet, setStop, sheetStop: () => stop });
})();
