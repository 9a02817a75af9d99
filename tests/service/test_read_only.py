"""Operations that write: what is there already, as the SageMaker SDK needs it to read, and refusals of the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

import smsearch
from smsearch.schema import writes
from smsearch.service import Service, ServiceError
from tests.server.served import serving
from tests.service import model

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = "arn:aws:sagemaker:us-east-1:111122223333"
TRIAL = "Default-Run-Group-exp"
"""What the SDK calls the trial of an experiment's runs."""
ARNS = {
    "TrialArn": f"{ACCOUNT}:experiment-trial/try",
    "TrialComponentArn": f"{ACCOUNT}:experiment-trial-component/exp-run",
}
RECORDS = (
    {"ExperimentName": "exp", "ExperimentArn": f"{ACCOUNT}:experiment/exp"},
    {"TrialName": TRIAL, "TrialArn": ARNS["TrialArn"], "ExperimentName": "exp"},
    {
        "TrialComponentName": "exp-run",
        "TrialComponentArn": ARNS["TrialComponentArn"],
        "Parameters": {"lr": {"NumberValue": 0.1}},
        "Source": {"SourceArn": f"{ACCOUNT}:training-job/j"},
    },
    {"TrialComponentName": "stray", "TrialComponentArn": f"{ACCOUNT}:experiment-trial-component/stray"},
    {
        "TrainingJobName": "j",
        "TrainingJobArn": f"{ACCOUNT}:training-job/j",
        "ExperimentConfig": {"ExperimentName": "exp", "TrialName": TRIAL},
    },
    {
        "SourceArn": f"{ACCOUNT}:artifact/a",
        "DestinationArn": ARNS["TrialComponentArn"],
        "AssociationType": "ContributedTo",
    },
)
OUTPUTS = [name for name in model.model().operation_names if not writes.is_write(name)]
WRITES = [name for name in model.model().operation_names if writes.is_write(name)]


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(smsearch.from_records(list(RECORDS)))


def refusal(service: Service, operation: str, **members: object) -> tuple[str, str]:
    with pytest.raises(ServiceError) as refused:
        service.answer(operation, json.dumps(members).encode())
    assert refused.value.status == 400
    return refused.value.code, refused.value.message


@pytest.mark.parametrize(
    ("operation", "members", "message"),
    [
        (
            "CreateExperiment",
            {"ExperimentName": "exp"},
            (
                "Experiment names must be unique within an AWS account and region. "
                "Experiment with name (exp) already exists."
            ),
        ),
        (
            "CreateTrial",
            {"TrialName": TRIAL, "ExperimentName": "exp"},
            f"Trial names must be unique within an AWS account and region. Trial with name ({TRIAL}) already exists.",
        ),
        (
            "CreateTrialComponent",
            {"TrialComponentName": "exp-run", "Tags": [{"Key": "k", "Value": "v"}]},
            (
                "Trial component names must be unique within an AWS account and region. "
                "Trial component with name (exp-run) already exists."
            ),
        ),
        (
            "AddAssociation",
            {"SourceArn": f"{ACCOUNT}:artifact/a", "DestinationArn": ARNS["TrialComponentArn"]},
            f"An association between {ACCOUNT}:artifact/a and {ARNS['TrialComponentArn']} already exists.",
        ),
    ],
)
def test_what_is_there_already_is_refused_as_the_service_refuses_it(
    service: Service, operation: str, members: dict[str, object], message: str
) -> None:
    assert refusal(service, operation, **members) == ("ValidationException", message)


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("CreateExperiment", {"ExperimentName": "new"}),
        ("CreateTrial", {"TrialName": "new", "ExperimentName": "exp"}),
        ("CreateTrialComponent", {"TrialComponentName": "new"}),
        ("AddAssociation", {"SourceArn": f"{ACCOUNT}:artifact/b", "DestinationArn": ARNS["TrialComponentArn"]}),
        ("AssociateTrialComponent", {"TrialName": TRIAL, "TrialComponentName": "stray"}),
        ("AssociateTrialComponent", {"TrialName": "none", "TrialComponentName": "exp-run"}),
        ("UpdateTrialComponent", {"TrialComponentName": "exp-run"}),
        ("CreateTrainingJob", {"TrainingJobName": "j"}),
    ],
)
def test_what_would_change_something_is_denied(service: Service, operation: str, members: dict[str, object]) -> None:
    code, message = refusal(service, operation, **members)
    assert code == "AccessDeniedException"
    assert message.startswith(f"{operation} would change something, and this endpoint is read-only")


