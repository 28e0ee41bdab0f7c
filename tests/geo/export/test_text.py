"""A page is written like any other file."""

from __future__ import annotations

import os

import pytest

from geo.errors import UsageError
from geo.export.text import write_bytes, write_text


def test_bytes_and_text_arrive_as_they_are(tmp_path):
    write_bytes(b"<!doctype html>\r\n\x00", tmp_path / "a.html")
    write_text("Juárez\r\n", tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == b"<!doctype html>\r\n\x00"
    assert (tmp_path / "b.html").read_bytes() == "Juárez\r\n".encode()


def test_a_page_does_not_overwrite_an_input(tmp_path):
    with pytest.raises(UsageError, match="is an input"):
        write_bytes(b"page", tmp_path / "points.html", inputs=[tmp_path / "points.html"])
    assert os.listdir(tmp_path) == []
