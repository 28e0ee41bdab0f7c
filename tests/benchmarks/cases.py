"""What is compared: each case gives the commands to run for one size.

``start``  the command line's help against a bare import of click
``build``  points to one HTML map; contraflow joins them too, its peers only draw
``join``   points to a joined CSV: nearest port, nearest corridor, polygon; the peer's are planar
``read``   a file to a table with places; of a million points as CSV, to standard events, against pandas alone
``write``  a table to a file
``page``   a made page in a headless browser: first points, frames, settling (`page`)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import Contender

GEOPANDAS = ("geopandas", "pandas")
LARGE = 1_000_000
"""Points from which on one format is enough."""


@dataclass(frozen=True)
class Setting:
    """Where the data are and which Pythons run what."""

    folder: Path
    python: str = sys.executable
    peers: str = sys.executable
    """The Python that has the peers; another one where they do not get along with ours."""

    def points(self, size: int, suffix: str = ".csv") -> Path:
        """Return the file of `size` points."""
        return self.folder / f"points_{size}{suffix}"

    def peer(self, job: str, tool: str, *paths: Path) -> tuple[str, ...]:
        """Return the command for a function of `peers`."""
        return (self.peers, "-m", "tests.benchmarks.peers", job, tool, *map(str, paths))


def start(setting: Setting, _size: int) -> list[Contender]:
    """Print the help, against importing click."""
    return [
        Contender("start", "contraflow --help", (setting.python, "-m", "contraflow", "--help")),
        Contender("start", "import click", (setting.python, "-c", "import click")),
    ]


def _ours(setting: Setting, command: str, points: Path, out: Path) -> tuple[str, ...]:
    return (
        setting.python, "-m", "contraflow", command, str(points), "-o", str(out), "-q",
        "--ports", str(setting.folder / "ports.csv"), "--corridors", str(setting.folder / "corridors.geojson"),
        "--areas", str(setting.folder / "polygons.geojson"), "--violence", "none",
    )  # fmt: skip


def build(setting: Setting, size: int) -> list[Contender]:
    """Make one HTML map."""
    case, points = f"build {size:,}", setting.points(size)

    def out(name: str) -> Path:
        return setting.folder / f"{name}_{size}.html"

    found = [
        Contender(
            case, "contraflow", _ours(setting, "map", points, out("contraflow")), out("contraflow"), note="joins"
        ),
    ]
    tools = {
        "lonboard": ("lonboard",),
        "folium_fast": ("folium",),
        "geopandas": ("folium", "mapclassify", "matplotlib"),
    }
    if size <= 10_000:  # a marker a point takes minutes and over 100 MB beyond
        tools["folium"] = ("folium",)
    for tool, needs in tools.items():
        command = setting.peer("map", tool, setting.folder, points, out(tool))
        found.append(Contender(case, tool, command, out(tool), (*needs, *GEOPANDAS), "draws only"))
    return found


def join(setting: Setting, size: int) -> list[Contender]:
    """Make one joined CSV."""
    case, points = f"join {size:,}", setting.points(size)
    ours, theirs = (setting.folder / f"joined_{who}_{size}.csv" for who in ("contraflow", "geopandas"))
    peer = setting.peer("join", "geopandas", setting.folder, points, theirs)
    return [
        Contender(case, "contraflow", _ours(setting, "join", points, ours), ours, note="geodesic, with certainty"),
        Contender(case, "geopandas", peer, theirs, GEOPANDAS, "planar"),
    ]


def read(setting: Setting, size: int) -> list[Contender]:
    """Read files of several formats to a table with places, or a large one to standard events."""
    if size >= LARGE:
        path = setting.points(size)
        case = f"read and normalise .csv {size:,}"
        ours = (setting.python, "-m", "tests.benchmarks.ours", "normalise", str(path))
        note = "to standard events; read_s leaves the imports out, and is to be at most 2.5 times pandas'"
        peer = setting.peer("read", "pandas", path)
        return [
            Contender(case, "contraflow", ours, note=note),
            Contender(case, "pandas, pyarrow engine", peer, needs=("pandas",), note="to a table"),
        ]
    found = []
    for suffix in (".csv", ".geojson", ".gpkg", ".parquet"):
        case, path = f"read {suffix} {size:,}", setting.points(size, suffix)
        ours = (setting.python, "-m", "tests.benchmarks.ours", "read", str(path))
        found += [
            Contender(case, "contraflow", ours, note="with guesses and row numbers"),
            Contender(case, "geopandas", setting.peer("read", "geopandas", path), needs=GEOPANDAS),
        ]
    return found


def write(setting: Setting, size: int) -> list[Contender]:
    """Write a table of points in several formats."""
    found = []
    for suffix in (".csv", ".xlsx", ".geojson", ".gpkg", ".parquet"):
        case, points = f"write {suffix} {size:,}", setting.points(size)
        ours, theirs = (setting.folder / f"written_{who}{suffix}" for who in ("contraflow", "geopandas"))
        command = (setting.python, "-m", "tests.benchmarks.ours", "write", str(points), str(ours))
        peer = setting.peer("write", "geopandas", points, theirs)
        found += [
            Contender(case, "contraflow", command, ours, note="whole or not at all"),
            Contender(case, "geopandas", peer, theirs, (*GEOPANDAS, *(["openpyxl"] if suffix == ".xlsx" else []))),
        ]
    return found


def page(setting: Setting, size: int) -> list[Contender]:
    """Open a made page. No peer: their pages ask the network for their own scripts."""
    command = (setting.python, "-m", "tests.benchmarks.page", "--sizes", str(size), "--repeat", "1")
    note = "seconds are the whole run, making the page included"
    return [Contender(f"page {size:,}", "contraflow", command, needs=("playwright", "PIL"), note=note)]


@dataclass(frozen=True)
class Case:
    """A case: its commands and the sizes it runs at unless told otherwise."""

    contenders: Callable[[Setting, int], list[Contender]]
    sizes: tuple[int, ...]


CASES: dict[str, Case] = {
    "start": Case(start, (0,)),
    "build": Case(build, (1_000, 100_000)),
    "join": Case(join, (100_000,)),
    "read": Case(read, (100_000, LARGE)),
    "write": Case(write, (100_000,)),
    "page": Case(page, (1_000, 100_000)),
}
