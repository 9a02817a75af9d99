"""The documentation site leaves no page out. `make docs` builds it; what it links to is checked there."""

from __future__ import annotations

import tomllib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _places(nav: list[dict[str, Any]]) -> Iterator[str]:
    for section in nav:
        for place in section.values():
            yield from [place] if isinstance(place, str) else _places(place)


def test_every_page_is_in_the_navigation_and_every_module_exists(repository: Path) -> None:
    places = list(_places(tomllib.loads((repository / "docs" / "site.toml").read_text("utf-8"))["project"]["nav"]))
    pages = {
        file.relative_to(repository).as_posix()
        for pattern in ("*.md", "docs/*.md")
        for file in repository.glob(pattern)
    }
    assert not pages - set(places)
    for place in places:
        if place.startswith("library/"):
            assert find_spec(place.removeprefix("library/").removesuffix(".md")), place
        else:
            assert (repository / place).is_file(), place
