"""A real browser with the network refused, and the default map opened in it from disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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
    """Return a function that opens a file and waits until it is loaded.

    Every request but the file itself is refused and counted; at the end of the test there must have been none, and
    no error on the console.
    """
    contexts, faults = [], []

    def open_(path: Path, viewport: dict[str, int] = DESKTOP, **options: Any) -> Any:
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
        page.goto(path.as_uri())
        page.evaluate("contraflow.loaded")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []
