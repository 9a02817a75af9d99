"""A bare name stands for the one property of the records that ends in it, in every engine alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.bare_names import BareNames
from smsearch.errors import AmbiguousNameError, UnknownPropertyError
from smsearch.ingest import load
from smsearch.ingest.report import Report
from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.searcher import Searcher
from tests.engines.segments import SEGMENTS, engine_over

if TYPE_CHECKING:
    from collections.abc import Iterator

JOB = "TrainingJob"


def documents() -> Iterator[dict[str, Any]]:
    """Six jobs; what only some of them have is in one segment of three only."""
    for number in range(6):
        name = f"job-{number}"
        channel = {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": f"s3://data/{number}"}}}
        members: dict[str, Any] = {
            "TrainingJobName": name,
            "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:111122223333:training-job/{name}",
            "CreationTime": f"2024-01-0{number + 1}T00:00:00Z",
            "TrainingJobStatus": "Completed",
            "InputDataConfig": [channel],
            "FinalMetricDataList": [
                {"MetricName": "train:loss", "Value": number / 10},
                {"MetricName": "eval/f1", "Value": number / 6},
                {"MetricName": "accuracy", "Value": 0.5},
            ],
            "HyperParameters": {"lr": "0.1", "batch size": "32", "model.depth": f"{number}", "eta": "1"},
            "Tags": [{"Key": "team", "Value": "vision"}],
            "Cost": {"Euro": number},
        }
        if number == 0:
            members["FinalMetricDataList"].append({"MetricName": "validation:accuracy", "Value": 0.5})
            members["CheckpointConfig"] = {"S3Uri": "s3://checkpoints"}
            members["TunedHyperParameters"] = {"eta": "1"}
        groups = [{"InstanceGroupName": "one", "InstanceType": "ml.m5.large"}]
        members["ResourceConfig"] = {"InstanceGroups": groups} if number == 1 else {"InstanceType": f"ml.p{number}"}
        yield {JOB: members}


@pytest.fixture(scope="module", params=SEGMENTS)
def jobs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    records = list(load.from_objects(documents(), Report()))
    return Searcher(engine_over(records, SEGMENTS[request.param], tmp_path_factory.mktemp("store")), Report())


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("train:loss", "Metrics.train:loss"),
        ("loss", "Metrics.train:loss"),
        ("f1", "Metrics.eval/f1"),
        ("validation:accuracy", "Metrics.validation:accuracy"),
        ("lr", "HyperParameters.lr"),
        ("batch size", "HyperParameters.batch size"),
        ("depth", "HyperParameters.model.depth"),
        ("model.depth", "HyperParameters.model.depth"),
        ("eta", "HyperParameters.eta"),
        ("team", "Tags.team"),
        ("InstanceType", "ResourceConfig.InstanceType"),
        ("instance_type", "ResourceConfig.InstanceType"),
        ("INSTANCETYPE", "ResourceConfig.InstanceType"),
        ("instance_group_name", "ResourceConfig.InstanceGroups.InstanceGroupName"),
        ("s3_data_source.s3_uri", "InputDataConfig.DataSource.S3DataSource.S3Uri"),
        ("Euro", "Cost.Euro"),
        ("KeepAlivePeriodInSeconds", "ResourceConfig.KeepAlivePeriodInSeconds"),
        ("TrainingJobStatus", "TrainingJobStatus"),
        ("creation_time", "creation_time"),
        ("Metrics.nobody", "Metrics.nobody"),
    ],
)
def test_a_name_stands_for_the_property_that_ends_in_it(jobs: Searcher, name: str, full: str) -> None:
    schema = jobs.engine.schema(JOB)
    assert BareNames(schema, jobs.engine).full_name(name) == full
    assert BareNames(schema, jobs.engine).full_names(name) == (full,)
    assert name == full or schema.knows(full)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("accuracy", ("Metrics.accuracy (6 records)", "Metrics.validation:accuracy (1 records)")),
        ("S3Uri", ("InputDataConfig.DataSource.S3DataSource.S3Uri (6 records)", "CheckpointConfig.S3Uri (1 records)")),
    ],
)
def test_a_name_of_several_properties_is_refused_with_how_many_records_have_each(
    jobs: Searcher, name: str, lines: tuple[str, ...]
) -> None:
    for query in (f"{name} EXISTS", f"ORDER BY {name}"):
        with pytest.raises(AmbiguousNameError) as refused:
            jobs.query(query)
        assert refused.value.message == f"{name} may be {' or '.join(lines)}."
    with pytest.raises(AmbiguousNameError):
        jobs.query("").facet(name)


def test_columns_show_every_property_that_a_name_may_be(jobs: Searcher) -> None:
    result = jobs.query("SELECT name, accuracy, loss")
    shown = [column.name for column in result.columns_of(list(result.records()))]
    assert shown == ["TrainingJobName", "Metrics.accuracy", "Metrics.validation:accuracy", "Metrics.train:loss"]
    assert result.bare_names() == {
        "accuracy": ("Metrics.accuracy", "Metrics.validation:accuracy"),
        "loss": ("Metrics.train:loss",),
    }
    assert result.to_arrow(["lr"]).column_names == ["HyperParameters.lr"]


@pytest.mark.parametrize("name", ["Loss", "Team", "LR", "EURO", "Depth"])
def test_the_users_own_keys_are_exact(jobs: Searcher, name: str) -> None:
    with pytest.raises(UnknownPropertyError):
        jobs.query(f"{name} EXISTS")


def test_a_name_that_nearly_ends_a_property_is_refused_with_it(jobs: Searcher) -> None:
    with pytest.raises(UnknownPropertyError) as refused:
        jobs.query("teem = vision")
    assert refused.value.hint == "Did you mean 'Tags.team'?"


@pytest.mark.parametrize(
    ("bare", "full"),
    [
        ("loss > 0.2 ORDER BY loss", "Metrics.train:loss > 0.2 ORDER BY Metrics.train:loss"),
        ("NOT (team = nlp OR lr = 1)", "NOT (Tags.team = nlp OR HyperParameters.lr = 1)"),
        ("attr.instance_type = 'ml.p3'", "ResourceConfig.InstanceType = 'ml.p3'"),
        ("run.status = Completed", "TrainingJobStatus = Completed"),
        ("tag.team = vision AND metric.accuracy > 0.1", "Tags.team = vision AND Metrics.accuracy > 0.1"),
        ("parameter.lr = 0.1 AND param.eta = 1", "HyperParameters.lr = 0.1 AND HyperParameters.eta = 1"),
        (
            "InputDataConfig[ChannelName = train AND S3Uri CONTAINS '/3']",
            "InputDataConfig[ChannelName = train AND DataSource.S3DataSource.S3Uri CONTAINS '/3']",
        ),
        ("instance_groups[InstanceType EXISTS]", "ResourceConfig.InstanceGroups[InstanceType EXISTS]"),
    ],
)
def test_a_text_of_bare_names_is_the_text_in_full(jobs: Searcher, bare: str, full: str) -> None:
    assert list(jobs.query(bare).names()) == list(jobs.query(full).names()) != []
    assert jobs.query(bare).query.expression == jobs.query(full).query.expression


def test_explain_says_what_a_bare_name_stands_for(jobs: Searcher) -> None:
    lines = jobs.query("SELECT accuracy WHERE loss > 0.2").explain().splitlines()
    assert "name      loss is Metrics.train:loss" in lines
    assert "name      accuracy is Metrics.accuracy and Metrics.validation:accuracy" in lines


def test_json_has_no_bare_names(jobs: Searcher) -> None:
    with pytest.raises(UnknownPropertyError):
        jobs.query({"Filters": [{"Name": "loss", "Operator": "Exists"}]})


@pytest.mark.parametrize(
    ("name", "hint"), [("batch_size", "Write HyperParameters.batch_size for batch_size."), ("nope", "")]
)
def test_json_with_a_bare_name_is_told_the_name_in_full(name: str, hint: str) -> None:
    searcher = smsearch.from_records([{"TrainingJobName": "a", "HyperParameters": {"batch_size": "1"}}])
    with pytest.raises(UnknownPropertyError) as refused:
        searcher.query({"Filters": [{"Name": name, "Operator": "Exists"}]})
    assert hint in refused.value.hint
    assert ("in full" in refused.value.hint) is bool(hint)


def test_a_name_in_full_costs_no_look_at_the_records(jobs: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(type(jobs.engine), "dynamic_names", refuse)
    monkeypatch.setattr(type(jobs.engine), "presence_counts", refuse)
    monkeypatch.setattr(type(jobs.engine), "count", refuse)
    names = BareNames(jobs.engine.schema(JOB), jobs.engine)
    assert names.full_name("Metrics.train:loss") == "Metrics.train:loss"
    assert names.element_name("InputDataConfig", "InputDataConfig.ChannelName") == "InputDataConfig.ChannelName"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("InstanceType", "Write ResourceConfig.InstanceType, "), ("accuracy", "Write it in full, such as ")],
)
def test_without_records_a_bare_name_is_refused(name: str, hint: str) -> None:
    with pytest.raises(UnknownPropertyError) as refused:
        BareNames(Schema(catalogue.resource(JOB)), None).full_name(name)
    assert refused.value.hint.startswith(hint)


@pytest.mark.parametrize("name", ["TrainingJobStaus", "Metrics.accuracy", "no.such.name"])
def test_without_records_other_names_stay(name: str) -> None:
    assert BareNames(Schema(catalogue.resource(JOB)), None).full_name(name) == name
