"""What a file is, from its first bytes, and what its text is written in.

The content decides, the extension only settles what content leaves open (GPX and KML are both XML). Encodings
are told apart among those in which English and Spanish files come: Unicode with or without a mark, and the
Western code pages. UTF-8 is a strict test; code pages are not, so the one is taken under which the bytes
beyond ASCII read as letters of Spanish most often, and a sample is shown for the user to judge.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from itertools import islice
from pathlib import Path

from geo.errors import ReadError, UsageError
from geo.read.reading import Guess

HEAD_BYTES = 4096

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"),
    (b"fgb\x03", "fgb"),
    (b"SQLite format 3\x00", "gpkg"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"\x00\x00\x27\x0a", "shp"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"II+\x00", "tif"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"ARROW1", "arrow"),
)

_REFUSED = {
    "tif": "is a raster; give it with --raster",
    "pdf": "is a PDF; save the table in it as CSV or XLSX",
    "png": "is a picture; a table or a layer is needed",
    "jpg": "is a picture; a table or a layer is needed",
    "gz": "is gzip-compressed; unpack it first",
    "bz2": "is bzip2-compressed; unpack it first",
    "7z": "is a 7z archive; unpack it first",
    "rar": "is a RAR archive; unpack it first",
    "arrow": "is an Arrow file; save it as Parquet",
    "html": "is a web page, not a table; open it in a browser and save the data themselves",
    "xml": "is XML, but neither KML nor GPX",
    "binary": "is a binary file of an unknown kind; CSV, XLSX, GeoJSON, GeoPackage and others are read",
}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Code pages seen in files of the two countries, in order of preference where they read equally well:
# Windows, the Mac of old Excel, DOS.
_CODE_PAGES = ("cp1252", "mac_roman", "cp850")
_SPANISH = frozenset("áéíóúñüÁÉÍÓÚÑÜ¿¡°ºª–—‘’“”…")


def format_of(path: Path, head: bytes) -> str:
    """Return the format of a file from its first bytes and, where they leave it open, its extension.

    Raises
    ------
    ReadError
        Names what the file is where it is nothing that can be read, and what to do.
    """
    found = _format_of(path, head)
    if found == "binary" and (row := _row_of_zero(head)) is not None:
        raise ReadError(f"{path.name}, row {row}: holds a zero byte, as no text does; take it out, or save it again")
    if found in _REFUSED:
        raise ReadError(f"{path.name}: {_REFUSED[found]}")
    return found


def is_tiff(head: bytes) -> bool:
    """Whether the first bytes are those of a TIFF, as GeoTIFF is one."""
    return any(head.startswith(magic) for magic, name in _MAGIC if name == "tif")


def _format_of(path: Path, head: bytes) -> str:
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if any(head.startswith(bom) for bom, _ in _BOMS[1:]) or _utf16(head):
        return "text"
    text = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    marked = _markup(path, text) if text.startswith(b"<") else None
    if marked:
        return marked
    if text.startswith((b"{", b"[{")) or (text.startswith(b"[") and path.suffix.lower().endswith("json")):
        return "json"
    return "binary" if b"\x00" in head or _control_share(head) > 0.02 else "text"


def _row_of_zero(head: bytes) -> int | None:
    """Return the line of the first zero byte in what is a text but for a few; None where it is no text at all."""
    if b"\x00" not in head or _control_share(head) * len(head) > max(3, 0.02 * len(head)):
        return None
    return head[: head.index(b"\x00")].count(b"\n") + 1


def _markup(path: Path, text: bytes) -> str | None:
    """Name a file that begins like markup; None where it only begins with the sign."""
    for mark, name in ((b"<kml", "kml"), (b"<gpx", "gpx"), (b"<!doctype html", "html"), (b"<html", "html")):
        if mark in text:
            return name
    if text.startswith(b"<?xml"):
        return {".kml": "kml", ".gpx": "gpx"}.get(path.suffix.lower(), "xml")
    return "html" if b"<table" in text else None


def _control_share(head: bytes) -> float:
    """Share of bytes that text does not hold (control characters other than blanks and line ends)."""
    odd = sum(1 for byte in head if byte < 32 and byte not in (9, 10, 11, 12, 13, 26, 27))
    return odd / max(len(head), 1)


def _utf16(head: bytes) -> str | None:
    """Name UTF-16 without a mark: every second byte of ASCII text is zero."""
    if len(head) < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def to_utf8(data: bytes, name: str, encoding: str | None = None) -> tuple[bytes, tuple[Guess, ...]]:
    """Return `data` as UTF-8 without a mark, and the encoding it was in.

    Parameters
    ----------
    data
        Content of a text file.
    name
        Name of the file, for messages.
    encoding
        What the user said; None to find out.

    Raises
    ------
    UsageError
        The encoding is none that exists.
    ReadError
        The file is not written in `encoding`; the message names the line.
    """
    if encoding is not None:
        return _decoded(data, name, encoding), ()
    wide = _wide(data)
    if wide is not None:
        return _decoded(data, name, wide.value), (wide,)
    if data.isascii():
        return data, ()
    if not _is_utf8(data):
        return _code_page(data)
    if data.startswith(codecs.BOM_UTF8):
        return data[3:], (Guess("encoding", "UTF-8", "byte order mark at the start"),)
    return data, (Guess("encoding", "UTF-8", "all of it is valid UTF-8"),)


def _wide(data: bytes) -> Guess | None:
    """Recognise encodings of two and four bytes a character."""
    marked = next((found for bom, found in _BOMS[1:] if data.startswith(bom)), None)
    if marked:
        return Guess("encoding", marked.upper(), "byte order mark at the start")
    bare = _utf16(data[:HEAD_BYTES])
    return Guess("encoding", bare.upper(), "every second byte is zero") if bare else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, name: str, encoding: str) -> bytes:
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode("utf-8", "surrogatepass")
    except LookupError:
        raise UsageError(
            f"--encoding {encoding}: no such encoding; utf-8, utf-16, cp1252 and latin-1 are usual"
        ) from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ReadError(
            f"{name}, row {line}: byte 0x{data[error.start]:02x} is not {encoding};"
            " leave --encoding out to let it be found"
        ) from None


def _mixed(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are not UTF-8 as Windows text."""
    if not isinstance(error, UnicodeDecodeError):  # pragma: no cover - only decoding uses it
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("contraflow-mixed", _mixed)


