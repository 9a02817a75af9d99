"""The property that a name means: rows F6, F7, E5, F16 to F19, for every resource and every family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsearch.errors import ShapeError, UnknownPropertyError
from smsearch.schema import catalogue, value_kinds
from smsearch.schema.catalogue import Structure
from smsearch.schema.names import Schema
from smsearch.schema.property import Elements, Member

if TYPE_CHECKING:
    from smsearch.schema.value_kinds import Kind

TRAINING_JOB = Schema(catalogue.resource("TrainingJob"))


def schema(resource: str) -> Schema:
    return Schema(catalogue.resource(resource))


@pytest.mark.parametrize("resource", catalogue.searchable())
def test_every_listed_property_is_found_under_its_own_name_and_in_any_case(resource: str) -> None:
    known = schema(resource)
    listed = list(known.properties())
    assert len(listed) > 8
    for prop in listed:
        assert known.property(prop.name) == prop
        if "<name>" not in prop.name:
            assert known.property(prop.name.lower()) == prop
            assert known.property(prop.name.upper()) == prop


@pytest.mark.parametrize("resource", catalogue.searchable())
def test_listed_names_are_unique(resource: str) -> None:
    names = [prop.name for prop in schema(resource).properties()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("resource", "written", "canonical", "kind"),
    [
        ("TrainingJob", "trainingjobname", "TrainingJobName", value_kinds.TEXT),
        ("TrainingJob", "training_job_name", "TrainingJobName", value_kinds.TEXT),
        ("TrainingJob", "RESOURCECONFIG.instancetype", "ResourceConfig.InstanceType", value_kinds.TEXT),
        ("TrainingJob", "ResourceConfig.InstanceCount", "ResourceConfig.InstanceCount", value_kinds.INTEGER),
        ("TrainingJob", "enablenetworkisolation", "EnableNetworkIsolation", value_kinds.BOOLEAN),
        ("TrainingJob", "InputDataConfig.ChannelName", "InputDataConfig.ChannelName", value_kinds.TEXT),
        ("TrainingJob", "InputDataConfig", "InputDataConfig", value_kinds.STRUCTURE),
        ("TrainingJob", "VpcConfig.Subnets", "VpcConfig.Subnets", value_kinds.TEXT),
        ("TrainingJob", "VpcConfig", "VpcConfig", value_kinds.STRUCTURE),
        ("TrainingJob", "HyperParameters", "HyperParameters", value_kinds.STRUCTURE),
        (
            "TrainingJob",
            "hyperparameters.Learning.Rate: x/y",
            "HyperParameters.Learning.Rate: x/y",
            value_kinds.HYPERPARAMETER,
        ),
        ("TrainingJob", "HyperParameters..", "HyperParameters..", value_kinds.HYPERPARAMETER),
        ("TrainingJob", "HyperParameters.a.", "HyperParameters.a.", value_kinds.HYPERPARAMETER),
        ("TrainingJob", "Environment.PATH", "Environment.PATH", value_kinds.TEXT_MAP),
        ("TrainingJob", "tags.Cost Center", "Tags.Cost Center", value_kinds.TEXT_MAP),
        ("TrainingJob", "Tags.Key", "Tags.Key", value_kinds.TEXT_MAP),
        ("TrainingJob", "Tags", "Tags", value_kinds.STRUCTURE),
        ("TrainingJob", "metrics.validation:acc", "Metrics.validation:acc", value_kinds.NUMBER),
        ("TrainingJob", "Metrics.loss.Max", "Metrics.loss.Max", value_kinds.NUMBER),
        ("TrainingJob", "FinalMetricDataList.loss", "Metrics.loss", value_kinds.NUMBER),
        ("TrainingJob", "FinalMetricDataList.MetricName", "FinalMetricDataList.MetricName", value_kinds.TEXT),
        ("ExperimentTrialComponent", "Metrics.loss", "Metrics.loss.Last", value_kinds.NUMBER),
        ("ExperimentTrialComponent", "metrics.loss.stddev", "Metrics.loss.StdDev", value_kinds.NUMBER),
        ("ExperimentTrialComponent", "Metrics.loss.COUNT", "Metrics.loss.Count", value_kinds.INTEGER),
        ("ExperimentTrialComponent", "Metrics.a.b.Max", "Metrics.a.b.Max", value_kinds.NUMBER),
        ("ExperimentTrialComponent", "Metrics.Max", "Metrics.Max.Last", value_kinds.NUMBER),
        ("ExperimentTrialComponent", "Parameters.lr", "Parameters.lr", value_kinds.PARAMETER),
        ("ExperimentTrialComponent", "Parameters.lr.numbervalue", "Parameters.lr.NumberValue", value_kinds.NUMBER),
        ("ExperimentTrialComponent", "Parameters.lr.StringValue", "Parameters.lr.StringValue", value_kinds.TEXT_MAP),
        ("ExperimentTrialComponent", "InputArtifacts.data", "InputArtifacts.data", value_kinds.TEXT_MAP),
        (
            "ExperimentTrialComponent",
            "OutputArtifacts.m.MediaType",
            "OutputArtifacts.m.MediaType",
            value_kinds.TEXT_MAP,
        ),
        ("ExperimentTrialComponent", "Parents.ExperimentName", "Parents.ExperimentName", value_kinds.TEXT),
        ("ExperimentTrialComponent", "Source.SourceArn", "Source.SourceArn", value_kinds.TEXT),
        ("ModelPackage", "CustomerMetadataProperties.a.b", "CustomerMetadataProperties.a.b", value_kinds.TEXT_MAP),
        ("PipelineExecution", "PipelineParameters.Name", "PipelineParameters.Name", value_kinds.TEXT),
        ("PipelineExecution", "PipelineParameters.epochs", "PipelineParameters.epochs", value_kinds.TEXT_MAP),
        ("FeatureMetadata", "allparameters", "AllParameters", value_kinds.TEXT),
        ("FeatureMetadata", "Parameters.owner", "Parameters.owner", value_kinds.TEXT_MAP),
        ("FeatureGroup", "AllTags", "AllTags", value_kinds.TEXT),
        ("FeatureGroup", "Name", "FeatureGroupName", value_kinds.TEXT),
        ("Model", "CreationTime", "Model.CreationTime", value_kinds.TIMESTAMP),
        ("Model", "Tags.team", "Model.Tags.team", value_kinds.TEXT_MAP),
        ("Model", "Model.ModelName", "Model.ModelName", value_kinds.TEXT),
        ("Model", "name", "Model.ModelName", value_kinds.TEXT),
        ("Model", "Containers.Environment.X", "Model.Containers.Environment.X", value_kinds.TEXT_MAP),
        ("HyperParameterTuningJob", "TrainingJobDefinition.StaticHyperParameters.lr", None, value_kinds.HYPERPARAMETER),
        ("HyperParameterTuningJob", "TrainingJobDefinition.Environment.X", None, value_kinds.TEXT_MAP),
        ("AutoMLJob", "BestCandidate.CandidateProperties.CandidateMetrics.loss", None, value_kinds.NUMBER),
        (
            *("AutoMLJob", "AutoMLProblemTypeConfig.TextGenerationJobConfig.TextGenerationHyperParameters.epochCount"),
            *(None, value_kinds.HYPERPARAMETER),
        ),
        ("HyperParameterTuningJob", "BestTrainingJob.TunedHyperParameters.lr", None, value_kinds.HYPERPARAMETER),
    ],
)
def test_what_a_name_means(resource: str, written: str, canonical: str | None, kind: Kind) -> None:
    prop = schema(resource).property(written)
    assert prop.name == (canonical or written)
    assert prop.kind is kind


@pytest.mark.parametrize(
    "resource", [name for name in catalogue.searchable() if name not in {"FeatureMetadata", "PipelineVersion"}]
)
def test_every_tagged_resource_has_tags_by_key(resource: str) -> None:
    prop = schema(resource).property("tags.Any key: of/mine")
    assert prop.name.endswith("Tags.Any key: of/mine")
    assert prop.kind is value_kinds.TEXT_MAP
    assert not prop.is_many


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            ".",
            "..",
            ".TrainingJobName",
            "TrainingJobName.",
            "TrainingJobName.x",
            "Nope",
            "HyperParameters.",
            "Metrics.",
        ),
        *("InputDataConfig.", "InputDataConfig.Nope", "ResourceConfig..InstanceType", " TrainingJobName", "AllTags"),
        *("VpcConfig.Subnets.x", "FinalMetricDataList.", "<name>", "TrainingJobName\x00", "T\u0130"),
    ],
)
def test_a_name_that_the_resource_does_not_have(written: str) -> None:
    assert not TRAINING_JOB.knows(written)
    with pytest.raises(UnknownPropertyError) as raised:
        TRAINING_JOB.property(written, "SearchExpression.Filters[0].Name")
    assert raised.value.message.startswith(f"Unknown property name: {written} ")
    assert raised.value.path == "SearchExpression.Filters[0].Name"
    assert raised.value.code == "UnknownProperty"


@pytest.mark.parametrize(
    ("resource", "written", "nearest"),
    [
        ("TrainingJob", "HyperParamters.lr", "HyperParameters.lr"),
        ("TrainingJob", "Metric.loss", "Metrics.loss"),
        ("TrainingJob", "TrainingJobNam", "TrainingJobName"),
        ("TrainingJob", "ResourceConfig.InstanceTyp", "ResourceConfig.InstanceType"),
        ("ExperimentTrialComponent", "Parameter.lr", "Parameters.lr"),
        ("Model", "Continers.Mode", "Model.Containers.Mode"),
    ],
)
def test_the_nearest_name_is_offered_and_is_one(resource: str, written: str, nearest: str) -> None:
    known = schema(resource)
    with pytest.raises(UnknownPropertyError) as raised:
        known.property(written)
    assert raised.value.hint == f"Did you mean '{nearest}'?"
    assert known.knows(nearest)


def test_without_a_near_name_the_hint_says_where_the_names_are() -> None:
    with pytest.raises(UnknownPropertyError, match="smsearch schema TrainingJob"):
        TRAINING_JOB.property("Zzzzzz")


def test_fields_that_only_the_data_has_are_found_exactly_spelled() -> None:
    known = Schema(catalogue.resource("TrainingJob"), {"Cost.USD": ("Cost", "USD"), "Name": ("Name",)})
    prop = known.property("Cost.USD")
    assert prop.kind is value_kinds.UNKNOWN
    assert prop.steps == (Member("Cost"), Member("USD"))
    assert not known.knows("cost.usd")
    assert known.property("Name").steps == (Member("Name"),)
    assert {"Cost.USD", "Name"} <= {prop.name for prop in known.properties()}
    with pytest.raises(UnknownPropertyError, match=r"Did you mean 'Cost.USD'"):
        known.property("Cost.USd")


def test_a_member_of_the_service_model_is_not_hidden_by_a_field_of_the_data() -> None:
    known = Schema(catalogue.resource("TrainingJob"), {"TrainingJobName": ("Else",)})
    assert known.property("TrainingJobName").steps == (Member("TrainingJobName"),)


@pytest.mark.parametrize(
    ("resource", "written", "canonical"),
    [
        ("TrainingJob", "InputDataConfig", "InputDataConfig"),
        ("TrainingJob", "input_data_config", "InputDataConfig"),
        ("TrainingJob", "Tags", "Tags"),
        ("TrainingJob", "ProfilerRuleConfigurations", "ProfilerRuleConfigurations"),
        ("ExperimentTrialComponent", "Parents", "Parents"),
        ("ExperimentTrialComponent", "metrics", "Metrics"),
        ("Endpoint", "MonitoringSchedules.Tags", "MonitoringSchedules.Tags"),
        ("Model", "Containers", "Model.Containers"),
        ("Model", "Model.Containers", "Model.Containers"),
    ],
)
def test_a_list_of_structures_is_found(resource: str, written: str, canonical: str) -> None:
    found = schema(resource).list_property(written)
    assert found.name == canonical
    assert found.steps[-1] == Elements()
    assert isinstance(found.element, Structure)


@pytest.mark.parametrize("written", ["TrainingJobName", "VpcConfig", "VpcConfig.Subnets", "HyperParameters"])
def test_what_is_no_list_of_structures_is_a_shape_error(written: str) -> None:
    with pytest.raises(ShapeError, match="is not a list of structures") as raised:
        TRAINING_JOB.list_property(written, "p")
    assert raised.value.path == "p"


@pytest.mark.parametrize(
    "written", ["", "Nope", "InputDataConfig.", "HyperParameters.lr", "InputDataConfig.ChannelName.x"]
)
def test_an_unknown_list_is_an_unknown_property(written: str) -> None:
    with pytest.raises(UnknownPropertyError):
        TRAINING_JOB.list_property(written)


@pytest.mark.parametrize(
    "written",
    [
        "InputDataConfig.DataSource.S3DataSource.S3Uri",
        "DataSource.S3DataSource.S3Uri",
        "input_data_config.data_source.s3_data_source.s3_uri",
        "INPUTDATACONFIG.datasource.S3DataSource.s3uri",
    ],
)
def test_a_filter_of_an_element_is_named_in_full_or_from_the_element_on(written: str) -> None:
    container = TRAINING_JOB.list_property("InputDataConfig")
    prop = TRAINING_JOB.element_property(container, written)
    assert prop.name == "InputDataConfig.DataSource.S3DataSource.S3Uri"
    assert prop.steps == (Member("DataSource"), Member("S3DataSource"), Member("S3Uri"))


def test_an_element_of_a_list_inside_the_described_resource_is_named_either_way() -> None:
    known = schema("Model")
    container = known.list_property("Containers")
    names = {
        known.element_property(container, name).name for name in ("Mode", "Containers.Mode", "Model.Containers.Mode")
    }
    assert names == {"Model.Containers.Mode"}


@pytest.mark.parametrize(
    "written", ["", "Nope", "InputDataConfig.", "InputDataConfig", "InputDataConfig.Nope", "InputData.ChannelName"]
)
def test_an_element_without_such_a_property_is_refused(written: str) -> None:
    container = TRAINING_JOB.list_property("InputDataConfig")
    with pytest.raises(UnknownPropertyError) as raised:
        TRAINING_JOB.element_property(container, written, "p")
    assert raised.value.path == "p"


def test_the_nearest_name_of_an_element_is_given_in_full() -> None:
    container = TRAINING_JOB.list_property("InputDataConfig")
    with pytest.raises(UnknownPropertyError, match=r"Did you mean 'InputDataConfig.ChannelName'"):
        TRAINING_JOB.element_property(container, "ChanelName")


@pytest.mark.parametrize("depth", [100, 10_000])
def test_a_very_long_name_is_refused_without_recursion(depth: int) -> None:
    for written in ("Model." * depth + "x", "InputDataConfig." * depth + "x"):
        assert not schema("Model").knows(written)
        assert not TRAINING_JOB.knows(written)
