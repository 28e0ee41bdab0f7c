"""What a file is, and what it is written in."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import ReadError, UsageError
from geo.read.sniff import format_of, to_utf8


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"a,b\n1,2\n", "x.dat", "text"),
        (b"PAR1....", "x.csv", "parquet"),
        (b"SQLite format 3\x00", "x", "gpkg"),
        (b"fgb\x03fgb\x01", "x", "fgb"),
        (b"PK\x03\x04", "x.xlsx", "zip"),
        (b'{"type": "FeatureCollection"', "x.txt", "json"),
        (b'[{"a": 1}]', "x", "json"),
        (b"[a],b\n1,2\n", "x.csv", "text"),
        (b'<?xml version="1.0"?><kml xmlns="x">', "x", "kml"),
        (b'<?xml version="1.0"?>\n<!-- long comment -->', "x.gpx", "gpx"),
        (b"\xff\xfea\x00,\x00", "x.csv", "text"),
        ("lugar,n\nJuárez,1".encode("utf-16-le"), "x.csv", "text"),
        (b"<5 kg,b\n1,2\n", "x.csv", "text"),
    ],
)
def test_content_decides(head, name, kind):
    assert format_of(Path(name), head) == kind


@pytest.mark.parametrize("head", [b"id,lon\n1,2\nb,her\x00oin\n", b"id,lon\n1,2\n" + b"x,y\x00\n" + b"3,4\n" * 500])
def test_a_zero_byte_in_a_text_is_named_with_its_row(head):
    with pytest.raises(ReadError, match=r"x\.csv, row 3: holds a zero byte"):
        format_of(Path("x.csv"), head)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"<!DOCTYPE html><html>", "web page"),
        (b"%PDF-1.7", "PDF"),
        (b"II*\x00....", "--raster"),
        (b"\x89PNG\r\n", "picture"),
        (b"\x1f\x8b\x08", "gzip"),
        (bytes(range(256)), "binary"),
        (b"<?xml version='1.0'?><note/>", "neither KML nor GPX"),
    ],
)
def test_what_is_no_table_is_named(head, says):
    with pytest.raises(ReadError, match=says) as caught:
        format_of(Path("x.csv"), head)
    assert str(caught.value).startswith("x.csv: ")


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"), ("cp1252", "latin-1"), ("latin-1", "latin-1"), ("mac_roman", "mac_roman"),
        ("cp850", "cp850"),
    ],
)  # fmt: skip
def test_spanish_text_is_told_from_its_bytes(encoding, named):
    text = "Municipio,Estado\nCd. Juárez,México\nLa Unión,Nuevo León\nPeñasco,Sonora\nAñelo,Coahuila\n"
    data, guesses = to_utf8(text.encode(encoding), "x.csv")
    assert data.decode() == text
    assert guesses[0].value == named


def test_marks_that_only_windows_has():
    data, guesses = to_utf8("a\n“Juárez” – 5 €\n".encode("cp1252"), "x.csv")
    assert data.decode() == "a\n“Juárez” – 5 €\n"
    assert guesses[0].value == "cp1252"
    assert "Juárez" in guesses[0].reason


def test_a_wrong_encoding_names_the_row():
    with pytest.raises(ReadError, match=r"x.csv, row 2: byte 0xe1 is not utf-8"):
        to_utf8("a\nJuárez\n".encode("latin-1"), "x.csv", "utf-8")
    with pytest.raises(UsageError, match="--encoding klingon: no such encoding"):
        to_utf8(b"a", "x.csv", "klingon")
