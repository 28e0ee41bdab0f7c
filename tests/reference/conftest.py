"""Where the reference cases lie, and what the README beside them says of each.

``tests/reference/data`` holds the cases that this suite runs. The environment variable ``CONTRAFLOW_REFERENCE`` names
another folder of the same form. Every parameter of a case (ids, counts, radii, tolerances that a file states) is taken
from the case's own files, else from its row in the README there.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv

HERE = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def case_folder() -> Path:
    """Return the folder of the reference cases."""
    return Path(os.environ.get("CONTRAFLOW_REFERENCE") or HERE)


@pytest.fixture
def stated(case_folder, request):
    r"""Return a function that finds a number, or a file name, in the README row of the test's case.

    The case is the one in the name of the test's file. ``stated(r"distance ([\d.e-]+) m")`` gives a float.
    """
    case = re.match(r"test_(t\d\d)_", request.path.name)[1].upper()
    readme = next(f for f in (case_folder / "README.md", HERE / "README.md") if f.exists())
    row = next(line for line in readme.read_text("utf-8").splitlines() if re.match(rf"\| *{case} *\|", line))

    def find(pattern: str, kind: type = float):
        found = re.search(pattern, row)
        assert found, f"the row of {case} in {readme} says nothing like {pattern}"
        return kind(found[1])

    return find


@pytest.fixture
def read_rows(case_folder):
    """Return a function that reads a CSV file of the case; all columns are text, blank is null."""

    def read(name: str) -> pa.Table:
        path = case_folder / name
        names = csv.open_csv(path).schema.names
        kinds = csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        )
        return csv.read_csv(path, convert_options=kinds)

    return read


@pytest.fixture(params=[None, 1, 2], ids=["file order", "shuffled", "shuffled again"])
def in_order(request):
    """Return a function that puts rows in the order of the file or in some other."""

    def order(table: pa.Table) -> pa.Table:
        if request.param is None:
            return table
        return table.take(np.random.default_rng(request.param).permutation(len(table)))

    return order
