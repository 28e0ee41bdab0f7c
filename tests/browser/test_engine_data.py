"""What the page holds is what was given to it: every value, every count; filters agree with plain Python."""

from __future__ import annotations

import calendar
import random

import pytest

pytestmark = pytest.mark.browser

AGENCIES = ["CBP OFO", "USBP", "DEA", "FGR", None]
COMMODITIES = ["COCAINE", "HEROIN", "RIFLE", "CASH", None]


def made(n: int, seed: int = 1) -> tuple[dict, dict]:
    """Make events with blanks, dates of every precision and none to three items."""
    draw = random.Random(seed)
    dates = ["2011", "2011-03", "2011-03-14", "2012-02-29", "2009-12-31T22:15:00Z", "2010-07-04", None]
    rows = {
        "event_id": [f"E{k:05d}" for k in range(n)],
        "longitude": [round(draw.uniform(-117, -97), 5) for _ in range(n)],
        "latitude": [round(draw.uniform(25, 33), 5) for _ in range(n)],
        "start": [draw.choice(dates) for _ in range(n)],
        "direction": [draw.choice(["north", "south", "unknown", None]) for _ in range(n)],
        "agency": [draw.choice(AGENCIES) for _ in range(n)],
        "context": [draw.choice(["port", "interior", None]) for _ in range(n)],
        "port_code": [draw.choice(["2402", "2404", "2501", None]) for _ in range(n)],
        "corridor_id": [draw.choice(["C1", "C2", None]) for _ in range(n)],
        "location_precision_m": [draw.choice([50.0, 5000.0, None]) for _ in range(n)],
        "notes": [draw.choice(["", None, f"note {k}", "ñandú 🚚", "2 | 3"]) for k in range(n)],
    }
    names = {"2402": "El Paso", "2404": "Presidio", "2501": "San Ysidro"}
    rows["port_name"] = [names.get(code) for code in rows["port_code"]]
    rows["end"] = ["2013-01-05" if s == "2012-02-29" else None for s in rows["start"]]
    event_row = sorted(draw.choice(range(n)) for _ in range(n * 3 // 2))
    items = {
        "event_row": event_row,
        "commodity": [draw.choice(COMMODITIES) for _ in event_row],
        "quantity": [draw.choice([None, 0.0, 1.5, 1234.567, 0.1 + 0.2, float(k)]) for k in range(len(event_row))],
    }
    return rows, items


@pytest.fixture(scope="module")
def data():
    return made(800)


@pytest.fixture
def page(data, sample, open_page):
    return open_page(sample.write(sample.events(*data)))


def test_every_value_of_every_column_comes_back(page, data):
    rows, items = data
    found = page.evaluate(
        """(names) => {
          const e = __cf.events, out = {};
          for (let i = 0; i < e.rows; i++) {
            const [from, to] = e.itemRange(i);
            out[e.id(i)] = {
              values: names.map((n) => e.column(n).get(i)), lon: e.lon(i), lat: e.lat(i),
              at: e.indexOf(e.id(i)) === i, items: [],
            };
            for (let k = from; k < to; k++)
              out[e.id(i)].items.push(["commodity", "quantity"].map((n) => e.items.column(n).get(k)));
          }
          return out;
        }""",
        [n for n in rows if n not in ("longitude", "latitude")],
    )
    assert len(found) == len(rows["event_id"])
    names = [n for n in rows if n not in ("longitude", "latitude")]
    for k, event in enumerate(rows["event_id"]):
        got = found[event]
        assert got["values"] == [rows[n][k] for n in names]
        assert (got["lon"], got["lat"]) == (rows["longitude"][k], rows["latitude"][k]), "typed to five decimals"
        assert got["at"]
        mine = [j for j, row in enumerate(items["event_row"]) if row == k]
        assert got["items"] == [[items["commodity"][j], items["quantity"][j]] for j in mine]


def test_stats_tell_counts_bytes_and_times(data, sample, open_page):
    path = sample.write(sample.events(*data))
    stats = open_page(path).evaluate("contraflow.stats")
    assert stats["points"] == stats["shown"] == 800
    assert stats["bytes"] == path.stat().st_size
    assert 0 < stats["first_paint_ms"] < 60_000
    assert stats["decode_ms"] > 0


def span(text: str) -> tuple[str, str]:
    """First and last day of a date of any precision."""
    day = text[:10]
    if len(day) == 4:
        return f"{day}-01-01", f"{day}-12-31"
    if len(day) == 7:
        return f"{day}-01", f"{day}-{calendar.monthrange(int(day[:4]), int(day[5:]))[1]}"
    return day, day


def passes(spec: dict, k: int, rows: dict, items: dict) -> bool:
    """Whether event k matches, in plain words of Python."""
    for name, given in spec.items():
        wanted = given if isinstance(given, list) else [given]
        if name in ("start", "end"):
            continue
        if name == "commodity":
            held = [c for row, c in zip(items["event_row"], items["commodity"], strict=True) if row == k]
        elif name == "port":
            held = [rows["port_code"][k], rows["port_name"][k]]
        else:
            held = [rows[{"corridor": "corridor_id"}.get(name, name)][k]]
        if not any(h in wanted for h in held):
            return False
    if "start" in spec or "end" in spec:
        if rows["start"][k] is None:
            return False
        first, last = span(rows["start"][k])
        if rows["end"][k] is not None:
            last = span(rows["end"][k])[1]
        low = span(spec["start"])[0] if "start" in spec else "0000"
        high = span(spec["end"])[1] if "end" in spec else "9999"
        return first <= high and last >= low
    return True


def specs() -> list[dict]:
    draw = random.Random(5)
    out: list[dict] = [
        {},
        {"direction": "south"},
        {"direction": ["north", "unknown"]},
        {"direction": None},
        {"commodity": ["HEROIN", "RIFLE"]},
        {"commodity": "NOT THERE"},
        {"port": "2402"},
        {"port": ["San Ysidro", "2404"]},
        {"corridor": "C2", "context": "port"},
        {"start": "2011-03-20"},
        {"end": "2010-01"},
        {"start": "2011-03", "end": "2011-03"},
        {"start": "2012-06-01", "end": "2012-06-02"},
    ]
    pools = {"direction": ["north", "south", None], "agency": AGENCIES, "commodity": COMMODITIES, "context": ["port"]}
    for _ in range(12):
        spec: dict = {
            name: draw.sample(pool, draw.randint(1, len(pool))) for name, pool in pools.items() if draw.random() < 0.6
        }
        if draw.random() < 0.5:
            spec["start"] = draw.choice(["2010", "2011-03", "2011-12-31"])
        out.append(spec)
    return out


def test_filters_show_what_plain_python_would(page, data):
    rows, items = data
    for spec in specs():
        shown = page.evaluate("(spec) => { contraflow.filter(spec); return contraflow.shown(); }", spec)
        expected = [e for k, e in enumerate(rows["event_id"]) if passes(spec, k, rows, items)]
        assert sorted(shown) == expected, spec
        assert page.evaluate("contraflow.stats.shown") == len(expected)
    assert page.evaluate("() => { contraflow.filter({}); return contraflow.shown().length; }") == 800


def test_counts_of_a_field_are_under_the_other_filters(page, data):
    rows, items = data
    spec = {"direction": ["south"], "commodity": ["RIFLE", "CASH"]}
    page.evaluate("(spec) => contraflow.filter(spec)", spec)
    for name in ("direction", "commodity", "agency"):
        others = {k: v for k, v in spec.items() if k != name}
        expected: dict = {}
        for k in range(800):
            if not passes(others, k, rows, items):
                continue
            held = {rows[name][k]} if name != "commodity" else {
                c for row, c in zip(items["event_row"], items["commodity"], strict=True) if row == k
            }  # fmt: skip
            for value in held:
                expected[value] = expected.get(value, 0) + 1
        found = dict(map(tuple, page.evaluate("(name) => [...__cf.facetCounts(name)]", name)))
        assert found == expected, name


def test_a_date_that_is_none_is_refused_in_words(page):
    message = page.evaluate(
        "() => { try { contraflow.filter({ start: '14/03/2011' }); } catch (error) { return error.message; } }"
    )
    assert message == 'start "14/03/2011": expected a date such as 2011, 2011-03 or 2011-03-14'
    assert page.evaluate("contraflow.shown().length") == 800, "and the filter stays as it was"


def test_a_field_that_no_event_has_matches_nothing(page):
    assert page.evaluate("() => { contraflow.filter({ nosuch: 'x' }); return contraflow.stats.shown; }") == 0
    for name in ("constructor", "__proto__", "toString"):  # what every object of the language has is no field either
        assert page.evaluate('(n) => contraflow.filter(JSON.parse(`{"${n}":"x"}`))', name) == 0, name


def test_select_view_and_language(page):
    assert page.evaluate("contraflow.select('E00007')") is True
    assert page.evaluate("() => __cf.events.id(__cf.selected().row)") == "E00007"
    assert page.evaluate("contraflow.select('no such event')") is False
    assert page.evaluate("() => __cf.selected()") is None
    page.evaluate("contraflow.setView({ lon: -106.5, lat: 31.75, zoom: 11 })")
    view = page.evaluate("contraflow.view()")
    assert view["zoom"] == 11
    assert abs(view["lon"] + 106.5) < 1e-3
    assert abs(view["lat"] - 31.75) < 1e-3
    page.evaluate("contraflow.setView({ zoom: 9 })")
    assert page.evaluate("contraflow.view().zoom") == 9
    page.evaluate("contraflow.setLanguage('es')")
    assert page.evaluate("[contraflow.language(), document.documentElement.lang]") == ["es", "es"]
    page.evaluate("contraflow.setLanguage('fr')")
    assert page.evaluate("contraflow.language()") == "es"


def test_a_page_without_events_is_ready_too(sample, open_page):
    none = {"event_id": [], "longitude": [], "latitude": [], "direction": []}
    import pyarrow as pa

    rows = {k: pa.array(v, pa.float64() if "itude" in k else pa.string()) for k, v in none.items()}
    page = open_page(sample.write(sample.events(rows)))
    assert page.evaluate("[contraflow.stats.points, contraflow.shown()]") == [0, []]
    assert page.evaluate("contraflow.filter({ direction: 'north' })") == 0


def test_a_page_without_a_layer_of_events_is_ready_too(sample, open_page):
    from shapely import box

    from geo.layer import Symbol

    page = open_page(sample.write(sample.areas([box(-110, 30, -108, 32)], [Symbol("area", fill="violence-3")])))
    assert page.evaluate("[contraflow.stats.points, contraflow.shown(), contraflow.select('x')]") == [0, [], False]


def test_a_filter_asked_for_at_once_is_done_when_the_columns_are_read(data, sample, open_page):
    script = (
        "addEventListener('DOMContentLoaded', () => { window.__early = contraflow.filter({ direction: 'south' }); });"
    )
    page = open_page(sample.write(sample.events(*data)), script=script)
    assert page.evaluate("[__early, contraflow.stats.shown]") == [800, data[0]["direction"].count("south")]


def test_ready_comes_before_loaded(data, sample, open_page):
    script = """window.__order = []; addEventListener('DOMContentLoaded', () => {
      contraflow.ready.then(() => __order.push('ready')); contraflow.loaded.then(() => __order.push('loaded')); });"""
    page = open_page(sample.write(sample.events(*data)), script=script)
    assert page.evaluate("contraflow.loaded.then(() => __order)") == ["ready", "loaded"]


def test_a_folium_layer_is_drawn_on_the_page(data, sample, open_page, tmp_path):
    import folium

    from geo.encode.payload import encode
    from geo.page.map import Map

    map_ = Map(encode([sample.events(*data)]), {})
    folium.GeoJson({"type": "Point", "coordinates": [-106.5, 31.7]}, marker=folium.CircleMarker(radius=9)).add_to(map_)
    folium.PolyLine([(31.0, -107.0), (32.0, -106.0)], tooltip="a road").add_to(map_)
    map_.save(tmp_path / "map.html")
    page = open_page(tmp_path / "map.html")
    drawn = """() => {
      let n = 0;
      __cf.map.eachLayer((layer) => { n += layer instanceof L.CircleMarker || layer instanceof L.Polyline; });
      return n;
    }"""
    assert page.evaluate(drawn) == 2


@pytest.mark.parametrize("damage", ["missing", "broken"])
def test_a_damaged_file_says_so(data, sample, browser, damage):
    path = sample.write(sample.events(*data))
    html = path.read_text(encoding="utf-8")
    start = html.index('<script type="text/plain" id="contraflow-block-0"')
    end = html.index("</script>", start)
    kept = "" if damage == "missing" else html[start : start + 100] + html[start + 400 : end] + "</script>"
    path.write_text(html[:start] + kept + html[end + len("</script>") :], encoding="utf-8")
    page = browser.new_context(offline=True).new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("[role=alert]")
    assert "The map could not be read" in page.inner_text("[role=alert]")
    page.context.close()
