"""Each figure's numbers are those of the query that it is of, counted otherwise."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from smsearch.errors import InvalidValueError, UnknownPropertyError
from smsearch.plots import scatter as scatters
from smsearch.plots.request import FigureRequest, draw

if TYPE_CHECKING:
    from smsearch.result import Result
    from smsearch.searcher import Searcher

STUDY = "name LIKE 'nlp-bert-240610-0930-%'"
LOSS = "Metrics.validation:loss"
RATE = "HyperParameters.learning_rate"


@pytest.fixture
def study(searcher: Searcher) -> Result:
    return searcher.query(STUDY)


def rows(result: Result, *names: str) -> list[tuple[Any, ...]]:
    """The records' values under some names, those that lack one left out."""
    table = result.to_arrow(names).to_pylist()
    return [tuple(row.values()) for row in table if None not in row.values()]


def figure_rows(result: Result, kind: str, *names: str, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - members of several types
    rows: list[dict[str, Any]] = draw(result, FigureRequest(kind, names, **options)).data.to_pylist()
    return rows


def test_a_scatter_has_a_point_for_each_match_with_both(study: Result) -> None:
    points = figure_rows(study, "scatter", "learning_rate", "validation:loss")
    expected = rows(study, "TrainingJobName", RATE, LOSS)
    assert len(expected) == 44
    assert sorted((point["name"], point["x"], point["y"]) for point in points) == sorted(expected)


def test_a_scatter_says_the_rank_correlation_and_its_n(study: Result) -> None:
    figure = study.plot.figure("scatter", RATE, LOSS)
    assert figure.notes == ("Rank correlation -0.64 (n = 44).",)
    assert figure.axes == {"x": RATE, "y": LOSS}
    assert figure.drawing["encoding"]["x"]["scale"] == {"type": "log"}


def test_a_scatter_of_many_is_a_sample_that_says_of_how_many(study: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scatters, "POINTS_MAX", 30)
    first, again, other = (draw(study, FigureRequest("scatter", (RATE, LOSS), seed=seed)) for seed in (1, 1, 2))
    assert first.data.num_rows == 30
    assert first.notes[1] == "A sample of 30 of 44 matches that have both."
    assert first.data == again.data
    assert first.data != other.data


def test_a_color_is_a_category_and_the_rare_ones_are_one(searcher: Searcher) -> None:
    points = figure_rows(searcher.query(""), "scatter", "created", "BillableTimeInSeconds", color="Tags.owner")
    colors = Counter(point["color"] for point in points)
    assert len(colors) <= 11
    assert sum(colors.values()) == searcher.query("created EXISTS AND BillableTimeInSeconds EXISTS").total


@pytest.mark.parametrize("name", ["BillableTimeInSeconds", "CreationTime"])
def test_a_histogram_has_the_counts_of_queries_for_its_bins(searcher: Searcher, name: str) -> None:
    bars = figure_rows(searcher.query("status = Completed"), "histogram", name)
    assert len(bars) > 5
    for bar in bars:
        low, high = (f"'{edge.isoformat()}'" if name == "CreationTime" else edge for edge in (bar["low"], bar["high"]))
        assert bar["count"] == searcher.query(f"status = Completed AND {name} >= {low} AND {name} < {high}").total
    assert sum(bar["count"] for bar in bars) == searcher.query(f"status = Completed AND {name} EXISTS").total


def test_a_histogram_of_texts_lists_them(searcher: Searcher) -> None:
    bars = figure_rows(searcher.query(""), "histogram", "status")
    assert {bar["value"]: bar["count"] for bar in bars} == {
        status: searcher.query(f"status = {status}").total
        for status in ("Completed", "Failed", "Stopped", "InProgress")
    }


def test_a_histogram_is_parted_by_a_color(searcher: Searcher) -> None:
    everything = searcher.query("")
    whole = {bar["low"]: bar["count"] for bar in figure_rows(everything, "histogram", "BillableTimeInSeconds")}
    parts = figure_rows(everything, "histogram", "BillableTimeInSeconds", color="status")
    summed: Counter[float] = Counter()
    for part in parts:
        assert part["base"] == summed[part["low"]]
        summed[part["low"]] += part["count"]
        assert part["top"] == summed[part["low"]]
    assert summed == Counter({low: count for low, count in whole.items() if count})
    failed = sum(part["count"] for part in parts if part["group"] == "Failed")
    assert failed == searcher.query("status = Failed AND BillableTimeInSeconds EXISTS").total


def test_boxes_are_the_numbers_that_groups_have(searcher: Searcher) -> None:
    everything = searcher.query("BillableTimeInSeconds EXISTS")
    boxes = figure_rows(everything, "box", "BillableTimeInSeconds", "Tags.team")
    groups = everything.group_by("Tags.team").agg(
        "count(*)", "min(BillableTimeInSeconds)", "median(BillableTimeInSeconds)", "max(BillableTimeInSeconds)"
    )
    expected = {tuple(group.values()) for group in groups}
    assert {
        (None if one["group"] == "(absent)" else one["group"], one["n"], one["least"], one["median"], one["greatest"])
        for one in boxes
    } == expected
    assert all(one["least"] <= one["lower"] <= one["median"] <= one["upper"] <= one["greatest"] for one in boxes)


def test_a_timeline_has_the_phases_of_each_job(searcher: Searcher) -> None:
    result = searcher.query("created >= '2024-12-01' AND status IN (Completed, Failed)")
    spans = figure_rows(result, "timeline", "Tags.team")
    shown = {(span["name"], span["phase"]): (span["from"], span["to"]) for span in spans}
    jobs = result.to_arrow("name", "status", "CreationTime", "TrainingStartTime", "TrainingEndTime").to_pylist()
    assert len(jobs) > 10
    for name, status, created, started, ended in (job.values() for job in jobs):
        phase = "failed" if status == "Failed" else "running"
        assert shown.get((name, "queued"), (created, started)) == (created, started)
        assert shown[name, phase] == (started or created, ended)


def test_jobs_at_one_time_have_lanes_of_their_own(searcher: Searcher) -> None:
    result = searcher.query(f"{STUDY} AND TrainingEndTime EXISTS")
    spans = [span for span in figure_rows(result, "timeline") if span["phase"] != "queued"]
    assert len({span["lane"] for span in spans}) > 1
    for at, one in enumerate(spans):
        for other in spans[at + 1 :]:
            is_apart = one["to"] <= other["from"] or other["to"] <= one["from"]
            assert is_apart or (one["group"], one["lane"]) != (other["group"], other["lane"])


def test_the_best_so_far_is_the_least_until_then(study: Result) -> None:
    trials = figure_rows(study, "best-so-far", LOSS)
    expected = sorted(rows(study, "CreationTime", LOSS))
    assert [(trial["created"], trial["value"]) for trial in trials] == expected
    losses = [loss for _, loss in expected]
    assert [trial["best"] for trial in trials] == [min(losses[: at + 1]) for at in range(len(losses))]
    assert [trial["number"] for trial in trials] == list(range(1, 45))
    largest = figure_rows(study, "best-so-far", LOSS, direction="max")
    assert [trial["best"] for trial in largest] == [max(losses[: at + 1]) for at in range(len(losses))]


def test_the_best_so_far_of_many_keeps_each_improvement(study: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    from smsearch.plots import best_so_far

    whole = figure_rows(study, "best-so-far", LOSS)
    monkeypatch.setattr(best_so_far, "POINTS_MAX", 20)
    trials = figure_rows(study, "best-so-far", LOSS)
    assert len(trials) <= 20
    assert {trial["best"] for trial in trials} == {trial["best"] for trial in whole}
    assert trials[-1]["number"] == 44


def test_the_decisive_hyperparameter_stands_first_with_its_n(study: Result) -> None:
    figure = study.plot.figure("importance", LOSS)
    ordered = figure.data.to_pylist()
    assert [one["name"] for one in ordered] == [RATE, "HyperParameters.dropout", "HyperParameters.batch_size"]
    assert ordered[0]["share"] > 0.5
    assert ordered[1]["share"] < 0.2
    assert {one["n"] for one in ordered} == {44}
    assert ordered[0]["correlation"] == pytest.approx(-0.64, abs=0.01)
    assert figure.notes == ("8 of 11 hyperparameters have fewer than 20 matches, or one value.",)


def test_importance_is_silent_below_twenty_jobs(searcher: Searcher) -> None:
    few = searcher.query(f"{STUDY} AND created < '2024-06-10T11:00:00Z' AND validation:loss EXISTS")
    assert 0 < few.total < 20
    assert figure_rows(few, "importance", LOSS) == []


def test_parallel_lines_are_the_matches_that_have_all(study: Result) -> None:
    figure = study.plot.figure("parallel", LOSS, RATE, "HyperParameters.batch_size")
    lines = figure.data.to_pylist()
    expected = rows(study, "TrainingJobName", RATE, "HyperParameters.batch_size", LOSS)
    assert sorted((line["name"], line["v0"], line["v1"], line["v2"]) for line in lines) == sorted(expected)
    for place in range(3):
        positions = [line[f"p{place}"] for line in lines]
        assert (min(positions), max(positions)) == (0, 1)
    by_rate = sorted(lines, key=lambda line: line["v0"])
    assert by_rate == sorted(lines, key=lambda line: line["p0"])
    assert figure.axes == {"p0": RATE, "p1": "HyperParameters.batch_size", "p2": LOSS}


def test_parallel_axes_are_the_most_important_where_none_are_named(study: Result) -> None:
    axes = list(study.plot.figure("parallel", LOSS).axes.values())
    assert axes == ["HyperParameters.batch_size", "HyperParameters.dropout", RATE, LOSS]


def test_bars_are_the_groups(searcher: Searcher) -> None:
    everything = searcher.query("")
    measure = "sum(BillableTimeInSeconds)"
    bars = figure_rows(everything, "bars", "Tags.team", "status", measure=measure)
    groups = everything.group_by("Tags.team", "status").agg(measure)
    assert [bar["length"] for bar in bars] == [list(group.values())[-1] for group in groups]
    assert len(bars) == len(groups)


def test_a_limit_does_not_count(searcher: Searcher) -> None:
    assert len(figure_rows(searcher.query(f"{STUDY} LIMIT 3"), "scatter", RATE, LOSS)) == 44


def test_a_figure_of_nothing_is_empty(searcher: Searcher) -> None:
    nothing = searcher.query("name = none-of-them")
    for kind, names in (
        ("scatter", (RATE, LOSS)),
        ("histogram", (LOSS,)),
        ("box", (LOSS, "status")),
        ("timeline", ()),
        ("best-so-far", (LOSS,)),
        ("importance", (LOSS,)),
        ("parallel", (LOSS, RATE)),
        ("bars", ("status",)),
    ):
        figure = draw(nothing, FigureRequest(kind, names))
        assert figure.data.num_rows == 0, kind
        assert figure.spec()["data"] == {"values": []}


@pytest.mark.parametrize(
    ("kind", "names", "error"),
    [
        ("scater", (RATE, LOSS), "Did you mean scatter?"),
        ("scatter", (RATE,), "scatter takes X Y, and 1 name is given."),
        ("bars", (), "bars takes KEY [PART], and 0 names are given."),
        ("scatter", (RATE, "InputDataConfig.ChannelName"), "may have several values of InputDataConfig.ChannelName"),
        ("scatter", (RATE, "ResourceConfig"), "may have no value of its own of ResourceConfig"),
        ("box", ("status", "Tags.team"), "TrainingJobStatus is no number in every match."),
        ("importance", ("status",), "TrainingJobStatus is no number in every match."),
        ("bars", ("status", "Tags.team", "name"), "bars takes KEY [PART]"),
    ],
)
def test_what_cannot_be_drawn_is_refused(study: Result, kind: str, names: tuple[str, ...], error: str) -> None:
    with pytest.raises(InvalidValueError, match=re.escape(error)):
        draw(study, FigureRequest(kind, names))


def test_an_unknown_name_is_refused(study: Result) -> None:
    with pytest.raises(UnknownPropertyError):
        draw(study, FigureRequest("scatter", ("nothing_has_this", LOSS)))


def test_no_number_that_json_lacks_reaches_a_specification() -> None:
    import smsearch

    jobs = [
        {
            "TrainingJobName": f"job-{at}",
            "HyperParameters": {"lr": str(at)},
            "FinalMetricDataList": [{"MetricName": "loss", "Value": value, "Timestamp": 1}],
        }
        for at, value in enumerate([1.0, "NaN", "Infinity", 2.0])
    ]
    figure = smsearch.from_records(jobs).query("").plot.figure("scatter", "lr", "Metrics.loss")
    assert sorted(point["y"] for point in figure.values()) == [1.0, 2.0]
    assert median(point["y"] for point in figure.values()) == 1.5
    assert any("no finite number" in note for note in figure.notes)


def test_the_best_so_far_of_very_many_is_that_of_a_sample_and_says_so(
    study: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smsearch.plots import best_so_far

    monkeypatch.setattr(best_so_far, "JOBS_MAX", 20)
    figure = study.plot.figure("best-so-far", LOSS)
    values, best = figure.data["value"].to_pylist(), figure.data["best"].to_pylist()
    assert len(values) == 20
    assert best == [min(values[: place + 1]) for place in range(20)]
    assert any(re.match(r"A sample of 20 of [0-9]+ matches", note) for note in figure.notes)


def test_equal_times_stay_in_their_order() -> None:
    from smsearch.plots import best_so_far

    times = np.random.default_rng(5).integers(0, 9, 200).astype(np.float64)
    assert best_so_far.in_order(times).tolist() == np.argsort(times, kind="stable").tolist()
    assert best_so_far.in_order(np.array([3.0, 1.0, 2.0])).tolist() == [1, 2, 0]


def test_numbers_that_make_groups_are_written_as_people_do(study: Result) -> None:
    groups = study.plot.figure("box", LOSS, "HyperParameters.batch_size").data["group"].to_pylist()
    assert "(others)" in groups
    assert all(group.isdigit() for group in groups if group != "(others)")
