"""Both languages, keyboard, phone, themes, print, and values that look like markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import until

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}

HOSTILE = "<img src=x onerror=\"document.title='pwned'\">{{7*7}}${1}</script>&amp;' ñ 🚚"


def visible_text(page: Any) -> str:
    return page.evaluate("document.body.innerText")


# language -------------------------------------------------------------------------------------------------------------


def test_one_switch_changes_every_word_and_back(default_map, open_page):
    page = open_page(default_map)
    page.keyboard.press("Shift")  # the word of welcome goes at the first touch
    page.evaluate("document.querySelector('.cf-dates').remove()")  # facts of dated events are quoted in English
    english = visible_text(page)
    page.get_by_role("button", name="Español").click()
    page.evaluate("document.querySelector('.cf-dates').remove()")
    spanish = visible_text(page)
    assert page.evaluate("document.documentElement.lang") == "es"
    words = page.evaluate("Object.values(__cf.ui.WORDS)")
    same = {es for _, es in words}
    strayed = [
        en
        for en, es in words
        if en != es and en not in same and len(en) > 6 and "{" not in en and en in spanish and en in english
    ]
    assert strayed == []
    assert "383 de 383 a la vista" in spanish
    page.get_by_role("button", name="English").click()
    page.evaluate("document.querySelector('.cf-dates').remove()")
    assert visible_text(page) == english


def test_dates_and_numbers_are_written_the_reader_s_way(default_map, open_page):
    page = open_page(default_map)
    shown = """(({ date, number, compass }) =>
        [date('2011-03-14'), date('2011-03'), date('2011'), number(1234.5), compass(220)]
            .map((text) => text.replace(/\u00a0/g, ' '))
    )(__cf.ui)"""
    assert page.evaluate(shown) == ["14 Mar 2011", "Mar 2011", "2011", "1,234.5", "south-west"]
    page.evaluate("contraflow.setLanguage('es')")
    assert page.evaluate(shown) == ["14 mar 2011", "mar 2011", "2011", "1,234.5", "suroeste"]


def test_a_time_known_to_the_minute_is_told_on_the_place_s_own_clock(default_map, open_page):
    page = open_page(default_map)
    told = page.evaluate("__cf.ui.localTime('2009-03-15T18:30:00Z', 'America/Tijuana')").replace("\u00a0", " ")
    assert told == "15 Mar 2009, 10:30 (America/Tijuana)"  # Mexico changed its clocks three weeks after the US
    assert page.evaluate("__cf.ui.localTime('2009-03-15', 'America/Tijuana')") == ""


def test_an_open_panel_changes_language_in_place(default_map, open_page):
    page = open_page(default_map)
    page.evaluate("contraflow.select('DS0100')")
    expect(page.locator(".cf-right")).to_contain_text("As reported")
    page.evaluate("contraflow.setLanguage('es')")
    expect(page.locator(".cf-right")).to_contain_text("Según la fuente")


def test_reasons_of_layers_are_told_in_spanish_too(default_map, open_page):
    page = open_page(default_map)
    reasons = page.evaluate("__cf.layers.flatMap((l) => Object.keys(l.meta.dropped || {}))")
    assert reasons
    page.evaluate("contraflow.setLanguage('es')")
    assert [r for r in reasons if page.evaluate("r => __cf.ui.reasonWords(r)", r) == r] == []


# keyboard -------------------------------------------------------------------------------------------------------------


def test_the_first_tab_offers_to_skip_to_the_map_and_enter_opens_what_is_in_its_middle(default_map, open_page):
    page = open_page(default_map)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "cf-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement === __cf.map.getContainer()")
    page.evaluate("contraflow.setView({lon: -99.503, lat: 27.5, zoom: 12})")
    page.keyboard.press("Enter")
    heading = page.locator(".cf-panel-title")
    expect(heading).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".cf-right")).to_be_hidden()
    assert page.evaluate("document.activeElement === __cf.map.getContainer()")


def test_everything_that_can_be_pressed_has_a_name_and_can_be_reached(default_map, open_page):
    page = open_page(default_map)
    page.evaluate("contraflow.select('DS0100')")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, a[href], [role=slider], [tabindex="0"]')]
            .filter((node) => node.checkVisibility())
            .filter((node) => !(node.getAttribute('aria-label') || node.innerText.trim()))
            .filter((node) => !(node.labels && node.labels.length))
            .map((node) => node.outerHTML)"""
    )
    assert nameless == []
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0


def test_a_box_is_ticked_with_space_and_the_focus_stays_on_it(default_map, open_page):
    page = open_page(default_map)
    page.locator('[data-value="METH"]').focus()
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.dataset.value") == "METH"
    assert page.evaluate("document.activeElement.checked")


def test_focus_is_visible(default_map, open_page):
    page = open_page(default_map)
    for _ in range(6):
        page.keyboard.press("Tab")
        style = page.evaluate(
            """() => {
                const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
                return [outlineStyle, outlineWidth];
            }"""
        )
        assert style == ["solid", "2px"]


