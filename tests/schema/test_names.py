"""The property that a name means: rows F6, F7, E5, F16 to F19, for every resource and every family."""

from __future__ import annotations

import pytest

from smsearch.errors import ShapeError, UnknownPropertyError
from smsearch.schema import catalogue
from smsearch.schema.catalogue import Kind, Structure
from smsearch.schema.names import Schema
from smsearch.schema.property import Elements, Member

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
        ("TrainingJob", "trainingjobname", "TrainingJobName", Kind.TEXT),
        ("TrainingJob", "training_job_name", "TrainingJobName", Kind.TEXT),
        ("TrainingJob", "RESOURCECONFIG.instancetype", "ResourceConfig.InstanceType", Kind.TEXT),
        ("TrainingJob", "ResourceConfig.InstanceCount", "ResourceConfig.InstanceCount", Kind.INTEGER),
        ("TrainingJob", "enablenetworkisolation", "EnableNetworkIsolation", Kind.BOOLEAN),
        ("TrainingJob", "InputDataConfig.ChannelName", "InputDataConfig.ChannelName", Kind.TEXT),
        ("TrainingJob", "InputDataConfig", "InputDataConfig", Kind.STRUCTURE),
        ("TrainingJob", "VpcConfig.Subnets", "VpcConfig.Subnets", Kind.TEXT),
        ("TrainingJob", "VpcConfig", "VpcConfig", Kind.STRUCTURE),
        ("TrainingJob", "HyperParameters", "HyperParameters", Kind.STRUCTURE),
        (
            "TrainingJob",
            "hyperparameters.Learning.Rate: x/y",
            "HyperParameters.Learning.Rate: x/y",
            Kind.HYPERPARAMETER,
        ),
        ("TrainingJob", "HyperParameters..", "HyperParameters..", Kind.HYPERPARAMETER),
        ("TrainingJob", "HyperParameters.a.", "HyperParameters.a.", Kind.HYPERPARAMETER),
        ("TrainingJob", "Environment.PATH", "Environment.PATH", Kind.TEXT_MAP),
        ("TrainingJob", "tags.Cost Center", "Tags.Cost Center", Kind.TEXT_MAP),
        ("TrainingJob", "Tags.Key", "Tags.Key", Kind.TEXT_MAP),
        ("TrainingJob", "Tags", "Tags", Kind.STRUCTURE),
        ("TrainingJob", "metrics.validation:acc", "Metrics.validation:acc", Kind.NUMBER),
        ("TrainingJob", "Metrics.loss.Max", "Metrics.loss.Max", Kind.NUMBER),
        ("TrainingJob", "FinalMetricDataList.loss", "Metrics.loss", Kind.NUMBER),
        ("TrainingJob", "FinalMetricDataList.MetricName", "FinalMetricDataList.MetricName", Kind.TEXT),
        ("ExperimentTrialComponent", "Metrics.loss", "Metrics.loss.Last", Kind.NUMBER),
        ("ExperimentTrialComponent", "metrics.loss.stddev", "Metrics.loss.StdDev", Kind.NUMBER),
        ("ExperimentTrialComponent", "Metrics.loss.COUNT", "Metrics.loss.Count", Kind.INTEGER),
        ("ExperimentTrialComponent", "Metrics.a.b.Max", "Metrics.a.b.Max", Kind.NUMBER),
        ("ExperimentTrialComponent", "Metrics.Max", "Metrics.Max.Last", Kind.NUMBER),
        ("ExperimentTrialComponent", "Parameters.lr", "Parameters.lr", Kind.PARAMETER),
        ("ExperimentTrialComponent", "Parameters.lr.numbervalue", "Parameters.lr.NumberValue", Kind.NUMBER),
        ("ExperimentTrialComponent", "Parameters.lr.StringValue", "Parameters.lr.StringValue", Kind.TEXT_MAP),
        ("ExperimentTrialComponent", "InputArtifacts.data", "InputArtifacts.data", Kind.TEXT_MAP),
        ("ExperimentTrialComponent", "OutputArtifacts.m.MediaType", "OutputArtifacts.m.MediaType", Kind.TEXT_MAP),
        ("ExperimentTrialComponent", "Parents.ExperimentName", "Parents.ExperimentName", Kind.TEXT),
        ("ExperimentTrialComponent", "Source.SourceArn", "Source.SourceArn", Kind.TEXT),
        ("ModelPackage", "CustomerMetadataProperties.a.b", "CustomerMetadataProperties.a.b", Kind.TEXT_MAP),
        ("PipelineExecution", "PipelineParameters.Name", "PipelineParameters.Name", Kind.TEXT),
        ("PipelineExecution", "PipelineParameters.epochs", "PipelineParameters.epochs", Kind.TEXT_MAP),
        ("FeatureMetadata", "allparameters", "AllParameters", Kind.TEXT),
        ("FeatureMetadata", "Parameters.owner", "Parameters.owner", Kind.TEXT_MAP),
        ("FeatureGroup", "AllTags", "AllTags", Kind.TEXT),
        ("FeatureGroup", "Name", "FeatureGroupName", Kind.TEXT),
        ("Model", "CreationTime", "Model.CreationTime", Kind.TIMESTAMP),
        ("Model", "Tags.team", "Model.Tags.team", Kind.TEXT_MAP),
        ("Model", "Model.ModelName", "Model.ModelName", Kind.TEXT),
        ("Model", "name", "Model.ModelName", Kind.TEXT),
        ("Model", "Containers.Environment.X", "Model.Containers.Environment.X", Kind.TEXT_MAP),
        ("HyperParameterTuningJob", "TrainingJobDefinition.StaticHyperParameters.lr", None, Kind.HYPERPARAMETER),
        ("HyperParameterTuningJob", "TrainingJobDefinition.Environment.X", None, Kind.TEXT_MAP),
        ("AutoMLJob", "BestCandidate.CandidateProperties.CandidateMetrics.loss", None, Kind.NUMBER),
        (
            *("AutoMLJob", "AutoMLProblemTypeConfig.TextGenerationJobConfig.TextGenerationHyperParameters.epochCount"),
            *(None, Kind.HYPERPARAMETER),
        ),
        ("HyperParameterTuningJob", "BestTrainingJob.TunedHyperParameters.lr", None, Kind.HYPERPARAMETER),
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
    assert prop.kind is Kind.TEXT_MAP
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
    assert prop.kind is Kind.UNKNOWN
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
