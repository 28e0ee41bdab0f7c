"""One file, the same bytes each time, with data only where they are inert."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zlib
from html.parser import HTMLParser

import pytest

from geo.encode.planes import from_text
from geo.errors import PageError
from geo.page.bundle import ENGINE, LEAFLET, fill, json_text, page, script_files


class Document(HTMLParser):
    """The elements of a page, with their text, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.texts: dict[str, str] = {}
        self._open: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = dict(attrs).get("id") or tag

    def handle_data(self, data):
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data

    def handle_endtag(self, tag):
        self._open = None


def test_the_page_holds_index_manifest_and_blocks(make_payload):
    payload = make_payload()
    document = Document(page(payload, {"version": "1.2", "counts": {"read": 2}}))
    assert json.loads(document.texts["contraflow-index"]) == json.loads(json.dumps(payload.index))
    assert json.loads(document.texts["contraflow-manifest"]) == {"version": "1.2", "counts": {"read": 2}}
    blocks = [attrs for tag, attrs in document.tags if attrs.get("id", "").startswith("contraflow-block-")]
    assert [b["id"] for b in blocks] == [f"contraflow-block-{n}" for n in range(len(payload.blocks))]
    for n, block in enumerate(payload.blocks):
        found = from_text(document.texts[f"contraflow-block-{n}"], int(blocks[n]["data-bytes"]))
        assert found == block
        assert zlib.decompress(found)


def test_the_parts_stand_in_order(make_payload):
    html = page(make_payload(), {})
    marks = ["Content-Security-Policy", "<style>", 'id="map_contraflow"', 'id="contraflow-manifest"']
    marks += [
        'id="contraflow-index"',
        'id="contraflow-block-0"',
        'id="contraflow-leaflet"',
        'id="contraflow-js-namespace"',
    ]
    marks += ['id="contraflow-ui-dom"', 'id="contraflow-js-start"', "</html>"]
    at = [html.index(m) for m in marks]
    assert at == sorted(at)
    assert all(html.count(m) == 1 for m in marks)


def test_same_input_same_bytes(make_payload):
    assert page(make_payload(), {"a": 1}) == page(make_payload(), {"a": 1})


def test_the_page_knows_its_own_size(make_payload):
    html = page(make_payload(title={"en": "Añil 🚚", "es": "x"}), {})
    (size,) = re.findall(r'name="contraflow-bytes" content="(\d{12})"', html)
    assert int(size) == len(html.encode("utf-8"))


def test_words_are_escaped_for_where_they_stand(make_payload, hostile_values):
    for text in hostile_values:
        document = Document(
            page(
                make_payload(title={"en": text, "es": text}, handling=text, subtitle={"en": text, "es": ""}),
                {"x": text},
            )
        )
        norm = text.replace("\r\n", "\n").replace("\r", "\n")  # as HTML reads line ends
        assert document.texts.get("title", "").replace("\r\n", "\n") == norm
        assert document.texts.get("contraflow-mark-top", "").replace("\r\n", "\n") == norm
        assert json.loads(document.texts["contraflow-index"])["title"]["en"] == text
        assert json.loads(document.texts["contraflow-manifest"])["x"] == text


def test_hostile_words_and_values_add_no_element(make_payload, hostile_values):
    plain = [tag for tag, _ in Document(page(make_payload(), {})).tags]
    everything = " ".join(hostile_values)
    html = page(
        make_payload(("x", everything), title={"en": everything, "es": everything}, handling=everything),
        {"x": everything},
    )
    assert [tag for tag, _ in Document(html).tags] == plain


def test_json_in_a_script_element_cannot_end_it():
    text = json_text({"</script>": "<!-- & \u2028 \u2029 \ud800"})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"</script>": "<!-- & \u2028 \u2029 \ud800"}
    text.encode("utf-8")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object()])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(PageError, match="cannot be written as JSON"):
        json_text({"x": value})


def test_language_and_theme_are_checked(make_payload):
    with pytest.raises(PageError, match="language 'fr': expected one of en, es"):
        page(make_payload(language="fr"), {})
    with pytest.raises(PageError, match="theme 'pink'"):
        page(make_payload(theme="pink"), {})
    assert '<html lang="es" data-theme-choice="dark">' in page(make_payload(language="es", theme="dark"), {})


def test_a_skeleton_must_have_each_slot_once(make_payload):
    with pytest.raises(PageError, match="each of these slots once"):
        fill("<html>[[contraflow:title]]</html>", make_payload(), {})


def test_every_script_is_in_the_page_and_has_no_line_that_could_break_it(make_payload):
    html = page(make_payload(), {})
    names = [name for name, _ in script_files()]
    assert len(names) == len(set(names))
    for name, path in script_files():
        assert html.count(f'<script id="{name}">') == 1
        assert path.exists()
    engine = {path.stem for path in script_files()[1][1].parent.glob("*.js")}
    assert engine == {*ENGINE, "start"}, "a script of the engine that no list names"


def test_scripts_in_the_page_are_scripts_still(make_payload):
    """Comments and indentation are taken out; what is left must parse."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: scripts cannot be checked outside a browser")
    html = page(make_payload(), {})
    scripts = re.findall(r'<script id="(contraflow-(?:js|ui)-[a-z0-9-]+)">(.*?)</script>', html, re.DOTALL)
    assert len(scripts) == len(script_files()) - 1
    source = "".join(f"new Function({json.dumps(text)});\n" for _, text in scripts)
    subprocess.run([node, "--input-type=commonjs"], input=source, text=True, check=True, capture_output=True)


def test_leaflet_is_unmodified_and_its_licence_goes_with_it(make_payload):
    import csv
    import hashlib

    with (LEAFLET / "VENDORED.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {r["file"] for r in rows} == {"leaflet.js", "leaflet.css", "LICENSE"}
    for row in rows:
        assert hashlib.sha256((LEAFLET / row["file"]).read_bytes()).hexdigest() == row["sha256"]
    html = page(make_payload(), {})
    assert "BSD 2-Clause License" in html
    assert "sourceMappingURL" not in html
    assert "url(images/" not in html


def test_a_page_costs_little_beyond_its_data(make_payload):
    assert len(page(make_payload(), {})) < 600_000
