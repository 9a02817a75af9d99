"""Whatever a dump holds, a screen shows it and nothing happens: hostile names on every screen and in every address."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.page.addresses import (
    CompareAddress,
    HomeAddress,
    RecordAddress,
    SchemaAddress,
    SearchAddress,
    WhyAddress,
)
from tests.page.browsing import app_of, browse
from tests.page.hostile import DANGEROUS, NAMES, records

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """a aside b body button code dd details div dl dt form h1 h2 h3 head header html input label li link main
        meta nav ol option output p pre rect script section select small span summary svg table tbody
        td th thead title tr ul""",
    )
)


class Reader(HTMLParser):
    """Reads which elements, attributes and links a screen has."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        values = dict(attrs)
        self.links += [str(values[name]) for name in ("href", "src", "action") if values.get(name)]
        if tag == "script":
            self.scripts.append(str(values.get("src")))


@pytest.fixture(scope="module", params=["store", "live"])
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    searcher = smsearch.from_records(records())
    if request.param == "live":
        return app_of(searcher)
    folder: Path = tmp_path_factory.mktemp("hostile")
    import orjson

    (folder / "dump.json").write_bytes(orjson.dumps(records()))
    smsearch.build([folder / "dump.json"], folder / "store")
    return app_of(smsearch.open(folder / "store"))


ADDRESSES = [
    HomeAddress(),
    SearchAddress(),
    SearchAddress(
        facets=("HyperParameters", "Tags", "TrainingJobStatus", "Tags.team", "FailureReason", "CreationTime")
    ),
    SearchAddress(query="Tags.team = nobody AND HyperParameters.lr > 3"),
    SchemaAddress(),
    *(SearchAddress(query=name, sort=name, columns=(name,), facets=(name,), selected=(name,)) for name in NAMES),
    *(SearchAddress(resource=name) for name in NAMES),
    *(RecordAddress("TrainingJob", name) for name in NAMES),
    *(WhyAddress("TrainingJob", name, "HyperParameters.lr > 3.0") for name in NAMES),
    *(WhyAddress("TrainingJob", NAMES[0], name) for name in NAMES),
    CompareAddress("TrainingJob", NAMES[:10]),
    CompareAddress("TrainingJob", NAMES[9:]),
    *(SchemaAddress(part=name) for name in NAMES),
]


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: f"{type(address).__name__}")
def test_a_screen_is_made_of_its_own_elements_only(hostile: ASGIApp, address: SearchAddress) -> None:
    answer = browse(hostile, address.url())
    reader = Reader()
    reader.feed(answer.html)
    assert reader.elements <= ELEMENTS
    assert not [name for name in reader.attributes if name.startswith("on") or name == "style"]
    assert reader.scripts == ["/static/page.js"]
    assert all(link.startswith("/") or link in {"#main", "data:,"} for link in reader.links)
    assert not any(character in answer.html for character in DANGEROUS)
    assert "49{%" not in answer.html


def test_each_record_is_reached_by_its_link(hostile: ASGIApp) -> None:
    answer = browse(hostile, "/search")
    links = re.findall(r'<th scope="row"><a href="([^"]*)">', answer.html)
    assert len(links) == len(NAMES)
    for link in links:
        record = browse(hostile, link.replace("&amp;", "&"))
        assert record.status == 200
        assert "Failure reason" in record.text


def test_a_facet_finds_the_records_that_it_counts(hostile: ASGIApp) -> None:
    answer = browse(hostile, "/search?facet=Tags.team")
    rows = re.findall(r'<a class="value" href="([^"]*)">', answer.html)
    assert rows
    for link in rows:
        assert f"1 of {len(NAMES)} TrainingJob records" in browse(hostile, link.replace("&amp;", "&")).text


@pytest.mark.parametrize("suffix", ["csv", "json", "md", "parquet"])
def test_a_download_is_a_file_and_no_page(hostile: ASGIApp, suffix: str) -> None:
    answer = browse(hostile, f"/search.{suffix}")
    assert answer.headers["content-disposition"] == f'attachment; filename="smsearch.{suffix}"'
    assert not answer.headers["content-type"].startswith("text/html")
    assert answer.headers["x-content-type-options"] == "nosniff"
    if suffix == "md":
        assert "<script" not in answer.html
        assert "<img" not in answer.html
        assert "[link](" not in answer.html
        assert not any(character in answer.html for character in DANGEROUS)
