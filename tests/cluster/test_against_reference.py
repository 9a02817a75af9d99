"""Spark against the reference: random expressions over random records, many of both in one job, and every order."""

from __future__ import annotations

import copy
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

import smsearch
from smsearch.archive.layout import ARN, NAME
from smsearch.cluster import engine as searched
from smsearch.cluster.compile import compile_predicate
from smsearch.cluster.engine import SparkEngine
from smsearch.cluster.types import spark_schema
from smsearch.cluster.walk import ShapedColumn, any_value
from smsearch.columnar.engine import ColumnarEngine
from smsearch.frozen import replace
from smsearch.ingest import load
from smsearch.ingest.archive import write
from smsearch.ingest.report import Report
from smsearch.live import reference
from smsearch.live.collection import Collection, collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from smsearch.predicate.bind_condition import bind_condition
from smsearch.predicate.predicate import Match, TextContains
from smsearch.schema import catalogue, value_kinds
from smsearch.schema.names import Schema
from smsearch.schema.record import Record
from smsearch.store.store import Store
from smsearch.syntax.ast import Filter, SearchExpression, SortOrder
from smsearch.syntax.operators import Operator
from tests.cluster.kinds import KINDS
from tests.properties.strategies import EXTENDED, conditions, record_lists, resources, schema_of, sort_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from tests.cluster.kinds import Judge

POLICY = replace(DEFAULT, contains_max=None)


@pytest.fixture(scope="module", autouse=True)
def elsewhere(spark: Any) -> Iterator[None]:  # noqa: ANN401 - pyspark's types are not asked for
    """A session in another time zone than ours: no answer may depend on it."""
    spark.conf.set("spark.sql.session.timeZone", "America/St_Johns")
    yield
    spark.conf.set("spark.sql.session.timeZone", "UTC")


def _many(data: st.DataObject, resource: str) -> Collection:
    """Records of a resource: a few as they are drawn, which share names, and more with a name of their own."""
    kind = catalogue.resource(resource)
    drawn: list[Record] = data.draw(record_lists(resource, max_size=12))
    for _ in range(6):
        for record in data.draw(record_lists(resource, max_size=4)):
            name = f"{record.name}-{len(drawn)}"
            document = {**record.document, kind.name_path[-1]: name}
            arn = f"{record.arn}-{len(drawn)}" if record.arn else ""
            if arn:
                document[kind.arn[-1]] = arn
            drawn.append(replace(record, arn=arn, name=name, document=document))
    collection, _ = collect(drawn)
    return collection


def _archive(collection: Collection, resource: str, schema: Schema, folder: str) -> list[Record]:
    key = bind_sort(None, None, schema)
    records = list(collection.records(resource, bind(None, schema, DEFAULT), key))
    write([replace(record, document=copy.deepcopy(record.document)) for record in records], Path(folder))
    return records


def _selected(spark: Any, folder: str, resource: str, predicates: list[Predicate]) -> list[set[tuple[str, str]]]:  # noqa: ANN401
    """The identities that satisfy each predicate, all of them in one job."""
    kind = catalogue.resource(resource)
    frame = SparkEngine(spark, folder).frame(resource)
    columns = [compile_predicate(one, kind).alias(f"p{at}") for at, one in enumerate(predicates)]
    rows = frame.select(ARN, NAME, *columns).collect()
    assert all(value is not None for row in rows for value in row), "a condition is true or false"
    return [{(row[0], row[1]) for row in rows if row[at + 2]} for at in range(len(predicates))]


@pytest.mark.sessions(*KINDS)
@pytest.mark.usefixtures("interpreted")
def test_expressions_hold_where_the_reference_says(judge: Judge) -> None:
    judge(_judge_expressions, 30)


def test_compiled_expressions_hold_there_too(judge: Judge) -> None:
    judge(_judge_expressions, 4)  # compiling thirty takes some 20 seconds of processor time


