"""The path without NumPy against the reference and the conformance cases; and how much of them it answers."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from smsearch.columnar import engine, short_path, short_segment
from smsearch.columnar.engine import ColumnarEngine
from smsearch.live import reference
from smsearch.live.collection import collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from smsearch.predicate.predicate import ALWAYS
from smsearch.schema.record import Record
from smsearch.searcher import Searcher
from smsearch.store.trigrams import INDEXED_FROM
from smsearch.syntax.ast import SearchExpression
from tests.columnar.test_engine import whole, write_store
from tests.properties.strategies import EXTENDED, property_filters, record_lists, resources, schema_of, sort_keys
from tests.test_conformance import CASES, ENGINES, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERED_MIN = 449
"""Pages and counts of the conformance cases that the short path answers. It may grow; it must not shrink unseen."""


@contextmanager
def short(answers_max: int = 10_000) -> Iterator[list[str]]:
    """Opens the short path although NumPy is loaded, to an engine for so many questions; gives what it has answered."""
    answered: list[str] = []

    def noting(function: Any) -> Any:  # noqa: ANN401 - either of two functions
        def ask(*arguments: object) -> object:
            answer = function(*arguments)
            answered.append(function.__name__)
            return answer

        return ask

    with (
        patch.object(short_path, "is_open", lambda: True),
        patch.object(engine, "SHORT_ANSWERS_MAX", answers_max),
        patch.object(short_path, "find_page", noting(short_path.find_page)),
        patch.object(short_path, "find_names", noting(short_path.find_names)),
        patch.object(short_path, "find_called", noting(short_path.find_called)),
        patch.object(short_path, "count", noting(short_path.count)),
    ):
        yield answered


@settings(deadline=None)
@given(data=st.data())
def test_pages_and_counts_are_the_references(data: st.DataObject) -> None:
    resource = data.draw(resources())
    collection, _ = collect(data.draw(record_lists(resource)))
    schema = schema_of(resource)
    key = data.draw(sort_keys(resource))
    records = list(collection.records(resource, bind(None, schema, DEFAULT), bind_sort(None, None, schema)))
    if not records:
        return
    expression = SearchExpression(tuple(data.draw(st.lists(property_filters(resource), min_size=1, max_size=2))))
    predicate = bind(expression, schema, EXTENDED)
    cuts = data.draw(st.integers(1, 3))
    parts = [part for part in (records[at::cuts] for at in range(cuts)) if part]
    dead = [sorted(data.draw(st.sets(st.integers(0, len(part) - 1)))) for part in parts]
    alive = [record for part, gone in zip(parts, dead, strict=True) for at, record in enumerate(part) if at not in gone]
    expected = [(record.arn, record.name) for record in reference.select(alive, predicate, key)]
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=1))
    with tempfile.TemporaryDirectory() as folder, short():
        stored = ColumnarEngine(write_store(Path(folder), parts, dead))
        with patch.object(short_segment, "ROWS_MAX", data.draw(st.sampled_from([short_segment.ROWS_MAX, 10_000_000]))):
            found, totals = whole(stored, resource, predicate, key, sizes)
        assert found == expected
        assert totals == {len(expected)}
        assert stored.count(resource, predicate) == len(expected)
        assert list(stored.names(resource, predicate, key)) == [name or arn for arn, name in expected]
        for called in {text for record in records for text in (record.name, record.arn) if text}:
            named = [record for record in alive if record.name == called] or [
                record for record in alive if record.arn == called
            ]
            same = stored.find(resource, called)
            assert sorted((one.arn, one.name) for one in same) == sorted((one.arn, one.name) for one in named)


def test_a_record_is_found_by_its_name_or_its_arn(tmp_path: Path) -> None:
    records = [
        Record("TrainingJob", f"arn:{name}", name, {"TrainingJobName": name, "TrainingJobArn": f"arn:{name}"})
        for name in ("a", "b", "c")
    ]
    stored = ColumnarEngine(write_store(tmp_path, [records], [[2]]))
    with short() as answered:
        found = [[record.name for record in stored.find("TrainingJob", name)] for name in ("a", "arn:b", "c", "d")]
    assert found == [["a"], ["b"], [], []]
    assert answered == ["find_called"] * 4


def test_a_word_of_many_names_is_found(tmp_path: Path) -> None:
    animals = (
        "ape",
        "bear",
        "cat",
        "deer",
        "elk",
        "fox",
        "gnu",
        "hare",
        "ibex",
        "jay",
        "koi",
        "lynx",
        "mole",
        "newt",
        "owl",
        "pug",
        "rat",
    )
    names = [f"{one}-{other}-{number}" for one, other, number in product(animals, animals, range(17))]
    assert len(names) > INDEXED_FROM
    records = [Record("TrainingJob", f"arn:{name}", name, {"TrainingJobName": name}) for name in names]
    searcher = Searcher(ColumnarEngine(write_store(tmp_path, [records])))
    for needle, is_short in (("elk", True), ("ap", True), ("a", True), ("yak", True), ("1", False), ("x-ib", False)):
        expression = {"Filters": [{"Name": "TrainingJobName", "Operator": "Contains", "Value": needle}]}
        with short() as answered:
            assert searcher.query(expression).total == sum(needle in name for name in names)
        assert (answered == ["count"]) is is_short, needle


def test_a_process_that_goes_on_asking_leaves_it(tmp_path: Path) -> None:
    """Else a service without NumPy would take ten times as long for each page that is asked again."""
    records = [Record("TrainingJob", f"arn:{name}", name, {"TrainingJobName": name}) for name in ("a", "b")]
    stored = ColumnarEngine(write_store(tmp_path, [records]))
    with short(answers_max=3) as answered:
        totals = [stored.count("TrainingJob", ALWAYS) for _ in range(5)]
    assert totals == [2] * 5
    assert answered == ["count"] * 3


def test_it_answers_conformance_cases() -> None:
    with short() as answered:
        for case in CASES:
            if case.operation in {"search", "query"}:
                judge(case, ENGINES["store"](case.records))
    assert len(answered) >= ANSWERED_MIN
