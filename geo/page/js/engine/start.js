/**
 * The order of things: map, events, first picture, ground, the rest of the columns. Runs last.
 *
 * The interface may have a part in it: CF.ui.beforeMap() lays out the page, CF.ui.afterMap() adds to the map, and
 * CF.ui.afterLoad() (which may return a promise) is waited for before the page counts as loaded.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = CF.ui || {};

  /** The next frame; a page that is not in view has none, and goes on all the same. */
  const frame = () => new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
    setTimeout(resolve, 500);
  });
  const settled = (tiles) => new Promise((resolve) => (tiles.isSettled() ? resolve() : tiles.once("settled", resolve)));

  function complain(words) {
    const box = document.createElement("p");
    box.className = "cf-failure";
    box.setAttribute("role", "alert");
    box.textContent = words;
    document.body.append(box);
    console.error(words);
  }

  async function start() {
    if (typeof DecompressionStream === "undefined") {
      complain(CF.lang() === "es"
        ? "Este navegador es demasiado antiguo para este mapa. Ábralo con Firefox 113, Chrome 80, Safari 16.4 o posterior."
        : "This browser is too old for this map. Open it in Firefox 113, Chrome 80, Safari 16.4 or later.");
      return;
    }
    CF.startEarly();
    if (ui.beforeMap) ui.beforeMap();
    CF.makeMap();
    CF.keepInStep();
    if (ui.afterMap) ui.afterMap();

    const ground = CF.layers.filter(CF.isGround).sort((a, b) => (a.meta.group === "base" ? 0 : 1) - (b.meta.group === "base" ? 0 : 1));
    const others = CF.layers.filter((layer) => layer !== CF.events && !CF.isGround(layer));
    if (CF.events) {
      await CF.events.readFirst();
      CF.showEvents();
    }
    const painted = CF.events && CF.events.visible ? settled(CF.points) : Promise.resolve();
    const grounded = showGround(ground);
    await painted;
    if (!CF.events) await grounded;
    await frame();
    CF.bus.emit("first-paint", { ms: Math.round(performance.now() * 10) / 10 });
    await grounded;
    for (const layer of others) await layer.readFirst();
    for (const layer of CF.layers) await layer.readRest();
    CF.forgetBlocks();
    CF.columnsRead();
    if (ui.afterLoad) await ui.afterLoad();
    await frame();
    CF.bus.emit("loaded", {});
  }

  async function showGround(layers) {
    CF.stackGround();
    for (const layer of layers) {
      await layer.readFirst();
      CF.showGround(layer);
      // The base is shown at once, layers above it as each is read.
      if (CF.map.hasLayer(CF.ground)) CF.ground.repaint();
      else CF.ground.addTo(CF.map);
    }
  }

  start().catch((error) => {
    complain((CF.lang() === "es" ? "El mapa no se pudo leer: " : "The map could not be read: ") + error.message);
    throw error;
  });
})();
