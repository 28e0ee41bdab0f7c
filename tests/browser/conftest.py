"""A real browser with the network refused, and the default map opened in it from disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Give Chromium: the one named by CONTRAFLOW_CHROMIUM, the system's, or Playwright's own; skipped without."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: no browser to open pages"
    )
    path = os.environ.get("CONTRAFLOW_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_api.sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except sync_api.Error as error:
            pytest.skip(f"no Chromium could be started: {str(error).splitlines()[0]}")
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def default_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page that ``contraflow map`` writes without any argument."""
    from geo.pipeline import draw

    path = tmp_path_factory.mktemp("default") / "contraflow.html"
    path.write_bytes(draw().page)
    return path


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a file and waits until it is loaded. `script` runs before the page's own.

    Every request but the file itself is refused and counted; at the end of the test there must have been none, and
    no error on the console.
    """
    contexts, faults = [], []

    def open_(
        path: Path,
        viewport: dict[str, int] = DESKTOP,
        script: str = "",
        wait: str = "contraflow.loaded",
        **options: Any,
    ) -> Any:
        context = browser.new_context(viewport=viewport, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)

        def watch(route: Any) -> None:
            url = route.request.url
            if url == path.as_uri() or url.startswith(("blob:", "data:")):
                route.continue_()
            else:
                faults.append(f"asked for {url}")
                route.abort()

        page.route("**/*", watch)
        page.on("console", lambda m: faults.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.add_init_script(script)
        page.goto(path.as_uri())
        # a promise that never resolves would hang the test
        page.evaluate(f"Promise.race([{wait}, new Promise((_, no) => setTimeout(() => no(Error('waited')), 20000))])")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def words(text: str) -> dict[str, str]:
    """Words that are the same in both languages."""
    return {"en": text, "es": text}


class Sample:
    """Makes pages of layers for the tests of the engine."""

    symbology: ClassVar[dict[str, Any]] = {
        "color": {"field": "direction", "values": {"north": "north", "south": "south", "unknown": "unknown"}},
        "shape": {"field": "group", "values": {"drug": "circle", "firearm": "square", "other": "cross"}},
        "ring": {"field": "context", "values": {"port": "single", "interior": "none"}},
        "hollow_from_precision_m": 3000,
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def release(self, name: str, data: Any, group: str = "context", order: int = 50, **layer: Any) -> Any:
        """Pass `data` through the gate as a layer of its own."""
        from geo.layer import Layer
        from geo.privacy.release import release

        said = {"title": words(name), "description": words(name), **layer}
        build = lambda tables, options: None  # noqa: E731
        return release(Layer(name=name, group=group, needs=(), build=build, order=order, **said), data)

    def events(self, rows: dict[str, Any], items: dict[str, Any] | None = None, **more: Any) -> Any:
        """Return a released layer of events; every column is a field."""
        import pyarrow as pa

        from geo.layer import LayerData

        data = LayerData(
            "events",
            pa.table(rows),
            fields_of(rows),
            items=pa.table(items) if items else None,
            item_fields=fields_of(items or {}),
            parameters={"symbology": self.symbology},
        )
        return self.release("seizures", data, "seizures", 90, **more)

    def areas(self, geometry: list[Any], classes: list[Any], outlines: tuple[Any, ...] = (), **more: Any) -> Any:
        """Return a released layer of areas, one class each."""
        return self.shapes("areas", geometry, classes, outlines, **more)

    def shapes(
        self, mark: str, geometry: list[Any], classes: list[Any], outlines: tuple[Any, ...] = (), **more: Any
    ) -> Any:
        """Return a released layer of areas or lines; None in `classes` is a row without a class."""
        import numpy as np
        import pyarrow as pa

        from geo.layer import LayerData, LegendClass, Style

        known = [c for c in dict.fromkeys(classes) if c is not None]
        codes = pa.array([None if c is None else known.index(c) for c in classes], pa.int32())
        table = {"class": codes, "name": [f"area {k}" for k in range(len(classes))]}
        style = {"class_column": "class", "min_zoom": more.pop("min_zoom", 0)}
        if outlines:
            table["outline"] = pa.array([None if o is None else k for k, o in enumerate(outlines)], pa.int32())
            style["outline_column"] = "outline"
        placed = np.empty(len(geometry), dtype=object)
        placed[:] = geometry
        data = LayerData(
            mark,
            pa.table(table),
            fields_of({"name": None}),
            classes=tuple(LegendClass(str(k), words(str(k)), c) for k, c in enumerate(known)),
            outlines=tuple(LegendClass(f"o{k}", words(str(k)), o) for k, o in enumerate(outlines) if o is not None),
            style=Style(**style),
            geometry=placed,
        )
        return self.release(more.pop("name", "areas"), data, **more)

    def write(
        self, *released: Any, name: str = "page.html", manifest: dict[str, Any] | None = None, **said: Any
    ) -> Path:
        """Write the page of these layers."""
        from geo.encode.payload import PageWords, encode
        from geo.page.bundle import page

        path = self.folder / name
        path.write_text(page(encode(released, PageWords(**said)), manifest or {}), encoding="utf-8")
        return path


def fields_of(rows: dict[str, Any]) -> tuple[Any, ...]:
    """Declare every column but the places."""
    from geo.layer import Field

    kinds = {"start": "date", "end": "date", "quantity": "number", "location_precision_m": "number"}
    names = [n for n in rows if n not in ("longitude", "latitude", "event_row")]
    return tuple(Field(n, words(n), kinds.get(n, "text")) for n in names)


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """Return a maker of pages."""
    return Sample(tmp_path)
