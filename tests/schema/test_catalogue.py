"""The catalogue: the resources of row R1, their record keys of row R2, and the shapes of their members."""

from __future__ import annotations

import pytest

from smsearch.schema import catalogue, value_kinds
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure

RESOURCES = [
    "TrainingJob",
    "Experiment",
    "ExperimentTrial",
    "ExperimentTrialComponent",
    "Endpoint",
    "Model",
    "ModelPackage",
    "ModelPackageGroup",
    "Pipeline",
    "PipelineExecution",
    "PipelineVersion",
    "FeatureGroup",
    "FeatureMetadata",
    "Image",
    "ImageVersion",
    "Project",
    "HyperParameterTuningJob",
    "ModelCard",
    "Job",
    "HubContent",
]


def structures() -> list[Structure]:
    """Every structure that a resource reaches, each once."""
    seen: dict[str, Structure] = {}
    pending: list[catalogue.Shape] = [catalogue.resource(name).root for name in catalogue.kinds()]
    while pending:
        match pending.pop():
            case Structure() as structure if structure.name not in seen:
                seen[structure.name] = structure
                pending.extend(structure.member(name) for name in structure.members)
            case ListOf(inner) | MapOf(inner):
                pending.append(catalogue.shape(inner))
    return list(seen.values())


def test_the_resources_of_search_are_the_apis_twenty() -> None:
    assert sorted(catalogue.searchable()) == sorted(RESOURCES)
    assert catalogue.kinds()[: len(RESOURCES)] == catalogue.searchable()


def test_other_kinds_are_known_but_not_searchable() -> None:
    assert "CompilationJob" in catalogue.kinds()
    assert not catalogue.resource("CompilationJob").searchable


@pytest.mark.parametrize("name", RESOURCES)
def test_a_record_key_is_the_resources_own_name_save_two(name: str) -> None:
    renamed = {"ExperimentTrial": "Trial", "ExperimentTrialComponent": "TrialComponent"}
    key = catalogue.resource(name).record_key
    assert key == renamed.get(name, name)
    assert catalogue.by_record_key()[key] == name


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_has_its_arn_its_name_and_its_default_sort(name: str) -> None:
    resource = catalogue.resource(name)
    for path in (resource.arn, resource.name_path):
        reached: catalogue.Shape = resource.root
        for segment in path:
            assert isinstance(reached, Structure)
            reached = reached.member(segment)
        assert isinstance(reached, Scalar)
    falls_back = {"ModelPackageGroup", "Model"}
    assert resource.default_sort == ("CreationTime" if name in falls_back else "LastModifiedTime")


def test_only_features_and_pipeline_versions_share_an_arn() -> None:
    shared = {name for name in catalogue.searchable() if catalogue.resource(name).arn_is_shared}
    assert shared == {"FeatureMetadata", "PipelineVersion"}


def test_an_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        catalogue.resource("Trial")
    with pytest.raises(KeyError):
        catalogue.resource("TrainingJob").root.member("Nope")


def test_shapes_are_read_as_what_the_service_model_says() -> None:
    root = catalogue.resource("TrainingJob").root
    assert root.member("FailureReason") == Scalar(value_kinds.TEXT)
    assert root.member("TrainingJobName") == Scalar(value_kinds.TEXT, may_be_empty=False)
    assert root.member("CreationTime") == Scalar(value_kinds.TIMESTAMP)
    assert root.member("BillableTimeInSeconds") == Scalar(value_kinds.INTEGER)
    assert root.member("EnableNetworkIsolation") == Scalar(value_kinds.BOOLEAN)
    assert root.member("HyperParameters") == MapOf("text", "HyperParameters")
    assert isinstance(root.member("InputDataConfig"), ListOf)
    status = root.member("TrainingJobStatus")
    assert isinstance(status, Scalar)
    assert {"InProgress", "Completed", "Failed", "Stopping", "Stopped"} <= set(status.enum)


@pytest.mark.parametrize("written", ["TrainingJobName", "trainingJobName", "training_job_name", "TRAINING_JOB_NAME"])
def test_a_member_is_found_in_any_case_and_in_snake_case(written: str) -> None:
    assert catalogue.resource("TrainingJob").root.spelled(written) == "TrainingJobName"


@pytest.mark.parametrize("written", ["", "TrainingJob", "TrainingJobName ", "Training-Job-Name"])
def test_another_name_is_no_member(written: str) -> None:
    assert catalogue.resource("TrainingJob").root.spelled(written) is None


def test_no_two_members_of_a_structure_fold_to_one_name() -> None:
    for structure in structures():
        folded = {catalogue.fold(name) for name in structure.members}
        assert len(folded) == len(structure.members), structure.name


def test_every_reference_of_the_catalogue_leads_to_a_shape() -> None:
    assert len(structures()) > 150


def test_a_structure_can_stand_in_a_set() -> None:
    assert len(set(structures())) == len(structures())
