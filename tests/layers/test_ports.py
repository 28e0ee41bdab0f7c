"""Ports: traffic is northbound and of one year; the record of outbound checks is by port and never by crossing."""

from __future__ import annotations

import pyarrow as pa
import pytest

from geo.errors import UsageError
from geo.privacy.release import release
from layers import crossings
from layers.ports import FULL_PX, LAYER, LEAST_PX, Options

PORTS = pa.table(
    {
        "port_code": ["2304", "2604", "2401", "9999"],
        "port_name": ["Laredo", "Nogales", "Ysleta", "Mine"],
        "longitude": [-99.5, -110.9, -106.3, -100.0],
        "latitude": [27.5, 31.3, 31.7, 28.0],
    }
)
SEIZURES = {
    "port_code": ["2604", "2401", "2401", "2401"],
    "direction": ["south", "south", "north", "south"],
    "direction_basis": ["reported", "inferred", "reported", "reported"],
    "context": ["port", "port", "port", "interior"],
    "side": ["US", "US", "US", "US"],
}


def traffic(*rows: tuple[str, int, int | None, int]) -> pa.Table:
    codes, years, trucks, months = zip(*rows, strict=True)
    columns = {"port_code": codes, "year": years, "trucks": trucks, "months_reported": months}
    rest = dict.fromkeys(("pedestrians", "personal_vehicles", "buses", "trains"), [None] * len(rows))
    return pa.table(
        {
            name: pa.array(values, type=pa.string() if name == "port_code" else pa.int64())
            for name, values in {**columns, **rest}.items()
        }
    )


def build(counts: pa.Table, options: Options | None = None, ports: pa.Table = PORTS):
    tables = {
        "ports": ports,
        "port_traffic": counts,
        "crossings": pa.table(
            {"port_code": ["2304", "2304", "2604", "2401"], "outbound_checks": ["reported", None, None, None]}
        ),
        "documented_seizures": pa.table(SEIZURES),
    }
    return release(LAYER, LAYER.build(tables, options or Options()))


def by_code(released) -> dict[str, dict]:
    return {row["port_code"]: row for row in released.table.to_pylist()}


def test_the_record_is_a_described_check_or_a_reported_seizure_at_the_port():
    rows = by_code(build(traffic(("2304", 2024, 5, 12))))
    assert rows["2304"]["outbound_checks"] == "yes"  # described at one of its crossings
    assert rows["2604"]["outbound_checks"] == "yes"  # a southbound seizure reported at the port
    assert rows["2401"]["outbound_checks"] == "none found"  # inferred, northbound or inland ones do not count
    assert rows["9999"]["outbound_checks"] is None  # a port of the user's own was not looked up


def test_none_found_is_drawn_apart_from_found_and_from_not_looked_up():
    released = build(traffic(("2304", 2024, 5, 12)))
    classes = {made.key: made for made in released.classes}
    assert [made.key for made in released.classes] == ["found", "none_found", "not_looked_up"]
    assert [by_code(released)[code]["_class"] for code in ("2304", "2401", "9999")] == [0, 1, 2]
    assert classes["none_found"].symbol.hatch
    assert not classes["found"].symbol.hatch
    assert not classes["not_looked_up"].symbol.hatch
    assert classes["none_found"].label["en"] == "None found"
    assert "not mean none" in classes["none_found"].note["en"]


def test_no_crossing_carries_a_record_of_checks(made):
    released = made.build(crossings.LAYER, made.tables(crossings.LAYER))
    assert not [name for name in released.table.schema.names if "inspection" in name or "outbound" in name]
    told = {text for column in released.table.columns for text in column.to_pylist() if isinstance(text, str)}
    assert not [text for text in told if "inspection" in text.lower() or "outbound" in text.lower()]


