"""Several files as one set of points: rows follow each other, ids stay apart, types meet."""

from __future__ import annotations

import numpy as np

from geo.gather import embedded, gather, years


def write(path, text):
    path.write_text(text)
    return str(path)


def test_events_of_two_files_that_both_count_from_one_stay_apart(tmp_path):
    one = write(tmp_path / "one.csv", "id,lon,lat\n1,-110.97,31.34\n2,-110.97,31.34\n")
    two = write(tmp_path / "two.csv", "id,lon,lat\n2,-99.5,27.5\n3,-99.5,27.5\n")
    events = gather([one, two]).events
    assert events["event_id"].to_pylist() == ["1", "2", "two.csv#2", "two.csv#3"]


def test_files_of_one_name_in_several_folders_stay_apart(tmp_path):
    paths = []
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
        paths.append(write(tmp_path / folder / "p.csv", "id,lon,lat\n1,-110.97,31.34\n"))
    assert gather(paths).events["event_id"].to_pylist() == ["1", "p.csv#1", "p.csv(2)#1"]


def test_a_column_of_the_users_called_input_file_stays_theirs(tmp_path):
    one = write(tmp_path / "one.csv", "id,lon,lat,input_file\na,-110.97,31.34,theirs\n")
    two = write(tmp_path / "two.csv", "id,lon,lat\nb,-99.5,27.5\n")
    rows = gather([one, two]).rows
    assert rows["input_file"].to_pylist() == ["theirs", None]
    assert rows["input_file_joined"].to_pylist() == ["one.csv", "two.csv"]


def test_columns_that_one_file_lacks_are_blank_and_types_that_differ_become_text(tmp_path):
    one = write(tmp_path / "one.csv", "id,lon,lat,kg\na,-110.97,31.34,5\n")
    two = write(tmp_path / "two.json", '[{"id": "b", "lon": -99.5, "lat": 27.5, "kg": 7, "more": true}]')
    rows = gather([one, two]).rows
    assert rows["kg"].to_pylist() == ["5", "7"]
    assert rows["more"].to_pylist()[0] is None
    assert rows["input_file"].to_pylist() == ["one.csv", "two.json"]


def test_points_are_none_where_there_is_no_place(tmp_path):
    gathered = gather([write(tmp_path / "p.csv", "id,lon,lat\na,-110.97,31.34\nb,,\n")])
    assert [None if g is None else (g.x, g.y) for g in gathered.geometry] == [(-110.97, 31.34), None]


def test_each_input_is_told_by_name_rows_and_checksum(tmp_path):
    import hashlib

    path = write(tmp_path / "p.csv", "id,lon,lat\na,-110.97,31.34\n")
    (told,) = gather([path]).files
    assert (told.name, told.rows) == ("p.csv", 1)
    assert told.told()["sha256"] == hashlib.sha256((tmp_path / "p.csv").read_bytes()).hexdigest()


def test_the_embedded_seizures_have_a_year_and_a_precision_each():
    gathered = embedded()
    assert np.isfinite(gathered.precision_m).all()
    found = years(gathered.events)
    assert (found.min(), found.max()) == (2006, 2025)


def test_a_total_is_told_as_one_and_stays_in_its_row(tmp_path):
    path = write(tmp_path / "p.csv", "id,lon,lat,kg\n1,-110.97,31.34,5\nTotal,,,5\n")
    gathered = gather([path])
    assert gathered.rows["id"].to_pylist() == ["1", "Total"]
    assert gathered.problems.by_reason("dropped") == {"total_row": 1}
