"""Which columns a table has."""

from __future__ import annotations

import pytest

from smsearch.errors import UnknownPropertyError
from smsearch.frames import columns
from tests.frames.records import components, jobs, schema

JOB = {
    "TrainingJobName": "a",
    "TrainingJobStatus": "Failed",
    "CreationTime": 1704103200,
    "TrainingEndTime": 1704106800,
    "HyperParameters": {"lr": "0.1", "Batch.size": "32", "": "odd", "none": None},
    "FinalMetricDataList": [{"MetricName": "val:Acc", "Value": 0.5}, {"MetricName": "empty"}],
    "Tags": [{"Key": "cost center", "Value": ""}, {"Key": "team"}],
    "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": "s3://b"}}}],
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2},
    "VpcConfig": {"Subnets": ["a"], "SecurityGroupIds": []},
}


def names(*written: str, documents: tuple[dict[str, object], ...] = (JOB,)) -> list[str]:
    return [prop.name for prop in columns.choose(written, jobs(*documents), schema())]


def test_all_that_a_record_has_is_flattened() -> None:
    assert [prop.name for prop in columns.present(jobs(JOB), schema())] == [
        "CreationTime",
        "Metrics.val:Acc",
        "HyperParameters.Batch.size",
        "HyperParameters.lr",
        "InputDataConfig",
        "ResourceConfig.InstanceType",
        "ResourceConfig.InstanceCount",
        "Tags.cost center",
        "TrainingEndTime",
        "TrainingJobName",
        "TrainingJobStatus",
        "VpcConfig.Subnets",
    ]


def test_columns_are_those_of_all_records_together() -> None:
    found = columns.present(jobs({"TrainingJobName": "a"}, {"RoleArn": "r"}), schema())
    assert [prop.name for prop in found] == ["RoleArn", "TrainingJobName"]
    assert columns.present([], schema()) == ()


def test_plain_fields_that_no_model_knows_come_last() -> None:
    records = jobs({"TrainingJobName": "a", "X": {"y": 1}}, extras=(("X", "y"),))
    found = columns.present(records, schema(extras={"X.y": ("X", "y")}))
    assert [prop.name for prop in found] == ["TrainingJobName", "X.y"]


def test_each_statistic_of_a_trial_component_is_a_column() -> None:
    records = components(
        {
            "Metrics": [{"MetricName": "loss", "Max": 2.0, "Last": 1.0}],
            "Parameters": {"lr": {"NumberValue": 0.1}, "opt": {"StringValue": "sgd"}},
            "InputArtifacts": {"data": {"MediaType": "text/csv", "Value": "s3://b"}},
        }
    )
    found = {prop.name for prop in columns.present(records, schema("ExperimentTrialComponent"))}
    assert found == {
        "Metrics.loss.Max",
        "Metrics.loss.Last",
        "Parameters.lr",
        "Parameters.opt",
        "InputArtifacts.data",
        "InputArtifacts.data.MediaType",
    }


def test_a_plain_name_is_a_column_whether_or_not_a_record_has_it() -> None:
    assert names("FailureReason", "hyperparameters.nope", "trainingjobname") == [
        "FailureReason",
        "HyperParameters.nope",
        "TrainingJobName",
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("Metrics.*", ["Metrics.val:Acc"]),
        ("metrics.val*", ["Metrics.val:Acc"]),
        ("*Time", ["CreationTime", "TrainingEndTime"]),
        ("*time", ["CreationTime", "TrainingEndTime"]),
        ("HYPERPARAMETERS.*.size", ["HyperParameters.Batch.size"]),
        ("hyperparameters.B*", ["HyperParameters.Batch.size"]),
        ("*config.instance*", ["ResourceConfig.InstanceType", "ResourceConfig.InstanceCount"]),
        ("T*J*b*s", ["TrainingJobStatus"]),
        ("*.*.*", ["HyperParameters.Batch.size"]),
        ("Tags.**center", ["Tags.cost center"]),
    ],
)
def test_wildcards_match_fixed_segments_in_any_case(pattern: str, expected: list[str]) -> None:
    assert names(pattern) == expected


@pytest.mark.parametrize("pattern", ["metrics.VAL*", "hyperparameters.b*", "*center.", "Nope*", "TrainingJobName*e"])
def test_a_wildcard_that_matches_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(UnknownPropertyError) as caught:
        names(pattern)
    assert caught.value.path == "columns"


def test_a_star_alone_is_all_and_the_overlap_of_pieces_is_no_match() -> None:
    assert names("*") == [prop.name for prop in columns.present(jobs(JOB), schema())]
    with pytest.raises(UnknownPropertyError):
        names("TrainingJobName*TrainingJobName")


def test_a_column_is_chosen_once_and_where_it_is_first_named() -> None:
    assert names("TrainingJobStatus", "TrainingE*", "Tr*", "trainingjobname")[:2] == [
        "TrainingJobStatus",
        "TrainingEndTime",
    ]
    assert names("TrainingJobName", "TrainingJobName") == ["TrainingJobName"]


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownPropertyError, match="TrainingJobStatus"):
        names("TrainingJobStaus")


def test_coverage_counts_records_and_looks_inside_lists_if_asked() -> None:
    two = ({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}, JOB)
    plain = {prop.name: count for prop, count in columns.coverage(jobs(*two), schema()).items()}
    assert plain["Tags.a"] == 1
    assert "Tags" not in plain
    inside = {prop.name: count for prop, count in columns.coverage(jobs(*two), schema(), inside_lists=True).items()}
    assert inside["Tags"] == 2
    assert inside["HyperParameters"] == 1
    assert inside["InputDataConfig.ChannelName"] == 1
    assert inside["InputDataConfig.DataSource.S3DataSource.S3Uri"] == 1
    assert plain.items() <= inside.items()


def test_coverage_knows_properties_that_have_a_name_of_their_own() -> None:
    from smsearch.schema.record import Record

    records = [Record("FeatureGroup", "", "g", {"Tags": [{"Key": "a", "Value": "1"}]})]
    inside = columns.coverage(records, schema("FeatureGroup"), inside_lists=True)
    assert {prop.name: count for prop, count in inside.items()} == {"Tags": 1, "Tags.a": 1, "AllTags": 1}


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("Tags.team AS team", ("Tags.team", "team")),
        ('Tags.team as "the ""team"""', ("Tags.team", 'the "team"')),
        ('Tags."made AS told"', ('Tags."made AS told"', "")),
        ('Tags."made AS told" AS x', ('Tags."made AS told"', "x")),
        ("Tags.`a as b` As y", ("Tags.`a as b`", "y")),
        ("Tags.team", ("Tags.team", "")),
    ],
)
def test_a_heading_stands_after_as_outside_of_quotes(column: str, expected: tuple[str, str]) -> None:
    assert columns.split_heading(column) == expected
