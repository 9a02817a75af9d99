"""The truth tree says what the reference says, of any expression and any record; and it says why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import smsearch
from smsearch.errors import NotFoundError
from smsearch.frozen import replace
from smsearch.live import reference
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_expression
from smsearch.reasons import why as reasons_why
from smsearch.reasons.tree import BOXED, lines
from smsearch.reasons.truth import Junction, truth
from smsearch.reasons.value_trace import Compared
from smsearch.syntax.text.formatter import canonical
from tests.properties.strategies import expressions, records, resources, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.reasons.truth import Truth

FREELY = replace(DEFAULT, contains_max=None)


def nodes(tree: Truth) -> Iterator[Truth]:
    yield tree
    for part in tree.parts:
        yield from nodes(part)


@given(data=st.data(), resource=resources())
def test_the_verdict_is_the_references(data: st.DataObject, resource: str) -> None:
    schema = schema_of(resource)
    record = data.draw(records(resource))
    expression = data.draw(expressions(resource))
    tree = truth(bind_expression(expression, schema, FREELY), record.document)
    assert tree.holds == reference.holds(bind(expression, schema, FREELY), record.document)
    for node in nodes(tree):
        made = {Junction.ALL: all, Junction.ANY: any, Junction.ELEMENT: any}
        if node.junction is not Junction.NONE:
            assert node.holds == made[node.junction](part.holds for part in node.parts)
    assert list(lines(tree, BOXED))


@given(data=st.data(), resource=resources())
def test_every_node_that_is_a_condition_can_be_asked_again(data: st.DataObject, resource: str) -> None:
    schema = schema_of(resource)
    record = data.draw(records(resource))
    expression = data.draw(expressions(resource))
    said, again = (bind_expression(one, schema, FREELY) for one in (expression, canonical(expression)))
    assert truth(again, record.document).holds == truth(said, record.document).holds


JOB: dict[str, Any] = {
    "TrainingJobName": "one",
    "TrainingJobArn": "arn:aws:sagemaker:us-east-1:111122223333:training-job/one",
    "TrainingJobStatus": "Completed",
    "CreationTime": 1_704_103_200,
    "HyperParameters": {"lr": "0.70", "optimizer": "adam", "epochs": "7.9"},
    "BillableTimeInSeconds": "5",
    "EnableManagedSpotTraining": True,
    "InputDataConfig": [
        {"ChannelName": "train", "ContentType": "application/x-parquet"},
        {"ChannelName": "test", "ContentType": "text/csv"},
    ],
    "FinalMetricDataList": [
        {"MetricName": "loss", "Value": math.nan},
        {"MetricName": "margin", "Value": -math.inf},
    ],
}


def asked(query: str) -> Any:  # noqa: ANN401 - one of several leaves
    other = {**JOB, "TrainingJobName": "two", "TrainingJobArn": JOB["TrainingJobArn"].replace("/one", "/two")}
    (why,) = smsearch.from_records([JOB, other]).query(query).why("one")
    return why


@pytest.mark.parametrize(
    ("query", "spelling", "kind", "compared", "reading"),
    [
        ("TrainingJobStatus = Completed", "Completed", "text", Compared.TEXT, ""),
        ("HyperParameters.lr < 1.0", "0.70", "text", Compared.NUMBER, "0.70"),
        ("HyperParameters.epochs = 7", "7.9", "text", Compared.TRUNCATED, "7"),
        ("HyperParameters.optimizer < 1.0", "adam", "text", Compared.TEXT, ""),
        ("BillableTimeInSeconds > 3", "5", "number", Compared.NUMBER, ""),
        ("EnableManagedSpotTraining = true", "true", "truth value", Compared.TRUTH_VALUE, ""),
        ("CreationTime > '2024-01-01'", "1704103200", "number", Compared.TIME, "2024-01-01T10:00:00Z"),
        ("InputDataConfig EXISTS", None, "list", Compared.PRESENCE, ""),
        ("Metrics.loss < 1", "NaN", "number", Compared.UNREADABLE, ""),
        ("Metrics.margin < 1", "-Infinity", "number", Compared.NUMBER, ""),
    ],
)
def test_a_leaf_says_what_the_record_has_and_how_it_compared(
    query: str, spelling: str | None, kind: str, compared: Compared, reading: str
) -> None:
    (value,) = asked(query).truth.values
    assert spelling in (None, value.spelling)
    assert (value.type, value.compared) == (kind, compared)
    assert value.reading in (reading, "")
    assert value.is_coerced == (kind == "text" and compared in {Compared.NUMBER, Compared.TRUNCATED})


def test_what_is_absent_has_no_values() -> None:
    truth = asked("Metrics.auc < 1").truth
    assert (truth.holds, truth.values) == (False, ())
    assert asked("Metrics.auc NOT EXISTS").truth.holds


def test_a_nested_condition_names_its_elements() -> None:
    truth = asked("InputDataConfig[ChannelName = 'train' AND ContentType = 'text/csv']").truth
    assert [(part.text, part.label, part.holds) for part in truth.parts] == [
        ("InputDataConfig[0]", "train", False),
        ("InputDataConfig[1]", "test", False),
    ]
    assert [leaf.holds for part in truth.parts for leaf in part.parts] == [True, False, False, True]


def test_conditions_met_by_different_elements_are_named() -> None:
    why = asked("InputDataConfig.ChannelName = train AND InputDataConfig.ContentType = 'text/csv'")
    assert why.is_match
    (match,) = why.cross_element
    assert match.places == ((0,), (1,))
    assert "InputDataConfig[ChannelName = 'train' AND ContentType = 'text/csv']" in str(why)
    met_by_one = "InputDataConfig.ChannelName = test AND InputDataConfig.ContentType = 'text/csv'"
    assert not asked(met_by_one).cross_element


def test_the_place_is_that_of_the_result() -> None:
    jobs = [{**JOB, "TrainingJobName": f"job-{at}", "CreationTime": at, "TrainingJobArn": f"{at}"} for at in range(9)]
    result = smsearch.from_records(jobs).query("status = Completed ORDER BY CreationTime DESC LIMIT 3")
    for place, name in enumerate(reversed(range(9)), 1):
        (why,) = result.why(f"job-{name}")
        assert (why.place, why.is_match, why.is_in_result) == (place, True, place <= 3)
        assert ("LIMIT 3 cuts it off" in why.verdict()) == (place > 3)


def test_a_place_that_is_too_far_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons_why, "PLACES_MAX", 2)
    jobs = [{**JOB, "TrainingJobName": f"job-{at}", "CreationTime": at, "TrainingJobArn": f"{at}"} for at in range(5)]
    searcher = smsearch.from_records(jobs)
    (far,) = searcher.query("ORDER BY CreationTime").why("job-4")
    assert (far.place, far.is_in_result) == (None, True)
    (near,) = searcher.query("ORDER BY CreationTime LIMIT 4").why("job-3")
    assert (near.place, near.is_in_result) == (4, True)
    (cut,) = searcher.query("ORDER BY CreationTime LIMIT 4").why("job-4")
    assert (cut.place, cut.is_in_result) == (None, False)


def test_no_text_of_a_record_reaches_the_terminal_as_it_is() -> None:
    job = {**JOB, "TrainingJobName": "a\x1b[31m", "InputDataConfig": [{"ChannelName": "x\ny"}]}
    (why,) = smsearch.from_records([job]).query("InputDataConfig[ChannelName != :c]", c="\x07").why("a\x1b[31m")
    assert len(str(why).splitlines()) == 5  # where the record came from is the last
    assert "\x1b" not in str(why)
    assert "\x07" not in str(why)


def test_a_name_that_is_not_there_is_told_its_nearest() -> None:
    with pytest.raises(NotFoundError, match="Did you mean one"):
        smsearch.from_records([JOB]).query("").why("oen")


def test_records_of_one_name_are_all_told() -> None:
    twin = {**JOB, "TrainingJobArn": JOB["TrainingJobArn"].replace("us-east-1", "eu-west-1")}
    found = smsearch.from_records([JOB, twin]).query("").why("one")
    assert {why.arn for why in found} == {JOB["TrainingJobArn"], twin["TrainingJobArn"]}
    (one,) = smsearch.from_records([JOB, twin]).query("").why(twin["TrainingJobArn"])
    assert one.arn == twin["TrainingJobArn"]
    assert one.truth.holds
