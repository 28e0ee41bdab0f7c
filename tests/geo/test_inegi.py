"""Municipal codes are found by the name of their column, and made whole."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from geo.inegi import is_municipal, municipal_codes


@pytest.mark.parametrize(
    ("columns", "codes", "where"),
    [
        ({"inegi_code": ["02004", "8037"]}, ["02004", "08037"], "inegi_code"),
        ({"CVEGEO": [2004, 8037]}, ["02004", "08037"], "CVEGEO"),
        ({"cve_geo": [2004.0, 8037.0]}, ["02004", "08037"], "cve_geo"),
        ({"CVE_ENT": ["02", "08"], "CVE_MUN": ["004", "037"]}, ["02004", "08037"], "CVE_ENT and CVE_MUN"),
        ({"state_code": [2, 8], "mun_code": [4, 37]}, ["02004", "08037"], "state_code and mun_code"),
    ],
)
def test_codes_are_found_and_padded(columns, codes, where):
    found, said = municipal_codes(pa.table(columns))
    assert found.to_pylist() == codes
    assert said == where


@pytest.mark.parametrize(
    "columns",
    [
        {"fips": ["04001", "04003"]},  # counties of Arizona, whose digits are municipalities of Campeche too
        {"GEOID": ["04001"], "STATE": ["04"], "COUNTY": ["001"]},
        {"CVEGEO": ["02", "08"]},  # states
        {"inegi_code": ["99999", "02000"]},
        {"inegi_code": ["Tijuana", None]},
        {"name": ["Tijuana"]},
        {"inegi_code": pa.array([], type=pa.string())},
    ],
)
def test_what_is_no_municipal_code_is_not_taken_for_one(columns):
    assert municipal_codes(pa.table(columns)) is None


def test_a_few_rows_without_a_code_are_null():
    found, _ = municipal_codes(pa.table({"inegi_code": ["02004"] * 30 + [None]}))
    assert found.null_count == 1


def test_a_code_is_five_digits_of_a_state_and_a_municipality():
    assert is_municipal("32058")
    assert not any(is_municipal(code) for code in ("33001", "00001", "02000", "2004", "٠٢٠٠٤", "020041"))


@pytest.mark.data
def test_real_polygons_are_recognised_and_counties_are_not(public_data):
    def attributes(file: str) -> pa.Table:
        collection = json.loads((public_data / "boundaries" / file).read_text("utf-8"))
        return pa.Table.from_pylist([feature["properties"] for feature in collection["features"]])

    found, where = municipal_codes(attributes("mx_municipalities.geojson"))
    assert where == "state_code and mun_code"
    assert len(found) == 2436
    assert found.null_count == 0
    assert municipal_codes(attributes("us_border_state_counties.geojson")) is None
