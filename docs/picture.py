"""Take the README's picture of the default map: ``python docs/picture.py`` after a change of how the page looks."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from geo.pipeline import draw

TARGET = Path(__file__).with_name("map.png")
SIZE = {"width": 1440, "height": 900}


def main() -> None:
    """Draw the default map, open it, and keep what is seen in 128 colours."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder, "map.html")
        page_file.write_bytes(draw().page)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(page_file.as_uri())
        page.evaluate("window.contraflow.loaded")
        page.keyboard.press("Escape")
        page.wait_for_timeout(1500)
        seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        browser.close()
    seen.quantize(128, dither=Image.Dither.NONE).save(TARGET, optimize=True)


if __name__ == "__main__":
    main()
