"""A new layer is one new file: the example of docs/adding-a-layer.md, run as it stands there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import layers
from geo.errors import SchemaError, UsageError

DOC = Path(__file__).parent.parent.parent / "docs" / "adding-a-layer.md"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a folder of further layers; what is put there is found, and forgotten after the test."""
    monkeypatch.setattr(layers, "__path__", [*layers.__path__, str(tmp_path)])
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("layers."):
            del sys.modules[name]
            delattr(layers, name.removeprefix("layers."))


@pytest.fixture
def example() -> str:
    return re.search(r"```python\n(.*?)```", DOC.read_text("utf-8"), re.S)[1]


def test_the_example_is_found_built_released_and_encoded(folder, example, made):
    from geo.encode.payload import encode

    assert "rail" not in layers.available()
    (folder / "rail.py").write_text(example, "utf-8")
    assert "rail" in layers.available()
    layer = layers.get("rail")
    released = made.build(layer, made.tables(layer))
    crossings = made.embedded("crossings").to_pylist()
    rail = [c for c in crossings if "rail" in c["kind"]]
    assert len(released) == sum(c["longitude"] is not None for c in rail) == 6
    assert released.dropped == {"without a place": 2}
    assert released.table.schema.names == ["longitude", "latitude", "name", "accuracy_m", "source", "_class"]
    assert [part["name"] for part in encode([released]).index["layers"]] == ["rail"]


def test_the_example_keeps_the_contract(folder, example, made):
    from geo.layer_check import layer_faults

    (folder / "rail.py").write_text(example, "utf-8")
    layer = layers.get("rail")
    assert layer_faults(layer) == []
    tables = made.tables(layer)
    assert made.build(layer, tables).table.equals(made.build(layer, made.shuffled(tables)).table)
    assert len(made.build(layer, made.no_rows(tables))) == 0
    made.build(layer, made.hostile(tables))


def test_a_module_without_a_layer_is_named(folder):
    (folder / "empty.py").write_text("LAYERS = ()\n", "utf-8")
    with pytest.raises(SchemaError, match=r"layers/empty\.py has no LAYER"):
        layers.available()


def test_two_layers_of_one_name_are_named(folder, example):
    (folder / "rail.py").write_text(example, "utf-8")
    (folder / "trains.py").write_text(example, "utf-8")
    with pytest.raises(SchemaError, match=r"layers/trains\.py and layers/rail\.py are both named 'rail'"):
        layers.available()


def test_all_faults_of_a_declaration_are_told_at_once(folder, example):
    broken = (
        example.replace('name="rail"', 'name="Rail Lines"')
        .replace('"es": "Cruces ferroviarios"', '"es": ""')
        .replace('group="border"', 'group="trains"')
    )
    (folder / "rail.py").write_text(broken, "utf-8")
    with pytest.raises(SchemaError) as caught:
        layers.available()
    for fault in ("name 'Rail Lines'", "title has no words in 'es'", "group 'trains'"):
        assert fault in str(caught.value)


def test_a_module_whose_name_begins_with_an_underscore_is_no_layer(folder):
    before = layers.available()
    (folder / "_helpers.py").write_text("raise RuntimeError('not to be imported')\n", "utf-8")
    assert layers.available() == before


def test_an_entry_point_of_another_distribution_is_found(tmp_path, monkeypatch, example, made):
    (tmp_path / "their_layers.py").write_text(example, "utf-8")
    info = tmp_path / "their_layers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-layers\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[contraflow.layers]\nrail = their_layers\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert "rail" in layers.available()
    assert len(made.build(layers.get("rail"), made.tables(layers.get("rail")))) == 6
    monkeypatch.delitem(sys.modules, "their_layers")


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match=r"no layer 'seizure'; it should be one of .*seizures"):
        layers.get("seizure")
