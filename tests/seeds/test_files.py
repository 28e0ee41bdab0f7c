"""The files themselves: catalogue, checksums, keys, codes, size, and what must not be in them."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from geo.read import seeds
from geo.read.seeds import SEEDS

FOLDER = Path(__file__).parents[2] / "seeds"
CATALOGUE = {row["name"]: row for row in seeds.catalogue()}
NAMES = tuple(SEEDS)

CODES = {
    "port_code": r"2[3-6]\d\d",
    "inegi_code": r"(0[1-9]|[12]\d|3[0-2])\d{3}",
    "event_id": r"DS\d{4}",
    "fact_id": r"T\d\d",
    "crossing_id": r"[A-Z]{3}(-[A-Z0-9]+)+",
    "corridor_id": r"(NB|SB)-[A-Z0-9-]+",
}


def test_the_catalogue_and_the_declared_tables_are_the_same():
    assert sorted(CATALOGUE) == sorted(NAMES)
    assert {row["file"] for row in CATALOGUE.values()} == {seed.file for seed in SEEDS.values()}


def test_no_data_file_is_without_an_entry():
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".parquet", ".geojson")}
    assert files - {"SOURCES.csv"} == {seed.file for seed in SEEDS.values()}


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_filled_in(name):
    assert [column for column, value in CATALOGUE[name].items() if not value.strip()] == []


@pytest.mark.parametrize("name", NAMES)
def test_rows_and_checksum_are_those_of_the_catalogue(name):
    content = (FOLDER / SEEDS[name].file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == CATALOGUE[name]["sha256"]
    assert str(len(seeds.table(name))) == CATALOGUE[name]["rows"]


@pytest.mark.parametrize("name", NAMES)
def test_keys_identify_rows(name):
    table = seeds.table(name)
    keys = list(SEEDS[name].key)
    assert len(table.group_by(keys).aggregate([])) == len(table)
    # Of an item the printed quantity and the note may be unknown; no other part of a key is.
    allowed = {"quantity_reported", "note", "place_id"}
    assert [key for key in keys if table[key].null_count and key not in allowed] == []


@pytest.mark.parametrize("name", NAMES)
def test_codes_have_their_form(name):
    table = seeds.table(name)
    for column, form in CODES.items():
        if column in table.schema.names:
            wrong = [v for v in table[column].unique().to_pylist() if v is not None and not re.fullmatch(form, v)]
            assert wrong == [], column


@pytest.mark.parametrize("name", [name for name in NAMES if SEEDS[name].file.endswith(".csv")])
def test_csv_is_utf8_with_line_feeds(name):
    content = (FOLDER / SEEDS[name].file).read_bytes()
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    content.decode("utf-8")


def test_text_is_trimmed_and_composed():
    import unicodedata

    faults = []
    for name in NAMES:
        table = seeds.table(name)
        for column, kind in SEEDS[name].columns.items():
            if kind == pa.string():
                values = [v for v in table[column].unique().to_pylist() if v is not None]
                faults += [(name, column, v) for v in values if v != unicodedata.normalize("NFC", v.strip())]
    assert faults == []


def test_grades_of_sources_are_the_three_words():
    for name in NAMES:
        if "source_grade" in SEEDS[name].columns:
            assert set(seeds.table(name)["source_grade"].to_pylist()) <= {"official", "press", "secondary"}


def test_every_row_of_a_table_with_sources_names_one():
    for name in NAMES:
        if "source" in SEEDS[name].columns:
            assert seeds.table(name)["source"].null_count == 0, name


def test_all_of_it_fits_the_wheel():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(FOLDER.rglob("*")):
            if path.suffix in (".csv", ".parquet", ".md", ".py"):
                archive.write(path, path.relative_to(FOLDER))
    assert packed.tell() < 2_500_000


def test_no_machine_path_is_in_it():
    for path in FOLDER.rglob("*"):
        if path.suffix in (".csv", ".md", ".py"):
            assert not re.search(r"(^|[\s\"'(])/(home|root|work|tmp|Users)/", path.read_text(encoding="utf-8")), path


def test_the_readme_describes_every_table_and_every_column():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        assert name in text
        assert [column for column in SEEDS[name].columns if f"`{column}`" not in text] == [], name
