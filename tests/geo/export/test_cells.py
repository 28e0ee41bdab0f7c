"""Plain types, the rounding of computed numbers, numbers in text, and names."""

from __future__ import annotations

import datetime
import decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.export.cells import is_identifier, plain, rounded, typed, unique_names


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([0.1, float("nan"), None], pa.float32(), [0.1, None, None]),
        ([1, None], pa.uint8(), [1, None]),
        ([2**64 - 1], pa.uint64(), ["18446744073709551615"]),
        ([decimal.Decimal("1.10")], pa.decimal128(5, 2), ["1.10"]),
        ([datetime.date(2011, 3, 14)], pa.date32(), ["2011-03-14"]),
        ([datetime.datetime(2011, 3, 14, 22, 15)], pa.timestamp("us"), ["2011-03-14T22:15:00"]),
        ([datetime.datetime(2011, 3, 14, 22, 15, 0, 500000)], pa.timestamp("ms", "UTC"), ["2011-03-14T22:15:00.500Z"]),
        ([datetime.datetime(2011, 3, 14, 22, 15)], pa.timestamp("s", "America/Tijuana"), ["2011-03-14T22:15:00Z"]),
        ([[1, 2], None], pa.list_(pa.int64()), ["[1, 2]", None]),
        ([{"a": "é"}], pa.struct({"a": pa.string()}), ['{"a": "é"}']),
        ([b"\x00\xff"], pa.binary(), ["00ff"]),
        ([None, None], pa.null(), [None, None]),
        ([True, None], pa.bool_(), [True, None]),
    ],
)
def test_every_type_becomes_text_a_number_or_a_boolean(values, kind, expected):
    out = plain(pa.array(values, kind))
    assert out.to_pylist() == expected
    assert out.type in (pa.large_string(), pa.int64(), pa.float64(), pa.bool_())


def test_a_dictionary_becomes_its_values():
    assert plain(pa.array(["x", None, "x"]).dictionary_encode()).to_pylist() == ["x", None, "x"]


def test_only_computed_columns_are_rounded_and_by_their_unit():
    noisy = pa.array([1234.56789012345, -1e-12, None])
    table = pa.table(
        dict.fromkeys(("port_distance_m", "distance_m", "port_bearing_deg", "z", "port_distance_m_joined"), noisy)
    )
    out = rounded(table, ["port_distance_m", "port_bearing_deg", "z", "port_distance_m_joined"])
    assert out["port_distance_m"].to_pylist() == [1234.5679, 0.0, None]
    assert out["port_distance_m_joined"].to_pylist() == [1234.5679, 0.0, None]
    assert out["port_bearing_deg"].to_pylist() == [1234.567890123, 0.0, None]
    assert out["distance_m"].equals(table["distance_m"]), "a column of the input"
    assert out["z"].equals(table["z"]), "no unit, no rounding"
    assert str(out["port_distance_m"][1].as_py()) == "0.0", "no negative zero"


@given(st.lists(st.floats(0, 2e7), min_size=1, max_size=20))
def test_rounding_moves_nothing_by_more_than_a_twentieth_of_a_millimetre(values):
    out = rounded(pa.table({"d_m": values}), ["d_m"])["d_m"].to_numpy()
    assert np.abs(out - values).max() <= 0.00005 + 4e-9
    assert all(len(repr(v).partition(".")[2]) <= 4 for v in out.tolist() if v >= 1e-4)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["12", "-3", "0"], [12, -3, 0]),
        (["12", "", None, "  "], [12, None, None, None]),
        (["1.50", "2"], [1.5, 2.0]),
        (["0.1", "-0.25"], [0.1, -0.25]),
        (["999999999999999"], [999999999999999]),
    ],
)
def test_text_that_is_all_plain_numbers_becomes_numbers(values, expected):
    out = typed(pa.table({"quantity found": values}))["quantity found"].to_pylist()
    assert out == expected
    assert [type(v) for v in out] == [type(v) for v in expected]


@pytest.mark.parametrize(
    "odd",
    [
        "007",
        "08037",
        "+5",
        "1,000",
        "1e5",
        "1.",
        ".5",
        "12 kg",
        " 12",
        "NaN",
        "inf",
        "-",
        "1234567890123456",
        "١٢",
        "3-4",
    ],
)
def test_one_value_that_is_no_plain_number_keeps_the_whole_column_text(odd):
    values = ["12", odd, "5"]
    assert typed(pa.table({"x": values}))["x"].to_pylist() == values


def test_a_value_far_down_keeps_the_column_text_too():
    values = ["1"] * 3000 + ["x"]
    assert typed(pa.table({"x": values}))["x"].to_pylist() == values


def test_columns_of_blanks_identifiers_standard_and_computed_columns_stay_text():
    digits = ["48141", "12"]
    kept = [
        "FIPS",
        "Event ID",
        "port_code",
        "MunCode",
        "Cve. Municipio",
        "Case Number",
        "start",
        "quantity_reported",
        "zone",
    ]
    table = pa.table({**dict.fromkeys(kept, digits), "blank": ["", None], "Number of events": digits, "year": digits})
    out = typed(table, fixed=["zone"])
    assert [f.name for f in out.schema if f.type == pa.int64()] == ["Number of events", "year"]
    assert out.select(kept).equals(table.select(kept))


@pytest.mark.parametrize("name", ["", " ", "id", "GEOID", "stateCode", "clave_ent", "Código"])
def test_names_are_split_into_words(name):
    assert is_identifier(name) == bool(name.strip())


def test_names_become_unique_without_touching_those_that_are():
    assert unique_names(["a", "b", "a", "", "a_2", "a"]) == ["a", "b", "a_3", "column_4", "a_2", "a_4"]
    assert unique_names(["Lat", "LAT", "x"], taken=["X"], fold_case=True) == ["Lat", "LAT_2", "x_2"]
    assert unique_names(["Lat", "LAT"]) == ["Lat", "LAT"]


@given(st.lists(st.text(max_size=3), max_size=12))
def test_unique_names_are_unique_and_keep_their_place(names):
    out = unique_names(names, fold_case=True)
    assert len({n.casefold() for n in out}) == len(names)
    assert all(n.strip() for n in out)
