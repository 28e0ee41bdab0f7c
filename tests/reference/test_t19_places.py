"""T19: messy names of places to codes of ports and municipalities, in a gazetteer of the case's own."""

from __future__ import annotations

from geo.clean.gazetteer import Gazetteer, embedded


def test_t19(read_rows, stated):
    gazetteer = Gazetteer.of(read_rows("t19_gazetteer.csv"))
    queries = read_rows("t19_queries.csv").to_pylist()
    matches = {row["query"]: gazetteer.resolve(row["query"] or "") for row in queries}
    answerable = [row for row in queries if row["expected_code"] not in (None, "?")]
    assert len(answerable) == stated(r"of the (\d+) answerable", int)
    right = [row for row in answerable if matches[row["query"]].code == row["expected_code"]]
    assert len(right) >= stated(r"at least (\d+) %") / 100 * len(answerable)
    for row in queries:
        match = matches[row["query"]]
        if row["expected_code"] == "?":
            assert match.status == "ambiguous"
            assert len(match.candidates) > 1
            assert match.code is None
        elif row["expected_code"] is None:
            assert (match.status, match.code, match.candidates) == ("unknown", None, ())


def test_t19_among_all_places(read_rows, stated):
    """Three thousand places more do not change the answers."""
    queries = read_rows("t19_queries.csv").to_pylist()
    gazetteer = embedded()
    answerable = [row for row in queries if row["expected_code"] not in (None, "?")]
    right = [row for row in answerable if gazetteer.resolve(row["query"]).code == row["expected_code"]]
    assert len(right) >= stated(r"at least (\d+) %") / 100 * len(answerable)
    for row in queries:
        if row["expected_code"] in (None, "?"):
            match = gazetteer.resolve(row["query"] or "")
            assert match.status == ("ambiguous" if row["expected_code"] else "unknown")
