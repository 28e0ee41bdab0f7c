/**
 * What the page knows of its layers: the index, their columns as they are read, events with their items.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});

  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  CF.index = read("contraflow-index");
  CF.manifest = read("contraflow-manifest");

  let language = CF.index.language === "es" ? "es" : "en";
  CF.lang = () => language;
  CF.setLang = (next) => {
    if ((next !== "en" && next !== "es") || next === language) return;
    language = next;
    document.documentElement.lang = next;
    document.title = CF.index.title[next] || CF.index.title.en || document.title;
    CF.bus.emit("language", { language });
  };

  /** One layer: its entry in the index, and its columns once they are read. */
  class LayerStore {
    constructor(meta) {
      this.meta = meta;
      this.name = meta.name;
      this.rows = meta.rows;
      this.visible = meta.visible !== false;
      this.opacity = 1;
      /** @type {Map<string, Object>} */
      this.columns = new Map();
      this.shapes = null;
    }

    setVisible(on) {
      if (this.visible === Boolean(on)) return;
      this.visible = Boolean(on);
      CF.bus.emit("layers", { layer: this });
    }

    setOpacity(value) {
      this.opacity = Math.max(0, Math.min(1, Number(value)));
      CF.bus.emit("layers", { layer: this });
    }

    /** A column, or null where there is none or it is not read yet. */
    column(name) {
      return this.columns.get(name) || null;
    }

    lon(i) {
      return this.columns.get("longitude").get(i);
    }

    lat(i) {
      return this.columns.get("latitude").get(i);
    }

    /** @returns {{type: "line"|"area", parts: Float64Array[]}|null} longitude, latitude, longitude, ... in degrees */
    geometry(i) {
      if (!this.shapes) return null;
      return { type: this.meta.mark === "areas" ? "area" : "line", parts: CF.shapePaths(this.shapes, i) };
    }

    async readColumns(metas, rows = this.rows, into = this.columns) {
      for (const meta of metas) {
        const bytes = meta.block == null ? new Uint8Array(0) : await CF.block(meta.block);
        const began = performance.now();
        into.set(meta.name, CF.decodeColumn(meta, bytes, rows, into));
        spent.ms += performance.now() - began;
        await breath();
      }
    }

    /** What the first picture needs. */
    async readFirst() {
      if (this.meta.shapes) {
        const bytes = this.meta.shapes.block == null ? new Uint8Array(0) : await CF.block(this.meta.shapes.block);
        const began = performance.now();
        this.shapes = CF.decodeShapes(this.meta.shapes, bytes);
        spent.ms += performance.now() - began;
      }
      await this.readColumns(this.meta.columns.filter((c) => c.first));
    }

    async readRest() {
      await this.readColumns(this.meta.columns.filter((c) => !c.first));
    }
  }

  /** Events: positions on the grid, items, filter. */
  class EventStore extends LayerStore {
    constructor(meta) {
      super(meta);
      this.x = new Uint32Array(0);
      this.y = new Uint32Array(0);
      /** 1 where an event passes the filter. */
      this.mask = new Uint8Array(meta.rows).fill(1);
      this.shown = meta.rows;
      const itemColumns = new Map();
      this.items = { rows: meta.items ? meta.items.rows : 0, columns: itemColumns, column: (name) => itemColumns.get(name) || null };
      this.itemStarts = null;
      this.ids = null;
    }

    /** Rounded to the fifth decimal, which is what the grid holds. */
    lon(i) {
      return Math.round(CF.cellLon(this.x[i]) * 1e5) / 1e5;
    }

    lat(i) {
      return Math.round(CF.cellLat(this.y[i]) * 1e5) / 1e5;
    }

    /** Items [from, to) of event i. */
    itemRange(i) {
      return this.itemStarts ? [this.itemStarts[i], this.itemStarts[i + 1]] : [0, 0];
    }

    /** The event's id; its row number as text where the file gives none. */
    id(i) {
      const column = this.column("event_id");
      const id = column ? column.get(i) : null;
      return id == null ? String(i) : String(id);
    }

    /** Row of an event id, or -1. */
    indexOf(id) {
      if (!this.ids) {
        this.ids = new Map();
        for (let i = this.rows - 1; i >= 0; i--) this.ids.set(this.id(i), i);
      }
      const at = this.ids.get(String(id));
      return at === undefined ? -1 : at;
    }

    async readFirst() {
      await super.readFirst();
      const key = this.columns.get("key");
      this.x = key.x;
      this.y = key.y;
    }

    async readRest() {
      await super.readRest();
      const meta = this.meta.items;
      if (!meta) return;
      const counted = new Map();
      await this.readColumns([meta.count], this.rows, counted);
      const counts = counted.get("count");
      const starts = new Uint32Array(this.rows + 1);
      for (let i = 0; i < this.rows; i++) starts[i + 1] = starts[i] + counts.number(i);
      this.itemStarts = starts;
      await this.readColumns(meta.columns, meta.rows, this.items.columns);
    }
  }

  const spent = { ms: 0 };
  /** Milliseconds spent on reading columns so far. */
  CF.decodeMs = () => spent.ms;

  let breathed = 0;
  /** Lets the page answer between columns, once it has been busy for a while. */
  function breath() {
    const now = performance.now();
    if (now - breathed < 8) return null;
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        breathed = performance.now();
        resolve();
      };
      port2.postMessage(0);
    });
  }

  CF.layers = CF.index.layers.map((meta) => (meta.mark === "events" ? new EventStore(meta) : new LayerStore(meta)));
  CF.events = CF.layers.find((layer) => layer.meta.mark === "events") || null;

  /** Layers that the engine paints into tiles beneath the events; the others belong to the overlay. */
  CF.isGround = (layer) => layer.meta.mark === "areas" || (layer.meta.mark === "lines" && layer.meta.group === "base");

  // -- symbols of events ------------------------------------------------------------------------------------------

  /**
   * The symbol of an event by its channels: colour name, shape, ring, and whether its place is known only roughly.
   * A place known roughly is hollow, so that it does not look surveyed.
   */
  CF.eventSymbol = ({ color, shape, ring, rough }) => ({
    shape,
    fill: rough ? "paper" : color,
    stroke: rough ? color : "paper",
    stroke_px: rough ? 2 : 0.9,
    outline: ring || "none",
    outline_color: color,
  });

  const FALLBACK = { color: "unknown", shape: "circle", ring: "none" };

  /**
   * For every event the number of its style, and the styles that occur.
   *
   * @returns {{style: Uint16Array, styles: {symbol: Object, color: string, rough: boolean}[]}}
   */
  CF.eventStyles = (events) => {
    const rule = (events.meta.parameters || {}).symbology || {};
    const channels = ["color", "shape", "ring"].map((name) => channel(events, rule[name], FALLBACK[name]));
    const precision = events.column("location_precision_m");
    const limit = rule.hollow_from_precision_m;
    const hollow = (i) => (precision && limit != null && precision.number && precision.number(i) >= limit ? 1 : 0);
    const style = new Uint16Array(events.rows);
    const [color, shape, ring] = channels;
    const known = new Int32Array(2 * color.values.length * shape.values.length * ring.values.length).fill(-1);
    const styles = [];
    for (let i = 0; i < events.rows; i++) {
      const [a, b, c] = [color.byCode[color.codes[i]], shape.byCode[shape.codes[i]], ring.byCode[ring.codes[i]]];
      const rough = hollow(i);
      const key = ((a * shape.values.length + b) * ring.values.length + c) * 2 + rough;
      if (known[key] < 0) {
        known[key] = styles.length;
        const look = { color: color.values[a], shape: shape.values[b], ring: ring.values[c], rough: Boolean(rough) };
        styles.push({ symbol: CF.eventSymbol(look), color: look.color, rough: look.rough });
      }
      style[i] = known[key];
    }
    return { style, styles };
  };

  /** For one channel: what may be drawn, and which of it a code of the column is. Entry 0 is for values without a rule. */
  function channel(events, rule, fallback) {
    const column = rule ? events.column(rule.field) : null;
    const named = rule ? rule.values : {};
    const spare = named.other || named.unknown || fallback;
    if (!column || !column.codes) return { values: [spare], byCode: [0], codes: new Uint8Array(events.rows) };
    const values = [spare];
    const byCode = new Uint8Array(column.values.length + 1);
    column.values.forEach((value, k) => {
      if (!Object.hasOwn(named, value)) return;
      let at = values.indexOf(named[value], 1);
      if (at < 0) at = values.push(named[value]) - 1;
      byCode[k + 1] = at;
    });
    return { values, byCode, codes: column.codes };
  }

  CF.LayerStore = LayerStore;
})();
