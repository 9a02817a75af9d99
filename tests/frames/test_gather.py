"""Many properties read at once are each what it is when it is read alone."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.frames.gather import Gatherer
from smsearch.schema import read
from tests.frames.records import schema

NAMES: Final = {
    "TrainingJob": (
        "TrainingJobName",
        "trainingjobname",
        "Tags",
        "Tags.a",
        "Tags.b",
        "Metrics",
        "Metrics.a",
        "Metrics.b",
        "FinalMetricDataList.Value",
        "HyperParameters",
        "HyperParameters.a",
        "HyperParameters.a.b",
        "InputDataConfig",
        "InputDataConfig.ChannelName",
        "InputDataConfig.DataSource.S3DataSource.S3Uri",
        "VpcConfig.Subnets",
    ),
    "ExperimentTrialComponent": (
        "Metrics.a",
        "Metrics.a.Max",
        "Metrics.b.Last",
        "Parameters.a",
        "Parameters.a.StringValue",
        "Parameters.b",
        "Status.PrimaryStatus",
    ),
}
PLAIN = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "b", "2024-01-01"])
MEMBERS = st.sampled_from(
    [
        *("TrainingJobName", "Tags", "FinalMetricDataList", "HyperParameters", "InputDataConfig", "VpcConfig"),
        *("Key", "Value", "MetricName", "Timestamp", "a", "b", "a.b", "ChannelName", "DataSource", "S3DataSource"),
        *("S3Uri", "Subnets", "Metrics", "Max", "Last", "Parameters", "NumberValue", "StringValue", "Status"),
        "PrimaryStatus",
    ]
)
PAIRS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "Key": PLAIN,
            "Value": PLAIN,
            "MetricName": PLAIN,
            "Timestamp": PLAIN,
            "Max": PLAIN,
            "Last": PLAIN,
        },
    )
)
ANYTHING = st.recursive(
    PLAIN | PAIRS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("resource", NAMES)
@given(st.data())
def test_it_agrees_with_reading_one_by_one(resource: str, data: st.DataObject) -> None:
    document: dict[str, Any] = data.draw(
        st.fixed_dictionaries({}, optional={"Tags": PAIRS, "FinalMetricDataList": PAIRS, "Metrics": PAIRS})
        | st.dictionaries(MEMBERS, ANYTHING, max_size=5)
    )
    properties = [schema(resource).property(name) for name in NAMES[resource]]
    alone = {place: read.raw_values(document, prop.steps) for place, prop in enumerate(properties)}
    assert Gatherer(properties)(document) == {place: raws for place, raws in alone.items() if raws}


def test_no_properties_find_nothing() -> None:
    assert Gatherer([])({"TrainingJobName": "a"}) == {}