def _code_page(data: bytes) -> tuple[bytes, tuple[Guess, ...]]:
    """Choose the code page under which the bytes beyond ASCII read as Spanish letters most often."""
    pairs = len(re.findall(rb"[\xc3][\x80-\xbf]|[\xc2][\xa0-\xbf]", data))
    beyond = Counter(byte for byte in data if byte > 127) if len(data) < 1 << 16 else _beyond(data)
    if pairs * 2 > 0.5 * sum(beyond.values()):
        text = data.decode("utf-8", "contraflow-mixed")
        reason = f"mostly UTF-8; the other bytes read as cp1252, for example {_sample(text)!r}"
        return text.encode("utf-8"), (Guess("encoding", "UTF-8 and cp1252 mixed", reason),)

    def score(page: str) -> int:
        letters = {byte: bytes([byte]).decode(page, "replace") for byte in beyond}
        return sum(n if letters[byte] in _SPANISH else -n for byte, n in beyond.items())

    # `max` keeps the first of equals, and they stand in order of preference.
    page = max(_CODE_PAGES, key=score)
    # Bytes 80 to 9f are control characters in latin-1 and letters or marks in cp1252.
    name = "latin-1" if page == "cp1252" and min(beyond) > 0x9F else page
    text = data.decode("latin-1" if name == "latin-1" else page, "replace")
    reason = f"not UTF-8; read so, it says for example {_sample(text)!r}"
    return text.encode("utf-8"), (Guess("encoding", name, reason),)


def _beyond(data: bytes) -> Counter[int]:
    import numpy as np

    counts = np.bincount(np.frombuffer(data, np.uint8), minlength=256)
    return Counter({byte: int(counts[byte]) for byte in range(128, 256) if counts[byte]})


def _sample(text: str) -> str:
    """Return a word with a letter beyond ASCII, the longest of the first few: short ones show little."""
    words = list(islice((m.group() for m in re.finditer(r"[^\s,;|\"']*[^\x00-\x7f][^\s,;|\"']*", text)), 20))
    return max(words, key=len, default="")[:40]
