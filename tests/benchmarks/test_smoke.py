"""The benchmark harness, over a thousand jobs: it keeps running, and every engine at hand gives the same answers."""

from __future__ import annotations

from copy import deepcopy
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from benchmarks import cold, growth, memory, oneshot, provenance, report, run
from benchmarks.engines import ENGINES
from benchmarks.groupings import GROUPINGS
from benchmarks.queries import queries
from benchmarks.targets import targets

if TYPE_CHECKING:
    from pathlib import Path

AT_HAND = tuple(
    name for name in ENGINES if name.partition(" ")[0] not in run.PACKAGES or find_spec(name.partition(" ")[0])
)
OWN_WAYS = ["ids", "response", "not prepared", "nothing remembered", "scan", "splice"]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> run.Settings:
    folder = tmp_path_factory.mktemp("bench")
    return run.Settings(1_000, AT_HAND, folder / "cache", folder / "results", budget=0.0, processes=1)


@pytest.fixture(scope="module")
def found(settings: run.Settings) -> dict[str, Any]:
    made: dict[str, Any] = orjson.loads(run.run(settings).read_bytes())
    return made


def test_all_engines_agree_and_are_timed(found: dict[str, Any]) -> None:
    asked = {query.name: query for query in queries(1_000, "a-job")}
    own = found["engines"]["smsearch"]["queries"]
    assert list(own) == list(found["engines"]["sqlite"]["queries"]) == list(asked)
    for name, query in asked.items():
        assert list(own[name]) == (OWN_WAYS[:4] if query.counts else OWN_WAYS)
        assert all(time > 0 for time in own[name].values())


def test_groups_are_asked_of_every_engine_and_timed(found: dict[str, Any]) -> None:
    for name, engine in found["engines"].items():
        if name != "reference":
            assert list(engine["groupings"]) == [grouping.name for grouping in GROUPINGS], name
            assert all(time > 0 for time in engine["groupings"].values())
    assert "| G1 status, type: jobs by status and instance type |" in report.tables([found])


def test_a_run_says_what_it_measured_and_on_what(found: dict[str, Any]) -> None:
    assert found["code"] == provenance.code()
    load = found["engines"]["smsearch"]["load"]
    assert load["seconds"] > 0
    assert load["peak_of_one_mb"] > 10
    assert 0 < found["engines"]["smsearch"]["documents_bytes"] < found["engines"]["smsearch"]["disk_bytes"]
    assert {"smsearch", "sqlite", "sqlite, no mmap"} <= set(found["opened"])
    assert {*oneshot.TASKS, "start"} == set(found["one_shot"])
    assert {"smsearch, JSON", "python and sqlite3"} <= set(found["one_shot"]["search"])


def test_every_target_is_measured_where_its_engines_are(found: dict[str, Any]) -> None:
    told = {target.what: target.outcome(found)[0] for target in targets()}
    lacking = {what for what, value in told.items() if value is None}
    may_lack = ("DuckDB", "Polars", "columnar", "shell", "cold")
    assert not {what for what in lacking if not any(word in what for word in may_lack)}
    text = report.tables([found])
    assert all(f"| {what} |" in text for what in told)
    assert all(f"| {query} |" in text for query in found["engines"]["smsearch"]["queries"])


def test_a_run_of_queries_only_takes_some_engines_and_what_is_loaded(
    settings: run.Settings, found: dict[str, Any]
) -> None:
    some = run.Settings(
        1_000, ("sqlite",), settings.folder, settings.results / "some", queries_only=True, budget=0.0, processes=1
    )
    result = orjson.loads(run.run(some).read_bytes())
    assert list(result["engines"]) == ["sqlite"]
    assert "load" not in result["engines"]["sqlite"]
    assert list(result["engines"]["sqlite"]["queries"]) == list(found["engines"]["sqlite"]["queries"])
    assert "| Q1 |" not in report.tables([result])


def test_sizes_are_compared_only_within_one_code(found: dict[str, Any]) -> None:
    larger = [{**deepcopy(found), "count": count} for count in (10_000, 100_000)]
    same = report.tables([found, *larger])
    assert "### From 10,000 to 100,000" in same
    assert "### 10,000,000: not measured" in same
    larger[-1]["code"] = {**found["code"], "digest": "another"}
    assert "measured with different code" in "\n".join(growth.growth([found, *larger]))
    assert not list(growth.carried_on([found, *larger]))


def test_engines_that_differ_end_the_run() -> None:
    same = {"Q1": {"names": ["a", "b"], "total": 2, "documents": {"response": "1"}}}
    run.compare({"one": same, "two": deepcopy(same)})
    for other in (
        {"names": ["b", "a"]},
        {"total": 3},
        {"documents": {"response": "2"}},
        {"documents": {"column": "2"}},
    ):
        with pytest.raises(SystemExit, match="Q1"):
            run.compare({"one": same, "two": {"Q1": {**same["Q1"], **other}}})


def test_code_that_changes_ends_the_run() -> None:
    code = provenance.code()
    provenance.refuse_change(code)
    with pytest.raises(SystemExit, match="changed while"):
        provenance.refuse_change({**code, "digest": "another"})


def test_files_leave_the_page_cache(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(1 << 20))
    assert cold.resident([path]) == 1.0
    cold.drop([path])
    assert cold.resident([path]) in {0.0, 1.0}  # a file system in memory has nowhere to drop it to


def test_memory_of_a_process_is_seen() -> None:
    assert memory.held(2**30) == {}
    assert memory.held().get("own_mb", 1.0) > 0
