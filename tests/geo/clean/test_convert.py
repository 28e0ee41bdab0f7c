"""The same points, however they are written, become the same standard events."""

from __future__ import annotations

import csv
import io
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.conversion import part
from geo.read.reading import ReadOptions

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
DATES = {
    "iso": ("{d:%Y-%m-%d}", None),
    "compact": ("{d:%Y%m%d}", None),
    "day first": ("{d:%d/%m/%Y}", "DMY"),
    "month first": ("{d:%m/%d/%Y}", "MDY"),
    "dots": ("{d.day}.{d.month}.{d.year}", "DMY"),
    "short month": ("{d:%d-%b-%Y}", None),
    "Spanish": ("{d.day} de {month} de {d.year}", None),
    "American": ("{d:%B} {d.day}, {d.year}", None),
}
GOODS = {"cocaína": "COCAINE", "heroin": "HEROIN", "marihuana": "MARIJUANA"}

ROWS = st.lists(
    st.tuples(
        st.floats(-117, -97).map(lambda x: round(x, 5)),
        st.floats(25.5, 33).map(lambda y: round(y, 5)),
        st.dates(date(2004, 1, 1), date(2025, 12, 31)),
        st.sampled_from(sorted(GOODS)),
        st.integers(1, 9_999_999).map(lambda n: n / 100),
    ),
    min_size=2,
    max_size=8,
)


def grouped(value, comma):
    text = f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if comma else text


WAYS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "comma": st.booleans(),
        "newline": st.sampled_from(["\n", "\r\n"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"]),
        "style": st.sampled_from(sorted(DATES)),
        "unit": st.sampled_from([("kg", 1.0), ("gramos", 0.001), ("lb", 0.45359237)]),
    }
)


def written(rows, *, delimiter, comma, newline, encoding, style, unit):
    """Write points as a spreadsheet of some country would."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerow(["folio", "longitud", "latitud", "fecha", "droga", "cantidad", "unidad"])
    for at, (lon, lat, day, goods, amount) in enumerate(rows):
        degrees = [f"{v:.5f}".replace(".", ",") if comma else f"{v:.5f}" for v in (lon, lat)]
        said = DATES[style][0].format(d=day, month=MONTHS[day.month - 1])
        writer.writerow([f"F-{at}", *degrees, said, goods, grouped(amount, comma), unit[0]])
    return out.getvalue().encode(encoding)


@settings(max_examples=120)
@given(rows=ROWS, way=WAYS)
def test_any_way_of_writing_converts_to_the_same_events(tmp_path_factory, rows, way):
    path = tmp_path_factory.mktemp("written") / "t.csv"
    path.write_bytes(written(rows, **way))
    # A code page of one byte and the order of day and month may be open: then the user says them.
    named = way["encoding"] if way["encoding"] in ("latin-1", "cp1252") else None
    options = ReadOptions(encoding=named, date_order=DATES[way["style"]][1])
    table = part(str(path), options).converted.table
    assert table["event_id"].to_pylist() == [f"F-{at}" for at in range(len(rows))]
    assert table["start"].to_pylist() == [day.isoformat() for *_, day, _, _ in rows]
    assert set(table["date_precision"].to_pylist()) == {"day"}
    assert table["commodity"].to_pylist() == [GOODS[goods] for *_, goods, _ in rows]
    assert set(table["unit"].to_pylist()) == {"kg"}
    np.testing.assert_allclose(table["longitude"].to_numpy(), [row[0] for row in rows], atol=1e-9)
    np.testing.assert_allclose(table["latitude"].to_numpy(), [row[1] for row in rows], atol=1e-9)
    np.testing.assert_allclose(table["quantity"].to_numpy(), [row[4] * way["unit"][1] for row in rows], rtol=1e-12)


def test_blank_zero_and_what_is_no_number_stay_different_things(tmp_path, run_cli):
    cells = ["#NAME?", "=A1+B1", "ND", "NA", "s/d", "", "0", "7"]
    path, out, rejects = (tmp_path / name for name in ("p.csv", "out.csv", "rejects.csv"))
    rows = [f"{at},-110.97,31.34,2011-03-14,cocaine,{cell}" for at, cell in enumerate(cells)]
    path.write_text("\n".join(["id,lon,lat,date,drug,kg", *rows]) + "\n")
    run_cli("convert", path, "-o", out, "--rejects", rejects)
    made = list(csv.DictReader(out.read_text().splitlines()))
    assert [row["kg"] for row in made] == cells
    assert [row["quantity"] for row in made] == ["", "", "", "", "", "", "0", "7"]
    told = {row["value"]: row["reason"] for row in csv.DictReader(rejects.read_text().splitlines())}
    assert told == {"#NAME?": "quantity_unreadable", "=A1+B1": "quantity_unreadable"}
