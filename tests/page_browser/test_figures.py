"""People's tasks with figures, in a real browser under the page's policy (T4, T6, T10)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from smsearch.searcher import Searcher
    from tests.page_browser.conftest import Visit

STUDY = "name LIKE 'nlp-bert-240610-0930-%'"
LOSS = "Metrics.validation:loss"
RATE = "HyperParameters.learning_rate"


def drawn(visit: Visit) -> int:
    """Waits until every figure is drawn, and says how many there are."""
    number = visit.page.locator("script.spec").count()
    visit.page.locator("figure.chart[data-drawn]").nth(number - 1).wait_for()
    return int(number)


def query(visit: Visit) -> str:
    address: str = visit.page.url
    return parse_qs(urlsplit(address).query)["q"][0]


def matches(visit: Visit) -> int:
    return int(visit.page.locator(".summary b").first.inner_text().replace(",", ""))


def drag(visit: Visit, box: dict[str, Any], start: tuple[float, float], end: tuple[float, float]) -> None:
    """A drag from one place of a box to another, in shares of its width and height."""
    mouse = visit.page.mouse
    mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    mouse.down()
    mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=8)
    mouse.up()


def test_t4_the_decisive_hyperparameter_stands_first(visit: Visit) -> None:
    visit.open(f"/search?q={quote(STUDY)}")
    visit.page.locator(".beside a", has_text="charts").click()
    assert drawn(visit) == 3  # and the parallel coordinates
    importance = visit.page.locator('figure[data-kind="importance"]')
    assert importance.locator("svg").count() == 1
    importance.locator("summary").click()
    first = importance.locator("tbody tr").first.locator("td").all_inner_texts()
    assert first[0] == RATE
    assert float(first[1]) > 0.5
    assert first[3] == "44"


def test_a_drag_on_an_axis_changes_the_address_and_the_matches(visit: Visit, searcher: Searcher) -> None:
    visit.open(f"/charts?q={quote(STUDY)}&chart=%22parallel,{LOSS},{RATE},HyperParameters.dropout%22")
    assert visit.page.locator("polyline").count() == 44
    axis = visit.page.locator(f'g.axis[data-name="{RATE}"] rect.drag').bounding_box()
    with visit.page.expect_navigation():
        drag(visit, axis, (0.5, 0.02), (0.5, 0.5))
    found = re.fullmatch(rf"{re.escape(STUDY)} AND {RATE} >= ([0-9.]+) AND {RATE} <= ([0-9.]+)", query(visit))
    assert found is not None
    assert matches(visit) == searcher.query(query(visit)).total
    assert 0 < matches(visit) < 44
    assert visit.page.locator("polyline").count() == searcher.query(f"{query(visit)} AND {LOSS} EXISTS").total


def test_a_box_on_a_scatter_changes_the_address_and_the_matches(visit: Visit, searcher: Searcher) -> None:
    visit.open(f"/charts?q={quote(STUDY)}&chart=%22scatter,{RATE},{LOSS}%22")
    drawn(visit)
    area = visit.page.locator("figure .drawing svg .background").first.bounding_box()
    with visit.page.expect_navigation():
        drag(visit, area, (0.4, 0.5), (0.95, 0.95))
    assert f"{RATE} >= " in query(visit)
    assert f"{LOSS} <= " in query(visit)
    assert 0 < matches(visit) < 44
    assert matches(visit) == searcher.query(query(visit)).total


def test_t6_the_sums_are_those_of_group(visit: Visit, searcher: Searcher) -> None:
    visit.open("/")
    visit.page.locator("nav a", has_text="Groups").click()
    visit.page.locator('main input[name="by"]').fill("Tags.team,month(created)")
    visit.page.locator('main input[name="m"]').fill("sum(BillableTimeInSeconds)")
    visit.page.locator("main form button").click()
    assert drawn(visit) == 1
    table = searcher.query("").group_by("Tags.team", "month(created)").agg("count(*)", "sum(BillableTimeInSeconds)")
    rows = visit.page.locator("table.table tbody tr")
    assert rows.count() == len(table)
    shown = [row.split("\t") for row in rows.all_inner_texts()]
    assert [row[1:] for row in shown] == [row[1:] for row in table.texts()]
    rows.nth(3).locator("a").click()
    assert matches(visit) == int(shown[3][2])


def test_t10_the_course_of_a_tuning_job_and_its_best(visit: Visit, searcher: Searcher) -> None:
    visit.open("/")
    visit.page.locator("nav a", has_text="Tuning").click()
    visit.page.locator("main a", has_text="nlp-bert-240610-0930").click()
    drawn(visit)
    best = searcher.query(f"{STUDY} ORDER BY {LOSS} ASC LIMIT 1")[0]
    assert visit.page.locator("main b", has_text="0.30673").count() == 1
    assert visit.page.locator("table.table tbody th").first.inner_text() == best["TrainingJobName"]
    assert json.loads(visit.page.locator("details.json pre").inner_text()) == best["HyperParameters"]
    course = visit.page.locator('figure[data-kind="best-so-far"]')
    course.locator("summary").click()
    assert course.locator("tbody tr").count() == 44
    assert "1e-06 to 0.001, Logarithmic" in visit.page.locator("dl.facts").inner_text()


def test_failures_lead_to_their_jobs(visit: Visit) -> None:
    visit.open("/failures")
    first = visit.page.locator("table.failures tbody tr").first
    number = int(first.locator("td.number").first.inner_text())
    first.locator("a").click()
    assert matches(visit) == number


def test_charts_are_tables_without_a_script(plain_visit: Visit) -> None:
    plain_visit.open(f"/charts?q={quote(STUDY)}")
    tables = plain_visit.page.locator("figure details.data[open] table")
    assert tables.count() == 3  # the parallel coordinates beside them are drawn without a script
    assert plain_visit.page.locator("polyline").count() == 44


def test_hostile_names_are_drawn_as_text(hostile_visit: Visit) -> None:
    for path in ("/charts?chart=%22histogram,name%22,timeline", "/groups?by=name", "/failures"):
        hostile_visit.open(path)
        if hostile_visit.page.locator("script.spec").count():
            drawn(hostile_visit)


@pytest.mark.parametrize(
    "path", [f"/charts?q={quote(STUDY)}", "/groups", "/failures", "/tuning?name=nlp-bert-240610-0930"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_screens_with_figures(visit: Visit, path: str, scheme: str) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    visit.open(path)
    if visit.page.locator("script.spec").count():
        drawn(visit)
    report: Any = Axe().run(visit.page)
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in report.response["violations"]] == []


@pytest.mark.parametrize("path", ["/charts", "/groups", "/failures", "/tuning?name=nlp-bert-240610-0930"])
def test_360_pixels_are_wide_enough_for_figures(visit: Visit, path: str) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 740})
    visit.open(path)
    if visit.page.locator("script.spec").count():
        drawn(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
