/**
 * Names on the map: places, ports, crossings, in the language of the moment, never over each other. More important
 * names are set first; a name that finds no room is left out, and comes when the reader zooms in.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui;

  const GAP_PX = 3;
  const FAR_PX = 8; // how much farther off a name may stand where there is no room beside its symbol
  const CELL_PX = 64; // boxes taken are looked up by cells of this size
  const AT_MOST = 400;
  /** Zoom from which places of a rank are named, where the layer has ranks. */
  const RANK_ZOOM = { 1: 4, 2: 5.5, 3: 6.75, 4: 8 };
  /** Font for each rank: CSS weight and size. */
  const RANK_FONT = { 1: [600, 13], 2: [500, 12.5], 3: [500, 12], 4: [400, 11.5] };

  let family = "";
  const fontFamily = () => (family = family || getComputedStyle(document.documentElement).getPropertyValue("--cf-font").trim() || "sans-serif");

  const prepared = new WeakMap();
  const widths = new Map();

  /** Rows that have a name, most important first. */
  function prepare(layer) {
    const style = layer.meta.style || {};
    const key = prepared.get(layer);
    if (key) return key;
    if (!ui.isRead(layer)) return null;
    const names = { en: layer.column(style.label_column), es: style.label_es_column ? layer.column(style.label_es_column) : null };
    if (!names.en) return null;
    const rank = style.rank_column ? layer.column(style.rank_column) : null;
    const sizes = style.size_column ? layer.column(style.size_column) : null;
    const kinds = style.class_column ? layer.column(style.class_column) : null;
    const classes = layer.meta.classes || [];
    const found = [];
    for (let i = 0; i < layer.rows; i++) {
      const kind = kinds ? kinds.get(i) : 0;
      if (kind == null || (!names.en.get(i) && !(names.es && names.es.get(i)))) continue;
      const size = sizes ? sizes.get(i) : classes[kind] ? classes[kind].symbol.size_px : 4;
      found.push({
        i, x: ui.mercatorX(layer.lon(i)), y: ui.mercatorY(layer.lat(i)), size: size || 4, rank: rank ? Number(rank.get(i)) || 4 : 0,
      });
    }
    found.sort((a, b) => a.rank - b.rank || b.size - a.size || a.i - b.i);
    const made = { names, found };
    prepared.set(layer, made);
    return made;
  }

  function widthOf(ctx, text) {
    const key = ctx.font + text;
    let w = widths.get(key);
    if (w === undefined) {
      w = ctx.measureText(text).width;
      if (widths.size > 5000) widths.clear();
      widths.set(key, w);
    }
    return w;
  }

  /** A grid of the boxes already taken. */
  function board() {
    const cells = new Map();
    const each = (box, fn) => {
      for (let i = Math.floor(box[0] / CELL_PX); i <= Math.floor(box[2] / CELL_PX); i++)
        for (let j = Math.floor(box[1] / CELL_PX); j <= Math.floor(box[3] / CELL_PX); j++) if (fn(i * 10007 + j)) return true;
      return false;
    };
    return {
      take: (box) => each(box, (cell) => {
        if (!cells.has(cell)) cells.set(cell, []);
        cells.get(cell).push(box);
        return false;
      }),
      taken: (box) => each(box, (cell) => (cells.get(cell) || []).some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])),
    };
  }

  /** Where a name may stand around its symbol, best first: [horizontal, vertical, alignment]. */
  const SPOTS = [[1, 0, "left"], [-1, 0, "right"], [0, -1, "center"], [0, 1, "center"], [1, -1, "left"], [1, 1, "left"], [-1, -1, "right"], [-1, 1, "right"]];

  /**
   * Finds room for a name around the box of its symbol, where it is not cut by the edge of the window. Where the box is wider than the place, as the label of a stack is, on the side where it lies.
   */
  function place(symbol, toward, w, h, taken, view) {
    const [x, y] = [(symbol[0] + symbol[2]) / 2, (symbol[1] + symbol[3]) / 2];
    const lean = ([sx, sy]) => sx * (toward[0] - x) + 2 * sy * (toward[1] - y);
    const spots = toward[0] === x && toward[1] === y ? SPOTS : [...SPOTS].sort((a, b) => lean(b) - lean(a));
    const [rx, ry] = [(symbol[2] - symbol[0]) / 2, (symbol[3] - symbol[1]) / 2];
    for (const away of [0, FAR_PX])
      for (const [sx, sy, align] of spots) {
        if (away && sx && sy) continue; // far and aslant it would seem to name something else
        const diagonal = sx && sy ? 0.75 : 1;
        const tx = x + sx * (rx * diagonal + GAP_PX + away);
        const ty = y + sy * (ry * diagonal + away + (sx ? h * 0.3 : h / 2 + 1));
        const left = align === "left" ? tx : align === "right" ? tx - w : tx - w / 2;
        const box = [left - 2, ty - h / 2 - 1, left + w + 2, ty + h / 2 + 1];
        if (taken.taken(box)) continue;
        const cut = [0, 2].some((k) => box[0] < view[k] && box[2] > view[k]) || [1, 3].some((k) => box[1] < view[k] && box[3] > view[k]);
        if (!cut) return { tx, ty, align, box };
      }
    return null;
  }

  function paint(frame) {
    const lang = CF.lang();
    const taken = board();
    const stacks = ui.stackBoxes().map(({ box }) => box);
    for (const box of stacks) taken.take(box);
    const corner = CF.map.containerPointToLayerPoint([0, 0]);
    const view = [corner.x, corner.y, corner.x + CF.map.getSize().x, corner.y + CF.map.getSize().y];
    const { ctx } = frame;
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.miterLimit = 2;
    const layers = CF.layers.filter((l) => l.meta.mark === "sites" && (l.meta.style || {}).label_column && ui.isDrawn(l, frame.zoom));
    // Symbols are obstacles too, but only those of named layers: thousands of others would leave no room at all.
    const inView = [];
    for (const layer of layers) {
      const made = prepare(layer);
      if (!made) continue;
      const ranked = made.found.length && made.found[0].rank > 0;
      if (!ranked && frame.zoom < layer.meta.style.label_zoom - 2) continue;
      for (const item of made.found) {
        const x = item.x * frame.scale - frame.originX;
        const y = item.y * frame.scale - frame.originY;
        if (x < frame.left - 80 || x > frame.right + 80 || y < frame.top - 20 || y > frame.bottom + 20) continue;
        const from = ranked ? rankZoom(item.rank) : layer.meta.style.label_zoom;
        const reach = ranked ? 3 : (item.size * ui.siteScale(layer, frame.zoom)) / 2;
        if (!ranked) taken.take([x - reach, y - reach, x + reach, y + reach]);
        if (frame.zoom >= from) inView.push({ layer, made, item, x, y, reach, ranked });
      }
    }
    // Places of the first two ranks, then what the layers name (ports, crossings), then smaller places.
    const turn = (e) => (e.ranked ? (e.item.rank <= 2 ? e.item.rank : 2 + e.item.rank) : 3 - Math.min(0.9, e.item.size / 100));
    inView.sort((a, b) => turn(a) - turn(b));
    const set = [];
    // A port or a crossing of its town's name adds nothing; two towns of one name on two sides do.
    const told = (text, x, y) => set.some((s) => s.text === text && Math.hypot(s.x - x, s.y - y) < 120);
    const boxes = (ui.labelBoxes = []); // what was set, for whoever asks
    for (const { layer, made, item, x, y, reach, ranked } of inView) {
      if (boxes.length >= AT_MOST) break;
      const text = String((lang === "es" && made.names.es && made.names.es.get(item.i)) || made.names.en.get(item.i) || "");
      if (!text || (!ranked && told(text, x, y))) continue;
      const [weight, px] = ranked ? RANK_FONT[item.rank] || RANK_FONT[4] : [600, 11.5];
      ctx.font = `${weight} ${px}px ${fontFamily()}`;
      // The name of a place that lies under the label of a stack stands around that label.
      const under = stacks.find((b) => x > b[0] - 2 && x < b[2] + 2 && y > b[1] - 2 && y < b[3] + 2);
      const spot = place(under || [x - reach, y - reach, x + reach, y + reach], [x, y], widthOf(ctx, text), px * 1.25, taken, view);
      if (!spot) continue;
      taken.take(spot.box);
      boxes.push({ text, box: spot.box });
      set.push({ text, x, y });
      ctx.globalAlpha = layer.opacity == null ? 1 : layer.opacity;
      ctx.textAlign = spot.align;
      ctx.strokeStyle = CF.tokens("halo");
      ctx.lineWidth = 3.2;
      ctx.strokeText(text, spot.tx, spot.ty);
      ctx.fillStyle = CF.tokens(ranked && item.rank > 2 ? "label-quiet" : "label");
      ctx.fillText(text, spot.tx, spot.ty);
    }
  }

  function addLabels() {
    ui.painters.over.push(paint);
    CF.bus.on("language", () => ui.repaint("over"));
    CF.bus.on("theme", () => {
      family = "";
    });
  }

  /** Zoom from which a place of this rank is named, and its dot drawn: a dot without a name says nothing. */
  const rankZoom = (rank) => RANK_ZOOM[rank] || RANK_ZOOM[4];

  Object.assign(ui, { addLabels, fontFamily, rankZoom });
})();