def _judge_expressions(spark: Any, data: st.DataObject, count: int) -> None:  # noqa: ANN401
    """Draws records and so many conditions, and asks of all of them in one job."""
    resource = data.draw(resources())
    collection = _many(data, resource)
    schema = schema_of(resource)
    drawn = [data.draw(conditions(resource)) for _ in range(count)]
    predicates = [bind_condition(one, schema, EXTENDED).predicate for one in drawn]
    with tempfile.TemporaryDirectory() as folder:
        records = _archive(collection, resource, schema, folder)
        if not records:
            return
        found = _selected(spark, folder, resource, predicates)
    for condition, predicate, selected in zip(drawn, predicates, found, strict=True):
        expected = {(one.arn, one.name) for one in records if reference.holds(predicate, one.document)}
        assert selected == expected, condition


@pytest.mark.sessions(*KINDS)
@pytest.mark.usefixtures("interpreted")
def test_pages_of_every_order_are_the_references_result(judge: Judge) -> None:
    judge(_judge_pages)


def _judge_pages(spark: Any, data: st.DataObject) -> None:  # noqa: ANN401
    """Draws records, conditions and orders, and asks for every page: with its documents at once, and in two jobs."""
    resource = data.draw(resources())
    collection = _many(data, resource)
    schema = schema_of(resource)
    with tempfile.TemporaryDirectory() as folder:
        records = _archive(collection, resource, schema, folder)
        stored = SparkEngine(spark, folder)
        for one_job_bytes in (searched.ONE_JOB_BYTES, 0):
            key = data.draw(sort_keys(resource, extended=True))
            predicate = bind_condition(data.draw(st.none() | conditions(resource)), schema, EXTENDED).predicate
            expected = [(one.arn, one.name) for one in reference.select(records, predicate, key)]
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(searched, "ONE_JOB_BYTES", one_job_bytes)
                assert _whole(stored, resource, predicate, key, data.draw(st.integers(4, 9))) == expected


