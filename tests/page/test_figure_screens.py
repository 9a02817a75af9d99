"""Charts, Groups, Failures and Tuning over the exports in data/: what they say is what the library says."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from smsearch.page import failures
from smsearch.page.figure_script import FigureScript, ScriptState
from smsearch.page.record import masked
from smsearch.plots.library import library
from tests.page.browsing import app_of, browse
from tests.page.hostile import records

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from starlette.types import ASGIApp

    from smsearch.searcher import Searcher

STUDY = "name LIKE 'nlp-bert-240610-0930-%'"
LOSS = "Metrics.validation:loss"
RATE = "HyperParameters.learning_rate"


def query_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["q"][0]


def count(app: ASGIApp, url: str) -> int:
    """The matches that the screen at an address says there are."""
    found = re.search(r'role="status"><b>([0-9,]+)</b>', browse(app, url).html)
    assert found is not None
    return int(found[1].replace(",", ""))


def specs(html: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/json" class="spec">(.*?)</script>', html)
    return [json.loads(text) for text in found]


def test_the_usual_charts_are_figures_with_their_tables(app: ASGIApp) -> None:
    html = browse(app, f"/charts?q={quote(STUDY)}").html
    kinds = re.findall(r'<figure class="chart" data-kind="([^"]+)"', html)
    assert kinds == ["importance", "best-so-far", "parallel", "histogram"]
    assert "Best Metrics.validation:accuracy so far" in html
    assert html.count("<summary>As a table") == 4
    assert html.count("<polyline") == 44
    assert "no curves" in html


def test_a_chart_of_an_address_has_the_points_of_its_query(app: ASGIApp, searcher: Searcher) -> None:
    chart = urlencode({"q": STUDY, "chart": f'"scatter,{RATE},{LOSS}"'})
    (spec,) = specs(browse(app, f"/charts?{chart}").html)
    points = {(point["name"], point["y"]) for point in spec["data"]["values"]}
    table = searcher.query(f"{STUDY} AND {LOSS} EXISTS").to_arrow("name", LOSS).to_pylist()
    assert points == {(row["TrainingJobName"], row[LOSS]) for row in table}


def test_a_chart_can_be_taken_away_and_the_others_stay(app: ASGIApp) -> None:
    answer = browse(app, "/charts?chart=timeline,%22histogram,status%22")
    assert answer.links["Take away TrainingJobStatus"] == "/charts?chart=timeline"


@pytest.mark.parametrize(
    ("chart", "says"),
    [("nothing", "There is no figure"), ('"scatter,lr"', "scatter takes X Y"), ('"histogram,no_such"', "no_such")],
)
def test_what_cannot_be_drawn_is_said(app: ASGIApp, chart: str, says: str) -> None:
    answer = browse(app, f"/charts?{urlencode({'chart': chart})}")
    assert answer.status == 200
    assert says in answer.text


@pytest.mark.parametrize("path", ["/charts", "/groups", "/failures"])
def test_a_wrong_query_is_refused_with_its_mending(app: ASGIApp, path: str) -> None:
    answer = browse(app, f"{path}?{urlencode({'q': 'stats = Failed'})}")
    assert "stats" in answer.text


def test_a_range_on_an_axis_is_a_condition(app: ASGIApp, searcher: Searcher) -> None:
    words = {"q": STUDY, "chart": "timeline", "range": f"{RATE},1e-5,0.000123456789"}
    answer = browse(app, f"/narrow?{urlencode(words)}")
    assert answer.status == 303
    url = answer.headers["location"]
    assert query_of(url) == f"{STUDY} AND {RATE} >= 0.00001 AND {RATE} <= 0.000123457"
    assert "chart=timeline" in url
    expected = [row[RATE] for row in searcher.query(STUDY).to_arrow(RATE).to_pylist()]
    assert count(app, url) == sum(1e-5 <= rate <= 0.000123457 for rate in expected) > 3


def test_a_range_of_time_is_a_condition(app: ASGIApp, searcher: Searcher) -> None:
    answer = browse(app, f"/narrow?{urlencode({'range': 'CreationTime,1718011808000,1718020000000'})}")
    text = query_of(answer.headers["location"])
    assert text == "CreationTime >= '2024-06-10T09:30:08Z' AND CreationTime <= '2024-06-10T11:46:40Z'"
    assert searcher.query(text).total > 5


def test_values_of_an_axis_are_a_condition_beside_the_query(app: ASGIApp, searcher: Searcher) -> None:
    words = {"q": "Tags.team = nlp OR Tags.team = ads", "in": "status,Failed,Stopped,(others)"}
    text = query_of(browse(app, f"/narrow?{urlencode(words)}").headers["location"])
    assert searcher.query(text).total == searcher.query("team IN (nlp, ads) AND status IN (Failed, Stopped)").total


@pytest.mark.parametrize("given", [{"range": "a"}, {"range": f"{RATE},x,2"}, {"range": f"{RATE},nan,2"}, {"in": ""}])
def test_a_range_that_is_none_changes_nothing(app: ASGIApp, given: dict[str, str]) -> None:
    answer = browse(app, f"/narrow?{urlencode({'q': 'status = Failed', **given})}")
    assert query_of(answer.headers["location"]) == "status = Failed"


def test_a_range_of_nothing_is_refused(app: ASGIApp) -> None:
    assert browse(app, "/narrow?range=no_such_name,1,2").status == 404


def test_groups_are_those_of_the_library_and_lead_to_their_records(app: ASGIApp, searcher: Searcher) -> None:
    measure = "sum(BillableTimeInSeconds)"
    answer = browse(app, f"/groups?{urlencode({'by': 'Tags.team,month(created)', 'm': measure})}")
    table = searcher.query("").group_by("Tags.team", "month(created)").agg("count(*)", measure)
    assert f"{len(table)} of {len(table)} groups" in answer.text
    rows = re.findall(r'<tr>\s*<th scope="row"><a href="([^"]*)">([^<]*)</a></th>(.*?)</tr>', answer.html, re.DOTALL)
    cells = [[name or "", *re.findall(r"<td[^>]*>([^<]*)</td>", rest)] for _, name, rest in rows]
    assert [[cell.replace("(absent)", "") for cell in row] for row in cells] == table.texts()
    for (url, _, _), row in list(zip(rows, cells, strict=True))[::7]:
        assert count(app, unescape(url)) == int(row[2])
    (spec,) = specs(answer.html)
    (whole,) = searcher.query("").group_by().agg(seconds=measure)
    assert sum(bar["length"] or 0 for bar in spec["data"]["values"]) == whole["seconds"]


def test_groups_by_what_is_not_there_are_refused(app: ASGIApp) -> None:
    assert "no_such" in browse(app, "/groups?by=no_such").text


def test_failures_are_counted_without_their_numbers(app: ASGIApp, searcher: Searcher) -> None:
    answer = browse(app, "/failures")
    rows = re.findall(r'<th scope="row"><a href="([^"]*)">([^<]*)</a></th>(.*?)</tr>', answer.html, re.DOTALL)
    reasons = searcher.query("FailureReason EXISTS").to_arrow("FailureReason", "ImageRepository", "instance_type")
    expected: dict[tuple[object, ...], int] = {}
    for reason, *further in (row.values() for row in reasons.to_pylist()):
        if reason:
            key = (masked(reason), *further)
            expected[key] = expected.get(key, 0) + 1
    numbers = [int(re.findall(r'<td class="number[^>]*>([0-9,]+)</td>', rest)[0]) for _, _, rest in rows]
    assert sorted(numbers) == sorted(expected.values())
    for (url, _, _), number in zip(rows, numbers, strict=True):
        assert searcher.query(query_of(unescape(url))).total == number


def test_many_failures_alike_lead_to_what_they_have_in_common(
    app: ASGIApp, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "_TEXTS_MAX", 0)
    html = browse(app, "/failures").html
    for url, number in re.findall(r'<a href="([^"]*)">[^<]*</a></th>.*?<td class="number[^>]*>([0-9]+)</td>', html)[:9]:
        text = query_of(unescape(url))
        assert "LIKE" in text
        assert searcher.query(text).total >= int(number)


def test_a_sample_of_failures_says_so(app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "ROWS_MAX", 10)
    assert "counted in a sample of 10" in browse(app, "/failures").text


def test_a_tuning_job_shows_its_best_and_its_ranges(app: ASGIApp, searcher: Searcher) -> None:
    answer = browse(app, "/tuning?name=nlp-bert-240610-0930")
    best = searcher.query(f"{STUDY} ORDER BY {LOSS} ASC LIMIT 1")[0]
    assert f"The smallest {LOSS} is the best:" in answer.text
    assert best["TrainingJobName"] in answer.links
    shown = re.search(r"<pre[^>]*>(.*?)</pre>", answer.html, re.DOTALL)
    assert shown is not None
    assert json.loads(unescape(shown[1])) == best["HyperParameters"]
    assert "learning_rate 1e-06 to 0.001, Logarithmic" in answer.text
    assert answer.links["41 Completed"].startswith("/search?")
    assert count(app, answer.links["41 Completed"]) == 41
    kinds = re.findall(r'<figure class="chart" data-kind="([^"]+)"', answer.html)
    assert kinds == ["best-so-far", "importance", "scatter", "scatter", "scatter", "parallel"]
    first = re.search(r'<table class="table">.*?<tbody><tr><th scope="row"><a[^>]*>([^<]*)</a>', answer.html, re.DOTALL)
    assert first is not None
    assert first[1] == best["TrainingJobName"]


def test_tuning_jobs_are_listed(app: ASGIApp) -> None:
    assert browse(app, "/tuning").links["fraud-xgb-240212-1405"] == "/tuning?name=fraud-xgb-240212-1405"
    assert browse(app, "/tuning?name=no-such-job").status == 404


def test_hostile_names_stay_text_in_every_figure() -> None:
    import smsearch

    hostile = app_of(smsearch.from_records(records()))
    for path in ("/charts", "/groups", "/failures", "/tuning", "/charts?chart=%22histogram,name%22"):
        answer = browse(hostile, path)
        assert answer.status == 200, path
        for spec in re.findall(r'class="spec">(.*?)</script>', answer.html, re.DOTALL):
            assert "<" not in spec
            json.loads(spec)


def test_the_script_is_served_when_it_is_there(
    searcher: Searcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(library("vl_convert"), "javascript_bundle", lambda _: "window.x = 1;")
    fresh = app_of(searcher)
    assert browse(fresh, "/vega.js").status == 404
    assert json.loads(browse(fresh, "/vega").body)["state"] == "being made"
    script = FigureScript()
    while script.state() is not ScriptState.READY:
        pass
    assert json.loads(browse(fresh, "/vega").body)["state"] == "ready"
    answer = browse(fresh, "/vega.js")
    assert answer.body.endswith(b"window.x = 1;")
    assert browse(fresh, "/vega.js", headers={"If-None-Match": answer.headers["etag"]}).status == 304


def test_a_missing_extra_is_told(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "vl_convert", None)
    answer = json.loads(browse(app_of(searcher), "/vega").body)
    assert answer["state"] == "missing"
    assert "smsearch-offline[plots]" in answer["message"]


def test_kinds_of_failure_stand_on_pages(app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = r'<th scope="row"><a href="[^"]*">[^<]*</a></th>'
    every = re.findall(rows, browse(app, "/failures").html)
    monkeypatch.setattr(failures, "SHOWN_MAX", 4)
    first = browse(app, "/failures")
    assert re.findall(rows, first.html) == every[:4]
    assert "1 to 4 on this page" in first.text
    assert first.links["next page"] == "/failures?p=2"
    last = browse(app, "/failures?p=999")
    assert re.findall(rows, last.html) == every[4 * ((len(every) - 1) // 4) :]
    assert "next page" not in last.links
