"""Figures as files and as charts, and the browser's script in the cache folder."""

from __future__ import annotations

import json
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

import smsearch
from docs.plots import FOLDER, commands, write
from smsearch.cli.verbs import plot
from smsearch.errors import MissingLibraryError
from smsearch.plots import browser_script, output, request
from smsearch.plots.library import library

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher

HOSTILE = "</script><script>alert(1)</script><!-- \u202e"
MAGIC = {"html": b"<!doctype html>", "svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "json": b"{"}


@pytest.fixture(scope="module")
def hostile() -> Searcher:
    return smsearch.from_records(
        [
            {"TrainingJobName": f"{HOSTILE}{at}", "BillableTimeInSeconds": at, "Tags": [{"Key": HOSTILE, "Value": "x"}]}
            for at in range(3)
        ]
    )


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "smsearch"


class Scripts(HTMLParser):
    """The contents of the script elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert all(name not in {"src", "href"} for name, _ in attrs)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def marks(path: Path) -> list[tuple[str, str | None, str | None]]:
    """The elements of an SVG figure with what they say; how wide a letter is differs between releases of vl-convert."""
    elements = ET.parse(path).iter()  # noqa: S314 - our own file
    return [(element.tag, element.text, element.get("aria-label")) for element in elements]


@pytest.mark.parametrize("form", output.FORMATS)
def test_a_figure_is_written_in_each_format(hostile: Searcher, form: str) -> None:
    figure = hostile.query("").plot.figure("scatter", "BillableTimeInSeconds", "BillableTimeInSeconds")
    content = output.rendered(figure, form)
    assert content.startswith(MAGIC[form])
    assert b"\xe2\x80\xae" not in content


def test_no_value_of_a_record_leaves_its_script(hostile: Searcher) -> None:
    figure = hostile.query("").plot.figure("scatter", "BillableTimeInSeconds", f"Tags.{HOSTILE}")
    page = Scripts()
    page.feed(output.rendered(figure, "html").decode())
    assert page.tags == ["html", "head", "meta", "title", "script", "body", "div", "script", "script"]
    assert page.comments == []


def test_the_script_is_made_once_and_checked_when_it_is_read(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert browser_script.kept_script() is None
    made: list[str] = []

    def bundle(snippet: str) -> str:
        made.append(snippet)
        return "window.x = 1;"

    convert = library("vl_convert")
    monkeypatch.setattr(convert, "javascript_bundle", bundle)
    script = browser_script.browser_script()
    (kept,) = cache.iterdir()
    assert kept.read_bytes() == script == browser_script.browser_script() == browser_script.kept_script()
    assert made == [browser_script.SNIPPET]
    kept.write_bytes(script.replace(b"x = 1", b"x = 2"))
    assert browser_script.kept_script() is None
    assert browser_script.browser_script() == script
    assert kept.read_bytes() == script


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(library("vl_convert"), "javascript_bundle", lambda _: "window.x = 1;")
    assert browser_script.browser_script().endswith(b"\nwindow.x = 1;")


@pytest.mark.parametrize(("library", "shown"), [("vl_convert", "vl-convert-python"), ("altair", "altair")])
def test_a_missing_extra_is_named(hostile: Searcher, library: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    plots = hostile.query("").plot
    with pytest.raises(MissingLibraryError) as raised:
        plots.box("BillableTimeInSeconds", "status") if library == "altair" else output.rendered(
            plots.figure("histogram", "status"), "svg"
        )
    assert str(raised.value) == f"{shown} is not installed. pip install 'smsearch-offline[plots]'"
    assert output.rendered(plots.figure("histogram", "status"), "json")


def test_each_kind_is_an_altair_chart(searcher: Searcher) -> None:
    plots = searcher.query("name LIKE 'nlp-bert-240610-0930-%'").plot
    loss = "Metrics.validation:loss"
    charts = [
        plots.scatter("learning_rate", loss, color="dropout"),
        plots.histogram(loss, color="status"),
        plots.box(loss, "status"),
        plots.timeline("Tags.team"),
        plots.best_so_far(loss),
        plots.importance(loss),
        plots.parallel(loss),
        plots.bars("status", "instance_type"),
    ]
    for chart in charts:
        assert type(chart).__module__.startswith("altair")
        assert chart.to_dict()["$schema"].endswith("/v6.json")


def test_the_command_offers_every_kind_and_format() -> None:
    assert tuple(request.KINDS) == plot.KINDS
    assert plot.FORMATS == output.FORMATS


@pytest.mark.parametrize(("name", "words"), list(commands()), ids=[name for name, _ in commands()])
def test_the_figures_of_the_document_are_those_of_its_commands(name: str, words: list[str], tmp_path: Path) -> None:
    write(words, tmp_path / name)
    assert marks(tmp_path / name) == marks(FOLDER / name)


def test_the_document_has_a_figure_of_each_kind() -> None:
    assert {words[0] for _, words in commands()} == set(request.KINDS)
    shown = (FOLDER.parent / "plots.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(name for name, _ in commands())
    assert all(f"(plots/{name})" in shown for name, _ in commands())


def test_json_is_the_whole_specification(hostile: Searcher) -> None:
    figure = hostile.query("").plot.figure("histogram", "BillableTimeInSeconds")
    spec = json.loads(output.rendered(figure, "json"))
    assert spec["data"]["values"] == figure.values()
    assert [bar["count"] for bar in figure.values()] == [1, 1, 1]


def test_a_hyperparameter_that_is_text_has_a_bar() -> None:
    jobs = [
        {"TrainingJobName": f"job-{n}", "HyperParameters": {"optimizer": "ab"[n % 2], "rate": f"0.{n}"},
         "FinalMetricDataList": [{"MetricName": "loss", "Value": n % 2 + n / 100}]}
        for n in range(30)
    ]  # fmt: skip
    figure = smsearch.from_records(jobs).query("").plot.figure("importance", "loss")
    assert [(row[0], row[2] is None) for row in figure.rows()] == [
        ("HyperParameters.optimizer", True),
        ("HyperParameters.rate", False),
    ]
    assert output.rendered(figure, "svg").decode().count('aria-roledescription="bar"') == 2
