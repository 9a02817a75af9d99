"""Values counted by the cluster: those that plain counting, a collection and a store find, over random records."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from smsearch.cluster import aggregate
from smsearch.cluster.engine import SparkEngine
from smsearch.columnar.engine import ColumnarEngine
from smsearch.frozen import replace
from smsearch.ingest import load
from smsearch.ingest.archive import write
from smsearch.ingest.report import Report
from smsearch.live import reference
from smsearch.live.collection import collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from tests.cluster.kinds import KINDS
from tests.columnar.test_aggregate import assert_is, plainly, told
from tests.columnar.test_engine import write_store
from tests.properties.groupings import groupings
from tests.properties.strategies import PROFILES, expressions, record_lists, resources, schema_of

if TYPE_CHECKING:
    from smsearch.live.collection import Collection
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.record import Record
    from tests.cluster.kinds import Judge


def _drawn(data: st.DataObject) -> tuple[Collection, str, list[Record], Predicate]:
    """Records of one resource as a collection and in order, and a predicate over them."""
    resource = data.draw(resources())
    collection, _ = collect(data.draw(record_lists(resource, max_size=20)))
    schema = schema_of(resource)
    everything = list(collection.records(resource, bind(None, schema, DEFAULT), bind_sort(None, None, schema)))
    predicate = bind(data.draw(st.none() | expressions(resource)), schema, replace(DEFAULT, contains_max=None))
    return collection, resource, everything, predicate


@pytest.mark.sessions(*KINDS)
@pytest.mark.usefixtures("interpreted")
def test_the_cluster_counts_values_as_the_records_do(judge: Judge) -> None:
    judge(_judge_values)


def _judge_values(spark: Any, data: st.DataObject) -> None:  # noqa: ANN401 - pyspark's
    """Draws records and a condition, and asks for the values of each property."""
    collection, resource, everything, predicate = _drawn(data)
    if not everything:
        return
    schema = schema_of(resource)
    matching = [record for record in everything if reference.holds(predicate, record.document)]
    props = [schema.property(name) for name in (*PROFILES[resource].names, *PROFILES[resource].derived)]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "store").mkdir()
        stored = ColumnarEngine(write_store(Path(folder) / "store", [everything], [[]]))
        write(everything, Path(folder) / "archive")
        archived = SparkEngine(spark, f"{folder}/archive")
        there = archived.value_counts(resource, predicate, props)
        lives, stores = (one.value_counts(resource, predicate, props) for one in (collection, stored))
        assert archived.presence_counts(resource, predicate, props) == [plainly(matching, prop)[0] for prop in props]
        for prop, found, live, store in zip(props, there, lives, stores, strict=True):
            assert_is(found, matching, prop)
            assert told(found) == told(live) == told(store), prop


def test_every_kind_of_value_is_told_from_the_others(
    spark: Any,  # noqa: ANN401 - pyspark's types are not asked for
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aggregate, "PROPERTIES_MAX", 2)  # several jobs
    loose = ["5.0", 5.0, "5", 5, 1e3, "1e3", float("inf"), "Infinity", -0.0, "", None, True, float("nan")]
    seconds: list[Any] = [1, 1.0, "1", -2.5, float("inf"), float("-inf"), float("nan"), "x", 0, None, 1e-7, 10, 1e30]
    jobs = [
        {
            "TrainingJob": {
                "TrainingJobName": f"j{at}",
                "CreationTime": at * 1_000_003.000001,
                "HyperParameters": {"lr": one},
                "BillableTimeInSeconds": other,
                "EnableNetworkIsolation": bool(at % 3),
                "InputDataConfig": [{"ChannelName": "a"}, {"ChannelName": f"b{at % 2}"}, {"ChannelName": "a"}],
                "Tags": [{"Key": "team", "Value": f"t{at % 4}"}],
                "Unheard": {"of": at % 2},
            }
        }
        for at, (one, other) in enumerate(zip(loose, seconds, strict=True))
    ]
    collection, _ = collect(load.from_objects(jobs, Report()))
    schema = collection.schema("TrainingJob")
    everything = bind(None, schema, DEFAULT)
    write(list(collection.records("TrainingJob", everything, bind_sort(None, None, schema))), tmp_path)
    plain = ("CreationTime", "BillableTimeInSeconds", "EnableNetworkIsolation", "InputDataConfig.ChannelName")
    names = (*plain, "HyperParameters.lr", "Tags.team", "Unheard.of", "InputDataConfig", "FailureReason")
    props = [schema.property(name) for name in names]
    archived = SparkEngine(spark, str(tmp_path))
    found = archived.value_counts("TrainingJob", everything, props)
    expected = collection.value_counts("TrainingJob", everything, props)
    for prop, one, other in zip(props, found, expected, strict=True):
        assert told(one) == told(other), prop
    assert Counter(dict(found[3].items())) == {"a": 13, "b0": 7, "b1": 6}
    assert archived.presence_counts("TrainingJob", everything, props) == [one.present for one in expected]
    assert archived.value_counts("Project", everything, props[:1])[0].matching == 0


@pytest.mark.sessions(*KINDS)
@pytest.mark.usefixtures("interpreted")
def test_the_clusters_groups_are_the_references(judge: Judge) -> None:
    judge(_judge_groups)


def _judge_groups(spark: Any, data: st.DataObject) -> None:  # noqa: ANN401 - pyspark's
    """Draws records and a condition, and asks for two groupings."""
    collection, resource, everything, predicate = _drawn(data)
    if not everything:
        return
    with tempfile.TemporaryDirectory() as folder:
        write(everything, Path(folder))
        archived = SparkEngine(spark, folder)
        for _ in range(2):
            keys, aggregates = data.draw(groupings(resource))
            expected = collection.group(resource, predicate, keys, aggregates)
            assert archived.group(resource, predicate, keys, aggregates) == expected
