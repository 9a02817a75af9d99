"""What people come for, by mouse and again by keyboard: each task ends with what the library says is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from smsearch.reasons.difference import changes

if TYPE_CHECKING:
    from smsearch.searcher import Searcher
    from tests.page_browser.conftest import Visit

KEYS = ["mouse", "keyboard"]


def follow(visit: Visit, text: str | re.Pattern[str], hand: str) -> None:
    """Follows the link that says so: by a click, or by focus and Enter."""
    link = visit.page.get_by_role("link", name=text).first
    with visit.page.expect_navigation():
        if hand == "mouse":
            link.click()
        else:
            link.focus()
            visit.press("Enter")


def ask(visit: Visit, query: str, hand: str) -> None:
    with visit.page.expect_navigation():
        if hand == "mouse":
            visit.page.locator("#q").click()
            visit.page.locator("#q").fill(query)
            visit.page.get_by_role("button", name="Search").click()
        else:
            visit.press("/")
            visit.page.keyboard.type(query)
            visit.press("Enter")


@pytest.mark.parametrize("hand", KEYS)
def test_t1_what_is_in_this_dump(visit: Visit, searcher: Searcher, hand: str) -> None:
    visit.open("/")
    for kind, number in searcher.resources().items():
        assert visit.page.get_by_role("link", name=f"{number:,} {kind}", exact=True).count() == 1
    follow(visit, re.compile("TrainingJob$"), hand)
    assert "342 of 342 TrainingJob records" in visit.page.inner_text("main")


@pytest.mark.parametrize("hand", KEYS)
def test_t2_which_did_best_with_what(visit: Visit, searcher: Searcher, hand: str) -> None:
    visit.open("/")
    follow(visit, re.compile("^Best by validation:accuracy"), hand)
    if hand == "mouse":
        visit.page.locator("tbody th a").first.click()
    else:
        visit.press("j", "Enter")
    visit.page.wait_for_url("**/record?**")
    best = next(searcher.query("ORDER BY Metrics.validation:accuracy DESC").names())
    assert visit.heading == best
    hyperparameters = searcher.describe(best, "TrainingJob")[0].document["HyperParameters"]
    text = visit.page.inner_text("main")
    assert hyperparameters
    assert all(name in text and value in text for name, value in hyperparameters.items())


@pytest.mark.parametrize("hand", KEYS)
def test_t3_what_failed_and_why(visit: Visit, searcher: Searcher, hand: str) -> None:
    visit.open("/search?facet=FailureReason,CreationTime")
    rows = searcher.query("").facet("FailureReason", 8).rows
    number = next(row.records for row in rows if row.value)
    link = visit.page.locator(".facet[data-name=FailureReason] a.value").first
    if hand == "mouse":
        link.click()
    else:
        link.focus()
        visit.press("Enter")
    visit.page.wait_for_load_state()
    assert f"{number} of 342" in visit.page.inner_text("main")


@pytest.mark.parametrize("hand", KEYS)
def test_t5_compare_three(visit: Visit, searcher: Searcher, hand: str) -> None:
    visit.open("/search?sort=-Metrics.accuracy")
    if hand == "mouse":
        for place in range(3):
            visit.page.locator("tbody input[type=checkbox]").nth(place).check()
        visit.page.get_by_role("button", name="Compare the selected").click()
    else:
        visit.press("j", "x", "j", "x", "j", "x", "c")
    visit.page.wait_for_url("**/compare?**")
    names = list(searcher.query("ORDER BY Metrics.accuracy DESC LIMIT 3").names())
    first, second, _ = (searcher.describe(name, "TrainingJob")[0] for name in names)
    paths = set(visit.page.locator("tbody th[scope=row]").all_inner_texts())
    assert {change.path for change in changes(first, second)} <= paths
    assert all(visit.page.get_by_role("link", name=name, exact=True).count() for name in names)
    address = visit.address
    visit.open(address)  # a colleague's paste
    assert set(visit.page.locator("tbody th[scope=row]").all_inner_texts()) == paths


@pytest.mark.parametrize("hand", KEYS)
def test_t7_why_is_my_job_not_in_the_list(visit: Visit, searcher: Searcher, hand: str) -> None:
    name = next(searcher.query("TrainingJobStatus = Completed AND Metrics.accuracy < 0.9").names())
    visit.open("/why?r=TrainingJob")
    visit.page.get_by_label("Name or ARN").fill(name)
    visit.page.get_by_label("Query").fill("TrainingJobStatus = Completed AND Metrics.accuracy > 0.95")
    visit.page.get_by_role("button", name="Explain").focus()
    if hand == "mouse":
        visit.page.get_by_role("button", name="Explain").click()
    else:
        visit.press("Enter")
    visit.page.wait_for_load_state()
    failing = visit.page.locator("li.fails", has_text="Metrics.accuracy")
    assert failing.locator(".verdict").last.inner_text() == "false"
    follow(visit, re.compile("^Metrics.accuracy >= "), hand)
    assert "In the result" in visit.page.inner_text("main")


@pytest.mark.parametrize("hand", KEYS)
def test_t8_where_does_this_model_come_from(visit: Visit, searcher: Searcher, hand: str) -> None:
    model = next(searcher.query("Endpoints.EndpointName EXISTS", resource="Model").names())
    visit.open(f"/record?r=Model&name={model}")
    job = visit.page.locator('a[href^="/record?r=TrainingJob"]').first.inner_text()
    follow(visit, job, hand)
    assert visit.heading == job
    follow(visit, model, hand)
    assert visit.heading == model
    endpoint = visit.page.locator('a[href^="/record?r=Endpoint"]').first.inner_text()
    follow(visit, endpoint, hand)
    assert visit.heading == endpoint


@pytest.mark.parametrize("hand", KEYS)
def test_t9_give_me_that_as_csv_and_as_code(visit: Visit, searcher: Searcher, hand: str) -> None:
    visit.open("/")
    ask(visit, "Tags.team = nlp", hand)
    with visit.page.expect_download() as download:
        link = visit.page.get_by_role("link", name="csv")
        if hand == "mouse":
            link.click()
        else:
            link.press("Enter")
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    names = list(searcher.query("Tags.team = nlp").names())
    assert [line.partition(",")[0] for line in lines[1:]] == names
    visit.page.get_by_text("This query elsewhere").click()
    copied = visit.page.locator("details.copies pre").first.inner_text()
    assert list(searcher.query(copied).names()) == names


def test_a_drag_over_a_histogram_asks_for_the_range(visit: Visit, searcher: Searcher) -> None:
    visit.open("/search?facet=Metrics.accuracy")
    bars = visit.page.locator("svg.histogram rect.hit")
    first, last = bars.nth(1).bounding_box(), bars.nth(4).bounding_box()
    visit.page.mouse.move(first["x"] + 2, first["y"] + 20)
    visit.page.mouse.down()
    visit.page.mouse.move(last["x"] + 2, last["y"] + 20, steps=5)
    visit.page.mouse.up()
    visit.page.wait_for_url("**q=**")
    asked = visit.page.locator("#q").input_value()
    low, high = bars_of(asked)
    expected = len(searcher.query(f"Metrics.accuracy >= {low} AND Metrics.accuracy < {high}"))
    assert expected > 1
    assert f"{expected} of 342" in visit.page.inner_text("main")


def bars_of(query: str) -> tuple[str, str]:
    match = re.fullmatch(r"Metrics\.accuracy >= (\S+) AND Metrics\.accuracy < (\S+)", query)
    assert match is not None, query
    return match[1], match[2]


def test_names_and_values_complete_with_counts(visit: Visit, searcher: Searcher) -> None:
    visit.open("/search")
    visit.press("/")
    visit.page.keyboard.type("tags.te")
    visit.page.get_by_role("option", name="Tags.team").wait_for()
    visit.press("ArrowDown", "Enter")
    visit.page.keyboard.type("= vi")
    option = visit.page.get_by_role("option", name="vision")
    option.wait_for()
    assert str(len(searcher.query("Tags.team = vision"))) in option.inner_text()
    visit.press("Tab", "Enter")
    visit.page.wait_for_load_state()
    visit.page.wait_for_url("**q=Tags.team**")
    assert visit.page.locator("#q").input_value().strip() == "Tags.team = 'vision'"


def test_an_error_is_told_while_typing(visit: Visit) -> None:
    visit.open("/search")
    visit.page.locator("#q").fill("TrainingJobStaus = Failed")
    visit.page.locator("#while-typing", has_text="Unknown property name").wait_for()


def test_keys_walk_from_record_to_record_and_back(visit: Visit, searcher: Searcher) -> None:
    names = list(searcher.query("Tags.team = nlp ORDER BY TrainingJobName LIMIT 3").names())
    visit.open("/search?q=Tags.team+%3D+nlp&sort=TrainingJobName")
    visit.press("j", "Enter")
    visit.page.wait_for_url("**/record?**")
    assert visit.heading == names[0]
    visit.press("]")
    visit.page.wait_for_function("name => document.querySelector('h1').innerText === name", arg=names[1])
    visit.press("[")
    visit.page.wait_for_function("name => document.querySelector('h1').innerText === name", arg=names[0])
    visit.press("?")
    assert visit.page.get_by_label("Keys").is_visible()
    visit.press("?")
    assert not visit.page.get_by_label("Keys").is_visible()


def test_keys_move_a_column_and_the_cursor_goes_with_it(visit: Visit) -> None:
    visit.open("/search?r=TrainingJob&c=name,status,Metrics.accuracy,created")
    visit.press("j", "l", "l", "<")
    visit.page.wait_for_url("**c=TrainingJobName,Metrics.accuracy,TrainingJobStatus,CreationTime**")
    visit.press(">")
    visit.page.wait_for_url("**c=TrainingJobName,TrainingJobStatus,Metrics.accuracy,CreationTime**")


def test_views_are_kept_by_name_in_the_browser(visit: Visit) -> None:
    visit.open("/search?r=TrainingJob&q=TrainingJobStatus+%3D+Failed")
    address = visit.address
    name = '<img src=x onerror="alert(1)">'
    visit.page.get_by_text("Views", exact=True).click()
    visit.page.get_by_label("Name of this view").fill(name)
    visit.page.get_by_role("button", name="Save").click()
    visit.open("/")
    visit.page.get_by_text("Views", exact=True).click()
    visit.page.get_by_role("link", name=name).click()
    visit.page.wait_for_url(f"**{address}")
    visit.page.get_by_text("Views", exact=True).click()
    visit.page.get_by_role("button", name=f"Forget {name}").click()
    visit.page.reload()
    visit.page.get_by_text("Views", exact=True).click()
    assert visit.page.get_by_role("link", name=name).count() == 0


def test_a_kept_view_leads_to_a_screen_of_this_page_alone(visit: Visit) -> None:
    visit.open("/search")
    views = '{"script": "javascript:alert(1)", "elsewhere": "//evil.example/search", "own": "/search?q=x"}'
    visit.page.evaluate("views => localStorage.setItem('smsearch-views', views)", views)
    visit.page.reload()
    assert visit.page.locator(".views a").all_text_contents() == ["own"]