def _whole(stored: SparkEngine, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    cursor: bytes | None = b""
    while cursor is not None:
        page = stored.page(resource, predicate, key, cursor, size, None)
        assert len(page.records) or not cursor, "a token leads to no empty page"
        found += [(record.arn, record.name) for record in page.records]
        cursor = page.next_cursor
    assert page.total == len(found)
    return found


def test_a_stream_goes_on_where_the_first_page_ends(
    spark: Any,  # noqa: ANN401
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(searched, "FIRST_PAGE", 2)
    texts = ["b", "a", None, "a" * 5_000, "c" * 6_000, "c" * 6_000, None]
    jobs = [{"TrainingJob": {"TrainingJobName": f"j{at}", "FailureReason": text}} for at, text in enumerate(texts)]
    records = list(load.from_objects(jobs, Report()))
    write(records, tmp_path)
    stored = SparkEngine(spark, str(tmp_path))
    schema = stored.schema("TrainingJob")
    for order in (None, "Ascending", "Descending"):
        key = bind_sort("FailureReason", None if order is None else SortOrder(order), schema)
        predicate = bind(None, schema, POLICY)
        expected = [one.name for one in reference.select(records, predicate, key)]
        assert [one.name for one in stored.records("TrainingJob", predicate, key)] == expected
        assert [name for _, name in _whole(stored, "TrainingJob", predicate, key, 2)] == expected


def test_spellings_are_those_that_records_have(spark: Any, tmp_path: Path) -> None:  # noqa: ANN401
    texts = ["b", "a", "é", "\U0001f600", "\uffff", "B", "", "c"]
    jobs = [
        {
            "TrainingJob": {
                "TrainingJobName": f"j{at}",
                "FailureReason": text,
                "VpcConfig": {"Subnets": [text, f"{text}2"]},
                "InputDataConfig": [{"ChannelName": text}, {"ContentType": "x"}],
            }
        }
        for at, text in enumerate(texts)
    ]
    collection, _ = collect(load.from_objects([*jobs, {"TrainingJob": {"TrainingJobName": "bare"}}], Report()))
    schema = collection.schema("TrainingJob")
    _archive(collection, "TrainingJob", schema, str(tmp_path))
    stored = SparkEngine(spark, str(tmp_path))
    for name in ("FailureReason", "VpcConfig.Subnets", "InputDataConfig.ChannelName", "Tags.team"):
        for near, at_most in (("b", 3), ("", 4), ("\U0010ffff", 2), ("a", 100)):
            asked = ("TrainingJob", schema.property(name), near, at_most)
            assert stored.spellings(*asked) == collection.spellings(*asked)
    assert stored.spellings("TrainingJob", schema.property("CreationTime"), "b", 3) == []


def test_contains_without_regard_to_case_folds_as_python_does(spark: Any, tmp_path: Path) -> None:  # noqa: ANN401
    texts = ["Straße", "STRASSE", "strasse", "ΣΊΣΥΦΟΣ", "σίσυφος", "İstanbul", "ﬁne", "FINE", "\U00010400x", "K", ""]
    kind = catalogue.resource("TrainingJob")
    records = [
        Record("TrainingJob", "", f"j{at}", {"TrainingJobName": f"j{at}", "FailureReason": text})
        for at, text in enumerate(texts)
    ]
    write(records, tmp_path)
    reason = Schema(kind).property("FailureReason")
    needles = ["ss", "ß", "SS", "Fi", "ς", "i̇", "\U00010428", "k", "", "\ud800"]
    predicates: list[Predicate] = [Match(reason, TextContains(needle, ignores_case=True)) for needle in needles]
    found = _selected(spark, str(tmp_path), "TrainingJob", predicates)
    for predicate, selected in zip(predicates, found, strict=True):
        assert {name for _, name in selected} == {
            one.name for one in records if reference.holds(predicate, one.document)
        }


@pytest.mark.parametrize("name", ["TrainingJob", "ExperimentTrialComponent", "FeatureGroup", "Project", "ModelCard"])
def test_every_property_has_a_column_of_its_kind(name: str, spark: Any) -> None:  # noqa: ANN401
    kind = catalogue.resource(name)
    frame = spark.createDataFrame([], spark_schema(kind))
    conditions = [
        any_value(ShapedColumn(kind.root), prop.steps, partial(_has_field, VALUE_FIELDS.get(prop.kind)))
        for prop in Schema(kind).properties()
    ]
    selected = frame.select(*(condition.alias(f"c{at}") for at, condition in enumerate(conditions)))
    assert len(selected.columns) == len(conditions)


VALUE_FIELDS = {
    value_kinds.TEXT: "text",
    value_kinds.INTEGER: "number",
    value_kinds.NUMBER: "number",
    value_kinds.TIMESTAMP: "time",
    value_kinds.BOOLEAN: "truth",
    value_kinds.TEXT_MAP: "key",
    value_kinds.HYPERPARAMETER: "whole",
    value_kinds.PARAMETER: "is_number",
    value_kinds.UNKNOWN: "is_number",
}
"""A field that the cells of a kind have, most of them no other; a structure has none."""


def _has_field(field: str | None, cell: Any) -> Any:  # noqa: ANN401
    return (cell if field is None else cell.getField(field)).isNotNull()


def test_values_are_counted_as_over_a_store(repository: Path, spark: Any, tmp_path: Path) -> None:  # noqa: ANN401
    smsearch.build([repository / "data" / "exports"], tmp_path / "store")
    smsearch.build_archive([repository / "data" / "exports"], tmp_path / "archive")
    stored = ColumnarEngine(Store(tmp_path / "store"))
    archived = SparkEngine(spark, str(tmp_path / "archive"))
    schema = archived.schema("TrainingJob")
    names = ("TrainingJobStatus", "HyperParameters.learning_rate", "Metrics.validation:accuracy", "InputDataConfig")
    props = [schema.property(name) for name in (*names, "InputDataConfig.ChannelName", "CreationTime", "Tags.team")]
    completed = bind(SearchExpression((Filter("TrainingJobStatus", Operator.EQUALS, "Completed"),)), schema, POLICY)
    for predicate in (bind(None, schema, POLICY), completed):
        here, there = (one.value_counts("TrainingJob", predicate, props) for one in (archived, stored))
        assert [(one.present, list(one.items())) for one in here] == [(one.present, list(one.items())) for one in there]
        counted = archived.presence_counts("TrainingJob", predicate, props)
        assert counted == stored.presence_counts("TrainingJob", predicate, props) == [one.present for one in here]
