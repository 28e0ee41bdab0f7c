/**
 * Paints events into tiles, in a worker or in the window: symbols where there is room, plain dots where there is not.
 *
 * Dots are stamped into the tile's pixels; where the very same dot already stands at a pixel it is not stamped again,
 * so that a million rows cost what the eye can tell apart. Rows are painted in their order in every tile, so that
 * neighbouring tiles agree where symbols of different colours overlap on their edge.
 */
(function (root) {
  "use strict";
  const CF = (root.__cf = root.__cf || {});
  const TILE = 256;
  /** Room around a tile for symbols whose centre lies outside of it, in CSS pixels. */
  const MARGIN = 22;
  /** Symbols give way to dots where, on average over the places shown, more than so many share a square of CELL px. */
  const CROWDED = 3.2;
  const CELL_BITS = 4; // 16 px

  /** Width of symbols by zoom, in CSS pixels. */
  const symbolSize = (zoom) => Math.max(8, Math.min(13, 8 + (zoom - 5) * 0.6));

  /** Radius of dots: they grow as one zooms in, and are larger where there are few. */
  function dotRadius(zoom, shown) {
    const few = shown < 2000 ? 1.1 : shown < 20000 ? 0.6 : shown < 200000 ? 0.2 : 0;
    return Math.max(1.3, Math.min(4, 1.3 + (zoom - 4) * 0.18 + few));
  }

  /**
   * @typedef {Object} Look
   * @property {Object<string, string>} colors  palette name to CSS colour
   * @property {number} ratio                   device pixels of one CSS pixel
   */

  class PointsPainter {
    constructor() {
      this.x = new Uint32Array(0);
      this.y = new Uint32Array(0);
      this.style = new Uint16Array(0);
      /** @type {Uint8Array|null} 1 where an event passes the filter; null where all do */
      this.mask = null;
      this.shown = 0;
      /** @type {{symbol: Object, color: string, rough: boolean}[]} */
      this.styles = [];
      /** @type {Look} */
      this.look = { colors: {}, ratio: 1 };
      this.sprites = new Map();
      this.stamps = new Map();
      this.crowds = new Map();
      this.color = (name) => (name && name[0] === "#" ? name : this.look.colors[name] || "#888888");
    }

    /** Takes a change of state. */
    set(change) {
      Object.assign(this, change);
      if (change.x) this.shown = change.mask ? this.shown : change.x.length;
      if (change.look || change.styles) {
        this.sprites.clear();
        this.stamps.clear();
      }
      if (change.x || change.mask !== undefined) {
        this.crowds.clear();
        if (this.mask) {
          let shown = 0;
          for (let i = 0; i < this.mask.length; i++) shown += this.mask[i];
          this.shown = shown;
        } else this.shown = this.x.length;
      }
    }

    /** Whether events are drawn as symbols at this zoom: the same answer for all tiles. */
    asSymbols(zoom) {
      if (!this.crowds.has(zoom)) this.crowds.set(zoom, roomForSymbols(this.x, this.y, this.mask, zoom));
      return this.crowds.get(zoom);
    }

    /**
     * @param {{z: number, x: number, y: number, size?: number}} tile  `size` in CSS pixels, 256 if not given
     * @param {(w: number, h: number) => any} canvasOf  makes or reuses a canvas
     */
    paint(tile, canvasOf) {
      const ratio = this.look.ratio;
      const size = tile.size || TILE;
      const px = Math.round(size * ratio);
      const canvas = canvasOf(px, px);
      const ctx = canvas.getContext("2d");
      if (!this.shown) return canvas;
      const cells = 2 ** (CF.GRID_BITS - tile.z) / TILE; // grid cells of one CSS pixel; below 1 beyond zoom 18
      const x0 = tile.x * TILE * cells;
      const y0 = tile.y * TILE * cells;
      const room = MARGIN * cells;
      const runs = CF.boxRows(this.x, this.y, x0 - room, y0 - room, x0 + size * cells + room, y0 + size * cells + room);
      if (!runs.length) return canvas;
      const frame = { x0, y0, scale: ratio / cells, px, ratio, zoom: tile.z };
      if (this.asSymbols(tile.z)) this.paintSymbols(ctx, runs, frame);
      else this.paintDots(ctx, runs, frame);
      return canvas;
    }

    paintSymbols(ctx, runs, { x0, y0, scale, px, ratio, zoom }) {
      const { x, y, style, mask } = this;
      const size = symbolSize(zoom);
      const room = MARGIN * ratio;
      const last = new Map(); // style -> packed pixel: an equal symbol at the same pixel adds nothing
      for (const [from, to] of runs)
        for (let i = from; i < to; i++) {
          if (mask && !mask[i]) continue;
          const cx = (x[i] + 0.5 - x0) * scale;
          const cy = (y[i] + 0.5 - y0) * scale;
          if (cx < -room || cy < -room || cx > px + room || cy > px + room) continue;
          const ix = Math.round(cx);
          const iy = Math.round(cy);
          const key = style[i];
          const at = (iy + 1024) * 8192 + ix + 1024;
          if (last.get(key) === at) continue;
          last.set(key, at);
          const sprite = this.sprite(key, size, ratio);
          ctx.drawImage(sprite.canvas, ix - sprite.half, iy - sprite.half);
        }
    }

    sprite(key, size, ratio) {
      const name = key * 64 + Math.round(size * 4);
      if (!this.sprites.has(name)) {
        const { symbol, rough } = this.styles[key];
        const width = rough ? size * 0.86 : size;
        const half = Math.ceil(CF.symbolExtent(symbol, width) * ratio);
        const canvas = newCanvas(2 * half, 2 * half);
        const ctx = canvas.getContext("2d");
        ctx.scale(ratio, ratio);
        CF.drawSymbol(ctx, half / ratio, half / ratio, symbol, width, this.color);
        this.sprites.set(name, { canvas, half });
      }
      return this.sprites.get(name);
    }

    paintDots(ctx, runs, { x0, y0, scale, px, ratio, zoom }) {
      const { x, y, style, mask } = this;
      const image = ctx.createImageData(px, px);
      const pixels = new Uint32Array(image.data.buffer);
      const radius = dotRadius(zoom, this.shown) * ratio;
      const stamps = this.styles.map((s) => this.stamp(s, radius));
      const reach = Math.ceil(radius) + 1;
      const wide = px + 2 * reach;
      const taken = new Uint16Array(wide * wide);
      for (const [from, to] of runs)
        for (let i = from; i < to; i++) {
          if (mask && !mask[i]) continue;
          const cx = Math.floor((x[i] + 0.5 - x0) * scale) + reach;
          const cy = Math.floor((y[i] + 0.5 - y0) * scale) + reach;
          if (cx < 0 || cy < 0 || cx >= wide || cy >= wide) continue;
          const stamp = stamps[style[i]];
          const at = cy * wide + cx;
          if (taken[at] === stamp.id) continue;
          taken[at] = stamp.id;
          press(pixels, px, cx - reach, cy - reach, stamp);
        }
      ctx.putImageData(image, 0, 0);
    }

    /** The pixels of a dot: filled, or a ring for a place known only roughly. */
    stamp({ color, rough }, radius) {
      const name = `${color} ${rough} ${radius}`;
      if (!this.stamps.has(name)) {
        const id = this.stamps.size + 1;
        this.stamps.set(name, makeStamp(rgb(this.color(color)), rgb(this.color("paper")), rough, radius, id));
      }
      return this.stamps.get(name);
    }
  }

  /** Whether events have room to be drawn as symbols at a zoom. */
  const roomForSymbols = (x, y, mask, zoom) => crowding(x, y, mask, zoom) <= CROWDED;

  /** Mean number of places, seen from a place, in its square of 16 px at `zoom`; places that are hidden do not count. */
  function crowding(x, y, mask, zoom) {
    const shift = Math.max(0, CF.GRID_BITS - zoom - 8 + CELL_BITS);
    let places = 0;
    let squares = 0;
    let here = 0; // places in the current square
    let cx = -1;
    let cy = -1;
    let px = -1;
    let py = -1;
    for (let i = 0; i < x.length; i++) {
      if (mask && !mask[i]) continue;
      if (x[i] === px && y[i] === py) continue;
      px = x[i];
      py = y[i];
      const sx = px >>> shift;
      const sy = py >>> shift;
      if (sx !== cx || sy !== cy) {
        squares += here * here;
        here = 0;
        cx = sx;
        cy = sy;
      }
      here++;
      places++;
    }
    squares += here * here;
    return places ? squares / places : 0;
  }

  function newCanvas(w, h) {
    if (typeof OffscreenCanvas !== "undefined") return new OffscreenCanvas(w, h);
    const canvas = document.createElement("canvas");
    canvas.width = w;
    canvas.height = h;
    return canvas;
  }

  /** Red, green, blue of a CSS colour; of one that is not #rrggbb by painting a pixel with it. */
  function rgb(color) {
    const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
    if (hex) return [1, 2, 3].map((k) => parseInt(hex[k], 16));
    const ctx = newCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    ctx.fillStyle = color;
    ctx.fillRect(0, 0, 1, 1);
    return ctx.getImageData(0, 0, 1, 1).data;
  }

  const pack = (c, alpha) => ((alpha << 24) | (c[2] << 16) | (c[1] << 8) | c[0]) >>> 0;

  function makeStamp(color, paper, rough, radius, id) {
    const reach = Math.ceil(radius);
    const parts = { core: [], rim: [] };
    for (let v = -reach; v <= reach; v++)
      for (let u = -reach; u <= reach; u++) {
        const away = Math.hypot(u, v);
        const inside = Math.max(0, Math.min(1, radius + 0.5 - away)); // share of the pixel that is covered
        if (inside <= 0.02) continue;
        const hole = rough ? Math.max(0, Math.min(1, radius - 0.9 - away)) : 0;
        const mix = [0, 1, 2].map((k) => Math.round(color[k] * (1 - hole) + paper[k] * hole));
        parts[inside === 1 ? "core" : "rim"].push([u, v, pack(mix, Math.round(255 * inside))]);
      }
    const list = (part) => ({
      dx: Int8Array.from(part, (p) => p[0]),
      dy: Int8Array.from(part, (p) => p[1]),
      value: Uint32Array.from(part, (p) => p[2]),
    });
    return { id, core: list(parts.core), rim: list(parts.rim) };
  }

  /** Lays a stamp over the pixels: the core replaces what is there, the rim mixes with it. */
  function press(pixels, px, cx, cy, { core, rim }) {
    for (let k = 0; k < core.value.length; k++) {
      const u = cx + core.dx[k];
      const v = cy + core.dy[k];
      if (u >= 0 && v >= 0 && u < px && v < px) pixels[v * px + u] = core.value[k];
    }
    for (let k = 0; k < rim.value.length; k++) {
      const u = cx + rim.dx[k];
      const v = cy + rim.dy[k];
      if (u < 0 || v < 0 || u >= px || v >= px) continue;
      const at = v * px + u;
      const src = rim.value[k];
      const dst = pixels[at];
      if (dst === 0) pixels[at] = src;
      else if (((dst ^ src) & 0xffffff) !== 0 || dst >>> 24 !== 255) pixels[at] = over(src, dst);
    }
  }

  /** One pixel over another, colours not premultiplied. */
  function over(src, dst) {
    const a = src >>> 24;
    const b = dst >>> 24;
    const out = a + (((255 - a) * b + 127) / 255) | 0;
    const share = ((a << 8) / out) | 0; // of the upper one, in 256ths
    const red = (dst & 255) + ((((src & 255) - (dst & 255)) * share) >> 8);
    const green = ((dst >>> 8) & 255) + (((((src >>> 8) & 255) - ((dst >>> 8) & 255)) * share) >> 8);
    const blue = ((dst >>> 16) & 255) + (((((src >>> 16) & 255) - ((dst >>> 16) & 255)) * share) >> 8);
    return ((out << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }

  Object.assign(CF, { PointsPainter, symbolSize, roomForSymbols, newCanvas });
})(typeof self === "undefined" ? globalThis : self);
