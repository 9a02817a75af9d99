"""The search screen over the exports in data/: what is shown is what a query finds, and each link says what it does."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

import pytest

from smsearch.page import facet_panel
from smsearch.page.addresses import SearchAddress, read
from tests.page.browsing import browse

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from smsearch.searcher import Searcher


def search(app: ASGIApp, query: str, **others: str) -> str:
    parameters = "&".join(f"{name}={quote(value)}" for name, value in {"q": query, **others}.items())
    return browse(app, f"/search?{parameters}").html


def names_shown(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', html)


def read_search(url: str) -> SearchAddress:
    parts = urlsplit(url)
    address = read(parts.path, parts.query)
    assert isinstance(address, SearchAddress)
    return address


def query_of(url: str) -> str:
    return read_search(url).query


def test_the_rows_are_the_matches_in_order(app: ASGIApp, searcher: Searcher) -> None:
    text = "TrainingJobStatus = Failed ORDER BY TrainingJobName"
    expected = list(searcher.query(text).names())
    answer = browse(app, f"/search?q={quote(text)}")
    assert names_shown(answer.html) == expected[:50]
    assert f"{len(expected)} of 342 TrainingJob records" in answer.text


def test_pages_hold_each_match_once(app: ASGIApp, searcher: Searcher) -> None:
    url, names = "/search?q=Tags.team+EXISTS&sort=TrainingJobName", []
    while url:
        answer = browse(app, url)
        names += names_shown(answer.html)
        url = answer.links.get("next page", "").replace("&amp;", "&")
    assert names == list(searcher.query("Tags.team EXISTS ORDER BY TrainingJobName").names())
    assert len(names) > 100


@pytest.mark.parametrize(
    ("label", "condition"),
    [
        ("Failed", "TrainingJobStatus = 'Failed'"),
        ("not Failed", "TrainingJobStatus != 'Failed'"),
    ],
)
def test_a_facet_adds_its_condition(app: ASGIApp, searcher: Searcher, label: str, condition: str) -> None:
    answer = browse(app, "/search?q=Tags.team+EXISTS&facet=TrainingJobStatus")
    text = query_of(answer.links[label])
    assert text == f"Tags.team EXISTS AND {condition}"
    found = browse(app, answer.links[label])
    assert f"{len(searcher.query(text))} of 342" in found.text


def test_the_bars_of_a_histogram_hold_all_that_have_the_property(app: ASGIApp, searcher: Searcher) -> None:
    for name in ("Metrics.accuracy", "HyperParameters.learning_rate", "CreationTime"):
        answer = browse(app, f"/search?facet={name}")
        bars = [query_of(url) for label, url in answer.links.items() if re.search(r": [0-9,]+$", label)]
        assert len(bars) > 3
        found = [set(searcher.query(text, resource="TrainingJob").names()) for text in bars]
        everything = set(searcher.query(f"{name} EXISTS").names())
        assert set().union(*found) == everything
        assert sum(map(len, found)) == len(everything)
        assert all(found)


def test_a_wrong_name_is_mended_by_a_link(app: ASGIApp) -> None:
    answer = browse(app, "/search?q=TrainingJobStaus+%3D+Failed")
    assert "Unknown property name" in answer.text
    assert query_of(answer.links["TrainingJobStatus"]) == "TrainingJobStatus = Failed"


def test_a_wrong_name_is_mended_where_it_is_a_name(app: ASGIApp) -> None:
    answer = browse(app, "/search?q=" + quote("Tags.TrainingJobStaus = x AND TrainingJobStaus = Failed"))
    assert query_of(answer.links["TrainingJobStatus"]) == "Tags.TrainingJobStaus = x AND TrainingJobStatus = Failed"


def test_a_wrong_operator_is_shown_with_a_caret_and_mended(app: ASGIApp) -> None:
    answer = browse(app, "/search?q=TrainingJobStatus+%3D%3E+5")
    assert "\n                  ^" in answer.html
    assert query_of(answer.links[">="]) == "TrainingJobStatus >= 5"


def test_what_finds_nothing_is_taken_apart(app: ASGIApp, searcher: Searcher) -> None:
    text = "TrainingJobStatus = Completed AND Tags.team = 'vison' AND (Metrics.accuracy > 2 OR Metrics.accuracy < 0)"
    answer = browse(app, f"/search?q={quote(text)}")
    assert "Nothing matches" in answer.text
    row = re.search(r"<code>Tags.team = &#39;vison.*?</tr>", answer.html, re.DOTALL)
    assert row is not None
    mended = re.search(r'<a href="([^"]*)">Tags.team = &#39;vision&#39;</a>', row[0])
    assert mended is not None
    assert "Tags.team = 'vision'" in query_of(mended[1].replace("&amp;", "&"))
    dropped = [query_of(url.replace("&amp;", "&")) for url in re.findall(r'<a href="([^"]*)">drop it</a>', answer.html)]
    assert len(dropped) == 3
    counts = [len(searcher.query(query)) for query in dropped]
    shown = re.findall(r'<td class="number">([0-9,]+)</td>\n<td>', answer.html)
    assert [f"{count:,}" for count in counts] == shown


def test_columns_that_are_the_same_in_all_rows_are_named_once(app: ASGIApp) -> None:
    html = search(app, "Tags.team = nlp", r="TrainingJob")
    same = re.search(r'<details class="same">.*?</details>', html, re.DOTALL)
    assert same is not None
    assert "<dt>Tags.team</dt><dd>nlp</dd>" in same[0]
    assert 'data-name="Tags.team"' not in html.partition("<thead>")[2].partition("</thead>")[0]


def test_chosen_columns_are_shown_in_their_order(app: ASGIApp) -> None:
    html = search(app, "", c="Metrics.accuracy,TrainingJobName")
    head = html.partition("<thead>")[2].partition("</thead>")[0]
    assert re.findall(r'data-name="([^"]*)"', head) == ["Metrics.accuracy", "TrainingJobName"]


def test_a_kind_that_the_service_cannot_search_is_shown(app: ASGIApp, searcher: Searcher) -> None:
    answer = browse(app, "/search?r=ProcessingJob")
    assert names_shown(answer.html) == list(searcher.query("", resource="ProcessingJob").names())[:50]


@pytest.mark.parametrize("parameters", ["r=Nothing", "c=Nothing", "sort=Nothing", "q=%00", "q=(((", "r=%3Cb%3E"])
def test_a_wrong_address_is_a_screen_with_the_reason(app: ASGIApp, parameters: str) -> None:
    answer = browse(app, f"/search?{parameters}")
    assert 'role="alert"' in answer.html
    assert answer.status == 200


def test_the_copied_text_finds_the_same(app: ASGIApp, searcher: Searcher) -> None:
    text = "Tags.team = nlp ORDER BY Metrics.accuracy DESC LIMIT 7"
    html = search(app, text)
    boxes = re.findall(r"<pre [^>]*>(.*?)</pre>", html, re.DOTALL)
    labels = re.findall(r'<h3 id="copy-[0-9]">([^<]*)</h3>', html)
    assert labels == ["Text", "Command", "AWS CLI", "boto3", "JSON"]
    copied = boxes[0].replace("&#39;", "'")
    assert list(searcher.query(copied, resource="TrainingJob").names()) == list(searcher.query(text).names())


def test_a_query_for_groups_is_a_table(app: ASGIApp, searcher: Searcher) -> None:
    text = "SELECT Tags.team, count(*) WHERE TrainingJobStatus = Failed GROUP BY Tags.team"
    answer = browse(app, f"/search?r=TrainingJob&q={quote(text)}")
    rows = re.findall(r"<tr><td>([^<]*)</td><td>([^<]*)</td></tr>", answer.html)
    expected = searcher.query(text).to_arrow().to_pylist()
    assert rows == [(row["Tags.team"] or "", str(row["count(*)"])) for row in expected]
    assert len(rows) > 3


def test_derived_properties_are_offered_while_a_name_is_typed(app: ASGIApp) -> None:
    choices = json.loads(browse(app, f"/complete?q={quote('status = Failed AND dura')}").html)["choices"]
    assert {"text": "DurationInSeconds"} in choices
    following = json.loads(browse(app, f"/complete?q={quote('SELECT status A')}").html)["choices"]
    assert following == [{"text": "AS"}]


def test_many_matches_are_counted_in_a_sample_and_it_says_so(
    app: ASGIApp, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet_panel, "SAMPLE", 40)
    query = "Tags.team EXISTS"
    total = len(searcher.query(query))
    assert total > 100
    answer = browse(app, f"/search?q={quote(query)}&facet=TrainingJobStatus")
    assert f"estimated from 40 of the {total} matches" in answer.text
    shown = re.findall(r'<span class="number">~(\d+)</span>', answer.html)
    assert shown
    assert sum(map(int, shown)) == pytest.approx(total, rel=0.1)
    exact = browse(app, answer.links["count all"])
    assert "estimated" not in exact.text
    numbers = re.findall(r'<span class="number">(\d+)</span>', exact.html)
    statuses = searcher.query(query).facet("status").rows
    assert numbers == [str(row.records) for row in statuses[:8]]


def test_few_matches_are_all_counted(app: ASGIApp, searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "Tags.team EXISTS"
    monkeypatch.setattr(facet_panel, "SAMPLE", len(searcher.query(query)))
    assert "estimated" not in search(app, query)


def test_a_bar_without_a_record_in_the_sample_leads_to_those_there_are(
    app: ASGIApp, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet_panel, "SAMPLE", 3)
    answer = browse(app, "/search?q=Tags.team+EXISTS&facet=CreationTime")
    empty = [query_of(url) for label, url in answer.links.items() if label.endswith(": ~0")]
    assert any(len(searcher.query(text)) for text in empty)


def test_links_move_a_column_and_the_first_stays(app: ASGIApp) -> None:
    answer = browse(app, "/search?c=name,status,Metrics.accuracy,created")
    moved = read_search(answer.links["Move accuracy to the left"])
    assert moved.columns == ("TrainingJobName", "Metrics.accuracy", "TrainingJobStatus", "CreationTime")
    moved = read_search(answer.links["Move accuracy to the right"])
    assert moved.columns == ("TrainingJobName", "TrainingJobStatus", "CreationTime", "Metrics.accuracy")
    assert "Move TrainingJobStatus to the left" not in answer.links
    assert "Move CreationTime to the right" not in answer.links


def test_a_form_sends_back_the_control_characters_that_a_box_shows_written_out(app: ASGIApp) -> None:
    address = SearchAddress(
        "TrainingJob", "Tags.team = 'a\u202eb\tc'", columns=("name", "Tags.\u202e"), sort="-Tags.\u2066"
    )
    html = browse(app, address.url()).html
    assert not {"\u202e", "\u2066"} & set(html)
    form = re.search(r'<form class="query".*?</form>', html, re.DOTALL)
    assert form is not None
    fields = re.findall(r'<input(?: id="q")?(?: type="hidden")? name="([^"]*)" value="([^"]*)"', form[0])
    sent = urlencode([(name, unescape(value)) for name, value in fields])
    assert read("/search", f"r=TrainingJob&{sent}") == address


def test_what_is_typed_over_a_written_out_character_is_taken_as_typed() -> None:
    assert read("/search", "q=a%5Cu202e&q0=a%25E2%2580%25AE") == SearchAddress(query="a\u202e")
    assert read("/search", "q=ab&q0=a%25E2%2580%25AE") == SearchAddress(query="ab")
