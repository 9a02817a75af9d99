"""The charts of the matches of a query: two to six figures, each in the address, or the usual ones."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from smsearch.errors import RequestError
from smsearch.frames.metric_names import is_less_better
from smsearch.page.addresses import SearchAddress
from smsearch.page.mending import refusal
from smsearch.page.screen import Screen
from smsearch.page.shown_figures import shown_figure
from smsearch.plots.best_so_far import DIRECTIONS
from smsearch.plots.importance import FAMILIES
from smsearch.plots.remembered import RememberedMatches
from smsearch.plots.request import KINDS, FigureRequest, draw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsearch.page.addresses import ChartsAddress
    from smsearch.page.shown_figures import ShownFigure
    from smsearch.result import Result
    from smsearch.schema.property import Property
    from smsearch.searcher import Searcher

CHARTS_MAX: Final = 6
LOOKED_INTO: Final = 40
"""Matches that tell which properties are common."""
_HELD_OUT: Final = re.compile(r"val|test", re.IGNORECASE)
"""What the name of a metric holds that was not measured on what the model learned from."""
_SECOND_NAME: Final = "ObjectiveMetric"
"""What a tuning job calls its objective besides its own name, which tells more."""
_COLORED: Final = {"scatter": 2, "histogram": 1}
"""Kinds whose last name is a colour, and how many names are before it."""


def charts_screen(searcher: Searcher, address: ChartsAddress) -> Screen:
    """The figures of an address; a wrong query is shown with what is wrong about it."""
    kinds = searcher.resources()
    shared: dict[str, object] = {"kinds": kinds, "resource": address.resource or searcher.default_resource}
    try:
        result = searcher.quiet_result(address.query, resource=address.resource or None)
        coverage = result.sampled_coverage(LOOKED_INTO)
    except RequestError as error:
        wrong = refusal(error, SearchAddress(address.resource, address.query))
        return Screen("refused.html", "Charts", address, shared | {"refusal": wrong})
    rows = address.charts or usual_charts(coverage)
    figures, refusals = _figures(result, replace(address, charts=rows[:CHARTS_MAX]))
    values: dict[str, object] = {
        "resource": result.resource,
        "total": result.total,
        "figures": figures,
        "wrong": refusals,
        "figure_kinds": {name: kind.words for name, kind in KINDS.items() if name != "bars"},
        "rows": replace(address, charts=rows).parameters().get("chart", ""),
        "can_add": len(rows) < CHARTS_MAX,
        "names": sorted(prop.name for prop in coverage if prop.kind.has_values and not prop.is_many),
        "narrow_url": f"/narrow{replace(address, charts=rows).url().removeprefix(address.path)}",
    }
    return Screen("charts.html", f"Charts: {address.query or result.resource}", address, shared | values)


def request_of(row: Sequence[str]) -> FigureRequest:
    """The figure that a row of an address asks for: its kind, its names, and a colour or a direction last."""
    kind, *names = row
    if kind in _COLORED and len(names) == _COLORED[kind] + 1:
        return FigureRequest(kind, tuple(names[:-1]), color=names[-1])
    if kind == "best-so-far" and names and names[-1] in DIRECTIONS:
        return FigureRequest(kind, tuple(names[:-1]), direction=names[-1])
    return FigureRequest(kind, tuple(names))


def usual_charts(coverage: Mapping[Property, int]) -> tuple[tuple[str, ...], ...]:
    """What is drawn where nobody chooses: of the commonest metric; without one, when jobs ran or records were made.

    Args:
        coverage: Properties of a sample of the matches, with how many have each.
    """
    common = sorted((prop for prop in coverage if not prop.is_many), key=lambda prop: (-coverage[prop], _rank(prop)))
    metric = next((prop.name for prop in common if prop.name.startswith("Metrics.") and prop.kind.is_number), "")
    parameters = [prop.name for prop in common if prop.name.startswith(FAMILIES)]
    charts: list[tuple[str, ...]] = []
    if metric:
        charts.append(("importance", metric))
        charts.append(("best-so-far", metric, "min" if is_less_better(metric) else "max"))
        charts += [("parallel", metric)] if parameters else []
        charts.append(("histogram", metric))
    names = {prop.name for prop in coverage}
    if not charts and "CreationTime" in names and any(name.endswith(("EndTime", "CompletionTime")) for name in names):
        charts.append(("timeline",))
    return tuple(charts) or tuple(("histogram", prop.name) for prop in common if prop.kind.is_time)[:1]


def _rank(prop: Property) -> tuple[bool, bool, str]:
    """What comes first of metrics that as many matches have: its own name, measured on held-out data."""
    return prop.name.endswith(_SECOND_NAME), _HELD_OUT.search(prop.name) is None, prop.name


def _figures(result: Result, address: ChartsAddress) -> tuple[list[ShownFigure], list[str]]:
    """The figures of an address; and those that cannot be drawn, each with the reason."""
    figures: list[ShownFigure] = []
    wrong: list[str] = []
    matches = RememberedMatches(result)
    for row in address.charts:
        others = tuple(other for other in address.charts if other != row)
        try:
            figures.append(shown_figure(draw(matches, request_of(row)), replace(address, charts=others).url()))
        except RequestError as error:
            wrong.append(f"{' '.join(row)}: {error}")
    return figures, wrong
