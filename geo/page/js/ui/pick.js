/**
 * Pointing at things: hover, click, tap and keyboard lead to the same selection and the same panel.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;
  const { h } = ui;

  const MOUSE_PX = 5;
  const TOUCH_PX = 18;

  let tip = null;
  let cross = null;

  /** Hits at a point, events first, each thing once. */
  function hits(point, px) {
    const found = CF.hitTest(point, px) || [];
    const seen = new Set();
    return found
      .map((hit) => ({ ...hit, layer: typeof hit.layer === "string" ? CF.layers.find((l) => l.name === hit.layer) : hit.layer }))
      .filter((hit) => {
        const key = hit.layer && hit.layer.name + "|" + hit.row;
        return key && hit.layer.meta.group !== "base" && !seen.has(key) && seen.add(key);
      });
  }

  /**
   * What a click at a point means: a list of things and which of them is opened. Events that lie on the very spot of
   * the nearest one are the stack; everything else there is listed as "also here".
   */
  function pick(point, px) {
    const label = ui.stackLabelAt(point);
    if (label) return { stack: inOrder(label.rows), also: [] };
    const found = hits(point, px);
    if (!found.length) return null;
    const first = found[0];
    if (first.layer !== CF.events) return { stack: [first], also: found.slice(1) };
    const { stack, at } = stackOf(first.row);
    const on = new Set(stack.map((s) => s.row));
    return { stack, at, also: found.filter((hit) => hit.layer !== CF.events || !on.has(hit.row)) };
  }

  /** All shown events on the spot of one of them, by date. */
  function stackOf(row) {
    const rows = CF.stackAt(row);
    if (!rows.includes(row)) rows.push(row); // chosen by its id while a filter hides it
    const stack = inOrder(rows);
    return { stack, at: stack.findIndex((s) => s.row === row) };
  }

  /** Events by date, as things that can be opened. */
  function inOrder(rows) {
    const when = CF.events.column("start");
    const date = (row) => String((when && when.get(row)) || "");
    return [...rows].sort((a, b) => date(a).localeCompare(date(b)) || a - b).map((row) => ({ layer: CF.events, row }));
  }

  /** Opens a thing with everything that lies at the same spot. */
  function open(picked, options = {}) {
    if (!picked) {
      CF.select(null);
      return;
    }
    ui.pile = { stack: picked.stack, also: picked.also || [] };
    ui.focusPanel = Boolean(options.focus);
    const target = picked.stack[picked.at || 0];
    CF.select({ layer: target.layer, row: target.row });
  }

  function showTip(hit, point) {
    if (!hit) {
      tip.hidden = true;
      return;
    }
    const pile = hit.layer === CF.events && !hit.label ? stackOf(hit.row).stack.length : 1;
    if (hit.label)
      ui.fill(tip, h("strong", null, ui.t("stack-here", { n: ui.number(hit.label.rows.length, 0) })),
        hit.label.parts.map(([way, n]) => h("span", null, `${ui.t("going-" + way, {}, way)}: ${ui.number(n, 0)}`)));
    else
      ui.fill(tip, h("strong", null, ui.headline(hit.layer, hit.row)), h("span", null, ui.subline(hit.layer, hit.row)),
        pile > 1 && h("em", null, ui.t("stack-here", { n: ui.number(pile, 0) })));
    tip.hidden = false;
    const room = CF.map.getSize();
    const { offsetWidth: w, offsetHeight: t } = tip;
    const x = point.x + 14 + w > room.x ? Math.max(4, point.x - 14 - w) : point.x + 14;
    const y = point.y + 16 + t > room.y ? Math.max(4, point.y - 12 - t) : point.y + 16;
    tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  function hover(hit, point) {
    const before = ui.hovered;
    ui.hovered = hit && !hit.label ? { layer: hit.layer, row: hit.row } : null;
    CF.map.getContainer().classList.toggle("cf-pointing", Boolean(hit));
    showTip(hit, point);
    if (!ui.sameThing(before, ui.hovered) && (before || ui.hovered)) CF.bus.emit("hover", ui.hovered);
  }

  function addPointing() {
    const box = CF.map.getContainer();
    tip = h("div.cf-tip", { role: "presentation", hidden: true });
    cross = h("div.cf-cross", { "aria-hidden": "true" });
    ui.shell.mapBox.append(tip, cross);
    box.setAttribute("role", "application");
    const moved = ui.perFrame((point, touch) => {
      if (touch || CF.map._animatingZoom || dragging) return hover(null);
      const label = ui.stackLabelAt(point);
      return hover(label ? { layer: CF.events, row: label.rows[0], label } : hits(point, MOUSE_PX)[0] || null, point);
    });
    let dragging = false;
    CF.map.on("dragstart zoomstart", () => {
      dragging = true;
      hover(null);
    });
    CF.map.on("dragend zoomend", () => {
      dragging = false;
    });
    CF.map.on("mousemove", (event) => moved(event.containerPoint, event.originalEvent.pointerType === "touch"));
    CF.map.on("mouseout", () => hover(null));
    CF.map.on("click", (event) => {
      const coarse = event.originalEvent && (event.originalEvent.pointerType === "touch" || matchMedia("(pointer: coarse)").matches);
      hover(null);
      open(pick(event.containerPoint, coarse ? TOUCH_PX : MOUSE_PX));
    });
    // From the keyboard: arrows move the map (Leaflet), Enter opens what is nearest to the cross in its middle.
    box.addEventListener("keydown", (event) => {
      if (event.target !== box || event.key !== "Enter") return;
      event.preventDefault();
      open(pick(CF.map.getSize().divideBy(2), 60), { focus: true });
    });
  }

  /** Selects by layer and row, with its stack: what lists, pagers and scripts use. */
  function openRow(layer, row, options) {
    const found = layer === CF.events ? stackOf(row) : { stack: [{ layer, row }], at: 0 };
    open({ ...found, also: [] }, options);
  }

  Object.assign(ui, { addPointing, openRow, openPicked: open, stackOf, pile: { stack: [], also: [] } });
})();
