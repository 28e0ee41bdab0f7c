"""The UCDP events. Their faults are in tests/messy/lethal_events.csv; here are the figures of the real file."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
import pytest

from geo.clean import events, locate
from geo.read import read


@pytest.mark.data
def test_counts_of_the_public_file(public_data):
    reading = read(public_data / "violence" / "ucdp_ged_mexico_2004_2010.csv")
    assert reading.source == "ucdp"
    assert len(reading) == 4509
    located = locate(reading)
    found = events(reading, located)
    # 201 + 25 + 2 rows of where_prec 4 to 6, and 25 more that are what remained of a year.
    assert found.problems.by_reason("dropped") == {"place_vague": 228, "date_vague": 25}
    drawn = np.isfinite(located.longitude)
    assert int(drawn.sum()) == 4509 - 228 - 25
    best = np.array(reading.table["best"].to_pylist(), dtype=int)
    where = np.array(reading.table["where_prec"].to_pylist(), dtype=int)
    assert best.sum() == 18_709
    assert best[where <= 3].sum() == 13_138
    assert found.table["commodity"].null_count == len(found.table)
    assert found.table["quantity"].null_count == len(found.table)
    basis = {r["values"]: r["counts"] for r in pc.value_counts(found.table["location_basis"]).to_pylist()}
    assert basis == {"city": 1404, "reported": 91, "municipality": 2786, "state": 228}
    # Cells with line breaks shift the lines after them.
    assert reading.row_numbers[-1] > 4510
    assert "\n" in "".join(v for v in reading.table["where_description"].to_pylist() if v)
