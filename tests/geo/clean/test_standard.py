"""Any table to standard events."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.clean import Regions, events, locate
from geo.errors import UsageError
from geo.read import ReadOptions, from_table
from geo.schema import EVENT_COLUMNS, events_faults
from geo.table import Features


def standard(options=None, **columns):
    options = options or ReadOptions()
    reading = from_table(pa.table(columns), "t.csv", options=options)
    return events(reading, locate(reading, options, required=False), options)


def boxes(*rows):
    codes, names, bounds = zip(*rows, strict=True)
    table = pa.table({"code": list(codes), "name": list(names)})
    return Features(table, np.array([shapely.box(*b) for b in bounds], dtype=object))


POINT = {"lon": [-106.48, -106.48], "lat": [31.74, 31.74]}


def test_all_columns_are_there_and_the_inputs_own_too():
    found = standard(id=["a", "b"], extra=["x", "y"], **POINT)
    assert found.table.schema.names[: len(EVENT_COLUMNS)] == list(EVENT_COLUMNS)
    assert found.table.schema.names[len(EVENT_COLUMNS) :] == ["id", "extra", "lon", "lat"]
    assert events_faults(found.table) == []


def test_a_standard_table_is_left_as_it_is():
    first = standard(
        id=["a", "b"], drug=["meth", "guns"], qty=["3", "2"], unit=["lb", "each"], date=["2011-03-14"] * 2, **POINT
    )
    again = from_table(first.table, "t.csv")
    second = events(again, locate(again))
    for name in EVENT_COLUMNS:
        if name not in ("source", "commodity_reported", "quantity_reported", "unit_reported"):
            assert second.table[name].to_pylist() == first.table[name].to_pylist(), name


def test_ids_that_repeat_at_one_place_are_lines_of_an_event():
    found = standard(event_id=["7", "7"], drug=["meth", "cocaine"], **POINT)
    assert found.table["event_id"].to_pylist() == ["7", "7"]
    assert found.table["record_id"].to_pylist() == ["1", "2"]


def test_ids_that_repeat_at_different_places_name_no_event():
    found = standard(case_number=["7", "7"], lon=[-106.48, -100.0], lat=[31.74, 28.0])
    assert found.table["event_id"].to_pylist() == ["1", "2"]
    assert found.table["record_id"].to_pylist() == ["7", "7"]
    assert found.guesses[0].reason == "rows of one case_number lie at different places or days: it names no event"


def test_blank_is_never_zero():
    found = standard(drug=["meth", "meth"], qty=[None, "0"], unit=["kg", "kg"], **POINT)
    assert found.table["quantity"].to_pylist() == [None, 0]


def test_unit_of_the_columns_name():
    found = standard(drug=["meth", None], **{"Sum Qty (lbs)": ["10", "10"]}, **POINT)
    assert found.table["quantity"].to_pylist() == [pytest.approx(4.5359237), None]
    assert found.table["unit_reported"].to_pylist() == ["lb", "lb"]


def test_direction_of_the_record_comes_before_the_commoditys():
    found = standard(drug=["meth", "meth"], direction=["southbound", None], **POINT)
    assert found.table["direction"].to_pylist() == ["south", "north"]
    assert found.table["direction_basis"].to_pylist() == ["reported", "default"]
    assert found.table["source_direction"].to_pylist() == ["southbound", None]


def test_inbound_is_northbound_in_border_states_only():
    regions = Regions.of(
        boxes(("TX", "Texas", (-106.6, 25.8, -93.5, 36.5)), ("NY", "New York", (-79.0, 40.5, -72.0, 45.0))),
        boxes(("08", "Chihuahua", (-109.0, 26.0, -106.7, 31.7))),
    )
    reading = from_table(
        pa.table(
            {"direction": ["inbound", "outbound", "inbound"], "lon": [-106.4, -106.4, -74.0], "lat": [31.8, 31.8, 41.0]}
        ),
        "t",
    )
    found = events(reading, locate(reading, None, regions)).table
    assert found["direction"].to_pylist() == ["north", "south", "unknown"]
    assert found["direction_basis"].to_pylist() == ["inferred", "inferred", "unknown"]


def test_an_id_of_a_place_is_no_id_of_events():
    """All finds of a station carry its number and lie on its point: their days tell them apart."""
    place = {"lon": [-106.4] * 4, "lat": [31.7] * 4}
    stations = standard(id=["A", "A", "A", "B"], date=["2010-01-01", "2011-05-01", "2012-01-01", "2012-01-01"], **place)
    assert stations.table["event_id"].to_pylist() == ["1", "2", "3", "4"]
    assert stations.table["record_id"].to_pylist() == ["A", "A", "A", "B"]
    one_night = standard(id=["A", "A", "A"], date=["2010-01-01", "2010-01-02", None], lon=[-106.4] * 3, lat=[31.7] * 3)
    assert one_night.table["event_id"].to_pylist() == ["A", "A", "A"]


def test_start_and_end():
    found = standard(start=["2011-03-14", "2011-03-14"], end=["2011-03-16", "2011-03-01"], **POINT)
    assert found.table["end"].to_pylist() == ["2011-03-16", None]
    assert found.problems.by_reason("flagged") == {"end_before_start": 1}


def test_an_end_beside_a_date():
    found = standard(date=["2009-12-30", "2011-03-14"], end_date=["2010-01-05", None], **POINT)
    assert found.table["start"].to_pylist() == ["2009-12-30", "2011-03-14"]
    assert found.table["end"].to_pylist() == ["2010-01-05", None]


def test_dates_that_say_that_there_is_none_are_blank_and_told():
    place = {"lon": [-106.4] * 4, "lat": [31.7] * 4}
    dates = ["0001-01-01", "9999-12-31", "1823-05-01", None]
    found = standard(date=dates, end_date=["0001-01-02", None, "9999-12-31", None], **place)
    assert found.table["start"].to_pylist() == [None, None, "1823-05-01", None]
    assert found.table["end"].to_pylist() == [None] * 4
    assert found.table["date_precision"].to_pylist() == [None, None, "day", None]
    assert found.problems.by_reason("flagged") == {"date_unlikely": 3}
    assert "the year of 9999-12-31 cannot be meant" in found.problems.table["message"][1].as_py()


def test_zone_of_each_record():
    found = standard(datetime=["2022-07-01 12:00", "2022-07-01 12:00"], tz=["America/Hermosillo", None], **POINT)
    assert found.table["start"].to_pylist() == ["2022-07-01T19:00:00Z", "2022-07-01T18:00:00Z"]
    # The other point lies in Juárez, a few steps from the river.
    assert found.table["tz"].to_pylist() == ["America/Hermosillo", "America/Ciudad_Juarez"]
    with pytest.raises(UsageError, match="column tz: Mars/Base: no such zone"):
        standard(datetime=["2022-07-01 12:00"] * 2, tz=["Mars/Base"] * 2, **POINT)


def test_context_side_and_precision():
    found = standard(
        context=["Port of entry", "I-35 checkpoint"], side=["USA", "México"], precision_m=["250", "-1"],
        location_basis=["city", "x"], **POINT,
    )  # fmt: skip
    assert found.table["context"].to_pylist() == ["port", "checkpoint"]
    assert found.table["side"].to_pylist() == ["US", "MX"]
    assert found.table["location_precision_m"].to_pylist() == [250, None]
    assert found.table["location_basis"].to_pylist() == ["city", None]


WORDS = st.sampled_from(["meth", "guns", "cash", "cristal", "xyz", "", "marihuana", "fentanyl pills", None])
UNITS = st.sampled_from(["kg", "lb", "oz", "tons", "pills", "boxes", "", None])
AMOUNTS = st.sampled_from(["1", "2.5", "1,234", "about 3", "", "NA", "x", "0", None, "-1"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(WORDS, AMOUNTS, UNITS), min_size=1, max_size=20), st.randoms())
def test_rows_out_are_rows_in_and_alone(rows, seed):
    """Every row comes out, in order; blank stays blank; shuffling rows shuffles the result."""

    def cleaned(some):
        drug, qty, unit = (pa.array(part, pa.string()) for part in zip(*some, strict=True))
        place = {"lon": [-106.4] * len(some), "lat": [31.8] * len(some)}
        reading = from_table(pa.table({"drug": drug, "qty": qty, "unit": unit, **place}), "t", options=COLUMNS)
        return events(reading, locate(reading, COLUMNS), COLUMNS).table

    found = cleaned(rows).select(["commodity", "quantity", "unit", "direction"]).to_pylist()
    assert len(found) == len(rows)
    for (_, amount, _), row in zip(rows, found, strict=True):
        assert row["quantity"] is None or amount not in ("", "NA", None, "x")
        assert (row["quantity"] is None) == (row["unit"] is None)
    order = list(np.arange(len(rows)))
    seed.shuffle(order)
    again = cleaned([rows[i] for i in order]).select(["commodity", "quantity", "unit", "direction"]).to_pylist()
    assert again == [found[i] for i in order]


COLUMNS = ReadOptions(
    columns={"commodity": "drug", "quantity": "qty", "unit": "unit", "longitude": "lon", "latitude": "lat"}
)
