/**
 * Numbers, quantities, distances, directions and dates in words of the reader's language.
 *
 * Dates are text as precise as they are known ("2011", "2011-03", "2011-03-14", "2011-03-14T22:15:00Z") and are
 * never made more precise on the way to the screen.
 */
(function () {
  "use strict";
  const CF = (window.__cf = window.__cf || {});
  const ui = (CF.ui = CF.ui || {});

  const LOCALES = { en: "en-US", es: "es-MX" };
  const MONTHS = {
    en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    es: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
  };
  const POINTS = {
    en: ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"],
    es: ["norte", "noreste", "este", "sureste", "sur", "suroeste", "oeste", "noroeste"],
  };
  const METRES_PER_MILE = 1609.344;
  const NO_BREAK = "\u00a0";

  const lang = () => (CF.lang ? CF.lang() : "en");
  const makers = new Map();

  /** A number with at most `digits` and at least `least` decimals, in the locale's way of writing. */
  function number(x, digits = 2, least = 0) {
    if (x == null || Number.isNaN(x)) return "";
    const key = lang() + digits + least;
    if (!makers.has(key)) makers.set(key, new Intl.NumberFormat(LOCALES[lang()], { maximumFractionDigits: digits, minimumFractionDigits: least }));
    return makers.get(key).format(x);
  }

  /** A number with the decimals that its size deserves: 0.034, 3.4, 34, 3,400. */
  function rounded(x) {
    const size = Math.abs(x);
    return number(x, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5);
  }

  /** A quantity with its unit; pieces have no unit of their own in a list that names the thing. */
  function quantity(value, unit) {
    if (value == null || Number.isNaN(value)) return "";
    if (unit === "USD") return "US$" + rounded(value);
    if (unit === "MXN") return "MX$" + rounded(value);
    const word = unit ? ui.unit(unit, value) : "";
    return rounded(value) + (word ? NO_BREAK + word : "");
  }

  /** A length for reading, in kilometres or metres with miles or feet beside it. */
  function distance(metres, both = true) {
    if (metres == null || Number.isNaN(metres)) return "";
    const miles = metres / METRES_PER_MILE;
    const metric = metres < 995 ? number(metres, 0) + NO_BREAK + "m" : number(metres / 1000, metres < 99500 ? 1 : 0) + NO_BREAK + "km";
    if (!both) return metric;
    const other = miles < 0.1 ? number(metres / 0.3048, 0) + NO_BREAK + ui.t("feet") : number(miles, miles < 99.5 ? 1 : 0) + NO_BREAK + "mi";
    return `${metric} (${other})`;
  }

  /** A precision in metres, rounded to what it means: "5 km", "150 m". */
  const precision = (metres) => distance(Number(Number(metres).toPrecision(2)), false);

  /** "south-west" for 220 degrees. */
  const compass = (degrees) => POINTS[lang()][Math.round((((degrees % 360) + 360) % 360) / 45) % 8];

  /** A date as precise as its text: 14 Mar 2011, Mar 2011, 2011, 14 Mar 2011, 22:15 UTC. */
  function date(text) {
    if (text == null || text === "") return "";
    const found = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T(\d{2}:\d{2}))?/.exec(String(text));
    if (!found) return String(text);
    const [, year, month, day, time] = found;
    const name = month ? MONTHS[lang()][Number(month) - 1] || month : "";
    const words = [day ? String(Number(day)) : "", name, year].filter(Boolean).join(NO_BREAK);
    return time ? `${words}, ${time} UTC` : words;
  }

  /** A time known to the minute, at the place's own clock with its zone. Empty where it is not known. */
  function localTime(text, zone) {
    if (!zone || !/T\d{2}:\d{2}/.test(String(text))) return "";
    try {
      const clock = new Intl.DateTimeFormat("en-GB", {
        timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      });
      const part = Object.fromEntries(clock.formatToParts(new Date(String(text))).map((p) => [p.type, p.value]));
      return `${date(`${part.year}-${part.month}-${part.day}`)}, ${part.hour}:${part.minute} (${zone})`;
    } catch {
      return ""; // a zone that this browser does not know
    }
  }

  /** "14 Mar 2011" or "14 Mar 2011 to 3 Apr 2011". */
  function period(start, end) {
    if (!start) return end ? `${ui.t("until")} ${date(end)}` : "";
    return !end || end === start ? date(start) : `${date(start)} ${ui.t("to")} ${date(end)}`;
  }

  /** Longitude and latitude for reading: 31.3339° N, 110.9656° W. */
  function position(lon, lat, digits = 4) {
    const side = (x, plus, minus) => `${number(Math.abs(x), digits, digits)}°${NO_BREAK}${x < 0 ? minus : plus}`;
    return `${side(lat, "N", "S")}, ${side(lon, ui.t("east-letter"), ui.t("west-letter"))}`;
  }

  Object.assign(ui, { number, rounded, quantity, distance, precision, compass, date, localTime, period, position, MONTHS });
})();
