/**
 * Colours by palette name, from the custom properties --cf-NAME of the style sheet.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const PALETTE = [
    "north", "south", "unknown", "violence-1", "violence-2", "violence-3", "violence-4", "violence-5", "hot", "cold",
    "no-data", "no-data-line", "ink", "paper", "port", "office", "line", "border", "border-casing", "state-line", "both",
    "north-light", "south-light", "land", "land-us", "land-mx", "label", "label-quiet", "water",
  ];
  /** @type {Map<string, string>} */
  let known = new Map();

  /** CSS colour of a palette name; a #hex colour is itself. */
  CF.tokens = (name) => {
    if (!name) return "transparent";
    if (name[0] === "#") return name;
    if (!known.has(name)) {
      const value = getComputedStyle(document.documentElement).getPropertyValue("--cf-" + name).trim();
      known.set(name, value || "#888888");
    }
    return known.get(name);
  };

  /** All palette colours, for the workers, which have no style sheet. */
  CF.palette = () => Object.fromEntries(PALETTE.map((name) => [name, CF.tokens(name)]));

  CF.bus.on("theme", () => known.clear());

  /** The theme of the page until the interface says otherwise: the file's own, or the system's. */
  const rootElement = document.documentElement;
  if (!rootElement.dataset.theme) {
    const choice = rootElement.dataset.themeChoice;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const contrast = matchMedia("(prefers-contrast: more)").matches;
    rootElement.dataset.theme = choice !== "auto" && choice ? choice : contrast ? "contrast" : dark ? "dark" : "light";
  }
})();
