"""What the README says is true: its commands run, its options exist, its columns come out, its picture is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
SHELL = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]


def commands() -> dict[str, click.Command]:
    from geo.cli.main import COMMANDS, cli

    context = click.Context(cli)
    return {name: cli.get_command(context, name) for name in COMMANDS}


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Make a folder with the files that the examples name, and go there."""
    import numpy as np
    import openpyxl
    import rasterio

    rows = [("id", "lon", "lat", "date", "drug", "kg"), ("a", -110.97, 31.34, "2011-03-14", "cocaine", 12)]
    (tmp_path / "seizures.csv").write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "seizures.xlsx")
    square = "[[[-112,31],[-110,31],[-110,32],[-112,32],[-112,31]]]"
    for name in ("counties", "municipalities"):
        (tmp_path / f"{name}.geojson").write_text(
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"x","name":"Square"},'
            f'"geometry":{{"type":"Polygon","coordinates":{square}}}}}]}}'
        )
    with rasterio.open(
        tmp_path / "deaths.tif", "w", driver="GTiff", width=4, height=2, count=1, dtype="float32",
        crs="EPSG:4326", transform=rasterio.Affine(0.5, 0, -112, 0, -0.5, 32),
    ) as raster:  # fmt: skip
        raster.write(np.arange(8, dtype="float32").reshape(2, 4), 1)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("contraflow ")])
def test_every_command_line_of_the_readme_runs(line, desk, run_cli):
    words = shlex.split(line)
    run_cli(*words[1:])
    if "-o" in words and (target := words[words.index("-o") + 1]) != "-":
        assert (desk / target).stat().st_size > 0


def test_the_setup_line_of_the_readme_ends_in_the_main_job(desk, run_cli):
    assert SHELL[0].endswith("&& .venv/bin/contraflow map")
    run_cli("map")
    assert (desk / "contraflow.html").read_bytes().startswith(b"<!DOCTYPE html>")


def test_the_readme_lists_the_commands_that_there_are():
    table = re.findall(r"^\| `contraflow (\w+)` \|", README, re.MULTILINE)
    assert table == list(commands())


def test_every_option_that_the_readme_names_exists():
    known = {name for command in commands().values() for p in command.params for name in (*p.opts, *p.secondary_opts)}
    named = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", README))
    assert named
    assert named <= known, named - known


def test_every_joined_column_that_the_readme_names_comes_out(desk, run_cli):
    run_cli("join", "seizures.csv", "--areas", "counties.geojson", "--raster", "deaths.tif", "-o", "joined.csv")
    header = (desk / "joined.csv").read_text().splitlines()[0].split(",")
    table = README.split("### What the joins add")[1].split("All distances")[0]
    named = [name for cell in re.findall(r"`([^`]*)`", table) if "--" not in cell for name in re.split(r"[, …]+", cell)]
    assert len(named) > 20
    assert set(named) <= set(header), set(named) - set(header)


def test_the_python_of_the_readme_runs(desk):
    code = next(block for kind, block in BLOCKS if kind == "python")
    names: dict[str, object] = {}
    exec(code, names)
    assert len(names["joined"]) == 1
    assert (desk / "map.html").stat().st_size > 0


def test_the_links_and_the_picture_of_the_readme_are_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_readme_names_the_formats_that_can_be_written():
    from geo.export.write import FORMATS

    listed = set(re.findall(r"\.\w+", re.search(r"or a table as `([^`]*)`", README)[1]))
    assert listed == {f".{name}" for name in FORMATS}


def test_the_readme_names_every_published_file_that_is_known():
    from geo.read.sources import adapters

    text = " ".join(README.split())
    assert [adapter.TITLE for adapter in adapters() if adapter.TITLE not in text] == []
