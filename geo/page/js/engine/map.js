/**
 * The Leaflet map, the two layers of tiles on it, and what keeps them in step with filters, layers and theme.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const L = window.L;
  const MAP_ID = "map_contraflow";
  const MIN_ZOOM = 3;
  /** One pixel of zoom 18 is one cell of the grid of positions: there is nothing finer to see. */
  const MAX_ZOOM = 18;

  const ratio = () => Math.min(3, window.devicePixelRatio || 1);
  const look = () => ({ colors: CF.palette(), ratio: ratio() });

  /** Starts what takes a while and needs no map: the workers, and the reading of what events are drawn by. */
  function startEarly() {
    CF.painters = { areas: CF.makePainter("areas"), points: CF.makePainter("points") };
    const columns = CF.events ? CF.events.meta.columns : [];
    for (const { first, block } of columns) if (first && block != null) CF.block(block).catch(() => {}); // told when read
  }

  /** Makes the map in its element, at the opening view. */
  function makeMap() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = (CF.map = window[MAP_ID] = L.map(MAP_ID, {
      zoomControl: false, attributionControl: false, fadeAnimation: false, zoomAnimation: !still, inertia: !still,
      markerZoomAnimation: !still, minZoom: MIN_ZOOM, maxZoom: MAX_ZOOM, preferCanvas: true,
    }));
    CF.home();
    map.createPane("cf-ground").style.zIndex = "200";
    const pane = map.createPane("cf-points");
    pane.style.zIndex = "400";
    for (const name of ["cf-ground", "cf-points"]) map.getPane(name).style.pointerEvents = "none";
    addBackground(map);
    CF.ground = new CF.PaintedTiles(CF.painters.areas, { pane: "cf-ground" });
    CF.points = new CF.PaintedTiles(CF.painters.points, { pane: "cf-points" });
    CF.ground._painter.set({ look: look() });
    CF.points._painter.set({ look: look() });
    map.on("moveend", () => CF.bus.emit("view", CF.view()));
    return map;
  }

  /** Tiles from the network, only where the file was made with an address for them. */
  function addBackground(map) {
    const tiles = CF.index.tiles;
    if (!tiles) return;
    const pane = map.createPane("cf-background");
    pane.style.zIndex = "150";
    L.tileLayer(tiles.url, { pane: "cf-background", maxZoom: MAX_ZOOM }).addTo(map);
  }

  /** The view that the file opens with. */
  CF.home = () => {
    const [west, south, east, north] = CF.index.extent;
    CF.map.fitBounds([[south, west], [north, east]], { animate: false });
  };

  CF.view = () => {
    const { lng, lat } = CF.map.getCenter();
    return { lon: lng, lat, zoom: CF.map.getZoom() };
  };

  CF.setView = ({ lon, lat, zoom }) => {
    const now = CF.view();
    const pick = (value, other) => (Number.isFinite(value) ? value : other);
    CF.map.setView([pick(lat, now.lat), pick(lon, now.lon)], pick(zoom, now.zoom), { animate: false });
  };

  /** Gives the points painter what it needs; returns once their tiles are being painted. */
  function showEvents() {
    const events = CF.events;
    const { style, styles } = CF.eventStyles(events);
    CF.points._painter.set({ x: events.x, y: events.y, style, styles, mask: null });
    events.style = style;
    events.styles = styles;
    CF.points.setOpacity(events.opacity);
    if (events.visible) CF.points.addTo(CF.map);
  }

  /** @type {Map<number, boolean>} */
  const asSymbols = new Map();
  CF.bus.on("filter", () => asSymbols.clear());

  /** Whether the events that are shown are drawn as symbols at a zoom; as plain dots where they are too many. */
  CF.asSymbols = (zoom) => {
    const { x, y, mask, shown, rows } = CF.events;
    if (!asSymbols.has(zoom)) asSymbols.set(zoom, CF.roomForSymbols(x, y, shown === rows ? null : mask, zoom));
    return asSymbols.get(zoom);
  };

  /** Hands a ground layer to its painter. */
  function showGround(layer) {
    const style = layer.meta.style || {};
    CF.ground._painter.set({
      layer: {
        name: layer.name, kind: layer.meta.mark, shapes: layer.shapes, minZoom: style.min_zoom || 0,
        classes: layer.meta.classes.map((c) => c.symbol), outlines: layer.meta.outlines.map((c) => c.symbol),
        classCodes: codes(layer, style.class_column, 0), outlineCodes: codes(layer, style.outline_column, -1),
      },
    });
  }

  /** Class number of each row, -1 for none. Without a class column all rows are of the first class. */
  function codes(layer, name, otherwise) {
    const out = new Int16Array(layer.rows).fill(otherwise);
    const column = name ? layer.column(name) : null;
    if (column) for (let i = 0; i < out.length; i++) out[i] = column.get(i) == null ? -1 : column.get(i);
    return out;
  }

  /** Ground layers in drawing order; the base lines lie above all areas. */
  function stackGround() {
    const ground = CF.layers.filter(CF.isGround);
    const rank = (layer) => (layer.meta.mark === "lines" ? 2 : layer.meta.group === "base" ? 0 : 1);
    ground.sort((a, b) => rank(a) - rank(b) || a.meta.order - b.meta.order);
    CF.ground._painter.set({ stack: ground.map(({ name, visible, opacity }) => ({ name, visible, opacity })) });
  }

  function keepInStep() {
    CF.bus.on("filter", () => {
      CF.points._painter.set({ mask: CF.events.shown === CF.events.rows ? null : CF.events.mask });
      CF.points.repaint();
    });
    CF.bus.on("layers", ({ layer }) => {
      if (layer === CF.events) {
        CF.points.setOpacity(layer.opacity);
        if (layer.visible !== CF.map.hasLayer(CF.points)) CF.points[layer.visible ? "addTo" : "removeFrom"](CF.map);
      } else if (CF.isGround(layer)) {
        stackGround();
        CF.ground.repaint();
      }
    });
    CF.bus.on("theme", restyle);
    watchRatio();
  }

  function restyle() {
    for (const tiles of [CF.ground, CF.points]) {
      tiles._painter.set({ look: look() });
      tiles.repaint();
    }
  }

  /** The window may move to a screen with other pixels, or be zoomed. */
  function watchRatio() {
    matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener("change", () => {
      restyle();
      watchRatio();
    }, { once: true });
  }

  Object.assign(CF, { startEarly, makeMap, showEvents, showGround, stackGround, keepInStep });
})();
