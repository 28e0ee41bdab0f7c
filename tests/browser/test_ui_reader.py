"""What a reader does with the map: look, switch layers, filter, click, choose a time. Counts come from the tables."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import expect

from geo.read import seeds
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


def seizures() -> list[dict[str, Any]]:
    return seeds.table("documented_seizures").to_pylist()


def with_commodity(*codes: str) -> set[str]:
    items = seeds.table("documented_seizure_items").to_pylist()
    return {item["event_id"] for item in items if item["commodity"] in codes}


def count_line(page: Any) -> str:
    return page.locator(".cf-count").inner_text().replace("\n", " ")


def layer(page: Any, name: str) -> Any:
    return page.locator(f'[data-layer="{name}"]')


def point_of(page: Any, event_id: str, zoom: float = 13) -> tuple[float, float]:
    """Bring an event to the middle of the map; return its place on the screen."""
    return tuple(
        page.evaluate(
            """([id, zoom]) => {
                const row = __cf.events.indexOf(id);
                contraflow.setView({lon: __cf.events.lon(row), lat: __cf.events.lat(row), zoom});
                const box = __cf.map.getContainer().getBoundingClientRect();
                return [box.left + box.width / 2, box.top + box.height / 2];
            }""",
            [event_id, zoom],
        )
    )


def alone() -> dict[str, Any]:
    """Return an event with a spot of its own, at a port, with one converted commodity."""
    rows = seizures()
    spots = Counter((row["longitude"], row["latitude"]) for row in rows)
    items = seeds.table("documented_seizure_items").to_pylist()
    per_event = Counter(item["event_id"] for item in items)
    pounds = {i["event_id"]: i for i in items if i["unit_reported"] == "lb" and i["quantity"] is not None}
    for row in rows:
        single = spots[row["longitude"], row["latitude"]] == 1 and per_event[row["event_id"]] == 1
        if single and row["event_id"] in pounds and row["context"] == "port" and row["date_precision"] == "day":
            return row | {"item": pounds[row["event_id"]]}
    raise AssertionError("no such event is embedded")


# layers ---------------------------------------------------------------------------------------------------------------


def test_a_legend_is_open_at_first_and_goes_with_its_layer(default_map, open_page):
    page = open_page(default_map)
    ports = layer(page, "ports")
    expect(ports.locator(".cf-legend")).to_be_visible()
    ports.get_by_role("checkbox").uncheck()
    expect(ports.locator(".cf-legend")).to_be_hidden()
    ports.get_by_role("checkbox").check()
    expect(ports.locator(".cf-legend")).to_be_visible()


def test_a_layer_that_is_off_answers_no_click(default_map, open_page):
    page = open_page(default_map)
    under = """name => {
        const layer = __cf.layers.find((l) => l.name === name);
        contraflow.setView({lon: layer.lon(0), lat: layer.lat(0), zoom: 12});
        const hits = __cf.hitTest(__cf.map.getSize().divideBy(2), 4);
        return hits.filter((hit) => hit.layer === layer).length;
    }"""
    assert page.evaluate(under, "ports") > 0
    layer(page, "ports").get_by_role("checkbox").uncheck()
    assert page.evaluate(under, "ports") == 0


def test_every_layer_shows_its_rows_and_says_where_it_comes_from(default_map, open_page):
    page = open_page(default_map)
    for entry in page.locator(".cf-layer").all():
        assert int(entry.locator(".cf-layer-row .cf-num").inner_text().replace(",", "")) >= 0
    corridors = layer(page, "corridors")
    corridors.get_by_role("button").click()
    expect(corridors.locator(".cf-source").first).to_contain_text("NDIC")
    corridors.get_by_role("slider").fill("50")
    assert page.evaluate("__cf.layers.find((l) => l.name === 'corridors').opacity") == 0.5


def test_no_data_stands_apart_from_zero(default_map, open_page):
    page = open_page(default_map)
    keys = page.evaluate(
        """() => __cf.layers.flatMap((l) => [...l.meta.classes, ...l.meta.outlines])
            .filter((c) => c.symbol.hatch).map((c) => c.label.en)"""
    )
    assert "None found" in keys
    assert "No data" in keys
    legend = layer(page, "violence").locator(".cf-legend")
    expect(legend).to_contain_text("No data")
    expect(legend).to_contain_text("None recorded")


# filters --------------------------------------------------------------------------------------------------------------


def test_a_commodity_filter_shows_the_events_that_hold_it_and_says_how_many(default_map, open_page):
    page = open_page(default_map)
    expected = with_commodity("HEROIN")
    page.locator('[data-value="HEROIN"]').check()
    assert set(page.evaluate("contraflow.shown()")) == expected
    assert f"{len(expected)} of {len(seizures())} shown" in count_line(page)
    assert (
        layer(page, "seizures").locator(".cf-layer-row .cf-num").inner_text() == f"{len(expected)} of {len(seizures())}"
    )


def test_facets_intersect_and_count_what_the_others_leave(default_map, open_page):
    page = open_page(default_map)
    page.locator('[data-value="METH"]').check()
    by_direction = Counter(row["direction"] for row in seizures() if row["event_id"] in with_commodity("METH"))
    for way in ("north", "south", "unknown"):
        choice = page.locator(f'.cf-choice:has([data-value="{way}"])')
        assert int(choice.locator(".cf-num").inner_text()) == by_direction.get(way, 0)
    page.locator('[data-value="north"]').check()
    assert page.evaluate("contraflow.stats.shown") == by_direction["north"]


def test_a_group_takes_all_its_commodities_and_counts_events_once(default_map, open_page):
    page = open_page(default_map)
    group = {row["code"]: row["group"] for row in seeds.table("commodities").to_pylist()}
    expected = with_commodity(*[code for code, name in group.items() if name == "ammunition"])
    choice = page.locator('.cf-choice:has([data-group="ammunition"])')
    assert int(choice.locator(".cf-num").inner_text()) == len(expected)
    choice.get_by_role("checkbox").check()
    assert set(page.evaluate("contraflow.shown()")) == expected
    page.locator('[data-value="AMMO_762"]').uncheck()
    assert choice.get_by_role("checkbox").evaluate("box => box.indeterminate")


def test_one_button_clears_and_an_empty_result_offers_it(default_map, open_page):
    page = open_page(default_map)
    page.evaluate("contraflow.filter({commodity: ['HEROIN'], direction: 'south'})")
    assert page.evaluate("contraflow.stats.shown") == 0
    banner = page.locator(".cf-banner")
    expect(banner).to_contain_text("No event passes these filters")
    banner.get_by_role("button", name="Clear filters").click()
    expect(banner).to_be_hidden()
    assert page.evaluate("contraflow.stats.shown") == len(seizures())


def test_the_count_names_what_has_no_direction(default_map, open_page):
    page = open_page(default_map)
    unknown = sum(row["direction"] == "unknown" for row in seizures())
    assert f"direction unknown {unknown}" in count_line(page)
    assert "0 without a place" in count_line(page)


def test_a_long_list_is_searched_without_accents(default_map, open_page):
    page = open_page(default_map)
    page.locator('[data-facet="agency"]').click()
    box = page.get_by_role("searchbox", name="Find in: Agency")
    box.fill("cbp")
    shown = page.locator('.cf-facet:has([data-facet="agency"]) .cf-choice label').all_inner_texts()
    assert shown
    assert all("cbp" in text.lower() for text in shown)
    assert box.evaluate("node => node === document.activeElement")


# details --------------------------------------------------------------------------------------------------------------


def test_a_clicked_event_tells_what_how_much_where_and_how_it_is_known(default_map, open_page):
    event = alone()
    page = open_page(default_map)
    page.mouse.click(*point_of(page, event["event_id"]))
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("kg")
    text = panel.inner_text()
    assert event["item"]["quantity_reported"] in text
    assert event["place_as_written"] in text
    assert event["agency"] in text
    assert event["source"].split(" | ")[0] in text
    assert "placed on the" in text
    assert "good to about" in text
    assert "known to the day" in text


def test_reported_and_converted_quantities_stand_side_by_side(default_map, open_page):
    event = alone()
    page = open_page(default_map)
    page.evaluate("id => contraflow.select(id)", event["event_id"])
    cells = page.locator(".cf-items tbody tr").first.locator("td").all_inner_texts()
    assert cells[0] == f"{event['item']['quantity_reported']} lb"
    kilograms = float(cells[1].replace("\u00a0kg", "").replace(",", ""))
    assert kilograms == pytest.approx(event["item"]["quantity"], rel=0.01)


def test_the_precision_of_the_selected_place_is_a_true_circle(default_map, open_page):
    page = open_page(default_map)
    event = next(row for row in seizures() if row["location_precision"] == "city" and row["context"] == "interior")
    radius = page.evaluate(
        """id => {
            contraflow.select(id);
            const { layer, row } = __cf.selected();
            contraflow.setView({lon: layer.lon(row), lat: layer.lat(row), zoom: 12});
            const metres = layer.column('location_precision_m').get(row);
            const y = __cf.ui.mercatorY(layer.lat(row));
            const px = metres * __cf.ui.pixelsPerMetre(y, 256 * 2 ** __cf.map.getZoom());
            const at = __cf.map.latLngToContainerPoint([layer.lat(row), layer.lon(row)]);
            const edge = __cf.map.containerPointToLatLng([at.x + px, at.y]);
            return [metres, __cf.map.distance([layer.lat(row), layer.lon(row)], edge)];
        }""",
        event["event_id"],
    )
    assert radius[1] == pytest.approx(radius[0], rel=0.005)


def test_joined_values_are_told_in_words_with_what_is_certain(default_map, open_page):
    page = open_page(default_map)
    page.evaluate("id => contraflow.select(id)", alone()["event_id"])
    text = page.locator(".cf-right").inner_text()
    for word in (
        "NEAREST PORT OF ENTRY",
        "Next nearest",
        "Certain?",
        "NEAREST CORRIDOR",
        "VIOLENCE AROUND IT",
        "per 100,000",
        "people in",
        "from the border",
    ):
        assert word in text, word
    assert "Near a line is no evidence that the line was used." in text


def test_events_that_lie_together_open_as_a_numbered_list(default_map, open_page):
    page = open_page(default_map)
    spots = Counter((row["longitude"], row["latitude"]) for row in seizures())
    spot, size = spots.most_common(1)[0]
    event = next(row["event_id"] for row in seizures() if (row["longitude"], row["latitude"]) == spot)
    x, y = point_of(page, event, 16)
    page.mouse.click(x, y)
    pager = page.get_by_role("navigation", name="Events here")
    expect(pager).to_contain_text(f"1 of {size} here")
    first = page.locator(".cf-panel-title").inner_text()
    pager.get_by_role("button", name="Next").click()
    expect(pager).to_contain_text(f"2 of {size} here")
    pager.get_by_role("button", name=f"2 of {size} here").click()
    assert pager.get_by_role("listitem").count() == size
    pager.get_by_role("listitem").first.get_by_role("button").click()
    assert page.locator(".cf-panel-title").inner_text() == first


def test_labels_of_stacks_count_every_event_that_they_cover(default_map, open_page):
    page = open_page(default_map)
    until(page, "__cf.ui.stackBoxes().length > 0")
    labels = page.evaluate(
        """() => __cf.ui.stackBoxes().map(({ rows, parts, box }) => {
            const inside = [];
            for (let row = 0; row < __cf.events.rows; row++) {
                const at = __cf.map.latLngToLayerPoint([__cf.events.lat(row), __cf.events.lon(row)]);
                if (at.x > box[0] + 1 && at.x < box[2] - 1 && at.y > box[1] + 1 && at.y < box[3] - 1) inside.push(row);
            }
            return [parts.reduce((sum, [, n]) => sum + n, 0), rows.length, inside.every((row) => rows.includes(row))];
        })"""
    )
    assert len(labels) > 10
    assert all(total == rows and complete for total, rows, complete in labels)


@pytest.mark.parametrize("name", ["ports", "crossings", "corridors", "violence", "enforcement"])
def test_every_layer_answers_with_its_fields_and_source(default_map, open_page, name):
    page = open_page(default_map)
    page.evaluate("name => __cf.select({layer: name, row: 0})", name)
    panel = page.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", level=2)).not_to_be_empty()
    assert panel.locator("dl .cf-line").count() >= 3


def test_a_corridor_is_found_by_a_click_on_its_line(default_map, open_page):
    page = open_page(default_map)
    at = page.evaluate(
        """() => {
            const layer = __cf.layers.find((l) => l.name === 'corridors');
            const part = layer.geometry(0).parts[0];
            const k = 2 * Math.floor(part.length / 8);
            const [lon, lat] = [(part[k] + part[k + 2]) / 2, (part[k + 1] + part[k + 3]) / 2];
            contraflow.setView({lon, lat, zoom: 11});
            const box = __cf.map.getContainer().getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
        }"""
    )
    page.mouse.click(*at)
    expect(page.locator(".cf-over")).to_have_text("Corridors")


def test_hovering_names_the_thing_and_moving_away_forgets_it(default_map, open_page):
    page = open_page(default_map)
    x, y = point_of(page, alone()["event_id"])
    page.mouse.move(x, y)
    tip = page.locator(".cf-map > .cf-tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("kg")
    page.mouse.move(x + 200, y - 150)
    expect(tip).to_be_hidden()


# time -----------------------------------------------------------------------------------------------------------------


def test_dragging_over_the_bars_chooses_a_period(default_map, open_page):
    page = open_page(default_map)
    box = page.locator(".cf-chart").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 30, steps=4)
    page.mouse.up()
    spec = page.evaluate("__cf.currentFilter()")
    assert spec["start"] < spec["end"]
    shown = page.evaluate("contraflow.stats.shown")
    assert 0 < shown < len(seizures())
    page.get_by_role("button", name="Show the whole time").click()
    assert page.evaluate("contraflow.stats.shown") == len(seizures())


def test_the_period_is_moved_from_the_keyboard_and_read_out(default_map, open_page):
    page = open_page(default_map)
    start = page.get_by_role("slider", name="From")
    before = start.get_attribute("aria-valuetext")
    start.focus()
    page.keyboard.press("PageUp")
    assert start.get_attribute("aria-valuetext") != before
    assert page.evaluate("__cf.currentFilter().start").endswith("-01")


def test_bars_and_years_add_up_to_all_events(default_map, open_page):
    page = open_page(default_map)
    by_year_only = sum(row["date_precision"] == "year" for row in seizures())
    expect(page.locator(".cf-time-note")).to_contain_text(f"{by_year_only} known by year only")


# method ---------------------------------------------------------------------------------------------------------------


def test_the_method_counts_what_was_read_and_says_what_the_map_does_not(default_map, open_page):
    page = open_page(default_map)
    page.get_by_role("button", name="Method").click()
    panel = page.locator(".cf-right")
    expect(panel).to_contain_text("Seizures show where officers looked")
    rows = dict(text.split("\t", 1) for text in panel.locator("table").first.locator("tbody tr").all_inner_texts())
    assert rows["Rows read"] == str(len(seeds.table("documented_seizure_items")))
    ways = Counter(row["direction"] for row in seizures())
    north, south, unknown = ways["north"], ways["south"], ways["unknown"]
    sentence = f"{north} northbound, {south} southbound and {unknown} unknown are all {len(seizures())} events"
    expect(panel).to_contain_text(sentence)
    titles = page.evaluate("__cf.layers.map((l) => l.meta.title.en)")
    headings = panel.locator("h4").all_inner_texts()
    assert set(titles) <= set(headings)


# other points than the embedded ones ----------------------------------------------------------------------------------


@pytest.fixture
def map_of(tmp_path):
    """Return a function that draws the map of some rows of CSV text."""
    from geo.pipeline import draw

    def make(text: str) -> Any:
        points = tmp_path / "points.csv"
        points.write_text(text, encoding="utf-8")
        path = tmp_path / "points.html"
        path.write_bytes(draw([str(points)]).page)
        return path

    return make


def test_the_word_of_welcome_goes_at_the_first_touch(default_map, open_page):
    page = open_page(default_map)
    expect(page.locator(".cf-hint")).to_contain_text("Blue goes north, orange goes south.")
    page.mouse.move(800, 400)
    page.mouse.wheel(0, -100)
    expect(page.locator(".cf-hint")).to_have_count(0)


def test_points_without_a_direction_get_no_word_of_blue_and_orange_and_the_whole_height_for_their_bars(
    open_page, map_of
):
    page = open_page(map_of("id,lon,lat,date\nA,-106.4,31.8,2012-03-04\nB,-100.4,28.7,2012-03-09\nC,-99.5,27.6,2013\n"))
    expect(page.locator(".cf-hint")).not_to_contain_text("Blue")
    expect(page.locator(".cf-time-note")).to_have_text("by month, at most 2 · 1 known by year only, not in the bars")
    tallest = page.evaluate(
        """() => {
            const canvas = document.querySelector('.cf-chart canvas');
            const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const [r, g, b] = __cf.tokens('unknown').match(/\\w\\w/g).map((x) => parseInt(x, 16));
            let most = 0;
            for (let x = 0; x < width; x++) {
                let n = 0;
                for (let y = 0; y < height; y++) {
                    const k = 4 * (y * width + x);
                    if (data[k] === r && data[k + 1] === g && data[k + 2] === b && data[k + 3] === 255) n++;
                }
                most = Math.max(most, n);
            }
            return most / height;
        }"""
    )
    assert tallest > 0.5


def test_a_map_without_events_says_why_and_leads_to_the_method(open_page, map_of):
    page = open_page(map_of("id,lon,lat,date\nA,0,0,2012-03-04\n"))
    banner = page.locator(".cf-banner")
    expect(banner).to_contain_text("There is no event to draw.")
    banner.get_by_role("button", name="Method").click()
    expect(page.get_by_role("row", name="Rows without a place 1")).to_be_visible()
