"""What a layer prints of its sources agrees with seeds/SOURCES.csv, where they are written down."""

from __future__ import annotations

import re

import pytest

from geo.read import seeds
from layers import (
    border,
    boundaries,
    context,
    corridors,
    counties,
    crossings,
    enforcement,
    places,
    ports,
    seizures,
    violence,
)

NOTES = {
    "border": border.BORDER,
    "us_states": boundaries.US_STATES,
    "mx_states": boundaries.MX_STATES,
    "us_counties": counties.COUNTIES,
    "places": places.PLACES,
    "violence": violence.HOMICIDES,
    "corridors": corridors.CORRIDORS,
    "enforcement": enforcement.OFFICES,
    "crossings": crossings.CROSSINGS,
    "ports": ports.PORTS,
    "port_traffic": ports.TRAFFIC,
    "context": context.EVENTS,
    "documented_seizures": seizures.DOCUMENTED,
}


@pytest.mark.parametrize("name", NOTES)
def test_periods_and_precisions_are_those_written_down(name):
    written = next(row for row in seeds.catalogue() if row["name"] == name)
    note = NOTES[name]
    years, known = re.findall(r"\b(?:19|20)\d\d\b", note.period), written["period"]
    assert years or name == "context"
    assert set(years) <= set(re.findall(r"\b(?:19|20)\d\d\b", known)), (note.period, known)
    numbers = re.findall(r"\d[\d.,]*(?= (?:m|km)\b)", note.precision)
    assert set(numbers) <= set(re.findall(r"\d[\d.,]*(?= (?:m|km)\b)", written["precision"])), note.precision


def test_words_that_a_licence_asks_for_are_printed():
    for name, note in NOTES.items():
        written = next(row for row in seeds.catalogue() if row["name"] == name)["licence"]
        if "CC BY 4.0" in written:
            assert "CC BY 4.0" in note.licence, name
            assert "GeoNames" in note.name, name
        if "with attribution" in written:
            assert "attribution" in note.licence, name
