"""The interface's own files: words in both languages, no markup from values, symbols alike in weight, true widths."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

import geo.page
from geo.read import seeds
from tests.browser.waiting import until

UI = Path(geo.page.__file__).parent / "js" / "ui"
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(UI.glob("*.js"))}


def words() -> dict[str, tuple[str, str]]:
    """Read the table of words in i18n.js as text."""
    table = re.search(r"const WORDS = \{(.*?)\n  \};", SCRIPTS["i18n.js"], re.S)[1]
    entries = re.findall(r'^    "?([^"\n]+?)"?: \[\s*("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*"),?\s*\]', table, re.M)
    return {key: (json.loads(en), json.loads(es)) for key, en, es in entries}


def test_every_word_is_there_in_both_languages_with_the_same_blanks():
    table = words()
    assert len(table) > 150
    for key, (en, es) in table.items():
        assert en.strip() == en != "", key
        assert es.strip() == es != "", key
        assert sorted(re.findall(r"\{\w+\}", en)) == sorted(re.findall(r"\{\w+\}", es)), key


def test_every_word_that_is_asked_for_exists():
    asked = {key for text in SCRIPTS.values() for key in re.findall(r'\bt\(\s*"([^"]+)"\s*[,)]', text)}
    assert asked - set(words()) == set()


def test_what_is_said_of_a_users_own_file_is_in_the_language_of_the_page(tmp_path, open_page):
    from geo.pipeline import PageChoices, draw

    points = tmp_path / "p.csv"
    points.write_text("id,lon,lat\na,-110.97,31.34\n")
    page_file = tmp_path / "m.html"
    page_file.write_bytes(draw([str(points)], page=PageChoices(lang="es")).page)
    page = open_page(page_file)
    told = page.evaluate("__cf.ui.sourceWords(__cf.events.meta.sources[0])")
    assert told == "p.csv · sin fechas · precisión no indicada · 1 registros · tal como se entregó"
    # and units of fields too: every one of a number has a word
    units = page.evaluate("__cf.layers.flatMap((l) => l.meta.fields.map((f) => f.unit)).filter(Boolean)")
    english = {"m", "km", "kg", "count", "deg"}
    assert {u for u in units if page.evaluate("(u) => __cf.ui.unit(u)", u) == u} <= english


@pytest.mark.parametrize("name", SCRIPTS)
def test_values_reach_the_page_as_text_only(name):
    for risky in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        'setAttribute("style"',
        "createContextualFragment",
    ):
        assert risky not in SCRIPTS[name], risky


@pytest.mark.browser
def test_shapes_of_one_size_cover_about_the_same_area(default_map, open_page):
    page = open_page(default_map)
    areas = page.evaluate(
        """() => Object.fromEntries(['circle', 'square', 'diamond', 'triangle', 'pentagon', 'cross'].map((shape) => {
            const canvas = new OffscreenCanvas(120, 120);
            const ctx = canvas.getContext('2d');
            __cf.drawSymbol(ctx, 60, 60, {shape, fill: 'ink'}, 60, () => '#000000');
            const { data } = ctx.getImageData(0, 0, 120, 120);
            let sum = 0;
            for (let k = 3; k < data.length; k += 4) sum += data[k] / 255;
            return [shape, sum];
        }))"""
    )
    circle = math.pi * 30**2
    assert areas["circle"] == pytest.approx(circle, rel=0.02)
    assert all(0.6 * circle < area < 1.2 * circle for area in areas.values()), areas


@pytest.mark.browser
def test_hatched_is_neither_empty_nor_full(default_map, open_page):
    page = open_page(default_map)
    tones = page.evaluate(
        """() => {
            const ctx = new OffscreenCanvas(40, 40).getContext('2d');
            const color = (name) => (name === 'paper' ? '#ffffff' : '#000000');
            __cf.drawSymbol(ctx, 20, 20, {shape: 'square', fill: 'no-data', hatch: true}, 30, color);
            const { data } = ctx.getImageData(10, 10, 20, 20);
            let dark = 0;
            for (let k = 0; k < data.length; k += 4) dark += data[k] < 128 ? 1 : 0;
            return dark / 400;
        }"""
    )
    assert 0.1 < tones < 0.6


@pytest.mark.browser
def test_bands_are_as_wide_as_their_metres_at_their_own_latitude(default_map, open_page):
    page = open_page(default_map)
    for lat in (24.0, 31.3, 36.5):
        per_metre = page.evaluate("lat => __cf.ui.pixelsPerMetre(__cf.ui.mercatorY(lat), 256 * 2 ** 10)", lat)
        expected = 256 * 2**10 / (2 * math.pi * 6378137) / math.cos(math.radians(lat))
        assert per_metre == pytest.approx(expected, rel=1e-9)


@pytest.mark.browser
@pytest.mark.parametrize("zoom", [5, 7, 9])
def test_names_on_the_map_never_collide(default_map, open_page, zoom):
    page = open_page(default_map)
    page.evaluate("zoom => contraflow.setView({lon: -99.5, lat: 27.3, zoom})", zoom)
    until(page, "__cf.ui.labelBoxes && __cf.ui.labelBoxes.length > 1")
    boxes = [entry["box"] for entry in page.evaluate("__cf.ui.labelBoxes")]
    for k, a in enumerate(boxes):
        for b in boxes[k + 1 :]:
            assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


@pytest.mark.browser
def test_names_follow_the_language(default_map, open_page):
    page = open_page(default_map)
    texts = "__cf.ui.labelBoxes.map((entry) => entry.text)"
    until(page, "__cf.ui.labelBoxes && __cf.ui.labelBoxes.length > 1")
    english = set(page.evaluate(texts))
    page.evaluate("contraflow.setLanguage('es')")
    until(page, f"JSON.stringify({texts}) !== {json.dumps(json.dumps(sorted(english)))}")
    page.wait_for_timeout(100)
    assert set(page.evaluate(texts)) != english


@pytest.mark.browser
def test_both_directions_on_one_road_lie_side_by_side(default_map, open_page):
    page = open_page(default_map)
    pairs = seeds.features("corridors").table.select(["corridor_id", "pair_id", "direction"]).to_pylist()
    north = next(row for row in pairs if row["pair_id"] and row["direction"] == "north")
    south = next(row for row in pairs if row["pair_id"] == north["pair_id"] and row["direction"] == "south")
    shifts = page.evaluate(
        """([a, b]) => {
            const layer = __cf.layers.find((l) => l.name === 'corridors');
            const ids = layer.column('corridor_id');
            const rowOf = (id) => [...Array(layer.rows).keys()].find((row) => ids.get(row) === id);
            const rows = [rowOf(a), rowOf(b)];
            const [one, two] = rows.map((row) => layer.geometry(row).parts[0]);
            const keyOf = (part, k) => part[2 * k].toFixed(3) + ',' + part[2 * k + 1].toFixed(3);
            const keys = new Set([...Array(two.length / 2).keys()].map((k) => keyOf(two, k)));
            const shared = (k) => keys.has(keyOf(one, k));
            const k = [...Array(one.length / 2 - 1).keys()].find((k) => shared(k) && shared(k + 1));
            const [p, q] = [k, k + 1].map((v) => [one[2 * v + 1], one[2 * v]]);
            __cf.map.setView([(p[0] + q[0]) / 2, (p[1] + q[1]) / 2], 10, {animate: false});
            const [u, v] = [p, q].map((at) => __cf.map.latLngToContainerPoint(at));
            const long = Math.hypot(v.x - u.x, v.y - u.y);
            const normal = [-(v.y - u.y) / long, (v.x - u.x) / long];
            const middle = __cf.map.getSize().divideBy(2);
            return rows.map((row) => {
                let [sum, n] = [0, 0];
                for (let s = -10; s <= 10; s += 0.25) {
                    const at = {x: middle.x + normal[0] * s, y: middle.y + normal[1] * s};
                    if (!__cf.hitTest(at, 0).some((hit) => hit.layer === layer && hit.row === row)) continue;
                    sum += s;
                    n++;
                }
                return sum / n;
            });
        }""",
        [north["corridor_id"], south["corridor_id"]],
    )
    assert shifts[0] * shifts[1] < 0
    assert abs(shifts[0] - shifts[1]) > 3
