"""``contraflow layers``: what is embedded, as a table and for machines."""

from __future__ import annotations

import json


def test_every_embedded_table_states_its_provenance(run_cli):
    found = json.loads(run_cli("layers", "--json").stdout)
    assert {"ports", "crossings", "corridors", "violence", "documented_seizures", "border"} <= {
        f["name"] for f in found
    }
    for row in found:
        for part in ("title", "title_es", "period", "precision", "licence", "source"):
            assert row[part], (row["name"], part)
        assert row["rows"] > 0
    assert next(f for f in found if f["name"] == "ports")["rows"] == 28


def test_the_table_has_the_same_rows(run_cli):
    text = run_cli("layers").stdout
    for row in json.loads(run_cli("layers", "--json").stdout):
        assert row["name"] in text
