/**
 * Every word of the interface in English and Spanish. Words of layers and fields come with the data; these are ours.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = (CF.ui = CF.ui || {});

  /** @type {Object<string, [string, string]>} */
  const WORDS = {
    // frame
    "default-title": ["Both directions of the border", "Las dos direcciones de la frontera"],
    skip: ["Skip to the map", "Ir al mapa"],
    "map-label": [
      "Map. Arrow keys move it, plus and minus zoom, Enter opens what is nearest to the middle.",
      "Mapa. Las flechas lo mueven, más y menos acercan y alejan, Intro abre lo más cercano al centro.",
    ],
    "left-panel": ["Layers and filters", "Capas y filtros"],
    "right-panel": ["Details", "Detalles"],
    "layers-and-filters": ["Layers and filters", "Capas y filtros"],
    layers: ["Layers", "Capas"],
    filters: ["Filters", "Filtros"],
    tools: ["Tools", "Herramientas"],
    language: ["Language", "Idioma"],
    theme: ["Colours", "Colores"],
    "theme-auto": ["As the system", "Como el sistema"],
    "theme-light": ["Light", "Claro"],
    "theme-dark": ["Dark", "Oscuro"],
    "theme-contrast": ["High contrast", "Alto contraste"],
    method: ["Method", "Método"],
    print: ["Print", "Imprimir"],
    fit: ["Show everything", "Ver todo"],
    more: ["More", "Más"],
    "zoom-nearer": ["Zoom in", "Acercar"],
    "zoom-farther": ["Zoom out", "Alejar"],
    close: ["Close", "Cerrar"],
    previous: ["Previous", "Anterior"],
    next: ["Next", "Siguiente"],
    yes: ["yes", "sí"],
    no: ["no", "no"],
    to: ["to", "a"],
    until: ["until", "hasta"],
    feet: ["ft", "pies"],
    "east-letter": ["E", "E"],
    "west-letter": ["W", "O"],
    "open-sheet": ["Show layers and filters", "Mostrar capas y filtros"],
    "close-sheet": ["Show the map", "Mostrar el mapa"],
    "hint-ways": ["Blue goes north, orange goes south.", "Azul va al norte, naranja va al sur."],
    hint: ["Click a mark to read what it is and how it is known.", "Haga clic en una marca para leer qué es y cómo se sabe."],
    "hint-phone": ["Tap a mark to read it.", "Toque una marca para leerla."],
    // layers
    "group-seizures": ["Seizures", "Decomisos"],
    "group-results": ["Results", "Resultados"],
    "group-border": ["Ports and roads", "Puertos y caminos"],
    "group-violence": ["Violence", "Violencia"],
    "group-context": ["Context", "Contexto"],
    "group-base": ["Base map", "Mapa base"],
    opacity: ["Opacity", "Opacidad"],
    "more-about": ["More about {what}", "Más sobre {what}"],
    "n-of-n": ["{n} of {all}", "{n} de {all}"],
    "n-rows": ["{n} rows", "{n} registros"],
    "zoom-in": ["Drawn when you zoom in.", "Se dibuja al acercarse."],
    "legend-shape": ["What was seized", "Qué se decomisó"],
    "legend-ring": ["Where it was found", "Dónde se halló"],
    "legend-place": ["How the place is known", "Cómo se conoce el lugar"],
    "legend-stack": ["Numbers are events that lie together, by direction. They open a list.", "Los números son eventos que coinciden, por dirección. Abren una lista."],
    "legend-size": ["Size", "Tamaño"],
    // filters
    "facet-direction": ["Direction", "Dirección"],
    "facet-commodity": ["Commodity", "Mercancía"],
    "facet-agency": ["Agency", "Dependencia"],
    "facet-context": ["Where it was found", "Dónde se halló"],
    "facet-port": ["Nearest port", "Puerto más cercano"],
    "facet-corridor": ["Nearest corridor", "Corredor más cercano"],
    "facet-start": ["From", "Desde"],
    "facet-end": ["Until", "Hasta"],
    chosen: ["{n} on", "{n} activos"],
    clear: ["Clear filters", "Quitar filtros"],
    find: ["Find", "Buscar"],
    "find-in": ["Find in: {what}", "Buscar en: {what}"],
    "none-found": ["None with these words.", "Ninguno con esas palabras."],
    "show-all": ["Show all {n}", "Mostrar los {n}"],
    "any-item": ["An event passes when any of its commodities does.", "Un evento pasa si pasa cualquiera de sus mercancías."],
    "n-shown": ["{n} of {all} shown", "{n} de {all} a la vista"],
    "n-no-place": ["{n} without a place", "{n} sin lugar"],
    "n-unknown": ["direction unknown {n}", "dirección desconocida {n}"],
    "nothing-passes": ["No event passes these filters together.", "Ningún evento pasa todos estos filtros."],
    "nothing-drawn": [
      "There is no event to draw. The method says what was read and left out.",
      "No hay eventos que dibujar. El método dice qué se leyó y qué se descartó.",
    ],
    "going-north": ["Northbound", "Hacia el norte"],
    "going-south": ["Southbound", "Hacia el sur"],
    "going-unknown": ["Direction unknown", "Dirección desconocida"],
    "value-group-drug": ["Drugs", "Drogas"],
    "value-group-firearm": ["Firearms", "Armas de fuego"],
    "value-group-ammunition": ["Ammunition", "Municiones"],
    "value-group-currency": ["Cash", "Dinero en efectivo"],
    "value-group-parts": ["Magazines and parts", "Cargadores y piezas"],
    "value-group-explosive": ["Explosives", "Explosivos"],
    "value-group-equipment": ["Equipment", "Equipo"],
    "value-group-vehicle": ["Vehicles", "Vehículos"],
    "value-group-fuel": ["Fuel", "Combustible"],
    "value-group-other": ["Other", "Otros"],
    "value-context-port": ["At a port of entry", "En un puerto de entrada"],
    "value-context-between_ports": ["Between ports", "Entre puertos de entrada"],
    "value-context-checkpoint": ["At a checkpoint", "En un retén"],
    "value-context-interior": ["Inland", "Tierra adentro"],
    // time
    "time-label": ["Events by time. Drag to choose a period.", "Eventos en el tiempo. Arrastre para elegir un periodo."],
    from: ["From", "Desde"],
    "until-label": ["Until", "Hasta"],
    "clear-time": ["Show the whole time", "Mostrar todo el periodo"],
    "bars-1": ["by month, at most {n}", "por mes, máximo {n}"],
    "bars-3": ["by quarter, at most {n}", "por trimestre, máximo {n}"],
    "bars-12": ["by year, at most {n}", "por año, máximo {n}"],
    "bars-60": ["by five years, at most {n}", "por quinquenio, máximo {n}"],
    "year-only": ["{n} known by year only, not in the bars", "{n} solo con año, fuera de las barras"],
    undated: ["{n} without a date", "{n} sin fecha"],
    // details
    "and-more": ["and {n} more", "y {n} más"],
    "stack-here": ["{n} events here", "{n} eventos aquí"],
    "stack-n": ["{n} of {all} here", "{n} de {all} aquí"],
    "stack-label": ["Events here", "Eventos aquí"],
    "also-here": ["Also here", "También aquí"],
    what: ["What", "Qué"],
    who: ["Who", "Quién"],
    when: ["When", "Cuándo"],
    where: ["Where", "Dónde"],
    "which-way": ["Which way", "En qué dirección"],
    commodity: ["Commodity", "Mercancía"],
    "as-reported": ["As reported", "Según la fuente"],
    "as-converted": ["Converted", "Convertido"],
    "no-quantity": ["not stated, or no factor to convert it", "no se indica, o no hay factor para convertir"],
    agency: ["Agency", "Dependencia"],
    partners: ["With", "Con"],
    operation: ["Operation", "Operativo"],
    date: ["Date", "Fecha"],
    "date-minute": ["known to the minute", "se conoce al minuto"],
    "date-day": ["known to the day", "se conoce al día"],
    "date-month": ["known to the month only", "solo se conoce el mes"],
    "date-year": ["known to the year only", "solo se conoce el año"],
    direction: ["Direction", "Dirección"],
    "basis-reported": ["as the record says", "según el registro"],
    "basis-inferred": ["inferred: the story gives it, not the record", "inferida: la da el relato, no el registro"],
    "basis-default": ["assumed from the commodity", "supuesta por la mercancía"],
    "basis-unknown": ["nothing says which way", "nada indica hacia dónde"],
    context: ["Found", "Hallado"],
    "place-as-written": ["As written", "Como se escribió"],
    location: ["Location", "Ubicación"],
    "placed-reported": ["point as reported", "punto según la fuente"],
    "placed-crossing": ["placed on the crossing", "situado en el cruce"],
    "placed-port": ["placed on the port of entry", "situado en el puerto de entrada"],
    "placed-checkpoint": ["placed on the checkpoint", "situado en el retén"],
    "placed-city": ["placed on the town", "situado en la población"],
    "placed-municipality": ["placed on the municipality", "situado en el municipio"],
    "placed-county": ["placed on the county", "situado en el condado"],
    "placed-sector": ["placed on the sector", "situado en el sector"],
    "placed-field_office": ["placed on the field office", "situado en la oficina regional"],
    "placed-state": ["placed on the state", "situado en el estado"],
    "accurate-to": ["good to about {d}, the circle on the map", "con precisión de unos {d}, el círculo del mapa"],
    "accuracy-unknown": ["precision not stated", "precisión no indicada"],
    side: ["Side", "Lado"],
    "side-US": ["United States", "Estados Unidos"],
    "side-MX": ["Mexico", "México"],
    "from-border": ["{d} from the border", "a {d} de la frontera"],
    "nearest-port": ["Nearest port of entry", "Puerto de entrada más cercano"],
    port: ["Port", "Puerto"],
    distance: ["Distance", "Distancia"],
    "bearing-words": ["{way} of the port ({deg}° from true north)", "al {way} del puerto ({deg}° desde el norte verdadero)"],
    "runner-up": ["Next nearest", "El siguiente"],
    "certain-label": ["Certain?", "¿Es seguro?"],
    certain: ["Yes, within the precision of the place", "Sí, dentro de la precisión del lugar"],
    "not-certain": ["Not certain.", "No es seguro."],
    "certain-unknown": ["Cannot be told: the precision of the place is not stated", "No se puede saber: no se indica la precisión del lugar"],
    "unsure-port": ["The place is known so roughly that {name} could be nearer.", "El lugar se conoce de forma tan aproximada que {name} podría estar más cerca."],
    "another-port": ["another port", "otro puerto"],
    "unsure-side": ["The place is known so roughly that it could lie across the border.", "El lugar se conoce de forma tan aproximada que podría estar al otro lado."],
    "unsure-corridor": ["The place is known so roughly that another corridor could be nearer.", "El lugar se conoce de forma tan aproximada que otro corredor podría estar más cerca."],
    "nearest-corridor": ["Nearest corridor", "Corredor más cercano"],
    corridor: ["Corridor", "Corredor"],
    chainage: ["Along it", "A lo largo"],
    "corridor-left": ["left of its drawn direction", "a la izquierda de su sentido"],
    "corridor-right": ["right of its drawn direction", "a la derecha de su sentido"],
    "corridor-on": ["on the line", "sobre la línea"],
    "corridor-warning": ["Near a line is no evidence that the line was used.", "Estar cerca de una línea no prueba que se usó."],
    "violence-around": ["Violence around it", "Violencia alrededor"],
    municipality: ["Municipality", "Municipio"],
    "seat-distance": ["its seat is {d} away", "su cabecera está a {d}"],
    homicides: ["Homicides", "Homicidios"],
    "count-of-population": ["{n} {what} among {population} people in {year}", "{n} {what} entre {population} habitantes en {year}"],
    "measure-deaths": ["deaths", "defunciones"],
    "measure-cases": ["cases", "carpetas de investigación"],
    "smoothed-rate": ["rate {rate} per 100,000, smoothed", "tasa de {rate} por 100,000, suavizada"],
    "nearest-hotspot": ["Nearest hot spot", "Foco más cercano"],
    "more-fields": ["More from the record", "Más del registro"],
    source: ["Source", "Fuente"],
    "event-id": ["Event", "Evento"],
    handling: ["Handling", "Manejo"],
    "as-published": ["Published by", "Publicado por"],
    // method
    "method-title": ["How this map was made", "Cómo se hizo este mapa"],
    "not-said": ["What the map does not say", "Lo que el mapa no dice"],
    "warning-enforcement": ["Seizures show where officers looked, not where the traffic is.", "Los decomisos muestran dónde se revisó, no por dónde va el tráfico."],
    "warning-proxy": ["Port traffic counts entries to the US only; southbound is not counted.", "El tráfico de los puertos cuenta solo entradas a EE. UU.; hacia el sur no se cuenta."],
    "warning-hypotheses": ["Corridors are hypotheses drawn along highways, only as accurate as their band.", "Los corredores son hipótesis trazadas sobre carreteras, tan precisas como su franja."],
    "warning-presence": ["Presence of an organisation is a mention in the press; it is not control.", "La presencia de una organización es una mención en prensa; no es control."],
    "warning-near": ["Near is not because of: roads, people and ports explain much of what lies together.", "Cerca no es a causa de: caminos, gente y puertos explican mucho de lo que coincide."],
    "warning-empty": ["An empty place has no data. It is not zero.", "Un lugar vacío no tiene datos. No es cero."],
    counted: ["What was counted", "Qué se contó"],
    counts: ["Counts", "Conteos"],
    "count-read": ["Rows read", "Registros leídos"],
    "count-rows_drawn": ["Rows with a place", "Registros con lugar"],
    "count-without_place": ["Rows without a place", "Registros sin lugar"],
    "count-excluded": ["Rows left out by a condition", "Registros excluidos por una condición"],
    "count-drawn": ["Events drawn: rows of one event are one mark", "Eventos dibujados: los registros de un evento son una marca"],
    "left-out": ["Left out: {why}", "Descartados: {why}"],
    "directions-add-up": [
      "{north} northbound, {south} southbound and {unknown} unknown are all {all} events. The two directions are never added or averaged into one value.",
      "{north} hacia el norte, {south} hacia el sur y {unknown} sin dirección son los {all} eventos. Las dos direcciones nunca se suman ni se promedian en un solo valor.",
    ],
    "layers-and-sources": ["Layers and sources", "Capas y fuentes"],
    sources: ["Sources", "Fuentes"],
    parameters: ["Parameters", "Parámetros"],
    "parameters-caption": ["Same inputs and parameters, same map", "Mismas entradas y parámetros, mismo mapa"],
    "this-file": ["This file", "Este archivo"],
    offline: [
      "One file that asks the network for nothing. What you do here stays on this machine.",
      "Un solo archivo que no pide nada a la red. Lo que haga aquí se queda en este equipo.",
    ],
    printed: ["Printed {date}.", "Impreso el {date}."],
    // what is said of users' own files in place of a licence, a period and a precision
    "said-as supplied": ["as supplied", "tal como se entregó"],
    "said-not stated": ["precision not stated", "precisión no indicada"],
    "said-no dates": ["no dates", "sin fechas"],
    "reason-without a place": ["without a place", "sin lugar"],
    "reason-without geometry": ["without geometry", "sin geometría"],
    "reason-without a date": ["without a date", "sin fecha"],
    "reason-municipality without a polygon": ["municipality without a polygon", "municipio sin polígono"],
    "reason-municipality without a known seat": ["municipality without a known seat", "municipio sin cabecera conocida"],
  };

  /** Units that are words. Units not listed are the same in both languages. @type {Object<string, Array<string>>} */
  const UNITS = {
    count: ["", ""],
    rounds: ["rounds", "cartuchos"],
    pills: ["pills", "pastillas"],
    plants: ["plants", "plantas"],
    people: ["people", "personas"],
    "per 100,000": ["per 100,000", "por 100,000"],
    "per year": ["per year", "por año"],
    deg: ["°", "°"],
    years: ["years", "años"],
    trucks: ["trucks", "camiones"],
  };

  const lang = () => (CF.lang ? CF.lang() : document.documentElement.lang || "en");

  /**
   * A word of ours, with {names} filled in.
   *
   * @param {string} key
   * @param {Object<string, string|number>} [values]
   * @param {string} [otherwise]  instead of the key, where there is no such word
   */
  function t(key, values = {}, otherwise) {
    const found = WORDS[key];
    if (!found) return otherwise === undefined ? key : otherwise;
    return found[lang() === "es" ? 1 : 0].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  /** Words that came with the data: {en, es}. */
  const words = (both) => (both == null ? "" : typeof both === "string" ? both : both[lang()] || both.en || both.es || "");

  const unit = (name) => (Object.hasOwn(UNITS, name) ? UNITS[name][lang() === "es" ? 1 : 0] : name);

  const kept = [];
  /** Fills an element of the frame now and again whenever the language changes. For what stays in the page. */
  function live(node, fill) {
    kept.push(() => fill(node));
    fill(node);
  }
  CF.bus.on("language", () => kept.forEach((fill) => fill()));

  Object.assign(ui, { t, words, unit, live, WORDS });
})();
