"""The handling mark reads as it was given, on one line, and is never lost in silence."""

from __future__ import annotations

import logging

import pytest

from geo.errors import UsageError
from geo.privacy.mark import MAX_LENGTH, handling_mark, mark_of_inputs


@pytest.mark.parametrize(
    ("given", "mark"),
    [
        (None, ""),
        ("", ""),
        ("  \n", ""),
        ("LAW ENFORCEMENT SENSITIVE", "LAW ENFORCEMENT SENSITIVE"),
        ("  FOUO \t NOFORN\n", "FOUO NOFORN"),
        ("USO RESTRINGIDO — Fiscalía", "USO RESTRINGIDO — Fiscalía"),
        ("<b>LES</b> {{7*7}}", "<b>LES</b> {{7*7}}"),
        ("x" * MAX_LENGTH, "x" * MAX_LENGTH),
    ],
)
def test_a_mark_stays_as_it_is(given, mark):
    assert handling_mark(given) == mark


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("LES\nPublic", "more than one line"),
        ("LES\u2028Public", "more than one line"),
        ("x" * 121, "has 121 characters; at most 120"),
        ("not \u202eSEL\u202c public", r"U\+202E"),
        ("L\u200bES", r"U\+200B"),
        ("L\0ES", r"U\+0000"),
        ("\ud800 LES", r"U\+D800"),
    ],
)
def test_a_mark_that_would_not_read_as_given_is_refused(given, fault):
    with pytest.raises(UsageError, match=fault):
        handling_mark(given)


def test_without_a_mark_given_the_output_carries_those_of_its_inputs():
    assert mark_of_inputs("", ["LES", None, "FOUO", " LES "]) == "FOUO / LES"
    assert mark_of_inputs(None, [None, ""]) == ""


def test_a_mark_that_replaces_others_is_logged(caplog):
    with caplog.at_level(logging.WARNING):
        assert mark_of_inputs("PUBLIC", ["LES", "PUBLIC"]) == "PUBLIC"
    assert "'PUBLIC' replaces those of the inputs: 'LES'" in caplog.text


def test_marks_that_do_not_fit_together_are_refused():
    with pytest.raises(UsageError, match="give one with --handling"):
        mark_of_inputs(None, ["a" * 80, "b" * 80])


def test_a_mark_of_an_input_that_cannot_be_printed_says_how_to_go_on():
    with pytest.raises(UsageError, match=r"inputs' own: .*more than one line.*--handling"):
        mark_of_inputs(None, ["LES\nnot for release"])
    assert mark_of_inputs("LES", ["LES\nnot for release"]) == "LES"