def test_escape_closes_the_menu_before_the_panel(default_map, open_page):
    page = open_page(default_map)
    page.evaluate("contraflow.select('DS0100')")
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.locator(".cf-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".cf-menu")).to_be_hidden()
    expect(page.locator(".cf-right")).to_be_visible()


def test_there_is_one_heading_of_the_first_level_and_landmarks_around_the_rest(default_map, open_page):
    page = open_page(default_map)
    assert page.get_by_role("heading", level=1).count() == 1
    for landmark in ("banner", "main", "contentinfo"):
        assert page.get_by_role(landmark).count() == 1, landmark


# phone ----------------------------------------------------------------------------------------------------------------


def test_a_phone_has_one_sheet_with_three_stops(default_map, open_page):
    page = open_page(default_map, PHONE, has_touch=True, is_mobile=True)
    sheet = page.locator(".cf-sheet")
    heights = []
    for _ in range(3):
        heights.append(sheet.bounding_box()["height"])
        page.locator(".cf-grip").focus()
        page.keyboard.press("ArrowUp")
        page.wait_for_timeout(250)
    assert heights[0] < 150 < heights[1] < heights[2]
    page.locator(".cf-grip").click()
    expect(sheet).to_have_attribute("data-stop", "peek")
    expect(page.locator(".cf-sheet .cf-count")).to_contain_text("383 of 383 shown")


def test_the_sheet_is_dragged_to_the_nearest_stop(default_map, open_page):
    page = open_page(default_map, PHONE)
    grip = page.locator(".cf-grip").bounding_box()
    page.mouse.move(195, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(195, grip["y"] - 240, steps=5)
    page.mouse.up()
    expect(page.locator(".cf-sheet")).to_have_attribute("data-stop", "half")
    expect(page.locator(".cf-sheet").get_by_role("checkbox", name="Seizures")).to_be_visible()


def test_a_phone_s_controls_are_large_enough_and_nothing_runs_off_the_side(default_map, open_page):
    page = open_page(default_map, PHONE, has_touch=True, is_mobile=True)
    page.locator(".cf-grip").click()
    page.wait_for_timeout(250)
    small = page.evaluate(
        """controls => [...document.querySelectorAll(controls)]
            .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 43.5)
            .map((node) => node.className || node.textContent)""",
        ".cf-top button, .leaflet-bar a, .cf-layer-row, .cf-layer-row button, .cf-choice, .cf-facet-head",
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("document.querySelector('.cf-left').scrollTo(0, 9999)")
    assert page.evaluate("document.querySelector('.cf-left').scrollWidth <= innerWidth")


def test_a_tap_opens_the_details_and_the_mark_stays_in_sight(default_map, open_page):
    page = open_page(default_map, PHONE, has_touch=True, is_mobile=True)
    at = page.evaluate(
        """() => {
            contraflow.setView({lon: -99.503, lat: 27.5, zoom: 12});
            const box = __cf.map.getContainer().getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
        }"""
    )
    page.touchscreen.tap(*at)
    panel = page.locator(".cf-right")
    expect(panel).to_be_visible()
    page.wait_for_timeout(300)
    place = page.evaluate(
        """() => {
            const { layer, row } = __cf.selected();
            const box = __cf.map.getContainer().getBoundingClientRect();
            return box.top + __cf.map.latLngToContainerPoint([layer.lat(row), layer.lon(row)]).y;
        }"""
    )
    assert place < panel.bounding_box()["y"]


@pytest.mark.parametrize("viewport", [{"width": 768, "height": 1024}, {"width": 640, "height": 400}])
def test_other_windows_show_map_count_and_panels_without_scrolling_sideways(default_map, open_page, viewport):
    page = open_page(default_map, viewport)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".cf-count")).to_be_visible()
    page.evaluate("contraflow.select('DS0100')")
    box = page.locator(".cf-right").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= viewport["width"]


# themes ---------------------------------------------------------------------------------------------------------------


def theme_tokens() -> dict[str, dict[str, str]]:
    """Read the custom properties of each theme from the style sheet."""
    import geo.page

    text = (Path(geo.page.__file__).parent / "css" / "tokens.css").read_text(encoding="utf-8")
    blocks = {
        name or "light": body
        for name, body in re.findall(r':root(?:\[data-theme="(\w+)"\])? \{([^}]*)\}', text)
        if "water" in body
    }
    read = {name: dict(re.findall(r"--cf-([\w-]+): (#[0-9a-f]{6});", body)) for name, body in blocks.items()}
    return {name: read["light"] | tokens for name, tokens in read.items()}


def contrast(a: str, b: str) -> float:
    """Contrast of two colours as WCAG 2.2 defines it."""

    def luminance(color: str) -> float:
        parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast", "print"])
def test_words_and_marks_stand_out_in_every_theme(theme):
    tokens = theme_tokens()[theme]
    for text in ("text", "text-2", "accent", "error"):
        for ground in ("surface", "surface-2"):
            assert contrast(tokens[text], tokens[ground]) >= 4.5, (text, ground)
    assert contrast(tokens["on-accent"], tokens["accent"]) >= 4.5
    assert contrast(tokens["on-mark"], tokens["mark"]) >= 4.5
    for land in ("land-us", "land-mx"):
        for name in ("north", "south", "unknown", "north-light", "south-light", "border", "no-data"):
            assert contrast(tokens[name], tokens[land]) >= 3, (name, land)
        for name in ("label", "label-quiet"):
            assert contrast(tokens[name], tokens[land]) >= 4.5, (name, land)


def test_every_colour_name_of_a_layer_is_in_the_style_sheet():
    from geo.layer import PALETTE

    assert set(PALETTE) <= set(theme_tokens()["light"])


def test_the_theme_follows_the_system_and_then_the_reader(default_map, open_page):
    page = open_page(default_map, color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    legend = "document.querySelector('.cf-swatch').toDataURL()"
    dark = page.evaluate(legend)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_label("Colours").select_option("light")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate(legend) != dark
    page.emulate_media(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


# print ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_on_one_page(default_map, open_page, paper):
    page = open_page(default_map)
    pdf = page.pdf(format=paper, landscape=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_the_print_has_map_legend_count_sources_and_parameters(default_map, open_page):
    page = open_page(default_map)
    page.evaluate("contraflow.filter({commodity: 'HEROIN'})")
    page.emulate_media(media="print")
    until(page, "document.querySelector('.cf-print').innerText !== ''")
    sheet = page.evaluate("document.querySelector('.cf-print').innerText")
    assert "of 383 shown" in sheet
    assert "Heroin" in sheet
    for word in ("Northbound", "Sources:", "Parameters:", "What the map does not say:", "Printed"):
        assert word in sheet, word
    for hidden in (".cf-left", ".cf-tools", ".cf-bottom", ".leaflet-control-zoom"):
        expect(page.locator(hidden)).to_be_hidden()
    box = page.locator(".cf-map").bounding_box()
    side = page.locator(".cf-print-side").bounding_box()
    assert box["x"] + box["width"] <= side["x"]
    expect(page.locator(".cf-north")).to_be_visible()


def test_printing_paints_the_map_in_paper_colours_and_puts_the_theme_back(default_map, open_page):
    page = open_page(default_map, color_scheme="dark")
    page.evaluate(
        """() => {
            window.print = () => {
                window.seen = document.documentElement.dataset.theme;
                window.dispatchEvent(new Event('afterprint'));
            };
        }"""
    )
    page.get_by_role("button", name="Print").click()
    until(page, "window.seen")
    assert page.evaluate("window.seen") == "print"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


# what values may do ---------------------------------------------------------------------------------------------------


def test_a_handling_mark_and_a_title_are_shown_as_typed_and_never_covered(open_page, tmp_path):
    from geo.pipeline import PageChoices, draw

    path = tmp_path / "hostile.html"
    path.write_bytes(draw(page=PageChoices(title=HOSTILE, subtitle=HOSTILE, handling=HOSTILE)).page)
    page = open_page(path)
    assert page.locator("h1").text_content() == HOSTILE
    assert HOSTILE in page.locator(".cf-title p").text_content()
    for viewport in ({"width": 1280, "height": 800}, PHONE):
        page.set_viewport_size(viewport)
        page.evaluate("contraflow.select('DS0100')")
        page.wait_for_timeout(200)
        for band in ("#contraflow-mark-top", "#contraflow-mark-bottom"):
            uncovered = page.evaluate(
                """band => {
                    const box = document.querySelector(band).getBoundingClientRect();
                    const spots = [0.02, 0.25, 0.5, 0.75, 0.98].map((k) => box.left + box.width * k);
                    const y = box.top + box.height / 2;
                    return box.height > 10 && spots.every((x) => document.elementFromPoint(x, y).closest(band));
                }""",
                band,
            )
            assert uncovered, (band, viewport)
    assert page.evaluate("document.querySelectorAll('img, iframe, object').length") == 0
    assert page.title() == HOSTILE


def test_a_very_long_name_keeps_the_frame(open_page, tmp_path):
    from geo.pipeline import PageChoices, draw

    path = tmp_path / "long.html"
    path.write_bytes(draw(page=PageChoices(title="Decomisos " * 40, subtitle="x" * 400)).page)
    page = open_page(path)
    assert page.locator(".cf-top").bounding_box()["height"] <= 56
    expect(page.get_by_role("button", name="Method")).to_be_in_viewport()
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_page_says_so(default_map, browser):
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(default_map.as_uri())
    text = page.locator("noscript").inner_text()
    context.close()
    assert "Allow scripts" in text
    assert "Permita" in text
