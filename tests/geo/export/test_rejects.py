"""The rows left out, as they are given back."""

from __future__ import annotations

import json
import os

import pyarrow as pa
import pytest

from geo.errors import SchemaError, UsageError
from geo.export.rejects import COLUMNS, write_rejects


@pytest.fixture
def problems():
    return pa.table(
        {
            "message": ["latitude 317 is out of range; check the decimal point", "no date"],
            "file": ["labs.csv", "labs.csv"],
            "row": [12, 40],
            "column": ["lat", None],
            "value": ["317", "=cmd"],
            "reason": ["out_of_range", "missing"],
            "action": ["dropped", "flagged"],
            "internal": [1, 2],
        }
    )


def test_rejects_are_one_row_a_problem_in_their_order(tmp_path, problems):
    write_rejects(problems, tmp_path / "rejects.csv")
    assert (tmp_path / "rejects.csv").read_text().splitlines() == [
        "file,row,column,value,reason,message,action",
        "labs.csv,12,lat,317,out_of_range,latitude 317 is out of range; check the decimal point,dropped",
        "labs.csv,40,,=cmd,missing,no date,flagged",
    ]


def test_a_value_stays_the_text_that_stood_in_the_input(tmp_path, problems):
    write_rejects(problems.slice(0, 1), tmp_path / "rejects.json")
    assert json.loads((tmp_path / "rejects.json").read_text())[0]["value"] == "317"


def test_no_problems_are_a_header(tmp_path, problems):
    write_rejects(problems.slice(0, 0), tmp_path / "rejects.csv")
    assert (tmp_path / "rejects.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_a_table_of_something_else_and_the_input_are_refused(tmp_path, problems):
    with pytest.raises(SchemaError, match="action missing"):
        write_rejects(problems.drop_columns(["action"]), tmp_path / "r.csv")
    with pytest.raises(UsageError, match="is an input"):
        write_rejects(problems, tmp_path / "r.csv", inputs=[tmp_path / "r.csv"])
    assert os.listdir(tmp_path) == []
