"""Which snapshots are one record, and what they tell together: the edges that tables of cases do not show."""

from __future__ import annotations

import math
from typing import Any

import pytest

from smsearch.frozen import replace
from smsearch.schema import versions
from smsearch.schema.record import Record

ARN = "arn:aws:sagemaker:eu-west-1:111111111111:training-job/n"


def job(modified: int | None = None, *, is_partial: bool = False, arn: str = ARN, **members: object) -> Record:
    document: dict[str, Any] = {"TrainingJobName": "n", **({"TrainingJobArn": arn} if arn else {}), **members}
    return Record("TrainingJob", arn, "n", document, modified, is_partial)


def card(arn: str, version: int | None) -> Record:
    document = {"ModelCardName": "c"} | ({"ModelCardVersion": version} if version else {})
    return Record("ModelCard", arn, "c", document)


@pytest.mark.parametrize(
    ("record", "key", "aliases"),
    [
        (job(), (ARN, "", ""), [("", "n", "")]),
        (job(arn=""), ("", "n", ""), []),
        (Record("TrainingJob", ARN, "", {}), (ARN, "", ""), []),
        (Record("FeatureMetadata", "g", "f", {}), ("g", "f", ""), [("", "f", "")]),
        (card("a", 2), ("a", "", "2"), [("", "c", "2"), ("", "c", ""), ("a", "", "")]),
        (card("a", None), ("a", "", ""), [("", "c", "")]),
        (card("", 2), ("", "c", "2"), [("", "c", "")]),
    ],
)
def test_keys_and_aliases(record: Record, key: versions.Key, aliases: list[versions.Key]) -> None:
    assert versions.key(record) == key
    assert list(versions.aliases(record)) == aliases
    assert len(aliases) <= versions.aliases_max(record.resource)


@pytest.mark.parametrize(
    ("aliases_of", "owners"),
    [
        ({"A": ["n"], "n": []}, {"n": "A"}),
        ({"A": ["n"], "B": ["n"], "n": []}, {}),
        ({"A": ["n"]}, {}),
        ({"A1": ["A", "n"], "A": ["n"], "n": []}, {"A": "A1", "n": "A1"}),
        ({"A1": ["A", "n"], "A2": ["A", "n"], "A": ["n"], "n": []}, {}),
    ],
)
def test_a_class_belongs_to_the_only_one_that_stands_for_itself(
    aliases_of: dict[str, list[str]], owners: dict[str, str]
) -> None:
    assert versions.owners(aliases_of) == owners


def test_a_summary_that_adds_nothing_leaves_the_very_same_record() -> None:
    full = job(2, TrainingJobStatus="Completed", BillableTimeInSeconds=math.nan)
    older = job(1, is_partial=True, TrainingJobStatus="InProgress")
    newer = job(3, is_partial=True, TrainingJobStatus="Completed", BillableTimeInSeconds=math.nan)
    assert versions.merged([older, full, newer]) is full


def test_empty_members_say_nothing() -> None:
    full = job(2, Tags=[{"Key": "k", "Value": "v"}], VpcConfig={})
    newer = job(3, is_partial=True, Tags=[], VpcConfig={"Subnets": []})
    assert versions.merged([full, newer]) is full
    older = job(1, is_partial=True, VpcConfig={"Subnets": ["s"]})
    assert versions.merged([full, older]).document["VpcConfig"] == {"Subnets": ["s"]}


def test_lists_and_maps_are_replaced_whole() -> None:
    full = job(1, HyperParameters={"a": "1"}, InputDataConfig=[{"ChannelName": "x"}, {"ChannelName": "y"}])
    newer = job(2, is_partial=True, HyperParameters={"b": "2"}, InputDataConfig=[{"ChannelName": "z"}])
    document = versions.merged([full, newer]).document
    assert document["HyperParameters"] == {"b": "2"}
    assert document["InputDataConfig"] == [{"ChannelName": "z"}]


def test_what_was_exported_in_other_types_is_merged_alike() -> None:
    full = replace(job(1, EnableNetworkIsolation=False, RoleArn="r"), exported={"EnableNetworkIsolation": "False"})
    newer = replace(job(2, is_partial=True, BillableTimeInSeconds=2), exported={"BillableTimeInSeconds": "2"})
    merged = versions.merged([full, newer])
    assert dict(merged.exported) == {"EnableNetworkIsolation": "False", "BillableTimeInSeconds": "2"}
    typed = job(3, is_partial=True, EnableNetworkIsolation=False)
    assert dict(versions.merged([full, newer, typed]).exported) == {"BillableTimeInSeconds": "2"}
    unreadable = replace(job(4, is_partial=True), exported={"VpcConfig": "none"})
    assert versions.merged([full, unreadable]).exported["VpcConfig"] == "none"


def test_fields_that_the_service_does_not_know_are_those_of_the_members_that_are_left() -> None:
    full = replace(job(1, Own={"a": 1}), extras=(("Own", "a"),))
    newer = replace(job(2, is_partial=True, Own={"b": 1}), extras=(("Own", "b"),))
    assert versions.merged([full, newer]).extras == (("Own", "b"),)


def test_a_snapshot_that_comes_again_unchanged_is_the_first() -> None:
    rows = [job(1, is_partial=True, SecondaryStatus="Starting"), job(1, is_partial=True, TrainingJobStatus="Failed")]
    again = [replace(row, document=dict(row.document)) for row in rows]
    assert versions.needed([*rows, *again]) == [0, 1]
    full = [job(1, FailureReason=reason) for reason in ("x", "y", "x")]
    assert versions.needed(full) == [2]
    assert versions.needed([full[0], full[2]]) == [0]