def test_no_figure_is_apart_from_zero():
    released = build(traffic(("2304", 2024, 100, 12), ("2604", 2024, 0, 12), ("2401", 2023, 7, 12)))
    rows = by_code(released)
    assert [rows[code]["trucks"] for code in ("2304", "2604", "2401")] == [100, 0, None]
    assert [rows[code]["_outline"] for code in ("2304", "2604", "2401")] == [None, 1, 0]
    assert [made.key for made in released.outlines] == ["no_figure", "zero"]
    assert rows["2401"]["traffic_year"] is None


def test_area_is_proportional_to_the_count_on_a_scale_that_does_not_move():
    counts = traffic(("2304", 2023, 1600, 12), ("2304", 2024, 200, 12), ("2604", 2024, 400, 12))
    rows = by_code(build(counts))
    # Full size is 1,600, the largest count of any year, although no port of 2024 comes near it.
    assert rows["2604"]["_size"] == pytest.approx(FULL_PX / 2)
    assert rows["2304"]["_size"] == pytest.approx(FULL_PX / 8**0.5)
    assert by_code(build(counts, Options(year=2023)))["2304"]["_size"] == pytest.approx(FULL_PX)
    assert rows["2401"]["_size"] == LEAST_PX


def test_the_size_legend_says_what_the_smallest_symbol_stands_for():
    released = build(traffic(("2304", 2024, 3_000_000, 12), ("2604", 2024, 237_000, 12), ("2401", 2024, 230_000, 12)))
    (least, words), *above = released.size_legend
    assert (least, words["en"]) == (LEAST_PX, "230,000 trucks or fewer")
    rows = by_code(released)
    assert rows["2401"]["_size"] == LEAST_PX
    for px, said in above:
        count = int(said["en"].split()[0].replace(",", ""))
        assert px == pytest.approx(FULL_PX * (count / 3_000_000) ** 0.5)
        assert px > LEAST_PX


def test_the_year_is_the_latest_of_which_most_ports_reported_twelve_months():
    counts = traffic(
        ("2304", 2023, 10, 12), ("2604", 2023, 10, 9), ("2401", 2023, 1, 12), ("2304", 2024, 1, 2), ("2604", 2024, 1, 2)
    )
    released = build(counts)
    assert released.title["en"] == "Ports of entry: trucks northbound, 2023"
    assert any("Fewer than 12 months reported: Nogales (9)." in note["en"] for note in released.method_notes)


def test_a_year_or_measure_that_is_not_there_is_refused():
    with pytest.raises(UsageError, match="--ports-year 1999: no port traffic of that year; there is 2023 to 2024"):
        build(traffic(("2304", 2023, 1, 12), ("2304", 2024, 1, 12)), Options(year=1999))
    with pytest.raises(UsageError, match="it should be one of trucks, pedestrians"):
        build(traffic(("2304", 2023, 1, 12)), Options(measure="aircraft"))


def test_the_map_says_that_southbound_is_not_counted(made):
    data = LAYER.build(made.tables(LAYER), Options(measure="pedestrians", year=2010))
    assert data.legend_notes[0] == {
        "en": "Pedestrians entering the US; southbound is not counted.",
        "es": "Peatones que entran a Estados Unidos; hacia el sur no se cuenta.",
    }
    assert any("Ysleta is counted inside El Paso" in note["en"] for note in data.method_notes)


def test_the_embedded_ports(made):
    released = made.build(LAYER, made.tables(LAYER))
    assert len(released) == 28
    rows = by_code(released)
    assert rows["2304"]["trucks"] == max(row["trucks"] for row in rows.values() if row["trucks"] is not None)
    assert all(row["months_reported"] == 12 for row in rows.values())
    south = made.embedded("documented_seizures").to_pylist()
    seized_at = {
        row["port_code"]
        for row in south
        if (row["direction"], row["direction_basis"], row["context"], row["side"])
        == ("south", "reported", "port", "US")
    }
    # A port at which the map itself draws an outbound seizure is never said to have no record.
    assert not [code for code in seized_at if rows[code]["outbound_checks"] != "yes"]
    assert "none found" in {row["outbound_checks"] for row in rows.values()}
