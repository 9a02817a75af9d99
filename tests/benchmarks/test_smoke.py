"""The benchmark harness, over a thousand jobs: it keeps running, and every engine at hand gives the same answers."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import orjson
import pytest

from benchmarks import report, run
from benchmarks.queries import queries

if TYPE_CHECKING:
    from pathlib import Path

AT_HAND = [
    name
    for name in ("smsearch", "sqlite", "reference", "duckdb", "polars")
    if name not in run.PACKAGES or find_spec(name)
]


def test_all_engines_agree_and_are_timed(tmp_path: Path) -> None:
    file = run.run(1_000, AT_HAND, tmp_path / "cache", tmp_path / "results")
    found = orjson.loads(file.read_bytes())
    asked = [query.name for query in queries(1_000, "a-job")]
    assert list(found["engines"]["smsearch"]["queries"]) == asked
    assert list(found["engines"]["sqlite"]["queries"]) == asked
    assert all(times["response_us"] > 0 for times in found["engines"]["smsearch"]["queries"].values())
    text = report.tables([found])
    assert all(f"| {name} |" in text for name in asked)


def test_engines_that_differ_end_the_run() -> None:
    same, other = {"Q1": [["a", "b"], 2]}, {"Q1": [["b", "a"], 2]}
    run.compare({"one": same, "two": dict(same)})
    with pytest.raises(SystemExit, match="Q1"):
        run.compare({"one": same, "two": other})
