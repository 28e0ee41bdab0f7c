"""The condition of --where."""

from __future__ import annotations

import pyarrow as pa
import pytest

from geo.errors import UsageError
from geo.read import ReadOptions, read
from geo.read.where import rows_where

TABLE = pa.table(
    {
        "state": ["TX", "AZ", None, "NM", "TX"],
        "Año": ["2009", "2010", "2011", "s/d", "2012"],
        "Event ID": ["1", "2", "3", "4", "5"],
        "kg": [1.5, None, 3.0, 0.0, -1.0],
        "note": ["", "it's", "x%", None, "Meth lab"],
    }
)


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("state = 'TX'", [0, 4]),
        ("state != 'TX'", [1, 3]),
        ("not state = 'TX'", [1, 2, 3]),
        ("ano >= 2010", [1, 2, 4]),
        ("Año >= 2010 and state in ('TX', 'AZ')", [1, 4]),
        ("state not in ('TX')", [1, 3]),
        ("\"Event ID\" in ('1', '2')", [0, 1]),
        ('"Event ID" = 3', [2]),
        ("kg > 0", [0, 2]),
        ("kg <= 0", [3, 4]),
        ("kg is null or kg = 0", [1, 3]),
        ("note is not null", [1, 2, 4]),
        ("note is null", [0, 3]),
        ("note = 'it''s'", [1]),
        ("note like 'meth%'", [4]),
        ("(state = 'TX' or state = 'AZ') and not kg > 0", [1, 4]),
        ("state = 'TX' or state = 'AZ' and kg > 0", [0, 4]),
        ("kg = -1", [4]),
        ("state >= 'TX'", [0, 4]),
    ],
)
def test_rows(expression, rows):
    assert [i for i, keep in enumerate(rows_where(TABLE, expression)) if keep] == rows


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("nope = 1", "no column 'nope'; there are state, Año"),
        ("state =", "a value is missing"),
        ("state = TX", "texts stand in single quotes"),
        ("state", "a comparison such as"),
        ("state = 'TX' kg", "'kg' is not expected there"),
        ("(state = 'TX'", r"\) is missing"),
        ("state = 'TX'; drop table", "is not understood"),
        ("__import__('os')", "no column"),
        ("", "ends too early"),
    ],
)
def test_what_is_wrong_is_said(expression, says):
    with pytest.raises(UsageError, match=says):
        rows_where(TABLE, expression)


def test_rows_keep_their_numbers(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,lon,lat\na,-106,31\nb,-107,31\nc,-108,31\n")
    reading = read(path, ReadOptions(where="lon < -106"))
    assert reading.row_numbers.tolist() == [3, 4]
    assert reading.excluded == 1
