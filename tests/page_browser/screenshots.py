"""Takes the pictures of docs/page.md: every screen, light and dark, wide and narrow: `make screenshots`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import sync_playwright

import smsearch
from tests.page_browser.conftest import CHROMIUM
from tests.page_browser.test_figures import FIGURE_SCREENS, wait_for_figures
from tests.page_browser.test_looks import SCREENS, names_of
from tests.server.served import ROOT, serving

FOLDER: Final = ROOT / "docs" / "page"
SIZES: Final = {"wide": (1200, 800), "narrow": (360, 720)}
COLOURS: Final = 64
SCHEMES: Final = ("light", "dark")


def main() -> None:
    """Serves the exports in data/ and takes each picture."""
    FOLDER.mkdir(exist_ok=True)
    exports = ROOT / "data" / "exports"
    names = names_of(smsearch.open(exports))
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving(Path(scratch) / "log", exports) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for size, (width, height) in SIZES.items():
            for scheme in SCHEMES:
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                for screen, path in (SCREENS | FIGURE_SCREENS).items():
                    page.goto(served.url + path.format(**names))
                    wait_for_figures(page)
                    _write(page.screenshot(), FOLDER / f"{screen}-{size}-{scheme}.png")
        browser.close()


def _write(picture: bytes, file: Path) -> None:
    """Writes a picture in few colours, which a screen of text does not miss: a quarter of the bytes."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            file, optimize=True
        )


if __name__ == "__main__":
    main()
