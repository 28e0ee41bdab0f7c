"""Municipal seats and centroids as sites. Faults: messy/municipal_seats.csv, messy/municipal_points.csv."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from geo.clean.convert import convert
from geo.read import read
from geo.schema import SITE_COLUMNS

MESSY = Path(__file__).parents[3] / "messy"


def test_seats_have_five_digits_and_their_names():
    reading = read(MESSY / "municipal_seats.csv")
    assert reading.source == "seats"
    found = convert(reading)
    assert found.kind == "sites"
    assert found.table.schema.names[: len(SITE_COLUMNS)] == list(SITE_COLUMNS)
    assert found.table["id"].to_pylist() == ["08037", "01004"]
    assert found.table["name"].to_pylist() == ["Juárez", "Cosío"]
    assert found.table["source_id"].to_pylist() == ["8037", "1004"]
    assert found.table["MetroArea"].to_pylist() == ["Juárez", "NA"]
    assert found.problems.by_reason("dropped") == {"missing": 1, "municipality_unknown": 1}
    assert found.rows_read == 4


def test_centroids_have_codes_and_no_names():
    reading = read(MESSY / "municipal_points.csv")
    assert reading.source == "seats"
    table = convert(reading).table
    assert table["id"].to_pylist() == ["08037", "02003"]
    assert table["name"].null_count == 2
    assert table["longitude"].to_pylist() == [-106.48, -116.63]


def test_a_header_alone_has_no_sites(tmp_path):
    path = tmp_path / "seats.csv"
    path.write_bytes((MESSY / "municipal_seats.csv").read_bytes().splitlines(keepends=True)[0])
    assert len(convert(read(path)).table) == 0


@pytest.mark.data
@pytest.mark.parametrize(
    ("folder", "name", "rows"), [("violence", "municipality_seats", 2454), ("boundaries", "mun_centroids", 2463)]
)
def test_figures_of_the_public_files(public_data, folder, name, rows):
    reading = read(public_data / folder / f"{name}.csv")
    assert reading.source == "seats"
    found = convert(reading)
    assert len(found.table) == pc.count_distinct(found.table["id"]).as_py() == rows
    assert len(found.problems) == 0
    assert found.table["longitude"].null_count == 0
