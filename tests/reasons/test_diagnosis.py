"""The doctor's counts are the reference's, in memory and in a store; it stops in time; its advice can be followed."""

from __future__ import annotations

import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

import smsearch
from smsearch.columnar.engine import ColumnarEngine
from smsearch.frozen import replace
from smsearch.live import reference
from smsearch.live.collection import collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind
from smsearch.reasons import diagnosis
from smsearch.result import Result
from smsearch.syntax.ast import BooleanOperator, SearchExpression
from smsearch.syntax.query import Query
from tests.columnar.test_engine import write_store
from tests.properties.strategies import property_filters, record_lists, resources, schema_of

if TYPE_CHECKING:
    import pytest

    from smsearch.engine.engine import Engine
    from smsearch.schema.record import Record

FREELY = replace(DEFAULT, contains_max=None)


def counted(expression: SearchExpression, records: list[Record], resource: str) -> int:
    predicate = bind(expression, schema_of(resource), FREELY)
    return sum(reference.holds(predicate, record.document) for record in records)


def result_of(records: Engine, expression: SearchExpression, resource: str) -> Result:
    return Result(records, schema_of(resource), Query(expression=expression), FREELY)


@given(data=st.data(), resource=resources(), operator=st.sampled_from(BooleanOperator))
def test_the_counts_are_the_references(data: st.DataObject, resource: str, operator: BooleanOperator) -> None:
    collection, _ = collect(data.draw(record_lists(resource)))
    kept = [record for record in collection._records_of(resource).records]  # noqa: C416, SLF001 - what was collected
    filters = tuple(data.draw(st.lists(property_filters(resource), min_size=2, max_size=4)))
    found = result_of(collection, SearchExpression(filters, operator=operator), resource).diagnose()
    assert found.records == len(kept)
    assert len(found.findings) == (len(filters) if kept else 0)
    for at, finding in enumerate(found.findings):
        rest = SearchExpression(filters[:at] + filters[at + 1 :])
        assert finding.alone == counted(SearchExpression((filters[at],)), kept, resource)
        without = counted(rest, kept, resource) if operator is BooleanOperator.AND else None
        assert finding.without == without


@settings(max_examples=25)
@given(data=st.data(), resource=resources())
def test_a_store_is_diagnosed_as_records_in_memory_are(data: st.DataObject, resource: str) -> None:
    collection, _ = collect(data.draw(record_lists(resource).filter(bool)))
    kept = list(collection._records_of(resource).records)  # noqa: SLF001 - what was collected
    expression = SearchExpression(tuple(data.draw(st.lists(property_filters(resource), min_size=1, max_size=3))))
    with tempfile.TemporaryDirectory() as folder:
        stored = ColumnarEngine(write_store(Path(folder), [kept]))
        in_memory = result_of(collection, expression, resource).diagnose()
        at_rest = result_of(stored, expression, resource).diagnose()
    for one, other in zip(in_memory.findings, at_rest.findings, strict=True):
        assert (one.text, one.alone, one.without, one.present) == (
            other.text,
            other.alone,
            other.without,
            other.present,
        )


def job(name: str, **more: object) -> dict[str, Any]:
    return {"TrainingJobName": name, "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:1:training-job/{name}", **more}


JOBS = smsearch.from_records(
    [
        job("cat", TrainingJobStatus="Completed", CreationTime=0, HyperParameters={"lr": "0.1"}),
        job("dog", TrainingJobStatus="Failed", CreationTime=60, HyperParameters={"lr": "0.3"}),
    ]
)


def test_a_value_that_is_advised_would_match() -> None:
    (finding,) = JOBS.query("TrainingJobStatus = 'completd'").diagnose().findings
    assert finding.nearest.value == "Completed"
    assert len(JOBS.query(f"TrainingJobStatus = '{finding.nearest.value}'")) == 1


def test_bounds_are_those_of_the_values_that_are_there() -> None:
    by_property = {
        "HyperParameters.lr > 7.0": ("0.1", "0.3"),
        "CreationTime > '2024-01-01'": ("1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z"),
    }
    for query, bounds in by_property.items():
        (finding,) = JOBS.query(query).diagnose().findings
        assert (finding.nearest.lowest, finding.nearest.highest) == bounds


def test_only_so_many_conditions_are_looked_into() -> None:
    many = " AND ".join(f"Tags.t{number} = x" for number in range(30))
    found = JOBS.query(many).diagnose()
    assert (len(found.findings), found.left_out) == (diagnosis.CONDITIONS_MAX, 30 - diagnosis.CONDITIONS_MAX)


def test_only_so_much_time_is_taken() -> None:
    result = JOBS.query("TrainingJobStatus = a AND TrainingJobName = b AND Tags.c = d")
    asked = result._bound_query  # noqa: SLF001 - what `diagnose` hands on
    ticks = count()
    found = diagnosis.diagnose(asked, clock=lambda: next(ticks) * diagnosis.SECONDS_MAX / 2)
    assert (len(found.findings), found.left_out) == (1, 2)


def test_a_store_spells_around_what_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collection, _ = collect([])
    assert collection.spellings("TrainingJob", schema_of("TrainingJob").property("TrainingJobName"), "x", 3) == []
    exports = tmp_path / "jobs.jsonl"
    monkeypatch.chdir(tmp_path)
    exports.write_text(
        "".join(f'{{"TrainingJobName": "job-{at:02}", "TrainingJobArn": "a{at}"}}\n' for at in range(50))
    )
    smsearch.build([exports], tmp_path / "store")
    for searcher in (smsearch.open(exports), smsearch.open(tmp_path / "store")):
        name = searcher.query("").schema.property("TrainingJobName")
        records = searcher.query("")._engine  # noqa: SLF001 - what the doctor asks
        for near, names in {
            "job-20x": ["job-19", "job-20", "job-21", "job-22"],
            "a": ["job-00"],
            "z": ["job-49"],
        }.items():
            found = records.spellings("TrainingJob", name, near, 4)
            assert len(found) == 4
            assert set(names) <= set(found)
        (finding,) = searcher.query("TrainingJobName = 'jobb-31'").diagnose().findings
        assert finding.nearest.value == "job-31"


def test_an_or_within_is_opened_when_it_matches_nothing() -> None:
    query = "TrainingJobStatus = Failed AND (TrainingJobName = bird OR TrainingJobName = dgo)"
    status, either = JOBS.query(query).diagnose().findings
    assert (status.alone, status.without, either.alone, either.without) == (1, 0, 0, 1)
    assert [part.nearest.value for part in either.parts] == ["", "dog"]
