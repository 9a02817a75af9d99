"""Which plain conditions are warned of: those that brackets would bind, and no others."""

from __future__ import annotations

import pytest

from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind_expression
from smsearch.reasons.cross_element import cross_element_conditions
from smsearch.syntax.text.parser import parse
from tests.properties.strategies import schema_of

CHANNEL, TYPE = "InputDataConfig.ChannelName = train", "InputDataConfig.ContentType = 'text/csv'"
BOUND = "InputDataConfig[ChannelName = 'train' AND ContentType = 'text/csv']"


def suggestions(query: str) -> list[str]:
    expression = parse(query).expression
    assert expression is not None
    schema = schema_of("TrainingJob")
    bound = bind_expression(expression, schema, DEFAULT)
    return [conditions.suggestion for conditions in cross_element_conditions(bound, schema)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"{CHANNEL} AND {TYPE}", [BOUND]),
        (f"TrainingJobStatus = Failed AND ({CHANNEL} AND {TYPE})", [BOUND]),
        (f"TrainingJobStatus = Failed OR ({CHANNEL} AND {TYPE})", [BOUND]),
        (f"inputdataconfig.channelname = train AND {TYPE}", [BOUND]),
        (
            "FinalMetricDataList.Value > 1 AND FinalMetricDataList.Value < 2",
            ["FinalMetricDataList[Value > 1 AND Value < 2]"],
        ),
        (f"{CHANNEL} OR {TYPE}", []),
        (CHANNEL, []),
        (f"{CHANNEL} AND InputDataConfig.ChannelName = test", []),
        (f"{CHANNEL} AND InputDataConfig.ContentType != 'text/csv'", []),
        (f"{CHANNEL} AND InputDataConfig.ContentType NOT EXISTS", []),
        ("InputDataConfig EXISTS AND VpcConfig.Subnets = a AND VpcConfig.Subnets CONTAINS b", []),
        ("Tags.a = x AND Tags.b = y AND Metrics.c > 1 AND Metrics.d > 1", []),
        ("InputDataConfig[ChannelName = train AND ContentType = 'text/csv']", []),
    ],
)
def test_conditions_that_brackets_would_bind(query: str, expected: list[str]) -> None:
    assert suggestions(query) == expected


def test_a_suggestion_is_a_query() -> None:
    for suggestion in suggestions(f"{CHANNEL} AND {TYPE}"):
        assert parse(suggestion).expression is not None
