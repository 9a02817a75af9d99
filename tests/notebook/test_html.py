"""What a notebook shows of searchers, results, facets and reasons, and that no record can add markup to it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.notebook import html

if TYPE_CHECKING:
    from smsearch.live_searcher import LiveSearcher

HOSTILE = "<script>alert(1)</script>\" onload='x' &amp; \u202egnp.exe \x1b[31m \u2066"
ALLOWED = {"div", "b", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}


class Reader(HTMLParser):
    """Collects tags, styles and texts, and requires that every element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def job(name: str, **members: object) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:eu-west-1:111122223333:training-job/{name}"
    return {"TrainingJobName": name, "TrainingJobArn": arn, "CreationTime": 1_700_000_000, **members}


@pytest.fixture(scope="module")
def jobs() -> LiveSearcher:
    hyperparameters = {HOSTILE: HOSTILE, "lr": "0.1"}
    tags = [{"Key": HOSTILE, "Value": HOSTILE}]
    hostile = job("a", TrainingJobStatus="Failed", FailureReason=HOSTILE, HyperParameters=hyperparameters, Tags=tags)
    return smsearch.from_records([hostile, *(job(f"b{at}", TrainingJobStatus="Completed") for at in range(30))])


FIGURES = {
    "searcher": lambda jobs: jobs,
    "result": lambda jobs: jobs.query("status = Failed"),
    "columns": lambda jobs: jobs.query("SELECT name, HyperParameters.*, FailureReason ORDER BY status DESC"),
    "nothing": lambda jobs: jobs.query("FailureReason = :x AND status = Completed", x=HOSTILE),
    "no condition": lambda jobs: jobs.query("LIMIT 0"),
    "facet": lambda jobs: jobs.facet("FailureReason"),
    "names": lambda jobs: jobs.facet("HyperParameters"),
    "times": lambda jobs: jobs.facet("created"),
    "schema": lambda jobs: jobs.schema(),
    "why": lambda jobs: jobs.query("FailureReason = :x OR status = Completed", x=HOSTILE).why("a")[0],
    "why not": lambda jobs: jobs.query("NOT FailureReason = :x", x=HOSTILE).why("a")[0],
    "why each": lambda jobs: jobs.query("FailureReason = :x", x=HOSTILE).why("a"),
    "groups": lambda jobs: jobs.query("SELECT FailureReason, count(*) GROUP BY FailureReason"),
    "diagnosis": lambda jobs: jobs.query("FailureReason = :x", x=HOSTILE).diagnose(),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_of_a_record_or_query_is_markup(name: str, jobs: LiveSearcher) -> None:
    page = FIGURES[name](jobs)._repr_html_()
    read = Reader(page)
    assert set(read.tags) <= ALLOWED
    assert read.attributes <= {"style"}
    assert page.isprintable()


@pytest.mark.parametrize("name", FIGURES)
def test_a_repr_is_short_and_plain(name: str, jobs: LiveSearcher) -> None:
    shown = repr(FIGURES[name](jobs))
    assert len(shown) <= 300
    assert shown.startswith("<smsearch.")
    assert shown.isprintable()


def texts(shown: Any) -> str:  # noqa: ANN401 - whatever a notebook shows
    return " ".join(Reader(shown._repr_html_()).texts)


def test_a_searcher_shows_kinds_counts_times_and_what_was_left_out(jobs: LiveSearcher) -> None:
    assert "31 records of 1 kind" in texts(jobs)
    assert "TrainingJob 31 2023-11-14 22:13:20 2023-11-14 22:13:20" in texts(jobs)
    assert "1 superseded" in texts(smsearch.from_records([job("a"), job("a")]))


def test_a_result_shows_its_first_rows_and_how_many_there_are(jobs: LiveSearcher) -> None:
    shown = Reader(jobs.query("status = Completed")._repr_html_())
    assert shown.tags.count("tr") == 1 + html.ROWS_MAX
    assert "30 TrainingJob of 30 that match" in shown.texts
    assert f"the first {html.ROWS_MAX} of 30" in shown.texts


def test_a_result_without_a_match_shows_its_diagnosis(jobs: LiveSearcher) -> None:
    assert "nothing matches, of 31 TrainingJob records" in texts(jobs.query("status = Complete"))
    assert "the nearest value is 'Completed'" in texts(jobs.query("status = Complete"))


def test_bars_are_as_long_as_their_share(jobs: LiveSearcher) -> None:
    page = jobs.facet("status")._repr_html_()
    assert page.index("width:12.00em") < page.index("width:0.40em")


def test_why_is_a_tree(jobs: LiveSearcher) -> None:
    (why,) = jobs.query("status = Failed AND HyperParameters.lr > 1").why("a")
    page = why._repr_html_()
    assert page.count("<ul") == 2
    assert "\N{BALLOT X} HyperParameters.lr" in page


def test_why_of_a_name_shows_the_trees_of_all_its_records() -> None:
    twin = job(
        "a", TrainingJobArn="arn:aws:sagemaker:us-east-1:111122223333:training-job/a", TrainingJobStatus="Failed"
    )
    whys = smsearch.from_records([job("a"), twin]).query("status = Failed").why("a")
    assert len(whys) == 2
    assert repr(whys).endswith(" and 1 more>")
    assert texts(whys) == " ".join(map(texts, whys))
    assert str(whys).splitlines() == [line for why in whys for line in str(why).splitlines()]


def test_a_text_is_escaped_and_shows_what_is_invisible() -> None:
    assert html.text("<b>\u202e&") == "&lt;b&gt;\\u202e&amp;"
