"""Files of one kind as one table: parts follow each other, releases are never added."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clean.convert import Converted
from geo.conversion import Part, one_release, part, together
from geo.errors import UsageError
from geo.read.reading import Reading, numbered
from geo.schema import AREA_COLUMNS, EVENT_COLUMNS, FLOW_COLUMNS

CBP = SimpleNamespace(NAME="made", TITLE="Made", KIND="area_values")
FLOWS = SimpleNamespace(NAME="made flows", TITLE="Made flows", KIND="flows")


def table_of(rows, columns):
    return pa.Table.from_pylist([dict.fromkeys(columns) | row for row in rows], schema=pa.schema(columns))


def release(name, *rows, adapter=CBP):
    """Return a file of area values; each row is (area, month, value) or more."""
    made = []
    for area, month, value, *more in rows:
        made.append(
            {"country": "US", "area_level": "sector", "area_code": area, "area_name": area, "measure": "events"}
            | {"period_start": f"{month}-01", "period_end": f"{month}-28", "value": value}
            | (more[0] if more else {})
        )
    reading = Reading(name, "csv", pa.table({}), numbered(0), adapter=adapter)
    return Part(reading, Converted("area_values", table_of(made, AREA_COLUMNS), rows_read=len(made)))


def values(*parts):
    table = together(parts).released.table
    columns = (table[name].to_pylist() for name in ("area_name", "period_start", "value"))
    return [(area, start[:7], value) for area, start, value in zip(*columns, strict=True)]


def test_of_two_releases_of_a_month_the_one_given_last_is_taken():
    old = release("old.csv", ("A", "2020-01", 1), ("A", "2020-02", 2), ("B", "2020-02", 9))
    new = release("new.csv", ("A", "2020-02", 3), ("A", "2020-03", 4))
    # B has nothing to report in February any more: its old row is not taken either.
    assert values(old, new) == [("A", "2020-01", 1), ("A", "2020-02", 3), ("A", "2020-03", 4)]
    assert values(new, old) == [("A", "2020-03", 4), ("A", "2020-01", 1), ("A", "2020-02", 2), ("B", "2020-02", 9)]


def test_what_a_later_release_replaces_is_counted_row_by_row():
    old = release("old.csv", ("A", "2020-01", 1), ("A", "2020-02", 2), ("B", "2020-02", 9))
    made = together([old, release("new.csv", ("A", "2020-02", 3))])
    assert made.overlaps == (("old.csv", "new.csv", 1, 2),)
    assert made.problems.by_reason("dropped") == {"other_release": 2}
    assert made.problems.messages(1)[0].startswith("old.csv: 2020-02-01, 2020-02-28, A, events: new.csv covers")
    assert any(
        "taken from new.csv" in line and "2 rows of old.csv left out" in line for line in made.sentences("o.csv")
    )
    assert made.summary("o.csv")["rows_written"] == 2


def test_the_last_of_three_releases_is_taken():
    parts = [release(f"{n}.csv", ("A", "2020-01", n), ("A", f"2020-0{n + 1}", n)) for n in (1, 2, 3)]
    assert values(*parts) == [("A", "2020-02", 1), ("A", "2020-03", 2), ("A", "2020-01", 3), ("A", "2020-04", 3)]


@pytest.mark.parametrize(
    "other",
    [
        release("b.csv", ("B", "2020-01", 5)),
        release("b.csv", ("A", "2020-01", 5, {"measure": "quantity"})),
        release("b.csv", ("A", "2020-01", 5), adapter=SimpleNamespace(NAME="another", TITLE="", KIND="area_values")),
        release("b.csv", ("A", "2020-01", 5, {"period_end": "2020-12-31"})),
    ],
    ids=["another area", "another measure", "another source", "another period"],
)
def test_parts_of_a_whole_follow_each_other(other):
    assert len(values(release("a.csv", ("A", "2020-01", 1)), other)) == 2


def test_municipalities_are_taken_state_by_state():
    def municipal(code, month, value):
        return (code, month, value, {"country": "MX", "area_level": "municipality"})

    nation = release("nation.csv", municipal("08037", "2020-01", 1), municipal("11001", "2020-01", 2))
    state = release("state.csv", municipal("11001", "2020-01", 3))
    assert values(nation, state) == [("08037", "2020-01", 1), ("11001", "2020-01", 3)]


def test_days_belong_to_their_month():
    def day(at, value):
        return ("A", "2020-01", value, {"period_start": f"2020-01-{at}", "period_end": f"2020-01-{at}"})

    assert len(values(release("old.csv", day("03", 1), day("04", 1)), release("new.csv", day("04", 1)))) == 1


def test_events_of_two_releases_are_counted_once_and_row_numbers_are_no_ids():
    def file(name, ids):
        rows = [{"event_id": i, "start": "2020-01-05", "quantity": 1.0} for i in ids]
        reading = Reading(name, "csv", pa.table({}), np.array([2, 3]), adapter=SimpleNamespace(NAME="x", TITLE="x"))
        return Part(reading, Converted("events", table_of(rows, EVENT_COLUMNS), rows_read=2))

    ids = together([file("a.csv", ["E1", "E2"]), file("b.csv", ["E2", "E3"])]).released.table["event_id"].to_pylist()
    assert ids == ["E2", "E3"]
    # Two states, each counted from the first row: other events, told apart by their file.
    ids = together([file("a.csv", ["2", "3"]), file("b.csv", ["2", "3"])]).released.table["event_id"].to_pylist()
    assert ids == ["2", "3", "b.csv#2", "b.csv#3"]


def test_flows_of_one_year_are_taken_once():
    def file(name, value):
        row = {"origin_code": "AZ", "destination_code": "CA", "measure": "traces", "value": value}
        row |= {"period_start": "2010-01-01", "period_end": "2010-12-31"}
        reading = Reading(name, "xlsx", pa.table({}), numbered(0), adapter=FLOWS)
        return Part(reading, Converted("flows", table_of([row], FLOW_COLUMNS), rows_read=1))

    assert together([file("a.xlsx", 832.0), file("b.xlsx", 840.0)]).released.table["value"].to_pylist() == [840.0]


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 4)), min_size=1, max_size=6, unique=True), min_size=1,
        max_size=4,
    )
)  # fmt: skip
def test_no_area_has_two_values_for_a_month_and_no_row_is_lost_unsaid(files):
    parts = [
        release(f"{n}.csv", *((area, f"2020-0{month}", float(n)) for area, month in rows))
        for n, rows in enumerate(files)
    ]
    keep, overlaps, problems = one_release(parts)
    made = together(parts).released.table
    keys = list(zip(made["area_name"].to_pylist(), made["period_start"].to_pylist(), strict=True))
    assert len(keys) == len(set(keys))
    assert sum(len(mask) for mask in keep) == len(made) + len(problems)
    assert sum(left for *_, left in overlaps) == len(problems)


def test_tables_of_two_kinds_are_not_put_together(tmp_path):
    events = tmp_path / "p.csv"
    events.write_text("id,lon,lat\na,-110.97,31.34\n")
    with pytest.raises(UsageError, match=r"a\.csv holds area values and p\.csv events.*each by itself"):
        together([release("a.csv", ("A", "2020-01", 1)), part(str(events))])


SQUARE = "[[[-112,31],[-110,31],[-110,32],[-112,32],[-112,31]]]"
BOW = "[[[-112,31],[-110,32],[-110,31],[-112,32],[-112,31]]]"


def layer(path, *features):
    said = ",".join(
        f'{{"type":"Feature","properties":{properties},"geometry":{{"type":"{kind}","coordinates":{at}}}}}'
        for properties, kind, at in features
    )
    path.write_text(f'{{"type":"FeatureCollection","features":[{said}]}}')
    return str(path)


def test_polygons_become_areas_with_their_faults_named(tmp_path):
    path = layer(
        tmp_path / "a.geojson",
        ('{"region_id":"x1","name":"One","name_es":"Uno","kind":"q"}', "Polygon", SQUARE),
        ('{"region_id":"x2","name":"Two","name_es":null,"kind":"q"}', "Polygon", BOW),
        ('{"region_id":"x3","name":"Spot","name_es":null,"kind":"q"}', "Point", "[-110,31]"),
    )
    made = together([part(path)])
    assert made.kind == "areas"
    assert made.released.table.select(["id", "name", "name_es", "source", "kind"]).to_pylist() == [
        {"id": "x1", "name": "One", "name_es": "Uno", "source": "a.geojson", "kind": "q"},
        {"id": "x2", "name": "Two", "name_es": None, "source": "a.geojson", "kind": "q"},
    ]
    assert [shape.geom_type for shape in made.released.geometry] == ["Polygon", "Polygon"]
    assert made.problems.by_reason("dropped") == {"other_geometry": 1}
    assert made.problems.by_reason("flagged") == {"geometry_invalid": 1}
    assert any("has no outlines" in line for line in made.sentences("out.csv"))
    assert not any("has no outlines" in line for line in made.sentences("out.gpkg"))


def test_lines_become_lines_and_points_stay_events(tmp_path):
    lines = layer(tmp_path / "l.geojson", ('{"id":"r"}', "LineString", "[[-110,31],[-111,32]]"))
    points = layer(tmp_path / "p.geojson", ('{"id":"r"}', "Point", "[-110,31]"))
    assert together([part(lines)]).kind == "lines"
    assert together([part(points)]).kind == "events"


@pytest.mark.data
def test_overlapping_releases_of_the_real_drug_file_add_up_to_it(public_data, tmp_path):
    whole = public_data / "seizures" / "nationwide-drugs-fy19-fy22.csv"
    header, *lines = whole.read_text("ascii").splitlines()
    paths = []
    for name, years in (("early.csv", ("2019", "2020", "2021")), ("late.csv", ("2020", "2021", "2022"))):
        paths.append(tmp_path / name)
        kept = [line for line in lines if line.startswith(years)]
        paths[-1].write_text("\n".join([header, *kept]) + "\n")
    made = together([part(str(path)) for path in paths])
    table = made.released.table
    events = table.filter(pa.compute.equal(table["measure"], "events"))
    assert sum(events["value"].to_pylist()) == 282_492
    assert [(old, new, periods) for old, new, periods, _ in made.overlaps] == [("early.csv", "late.csv", 24)]