def test_a_component_that_belongs_to_a_trial_is_associated_with_it_again(service: Service) -> None:
    """Row L9: the job of the component was made for the trial, and nothing else tells that they belong together."""
    asked = json.dumps({"TrialName": TRIAL, "TrialComponentName": "exp-run"}).encode()
    assert json.loads(service.answer("AssociateTrialComponent", asked)) == ARNS


def test_an_input_is_checked_before_anything_is_looked_for(service: Service) -> None:
    code, message = refusal(service, "CreateTrial", TrialName=TRIAL)
    assert code == "ValidationException"
    assert "Value null at 'experimentName' failed to satisfy constraint" in message


@pytest.mark.parametrize("operation", WRITES)
def test_every_operation_that_writes_is_denied(operation: str) -> None:
    with pytest.raises(ServiceError) as refused:
        Service(smsearch.from_records([])).answer(operation, b"{}")
    is_checked = operation in {"AddAssociation", "CreateExperiment", "CreateTrial", "CreateTrialComponent"}
    assert refused.value.code == ("ValidationException" if is_checked else "AccessDeniedException")


def test_reading_is_not_writing() -> None:
    service = Service(smsearch.from_records([]))
    assert set(Service.operations()) <= set(OUTPUTS)
    for operation in set(OUTPUTS) - set(Service.operations()):
        assert refusal(service, operation)[0] == "UnknownOperationException", operation
    assert refusal(service, "MakeCoffee")[0] == "UnknownOperationException"


def test_boto3_loads_a_run_as_the_sdk_does(tmp_path: Path) -> None:
    """The calls of `load_run` of the SageMaker SDK 2.257 and 3.27, one after another."""
    (tmp_path / "dump.json").write_text(json.dumps(RECORDS), encoding="utf-8")
    with serving(tmp_path / "log", tmp_path / "dump.json") as served:
        client = served.client()

        def already(method: str, **members: str) -> None:
            with pytest.raises(ClientError, match="already exists") as refused:
                getattr(client, method)(**members)
            assert refused.value.response["Error"]["Code"] == "ValidationException"

        already("create_experiment", ExperimentName="exp")
        assert client.describe_experiment(ExperimentName="exp")["ExperimentName"] == "exp"
        already("create_trial", TrialName=TRIAL, ExperimentName="exp")
        assert client.describe_trial(TrialName=TRIAL)["ExperimentName"] == "exp"
        already("create_trial_component", TrialComponentName="exp-run")
        shown: Any = client.describe_trial_component(TrialComponentName="exp-run")
        assert shown["Parameters"]["lr"] == {"NumberValue": 0.1}
        answer = client.associate_trial_component(TrialName=TRIAL, TrialComponentName="exp-run")
        assert answer["TrialComponentArn"] == ARNS["TrialComponentArn"]
        listed = client.list_trial_components(ExperimentName="exp")["TrialComponentSummaries"]
        assert [one["TrialComponentName"] for one in listed] == ["exp-run"]
        with pytest.raises(client.exceptions.ResourceNotFound):
            client.describe_trial(TrialName="none")
        with pytest.raises(ClientError, match="read-only") as refused:
            client.update_trial_component(TrialComponentName="exp-run")
        assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0
