"""The page in Debian's Chromium: a served store, and a browser that tells of every request and every complaint."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

import smsearch
from tests.page.hostile import records
from tests.server.served import ROOT, Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smsearch.searcher import Searcher

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@dataclass(frozen=True, slots=True)
class Visit:
    """A tab of the browser over a served store.

    Attributes:
        page: Playwright's page.
        url: Where the store is served.
        complaints: What the console and the page's errors said.
        hosts: The hosts that were asked.
    """

    page: Any
    url: str
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def address(self) -> str:
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def heading(self) -> str:
        return str(self.page.locator("h1").inner_text())


def assert_axe_finds_nothing(visit: Visit) -> None:
    violations = Axe().run(visit.page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in violations] == []


def assert_360_pixels_are_wide_enough(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 740})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page") / "store"
    smsearch.build([ROOT / "data" / "exports"], folder)
    return folder


@pytest.fixture(scope="session")
def searcher(store: Path) -> Searcher:
    return smsearch.open(store)


@pytest.fixture(scope="session")
def served(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("log") / "errors", store) as running:
        yield running


@pytest.fixture(scope="session")
def served_hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    import orjson

    folder = tmp_path_factory.mktemp("hostile")
    (folder / "dump.json").write_bytes(orjson.dumps(records()))
    with serving(folder / "errors", folder / "dump.json") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


def visiting(browser: Any, served: Served, **options: Any) -> Iterator[Visit]:  # noqa: ANN401 - Playwright's own
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    context.set_default_timeout(15_000)
    visit = Visit(context.new_page(), served.url)

    def dismiss(dialog: Any) -> None:  # noqa: ANN401 - Playwright's own
        visit.complaints.append(dialog.message)
        dialog.dismiss()

    visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("dialog", dismiss)
    visit.page.on("request", lambda request: visit.hosts.add(urlsplit(request.url).netloc))
    yield visit
    context.close()
    assert visit.complaints == []
    assert visit.hosts <= {urlsplit(served.url).netloc, ""}  # "" is that of the icon, which is data


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[Visit]:  # noqa: ANN401 - Playwright's own
    yield from visiting(browser, served)


@pytest.fixture
def plain_visit(browser: Any, served: Served) -> Iterator[Visit]:  # noqa: ANN401 - Playwright's own
    """Without JavaScript."""
    yield from visiting(browser, served, java_script_enabled=False)


@pytest.fixture
def hostile_visit(browser: Any, served_hostile: Served) -> Iterator[Visit]:  # noqa: ANN401 - Playwright's own
    yield from visiting(browser, served_hostile)
