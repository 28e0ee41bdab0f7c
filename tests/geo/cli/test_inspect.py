"""``contraflow inspect``: text for people, JSON for machines, 1 where a file was refused."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def points(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,lon,lat,date,drug,kg\na,-110.97,31.34,2011-03-14,cocaine,12\nb,,,2011-03-15,heroin,1\n")
    return path


def test_the_text_has_a_section_for_each_question(points, run_cli):
    lines = run_cli("inspect", points).stdout.splitlines()
    assert lines[0] == "p.csv"
    labels = [line[2:13].strip() for line in lines[1:]]
    assert [label for label in labels if label] == [
        "reader", "encoding", "delimiter", "header", "crs", "columns", "unit", "dates", "units", "rows", "messages",
    ]  # fmt: skip
    text = "\n".join(lines)
    assert "longitude  lon   by its name" in text
    assert "overrule with --column ROLE=NAME" in text
    assert "2 read; 2 events made of them, 1 with a place" in text
    assert "1  no place on the map: no coordinates" in text
    assert "p.csv, row 3: no coordinates" in text


def test_a_refused_file_is_one_line_the_next_goes_on_and_the_exit_is_1(points, tmp_path, run_cli):
    bad = tmp_path / "bad.csv"
    bad.write_text("id,x,y\na,355000,3500000\nb,356000,3500100\n")
    result = run_cli("inspect", tmp_path / "none.csv", bad, points, code=1)
    errors = result.stderr.splitlines()
    assert len(errors) == 2
    assert "none.csv: no such file" in errors[0]
    assert "bad.csv" in errors[1]
    assert "--crs" in errors[1]
    assert result.stdout.startswith("p.csv")


def test_json_holds_every_file_and_nothing_else_is_printed(points, tmp_path, run_cli):
    result = run_cli("inspect", tmp_path / "none.csv", points, "--json", code=1)
    refused, found = json.loads(result.stdout)
    assert "no such file" in refused["refused"]
    assert found["file"] == "p.csv"
    assert found["dates"]["first"] == "2011-03-14"


def test_options_and_rejects_work_as_everywhere(points, tmp_path, run_cli):
    text = run_cli("inspect", points, "--column", "date=", "--where", "id == 'a'").stdout
    assert "none that is understood" in text
    assert "1  left out by --where" in text
    run_cli("inspect", points, "--rejects", tmp_path / "r.csv")
    assert "no coordinates" in (tmp_path / "r.csv").read_text()
    assert "no such column" in run_cli("inspect", points, "--column", "date=NONE", code=2).stderr


def test_what_a_file_says_does_not_steer_the_terminal(tmp_path, run_cli):
    path = tmp_path / "p.csv"
    path.write_text("id,lon,lat,evil\x1b[31m\na,-110.97,31.34,\x1b]0;x\x07\nb,zero\x1b[2J,31,x\n")
    result = run_cli("inspect", path)
    assert "\x1b" not in result.stdout
    assert "\x07" not in result.stdout
    assert "evil" in result.stdout


def test_a_raster_is_inspected_too(tmp_path, run_cli):
    import numpy as np
    import rasterio

    path = tmp_path / "r.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=4, height=2, count=1, dtype="float32", crs="EPSG:4326",
        transform=rasterio.Affine(0.5, 0, -112, 0, -0.5, 32),
    ) as raster:  # fmt: skip
        raster.write(np.arange(8, dtype="float32").reshape(2, 4), 1)
    text = run_cli("inspect", path).stdout
    assert "EPSG:4326 (WGS 84)" in text
    assert "4 x 2 cells of 0.5 x 0.5 degrees" in text
    assert "0 to 7, sum 28" in text
