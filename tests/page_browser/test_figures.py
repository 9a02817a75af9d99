"""People's tasks with figures, in a real browser under the page's policy (T4, T6, T10)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from smsearch.page.addresses import ChartsAddress
from tests.page_browser.conftest import assert_360_pixels_are_wide_enough, assert_axe_finds_nothing

if TYPE_CHECKING:
    from smsearch.searcher import Searcher
    from tests.page_browser.conftest import Visit

STUDY = "name LIKE 'nlp-bert-240610-0930-%'"
LOSS = "Metrics.validation:loss"
RATE = "HyperParameters.learning_rate"
FIGURE_SCREENS = {
    "charts": f"/charts?q={quote(STUDY)}",
    "groups": "/groups?by=month(created),status&m=sum(BillableTimeInSeconds)",
    "failures": "/failures",
    "tuning": "/tuning?name=nlp-bert-240610-0930",
}


def drawn(visit: Visit) -> int:
    """Waits until every figure is drawn, and says how many there are."""
    return wait_for_figures(visit.page)


def wait_for_figures(page: Any) -> int:  # noqa: ANN401 - Playwright's own
    """The same of a page of Playwright's."""
    number = int(page.locator("script.spec").count())
    if number:
        page.locator("figure.chart[data-drawn]").nth(number - 1).wait_for()
    return number


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
        drawn(hostile_visit)


@pytest.mark.parametrize("screen", FIGURE_SCREENS)
def test_a_screen_with_figures_is_for_everyone(visit: Visit, screen: str) -> None:
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme)
        visit.open(FIGURE_SCREENS[screen])
        drawn(visit)
        assert_axe_finds_nothing(visit)
    assert_360_pixels_are_wide_enough(visit)


def test_each_kind_of_chart_has_the_numbers_of_its_query_and_a_name(visit: Visit, searcher: Searcher) -> None:
    kinds = [
        ("scatter", RATE, LOSS),
        ("histogram", LOSS),
        ("box", LOSS, "TrainingJobStatus"),
        ("best-so-far", LOSS, "min"),
    ]
    kinds += [("timeline",), ("importance", LOSS)]
    visit.open(ChartsAddress("TrainingJob", STUDY, tuple(kinds)).url())
    assert drawn(visit) == len(kinds)
    assert_axe_finds_nothing(visit)
    assert visit.page.locator('.drawing[role="img"]').count() == len(kinds)
    tables = {kind: rows_of(visit, kind) for kind, *_ in kinds}
    study = searcher.query(f"{STUDY} AND {LOSS} EXISTS")
    both = study.to_arrow("name", RATE, LOSS, "created").to_pylist()
    points = {(row["TrainingJobName"], f"{row[RATE]:.6g}", f"{row[LOSS]:.6g}") for row in both}
    assert {tuple(row) for row in tables["scatter"]} == points
    assert visit.page.locator('figure[data-kind="scatter"] .mark-symbol path').count() == len(points) == study.total
    assert sum(int(row[-1]) for row in tables["histogram"]) == study.total
    medians = study.group_by("status").agg("count(*)", f"median({LOSS})").to_arrow().to_pylist()
    expected = {(str(group), str(count), f"{middle:.6g}") for group, count, middle in map(dict.values, medians)}
    assert {(row[0], row[1], row[4]) for row in tables["box"]} == expected
    in_order = [row[LOSS] for row in sorted(both, key=lambda row: row["CreationTime"])]
    course = [f"{min(in_order[: place + 1]):.6g}" for place in range(len(in_order))]
    assert [row[3] for row in tables["best-so-far"]] == course
    assert {row[0] for row in tables["timeline"]} <= set(searcher.query(STUDY).names())
    assert {row[0]: int(row[3]) for row in tables["importance"]}[RATE] == study.total


def rows_of(visit: Visit, kind: str) -> list[list[str]]:
    """The cells of a figure's table."""
    rows = visit.page.locator(f'figure[data-kind="{kind}"] tbody tr')
    texts: list[list[str]] = rows.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent))")
    return texts
