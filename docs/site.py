"""Builds the documentation site into build/site: `make docs`.

The site's tree is the repository's: every page, and every file that a page links to, is copied where it lies, so that
the links which work in the repository work in the site. Pages of the library are added, made from its docstrings.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).resolve().parent.parent
BUILD: Final = REPOSITORY / "build"
PAGES: Final = ("*.md", "docs/*.md", "*/README.md")
_LINK: Final = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")
_FENCE: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def main() -> None:
    """Makes the tree of pages, and a site of it.

    Raises:
        SystemExit: A page links to what is not there, or the site's generator has a warning.
    """
    configuration = REPOSITORY / "docs" / "site.toml"
    tree = BUILD / "pages"
    shutil.rmtree(tree, ignore_errors=True)
    for pattern in PAGES:
        for page in sorted(REPOSITORY.glob(pattern)):
            for file in (page, *_linked(page)):
                copy = tree / file.relative_to(REPOSITORY)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
    _write_library(tree, tomllib.loads(configuration.read_text("utf-8"))["project"]["nav"])
    shutil.copyfile(configuration, BUILD / "zensical.toml")
    zensical = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "-f", str(BUILD / "zensical.toml")]
    raise SystemExit(subprocess.run(zensical, check=False).returncode)  # noqa: S603 - nothing from outside


def _linked(page: Path) -> list[Path]:
    """The files of the repository that a page links to, outside its blocks of code."""
    links = _LINK.findall(_FENCE.sub("", page.read_text("utf-8")))
    files = [(page.parent / link).resolve() for link in links]
    for file, link in zip(files, links, strict=True):
        if not file.is_file():
            raise SystemExit(f"{page.relative_to(REPOSITORY)} links to {link}, which is no file.")
    return files


def _write_library(tree: Path, nav: list[dict[str, Any]]) -> None:
    """A page for each module that the navigation lists below Library: mkdocstrings fills it in."""
    (pages,) = (section["Library"] for section in nav if "Library" in section)
    for page in pages:
        ((title, place),) = page.items()
        file = tree / place
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"# {title}\n\n::: {file.stem}\n", "utf-8")


if __name__ == "__main__":
    main()
