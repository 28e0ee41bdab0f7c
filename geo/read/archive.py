"""Zip files: a zipped shapefile or table, a KMZ, and the workbooks that are zip files themselves.

Sizes are checked before anything is unpacked: a few kilobytes can unpack to terabytes.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from geo.errors import ReadError
from geo.read.reading import Guess, Reading, ReadOptions

MAX_UNPACKED_BYTES = 4 << 30
"""No table for one machine unpacks to more."""
MAX_RATIO = 1000
"""Deflate packs at most about 1030 to 1; above that, beyond small files, someone means harm."""
SMALL_BYTES = 64 << 20

_TABLES = (
    ".csv", ".tsv", ".txt", ".json", ".geojson", ".topojson", ".xlsx", ".xls", ".parquet", ".gpkg", ".fgb", ".kml",
    ".gpx",
)  # fmt: skip


def is_workbook(path: Path) -> bool:
    """Whether a zip file is an XLSX workbook."""
    names = {member.filename for member in _members(path)}
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)


def read_zip(path: Path, options: ReadOptions, read: Callable[[Path, ReadOptions], Reading]) -> Reading:
    """Return the one table or layer in a zip file.

    Parameters
    ----------
    path, options
        The file, and what the user says of it.
    read
        Reads the unpacked member.

    Raises
    ------
    ReadError
        It is damaged, too large, locked, or holds none or several.
    """
    members = _members(path)
    names = [member.filename for member in members]
    chosen = _chosen(path, names)
    if any(member.flag_bits & 1 for member in members if member.filename == chosen):
        raise ReadError(f"{path.name}: {chosen} in it is locked with a password; unpack it first")
    with tempfile.TemporaryDirectory(prefix="contraflow-") as folder:
        inner = _unpack(path, chosen, names, Path(folder))
        reading = read(inner, options)
    # Without its folders: they are nobody's business who gets a map of it.
    said = Guess("file in the zip", PurePosixPath(chosen).name, "the only table or layer in it")
    kind = "kmz" if path.suffix.lower() == ".kmz" else reading.format
    return replace(reading, name=path.name, format=kind, guesses=(said, *reading.guesses))


def _members(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ReadError(f"{path.name}: not a whole zip file ({error}); copy or download it again") from None
    check_sizes(path.name, members)
    return members


def check_sizes(name: str, members: list[zipfile.ZipInfo]) -> None:
    """Raise ReadError if the members would unpack to more than a table can be."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > SMALL_BYTES and unpacked > MAX_RATIO * max(packed, 1)):
        raise ReadError(f"{name}: unpacks to {unpacked / 1e9:,.1f} GB; unpack it and look what is in it")


def _chosen(path: Path, names: list[str]) -> str:
    """Return the member to read: a shapefile, else the only table."""
    usable = [name for name in names if not PurePosixPath(name).name.startswith((".", "__"))]
    usable = [name for name in usable if not name.startswith("__MACOSX/")]
    for endings in ((".shp",), _TABLES):
        found = [name for name in usable if PurePosixPath(name).suffix.lower() in endings]
        # A KMZ has its document first, others are linked from it.
        if path.suffix.lower() == ".kmz" and found:
            return next((name for name in found if name.lower() == "doc.kml"), found[0])
        if len(found) == 1:
            return found[0]
        if found:
            raise ReadError(f"{path.name}: holds {', '.join(sorted(found)[:6])}; unpack it and name one of them")
    listed = ", ".join(usable[:6]) or "nothing"
    raise ReadError(f"{path.name}: holds no table or layer (but {listed}); unpack it and name the file to read")


def _unpack(path: Path, chosen: str, names: list[str], folder: Path) -> Path:
    """Write the member, and the files that belong to it, under plain names into `folder`."""
    stem = PurePosixPath(chosen)
    if stem.suffix.lower() == ".shp":
        wanted = [name for name in names if PurePosixPath(name).with_suffix("") == stem.with_suffix("")]
    else:
        wanted = [chosen]
    with zipfile.ZipFile(path) as archive:
        for name in wanted:
            suffix = PurePosixPath(name).suffix.lower()
            _copy(archive, name, folder / f"{stem.stem}{suffix}", path.name)
    return folder / f"{stem.stem}{stem.suffix.lower()}"


def _copy(archive: zipfile.ZipFile, name: str, target: Path, shown: str) -> None:
    left = MAX_UNPACKED_BYTES
    try:
        with archive.open(name) as source, target.open("wb") as sink:
            while block := source.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise ReadError(f"{shown}: {name} in it unpacks to more than it says; do not trust the file")
                sink.write(block)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ReadError(f"{shown}: {name} in it cannot be unpacked ({error}); unpack it with another program") from None
