"""The command group: exit codes, one-line errors, a traceback only when asked for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def test_an_error_is_one_line_that_names_the_file_and_leaves_with_1(run_cli):
    result = run_cli("join", "no_such_file.csv", "-o", "out.csv", code=1)
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("contraflow: ")
    assert "no_such_file.csv" in lines[0]
    assert result.stdout == ""


def test_wrong_usage_leaves_with_2(run_cli, tmp_path):
    run_cli("map", "--lang", "fr", code=2)
    run_cli("nosuchcommand", code=2)
    run_cli("map", "-o", tmp_path / "map.pdf", code=2)
    assert "-o" in run_cli("join", "points.csv", code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["map", "--lang", "fr"], "'fr' is not one of"),
        (["nosuchcommand"], "No such command"),
        (["--nosuchoption"], "No such option"),
        (["join"], "Missing argument"),
        (["join", "p.csv", "-o", "-", "--areas", "a=x", "--areas", "a=y"], "give each its own"),
    ],
)
def test_wrong_usage_is_one_line_too(run_cli, arguments, said):
    (line,) = run_cli(*arguments, code=2).stderr.splitlines()
    assert line.startswith("contraflow: ")
    assert said in line
    assert line.endswith("--help")


def test_no_words_at_all_show_the_help(run_cli):
    assert "Commands:" in run_cli(code=2).output


def test_a_zone_that_does_not_exist_is_refused_even_where_none_is_needed(run_cli, tmp_path):
    points = tmp_path / "p.csv"
    points.write_text("id,lon,lat\na,-110.97,31.34\n")
    assert "--tz Mars/Base: no such zone" in run_cli("join", points, "-o", "-", "--tz", "Mars/Base", code=2).stderr


def test_areas_and_rasters_may_be_none(run_cli, tmp_path):
    points = tmp_path / "p.csv"
    points.write_text("id,lon,lat\na,-110.97,31.34\n")
    plain = run_cli("join", points, "-o", "-").stdout
    assert run_cli("join", points, "-o", "-", "--areas", "none", "--raster", "none").stdout == plain


def test_a_traceback_is_shown_with_vv_only(run_cli):
    assert "Traceback" not in run_cli("join", "missing.csv", "-o", "-", "-v", code=1).stderr
    assert "Traceback" in run_cli("join", "missing.csv", "-o", "-", "-vv", code=1).stderr


def test_a_fault_of_the_program_says_that_it_is_one(run_cli, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("geo.pipeline.draw", broken)
    result = run_cli("map", code=1)
    assert "fault of contraflow" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [["contraflow"], [sys.executable, "-m", "contraflow"]])
def test_the_command_and_the_module_are_the_same(command):
    from contraflow import __version__

    if command == ["contraflow"]:
        command = [str(__import__("pathlib").Path(sys.executable).parent / "contraflow")]
    done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"contraflow {__version__}"


def test_help_lists_every_command_and_an_example(run_cli):
    from geo.cli.main import COMMANDS

    text = run_cli("--help").stdout
    assert all(name in text for name in COMMANDS)
    for name in COMMANDS:
        assert "Example" in run_cli(name, "--help").stdout or name == "layers"


def test_pandas_is_not_imported_to_draw_a_map(tmp_path):
    """It would take longer than the whole map; see geo/cli/quick.py."""
    code = (
        "import sys, contraflow\n"
        f"sys.argv = ['contraflow', 'map', '-q', '-o', {str(tmp_path / 'm.html')!r}]\n"
        "try: contraflow.main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "loaded = {'pandas', 'geopandas', 'folium', 'esda', 'libpysal', 'rasterio'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(loaded)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_quiet_says_nothing_and_json_says_it_all_on_standard_output(run_cli, tmp_path):
    points = tmp_path / "p.csv"
    points.write_text("id,lon,lat\na,-110.97,31.34\nb,,\n")
    result = run_cli("join", points, "-o", tmp_path / "j.csv", "-q", "--json")
    assert result.stderr == ""
    summary = json.loads(result.stdout)
    assert (summary["rows_read"], summary["rows_placed"], summary["dropped"]) == (2, 1, {"missing": 1})
    # with the table itself on standard output, the summary goes to standard error
    result = run_cli("join", points, "-o", "-", "-q", "--json")
    assert result.stdout.startswith("id,lon,lat,port_code")
    assert json.loads(result.stderr)["output"] == "-"


def test_an_output_that_cannot_be_is_refused_before_the_work(run_cli, tmp_path, monkeypatch):
    points = tmp_path / "p.csv"
    points.write_text("id,lon,lat\na,-110.97,31.34\n")

    def worked(*_args):
        raise AssertionError("the join was made for nothing")

    monkeypatch.setattr("geo.pipeline.join", worked)
    assert "is an input" in run_cli("join", points, "-o", points, code=2).stderr
    assert "no format .foo" in run_cli("join", points, "-o", tmp_path / "x.foo", code=2).stderr
    assert "no folder" in run_cli("join", points, "-o", tmp_path / "none" / "x.csv", code=1).stderr
    assert points.read_text().startswith("id,lon,lat")


def test_source_date_epoch_dates_what_must_be_dated(run_cli, tmp_path, monkeypatch):
    import sqlite3

    points = tmp_path / "p.csv"
    points.write_text("id,lon,lat\na,-110.97,31.34\n")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1262304000")
    run_cli("join", points, "-o", tmp_path / "j.gpkg")
    with sqlite3.connect(tmp_path / "j.gpkg") as file:
        assert file.execute("select last_change from gpkg_contents").fetchone()[0].startswith("2010-01-01")
    file.close()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert "SOURCE_DATE_EPOCH" in run_cli("join", points, "-o", tmp_path / "j.gpkg", code=2).stderr
