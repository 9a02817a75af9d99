"""For everyone: without JavaScript, with hostile names, to axe, and at 360 pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.page.hostile import NAMES
from tests.page_browser.conftest import assert_360_pixels_are_wide_enough, assert_axe_finds_nothing

if TYPE_CHECKING:
    from smsearch.searcher import Searcher
    from tests.page_browser.conftest import Visit

SCREENS = {
    "home": "/",
    "search": "/search?q=TrainingJobStatus+%3D+Completed&sort=-Metrics.accuracy",
    "nothing": "/search?q=TrainingJobStatus+%3D+completed+AND+Tags.team+%3D+nlp",
    "wrong": "/search?q=TrainingJobStaus+%3D+Completed",
    "record": "/record?r=TrainingJob&name={failed}",
    "compare": "/compare?r=TrainingJob&name={failed},{best}",
    "schema": "/schema?part=learning",
    "why": "/why?r=TrainingJob&name={failed}&q=TrainingJobStatus+%3D+Completed",
    "missing": "/record?name=nobody",
}


@pytest.fixture(scope="session")
def names(searcher: Searcher) -> dict[str, str]:
    return names_of(searcher)


def names_of(searcher: Searcher) -> dict[str, str]:
    """The records that the screens show."""
    return {
        "failed": next(searcher.query("TrainingJobStatus = Failed ORDER BY CreationTime DESC").names()),
        "best": next(searcher.query("ORDER BY Metrics.accuracy DESC").names()),
    }


@pytest.mark.parametrize("screen", [name for name in SCREENS if name != "missing"])
def test_a_screen_is_for_everyone_and_its_address_the_whole_state(
    visit: Visit, names: dict[str, str], screen: str
) -> None:
    visit.open(SCREENS[screen].format(**names))
    first = visit.page.inner_text("main")
    assert_axe_finds_nothing(visit)
    visit.page.emulate_media(color_scheme="dark")
    visit.page.reload()
    assert without_time(visit.page.inner_text("main")) == without_time(first)
    assert_axe_finds_nothing(visit)
    assert_360_pixels_are_wide_enough(visit)


def without_time(text: str) -> str:
    return "\n".join(line.partition(" records, ")[0] for line in text.splitlines())


def test_back_gives_the_screen_before(visit: Visit) -> None:
    visit.open("/search?q=Tags.team+%3D+nlp")
    before = visit.address
    visit.page.locator("tbody th a").first.click()
    visit.page.wait_for_url("**/record?**")
    visit.page.go_back()
    assert visit.address == before


def test_everything_works_without_a_script(plain_visit: Visit, searcher: Searcher) -> None:
    visit = plain_visit
    visit.open("/")
    visit.page.get_by_label("Query").fill("Tags.team = nlp")
    visit.page.get_by_role("button", name="Search").click()
    assert f"{len(searcher.query('Tags.team = nlp'))} of 342" in visit.page.inner_text("main")
    visit.page.locator(".facet a.value").first.click()
    visit.page.locator("svg.histogram a").first.click()
    for place in range(2):
        visit.open("/search?q=Tags.team+%3D+nlp") if place == 0 else None
        visit.page.locator("tbody input[type=checkbox]").nth(place).check()
    visit.page.get_by_role("button", name="Compare the selected").click()
    assert "properties differ" in visit.page.inner_text("main")
    visit.open("/search?q=Tags.team+%3D+nlp")
    visit.page.locator("tbody th a").first.click()
    visit.page.get_by_role("link", name="Why is it in the result, or not?").click()
    assert "In the result" in visit.page.inner_text("main")


def test_hostile_names_do_nothing(hostile_visit: Visit) -> None:
    visit = hostile_visit
    for path in ("/", "/search?facet=Tags,HyperParameters,TrainingJobStatus,FailureReason", "/schema"):
        visit.open(path)
        visit.page.wait_for_load_state("networkidle")
    visit.open("/search")
    links = [link.get_attribute("href") for link in visit.page.locator("tbody th a").all()]
    assert len(links) == len(NAMES)
    for link in links:
        visit.open(link)
        assert visit.page.locator("h1").count() == 1
        visit.page.get_by_role("link", name="Why is it in the result, or not?").click()
        assert "In the result" in visit.page.inner_text("main")
    visit.open("/search")
    visit.press("/")
    for typed in ("Tags.", "Tags.team = "):
        visit.page.locator("#q").fill("")
        visit.page.keyboard.type(typed)
        visit.page.locator("#choices li").first.wait_for()
    assert visit.page.evaluate("document.querySelectorAll('script').length") == 1
