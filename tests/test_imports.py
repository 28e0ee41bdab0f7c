"""Imports point one way: a module imports only from its own stage or an earlier one, and there is no cycle."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RANKS = {
    "geo.version": 1, "geo.errors": 1, "geo.table": 1, "geo.schema": 1, "geo.inegi": 1, "geo.units": 1,
    "geo.geodesy": 1,
    "geo.read": 2, "geo.clean": 2,
    "geo.match": 3, "geo.join": 3,
    "geo.stats": 4,
    "geo.layer": 5, "geo.layer_check": 5,
    "layers": 6, "geo.privacy": 6,
    "geo.encode": 7,
    "geo.page": 8, "geo.export": 8,
    "geo.account": 9, "geo.chosen": 9, "geo.gather": 9, "geo.conversion": 9, "geo.inspection": 9, "geo.pipeline": 9,
    "geo.api": 9,
    "geo.cli": 10,
    "contraflow": 11,
}  # fmt: skip


def rank(module: str) -> int | None:
    """Rank of a module, by its longest listed prefix; None for what is not ours."""
    parts = module.split(".")
    for n in range(len(parts), 0, -1):
        if (name := ".".join(parts[:n])) in RANKS:
            return RANKS[name]
    return None


def modules() -> dict[str, Path]:
    files = [*(ROOT / "geo").rglob("*.py"), *(ROOT / "layers").rglob("*.py"), ROOT / "contraflow.py"]
    found = {}
    for file in files:
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = file
    return found


def imports(name: str, file: Path) -> set[str]:
    """Return the modules of ours that a file imports anywhere, lazily too; type-only imports do not count."""
    tree = ast.parse(file.read_text("utf-8"))
    type_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    known = modules()
    found = set()
    for node in ast.walk(tree):
        if id(node) in type_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {
                f"{node.module}.{a.name}" if f"{node.module}.{a.name}" in known else node.module for a in node.names
            }
    return {m for m in found if m in known and m != name}


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_point_to_the_same_or_an_earlier_stage(name):
    own = rank(name)
    if name in ("geo",):
        return
    assert own is not None, f"{name} has no rank: give its folder one in tests/test_imports.py"
    later = {m for m in imports(name, modules()[name]) if (rank(m) or 0) > own}
    assert not later, f"{name} (rank {own}) imports from later stages: {sorted(later)}"


def test_there_is_no_cycle():
    graph = {name: imports(name, file) for name, file in modules().items()}
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, "import cycle: " + " -> ".join([*path[path.index(module) :], module])
        if module in done:
            return
        for other in graph[module]:
            visit(other, (*path, module))
        done.add(module)

    for module in graph:
        visit(module, ())


def test_only_the_command_line_imports_click_and_only_the_page_imports_folium():
    for name, file in modules().items():
        text = file.read_text("utf-8")
        if not name.startswith("geo.cli"):
            assert "import click" not in text, name
        if not name.startswith(("geo.page", "geo.api")):
            assert "import folium" not in text, name


def test_help_imports_nothing_heavy():
    """`contraflow --help` must answer in a blink, so none of these may be loaded for it."""
    code = (
        "import sys; sys.argv = ['contraflow', '--help']\n"
        "import contraflow\n"
        "try: contraflow.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'pandas', 'pyarrow', 'shapely', 'pyproj', 'scipy', 'folium', 'rasterio', 'rich'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert "map" in done.stdout
