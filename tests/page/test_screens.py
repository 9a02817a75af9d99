"""Home, Record, Compare, Schema and Why over the exports in data/: what they say is what the library says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import smsearch
from smsearch.page import schema_screen
from smsearch.page.addresses import CompareAddress, RecordAddress, SearchAddress, WhyAddress, read
from smsearch.page.record import masked
from smsearch.reasons.difference import changes
from tests.page.browsing import app_of, browse
from tests.page.conftest import EXPORTS

if TYPE_CHECKING:
    import pytest
    from starlette.types import ASGIApp

    from smsearch.searcher import Searcher


def test_home_counts_what_was_read(app: ASGIApp, searcher: Searcher) -> None:
    answer = browse(app, "/")
    for kind, number in searcher.resources().items():
        assert answer.links[f"{number:,} {kind}"] == f"/search?r={kind}"
    (report,) = searcher.reports()
    assert (
        f"{report.records} records from {report.files_read} files, {report.superseded} of them superseded"
        in answer.text
    )
    assert all(name in answer.text for name in report.unknown_fields)


def test_the_timeline_holds_every_job_with_a_status_and_a_time(app: ASGIApp, searcher: Searcher) -> None:
    answer = browse(app, "/")
    bars = re.findall(r'aria-label="[0-9-]+ (\w+): ([0-9,]+)"', answer.html)
    failed = sum(int(number.replace(",", "")) for status, number in bars if status == "Failed")
    assert failed == len(searcher.query("TrainingJobStatus = Failed AND CreationTime EXISTS"))
    first = next(url for label, url in answer.links.items() if re.fullmatch(r"[0-9-]+ Failed: [0-9]+", label))
    label = next(label for label, url in answer.links.items() if url == first)
    assert f"{label.rpartition(' ')[2]} of 342" in browse(app, first).text


def test_five_ready_questions_find_something(app: ASGIApp) -> None:
    html = browse(app, "/").html.partition('<ul class="questions">')[2].partition("</ul>")[0]
    questions = re.findall(r'<a href="([^"]*)">([^<]*)</a> <span class="number">([0-9,]+)</span>', html)
    assert len(questions) == 5
    for url, _, number in questions:
        assert f"{number} of 342" in browse(app, url.replace("&amp;", "&")).text


def test_a_failed_job_shows_others_that_failed_alike(app: ASGIApp, searcher: Searcher) -> None:
    job = searcher.query("FailureReason CONTAINS OutOfMemory").first()
    assert job is not None
    everything = [one["FailureReason"] for one in searcher.query("FailureReason EXISTS")]
    expected = sum(masked(reason) == masked(job["FailureReason"]) for reason in everything)
    answer = browse(app, f"/record?r=TrainingJob&name={job['TrainingJobName']}")
    label = next(label for label in answer.links if label.endswith("with a reason like this"))
    assert label.startswith(f"{expected} ")
    assert f"{expected} of 342" in browse(app, answer.links[label]).text


def test_a_value_is_placed_among_the_matches(app: ASGIApp, searcher: Searcher) -> None:
    best = next(searcher.query("ORDER BY Metrics.accuracy DESC").names())
    worst = next(searcher.query("Metrics.accuracy EXISTS ORDER BY Metrics.accuracy ASC").names())
    number = len(searcher.query("Metrics.accuracy EXISTS"))
    for name, share in ((best, 100), (worst, 0)):
        html = browse(app, f"/record?r=TrainingJob&name={name}").html
        row = re.search(r'<th scope="row">accuracy</th>.*?</tr>', html, re.DOTALL)
        assert row is not None
        assert f"above {share}% of {number}" in row[0]


def test_a_tuning_job_and_its_jobs_are_linked_both_ways(app: ASGIApp, searcher: Searcher) -> None:
    job = next(searcher.query("TuningJobArn EXISTS").names())
    tuning = next(searcher.query("", resource="HyperParameterTuningJob").names())
    up = browse(app, f"/record?r=TrainingJob&name={job}")
    parents = [url for label, url in up.links.items() if url.startswith("/record?r=HyperParameterTuningJob")]
    assert parents
    down = browse(app, f"/record?r=HyperParameterTuningJob&name={tuning}")
    children = [url for url in down.links.values() if "TuningJobArn" in url]
    assert len(children) == 1
    assert " of 342" in browse(app, children[0]).text


def test_a_model_is_followed_from_its_job_to_its_endpoint(app: ASGIApp, searcher: Searcher) -> None:
    model = next(searcher.query("Endpoints.EndpointName EXISTS", resource="Model").names())
    answer = browse(app, f"/record?r=Model&name={model}")
    kinds = {part for url in answer.links.values() for part in re.findall(r"^/(?:record|search)\?r=(\w+)", url)}
    assert {"TrainingJob", "Endpoint", "ModelPackage"} <= kinds
    job = next(url for url in answer.links.values() if url.startswith("/record?r=TrainingJob"))
    assert f"/record?r=Model&name={model}" in browse(app, job).links.values()


def test_the_comparison_of_two_is_what_diff_says(app: ASGIApp, searcher: Searcher) -> None:
    names = tuple(list(searcher.query("Metrics.accuracy EXISTS").names())[:3])
    pair = [searcher.describe(name, "TrainingJob")[0] for name in names[:2]]
    answer = browse(app, CompareAddress("TrainingJob", names[:2]).url())
    expected = [change.path for change in changes(*pair)]
    assert sorted(re.findall(r'<th scope="row">([^<]*)</th>', answer.html)) == sorted(expected)
    assert f"{len(expected)} properties differ" in answer.text
    three = browse(app, CompareAddress("TrainingJob", names).url())
    assert all(name in three.links for name in names)
    markdown = browse(app, three.links["Markdown"])
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    head, _, *rows = markdown.html.splitlines()
    assert head == f"| Property | {' | '.join(names)} |"
    assert len(rows) > 10


def test_what_cannot_be_compared_is_said(app: ASGIApp) -> None:
    assert browse(app, "/compare?r=TrainingJob&name=nobody").status == 404
    assert browse(app, "/compare").status == 200
    many = browse(app, "/compare?" + "&".join(f"name=job{number}" for number in range(11)))
    assert "At most 10" in many.text


def test_the_schema_shows_what_the_verb_shows_page_by_page(app: ASGIApp, searcher: Searcher) -> None:
    expected = list(searcher.schema())
    url, names = "/schema", list[str]()
    while url:
        answer = browse(app, url)
        for name, *cells in re.findall(
            r'<th scope="row"><a href="[^"]*">([^<]*)</a></th><td>([^<]*)</td>\s*'
            r'<td class="number"><a href="[^"]*">([^<]*)</a></td><td class="number">[^<]*</td>\s*'
            r'<td class="number">([^<]*)</td><td class="examples">[^<]*</td><td>([^<]*)</td>',
            answer.html,
        ):
            row = expected[len(names)]
            distinct = "" if row.distinct is None else f"{row.distinct:,}"
            assert cells == [row.type, f"{row.records:,}", distinct, row.conflict]
            names.append(name)
        url = answer.links.get("next page", "").replace("&amp;", "&")
    assert names == [row.name for row in expected]


def test_over_many_records_lists_and_derived_properties_are_not_counted(
    app: ASGIApp, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema_screen, "ALL_COUNTED_MAX", 10)
    assert "not counted" in browse(app, "/schema?part=ChannelName").text
    counted = browse(app, "/schema?part=TrainingJobStatus")
    assert "not counted" not in counted.text
    assert f"{len(searcher.query('TrainingJobStatus EXISTS'))}" in counted.links


def test_the_schema_finds_any_part_of_a_name(app: ASGIApp, searcher: Searcher) -> None:
    answer = browse(app, "/schema?part=LEARNING")
    names = re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', answer.html)
    assert names == [prop.name for prop in searcher.query("").coverage() if "learning" in prop.name.lower()]
    number = len(searcher.query("HyperParameters.learning_rate EXISTS"))
    assert str(number) in answer.links


def test_why_shows_what_fails_and_relaxes_it(app: ASGIApp, searcher: Searcher) -> None:
    text = "TrainingJobStatus = Completed AND Metrics.accuracy > 0.95"
    name = next(searcher.query("TrainingJobStatus = Completed AND Metrics.accuracy < 0.9").names())
    answer = browse(app, WhyAddress("TrainingJob", name, text).url())
    assert "Not in the result" in answer.text
    failing = re.findall(r'<li class="depth1 fails">.*?</li>', answer.html, re.DOTALL)
    assert len(failing) == 1
    assert "Metrics.accuracy" in failing[0]
    relaxed = next(url for label, url in answer.links.items() if label.startswith("Metrics.accuracy >= "))
    assert "In the result" in browse(app, relaxed).text
    parts = urlsplit(answer.links["without it"])
    address = read(parts.path, parts.query)
    assert isinstance(address, WhyAddress)
    assert address.query == "TrainingJobStatus = 'Completed'"
    assert "No TrainingJob is called" in browse(app, "/why?name=nobody").text


def test_a_download_has_the_rows_of_the_screen(app: ASGIApp, searcher: Searcher) -> None:
    text = "Tags.team = nlp ORDER BY TrainingJobName"
    address = SearchAddress("TrainingJob", text, columns=("TrainingJobName", "Tags.team"))
    lines = browse(app, address.download("csv")).html.splitlines()
    assert lines[0] == "TrainingJobName,Tags.team"
    assert [line.partition(",")[0] for line in lines[1:]] == list(searcher.query(text).names())
    assert len(lines) > 50
    json = browse(app, SearchAddress("TrainingJob", text).download("json"))
    import orjson

    assert [one["TrainingJobName"] for one in orjson.loads(json.body)] == list(searcher.query(text).names())
    import io

    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(browse(app, address.download("parquet")).body))
    assert table.column("TrainingJobName").to_pylist() == list(searcher.query(text).names())


def test_a_download_of_a_wrong_query_says_why(app: ASGIApp) -> None:
    answer = browse(app, f"/search.csv?q={quote('a = = b')}")
    assert answer.status == 404
    assert 'role="alert"' in answer.html


def test_a_record_says_its_cost_where_there_are_prices(searcher: Searcher) -> None:
    priced = smsearch.open(EXPORTS, prices={"ml.m5.xlarge": 3600.0})
    machine = "ResourceConfig.InstanceType = 'ml.m5.xlarge' AND ResourceConfig.InstanceCount = 1"
    job = next(priced.query(f"{machine} AND BillableTimeInSeconds > 0").records())
    answer = browse(app_of(priced), RecordAddress("TrainingJob", job.name).url())
    seconds = job.document["BillableTimeInSeconds"]
    assert f"<dt>Cost</dt><dd>{seconds}</dd>" in answer.html
    unpriced = browse(app_of(searcher), RecordAddress("TrainingJob", job.name).url())
    assert "<dt>Cost</dt>" not in unpriced.html
