"""Values that try to be markup, script, template or selector are shown as typed and do nothing."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from geo.layer import Field, LayerData, LegendClass, SourceNote, Style, Symbol

pytestmark = pytest.mark.browser

ALARM = """window.__alarm = [];
for (const name of ["alert", "confirm", "prompt", "pwned"]) window[name] = (...a) => { __alarm.push([name, ...a]); };
addEventListener("securitypolicyviolation", (e) => __alarm.push(["policy", e.violatedDirective, e.blockedURI]));
new MutationObserver((records) => {
  for (const { addedNodes } of records)
    for (const node of addedNodes)
      if (document.readyState !== "loading" && /^(IFRAME|IMG|OBJECT|BASE|META|LINK)$/.test(node.tagName))
        __alarm.push(["element", node.outerHTML.slice(0, 80)]);
}).observe(document, { childList: true, subtree: true });"""


def text_of(values: list[str], k: int) -> dict[str, str]:
    return {"en": values[k % len(values)], "es": values[(k + 1) % len(values)]}


@pytest.fixture
def hostile_page(hostile_values, sample, open_page):
    """Open a page in which every text that can be given is hostile."""
    v = hostile_values
    n = len(v)
    rows = {
        "event_id": [f"{k}: {text}" for k, text in enumerate(v)],
        "longitude": [-110 + 0.1 * k for k in range(n)],
        "latitude": [31.0] * n,
        "direction": ["north", "south"] * (n // 2) + ["north"] * (n % 2),
        "agency": v,
        "place": v[1:] + v[:1],
        "source": v[2:] + v[:2],
        "group": v,
        "context": v,
        "handling": v,
        "operation": v,
    }
    items = {"event_row": list(range(n)), "commodity": v, "commodity_reported": v, "unit": v, "quantity_reported": v}
    fields = tuple(
        Field(c, text_of(v, k), "source" if c == "source" else "text", unit=v[k], values={v[k]: text_of(v, k)})
        for k, c in enumerate(rows)
        if c not in ("longitude", "latitude")
    )
    said = {
        "legend_notes": tuple(text_of(v, k) for k in range(n)),
        "method_notes": tuple(text_of(v, k) for k in range(n)),
        "sources": tuple(SourceNote(t, t, t, t, 1) for t in v),
        "parameters": {t: t for t in v},
        "dropped": dict.fromkeys(v, 1),
    }
    data = LayerData(
        "events",
        pa.table(rows),
        fields,
        items=pa.table(items),
        item_fields=tuple(Field(c, text_of(v, 3)) for c in items if c != "event_row"),
        **{**said, "parameters": {**said["parameters"], "symbology": sample.symbology}},
    )
    places = pa.table(
        {
            "longitude": rows["longitude"],
            "latitude": [30.5] * n,
            "name": v,
            "name_es": v,
            "class": pa.array([k % 2 for k in range(n)], pa.int32()),
        }
    )
    classes = tuple(
        LegendClass(t, text_of(v, k), Symbol("circle", fill="ink"), note=text_of(v, k)) for k, t in enumerate(v)
    )
    sites = LayerData(
        "sites",
        places,
        (Field("name", text_of(v, 0)), Field("name_es", text_of(v, 1))),
        classes=classes,
        style=Style("class", label_column="name", label_es_column="name_es"),
        **said,
    )
    path = sample.write(
        sample.release("seizures", data, "seizures", 90, title=text_of(v, 5), description=text_of(v, 6)),
        sample.release("sites", sites, title=text_of(v, 2), description=text_of(v, 3)),
        title=text_of(v, 1),
        subtitle=text_of(v, 5),
        handling=v[0],
        counts={"read": n, "drawn": n, "without_place": 0, "dropped": dict.fromkeys(v, 1)},
        manifest={
            "version": v[0],
            "parameters": {t: t for t in v},
            "layers": [{"name": t} for t in v],
            "handling": v[0],
        },
    )
    return open_page(path, script=ALARM)


def test_hostile_values_come_back_as_typed_and_nothing_runs(hostile_page, hostile_values):
    page, n = hostile_page, len(hostile_values)
    found = page.evaluate(
        """() => {
          const e = __cf.events, get = (name, i) => e.column(name).get(i);
          return Array.from({ length: e.rows }, (_, i) =>
            [e.id(i), get("agency", i), get("source", i), e.items.column("commodity").get(e.itemRange(i)[0])]);
        }"""
    )
    expected = {f"{k}: {t}": [t, hostile_values[(k + 2) % n], t] for k, t in enumerate(hostile_values)}
    assert {event: rest for event, *rest in found} == expected
    assert page.evaluate("__alarm") == []


def test_everything_is_opened_and_nothing_runs(hostile_page, hostile_values):
    page = hostile_page
    for language in ("es", "en"):
        page.evaluate("(l) => contraflow.setLanguage(l)", language)
        for k, text in enumerate(hostile_values):
            assert page.evaluate("(id) => contraflow.select(id)", f"{k}: {text}")
            page.evaluate("(row) => __cf.select({ layer: 'sites', row })", k)
    for button in page.query_selector_all("button:visible")[:40]:
        button.dispatch_event("click")
    for text in hostile_values:
        page.evaluate("(t) => contraflow.filter({ agency: t, commodity: [t] })", text)
        assert page.evaluate("contraflow.stats.shown") == 1, text
    page.wait_for_timeout(300)
    assert page.evaluate("__alarm") == []
    schemes = page.evaluate(
        "[...document.querySelectorAll('[href], [src]')].map((a) => a.getAttribute('href') || a.getAttribute('src'))"
    )
    assert [s for s in schemes if s and not s.startswith(("#", "https://", "http://"))] == []


def test_title_and_mark_stand_as_text(hostile_page, hostile_values):
    page, v = hostile_page, hostile_values
    assert page.evaluate("document.getElementById('contraflow-mark-top').textContent") == v[0]
    assert page.evaluate("document.getElementById('contraflow-mark-bottom').textContent") == v[0]
    assert page.evaluate("__cf.index.title.en") == v[1]
    manifest = page.evaluate("document.getElementById('contraflow-manifest').textContent")
    assert json.loads(manifest)["parameters"] == {t: t for t in v}


def test_the_policy_stops_what_would_get_through(sample, open_page, browser):
    """The second lock: even a script that got into the page could not run, load or send."""
    path = sample.write(
        sample.events({"event_id": ["a"], "longitude": [-106.0], "latitude": [31.0], "direction": ["north"]})
    )
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.route(
        "**/*",
        lambda r: r.continue_() if r.request.url == path.as_uri() else (asked.append(r.request.url), r.continue_()),
    )
    page.add_init_script(ALARM)
    page.goto(path.as_uri())
    page.evaluate("contraflow.loaded")
    asked.clear()
    outcome = page.evaluate(
        """async () => {
          const add = (html) => {
            const box = document.createElement("div");
            box.innerHTML = html;
            document.body.append(box);
          };
          add("<img src=nosuch: onerror='pwned(1)'>");
          add("<img src='https://example.org/a.png'>");
          const script = document.createElement("script");
          script.textContent = "pwned(2)";
          document.body.append(script);
          return fetch("https://example.org/").then(() => "sent", () => "refused");
        }"""
    )
    page.wait_for_timeout(300)
    assert outcome == "refused"
    alarms = page.evaluate("__alarm")
    assert not [a for a in alarms if a[0] == "pwned"]
    assert {a[1] for a in alarms if a[0] == "policy"} >= {
        "img-src",
        "script-src-elem",
        "script-src-attr",
        "connect-src",
    }
    assert asked == []
    context.close()
