"""Unmodified boto3 against a process that serves: every kind of record, member by member."""
# ruff: noqa: ANN401 - boto3's clients have no type

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from botocore.model import ListShape, MapShape, Shape, StructureShape

import smsearch
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Always
from smsearch.schema import catalogue, notation
from smsearch.schema.operations import names, operation
from smsearch.syntax.ast import SortOrder
from tests.server.served import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher

SHARED = ROOT.parent / "shared"
UNPAGED = {"Image", "ImageVersion"}
"""Kinds whose records have no shape in a response of Search: boto3 parses nothing of them (row R2)."""


@pytest.fixture(scope="module")
def searcher(store: Path) -> Searcher:
    return smsearch.open(store)


def kept(value: object, shape: Shape) -> object:
    """What botocore keeps of a document: the members of its shape, and no null."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = {name: kept(value[name], below) for name, below in shape.members.items() if name in value}
        return {name: below for name, below in members.items() if below is not None}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [kept(element, shape.member) for element in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: kept(below, shape.value) for key, below in value.items()}
    return value


def described(document: dict[str, Any], output: tuple[str, ...], shape: StructureShape) -> object:
    """What Describe shows of a document: the truth values that events spell as text are truth values in it."""
    members = {name: document[name] for name in output if name in document}
    for name, value in members.items():
        if shape.members[name].type_name == "boolean" and isinstance(value, str):
            members[name] = {"true": True, "false": False}[value.lower()]
    return kept(members, shape)


def without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def kinds() -> list[str]:
    return sorted(smsearch.open(ROOT / "data" / "exports").resources())


def own(kind: str, document: Any) -> Any:
    """What Describe shows of a record."""
    inner = catalogue.resource(kind).inner
    return document[inner] if inner else document


def documents(kind: str, searcher: Searcher) -> list[Any]:
    """What Describe shows of every record of a kind, one that Search does not know included."""
    resource = catalogue.resource(kind)
    if resource.searchable:
        results = searcher.get_paginator("search").paginate(Resource=kind).build_full_result()["Results"]
        return [own(kind, result[resource.record_key]) for result in results]
    key = SortKey(searcher.engine.schema(kind).property(".".join(resource.name_path)), SortOrder.ASCENDING)
    records = searcher.engine.records(kind, Always(), key)
    return [own(kind, notation.document(record, notation.BOTO3)) for record in records]


@pytest.mark.parametrize("kind", kinds())
def test_search_gives_every_member_of_every_record(kind: str, client: Any, searcher: Searcher) -> None:
    if not catalogue.resource(kind).searchable:
        pytest.skip("Search does not know it")
    shape = client.meta.service_model.shape_for("SearchRecord")
    pages = client.get_paginator("search").paginate(Resource=kind, PaginationConfig={"PageSize": 7})
    found = [record for page in pages for record in page["Results"]]
    expected = searcher.get_paginator("search").paginate(Resource=kind).build_full_result()["Results"]
    assert found == [kept(record, shape) for record in expected]
    assert kind in UNPAGED or all(found)


@pytest.mark.parametrize("kind", kinds())
def test_describe_gives_every_member_that_it_has(kind: str, client: Any, searcher: Searcher) -> None:
    name = f"Describe{catalogue.resource(kind).record_key}"
    if name not in names():
        pytest.skip("the service does not describe it")
    asked = operation(name)
    shape = client.meta.service_model.operation_model(name).output_shape
    count = 0
    for document in documents(kind, searcher):
        given = {
            member: document.get(question.property)
            for member, question in asked.questions.items()
            if asked.inputs[member].is_required and question.test == "equals"
        }
        if kind == "ImageVersion":
            given = {"ImageName": document["ImageArn"].rpartition("/")[2], "Version": document["Version"]}
        if None in given.values():  # a version of a model package has no name of its own
            given = dict.fromkeys(given, document[catalogue.resource(kind).arn[-1]])
        answer = without_metadata(getattr(client, xform_name(name))(**given))
        shown: Any = described(document, asked.output, shape)
        assert answer == {**asked.empty, **shown}
        count += 1
    assert count


def listed(client: Any, name: str, **members: object) -> list[dict[str, Any]]:
    """All summaries of a List operation, three a page."""
    found: list[dict[str, Any]] = []
    call = getattr(client, xform_name(name))
    token: dict[str, str] = {}
    while True:
        page = call(**members, **token, MaxResults=3)
        found += page[operation(name).results]
        if "NextToken" not in page:
            return found
        token = {"NextToken": page["NextToken"]}


@pytest.mark.parametrize("kind", kinds())
def test_lists_give_each_record_once(kind: str, client: Any, searcher: Searcher) -> None:
    plain = [
        name
        for name in names()
        if operation(name).results
        and operation(name).kind == kind
        and not any(member.is_required for member in operation(name).inputs.values())
    ]
    if not plain:
        pytest.skip("the service does not list it without being asked for more")
    identity = catalogue.resource(kind).arn[-1]
    expected = sorted(document.get(identity, "") for document in documents(kind, searcher))
    for name in plain:
        everything = {"ModelPackageType": "Both"} if "ModelPackageType" in operation(name).inputs else {}
        assert sorted(summary.get(identity, "") for summary in listed(client, name, **everything)) == expected


def test_filters_of_lists_are_those_of_search(client: Any) -> None:
    pages = client.get_paginator("list_training_jobs").paginate(StatusEquals="Failed", NameContains="bert")
    found = {job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]}
    filters = [
        {"Name": "TrainingJobStatus", "Value": "Failed"},
        {"Name": "TrainingJobName", "Operator": "Contains", "Value": "bert"},
    ]
    searched = client.search(Resource="TrainingJob", SearchExpression={"Filters": filters}, MaxResults=100)
    assert found == {record["TrainingJob"]["TrainingJobName"] for record in searched["Results"]}
    assert found


def test_times_of_a_filter_are_exclusive(client: Any) -> None:
    first, second = listed(client, "ListTrainingJobs", SortBy="CreationTime", SortOrder="Ascending")[:2]
    after = listed(client, "ListTrainingJobs", CreationTimeAfter=first["CreationTime"], SortOrder="Ascending")
    # boto3 sends whole seconds
    assert after[0]["TrainingJobName"] in {first["TrainingJobName"], second["TrainingJobName"]}
    before = listed(client, "ListTrainingJobs", CreationTimeBefore=second["CreationTime"])
    assert [job["TrainingJobName"] for job in before] == [first["TrainingJobName"]]


def test_trials_and_components_of_an_experiment(client: Any, searcher: Searcher) -> None:
    parts = searcher.search(Resource="ExperimentTrialComponent", MaxResults=100)["Results"]
    parents = [
        (parent["TrialName"], part["TrialComponent"]["TrialComponentName"])
        for part in parts
        for parent in part["TrialComponent"].get("Parents", ())
    ]
    trial = parents[0][0]
    found = {one["TrialComponentName"] for one in listed(client, "ListTrialComponents", TrialName=trial)}
    assert found == {part for name, part in parents if name == trial}
    trials = searcher.search(Resource="ExperimentTrial", MaxResults=100)["Results"]
    owners = [(one["Trial"].get("ExperimentName"), one["Trial"]["TrialName"]) for one in trials]
    experiment = next(name for name, _ in owners if name)
    found = {one["TrialName"] for one in listed(client, "ListTrials", ExperimentName=experiment)}
    assert found == {name for owner, name in owners if owner == experiment}


def test_tags_are_those_of_the_record(client: Any, searcher: Searcher) -> None:
    results = searcher.search(Resource="TrainingJob", MaxResults=100)["Results"]
    tagged = [record["TrainingJob"] for record in results if record["TrainingJob"].get("Tags")]
    assert tagged
    for job in tagged:
        assert client.list_tags(ResourceArn=job["TrainingJobArn"])["Tags"] == job["Tags"]


def test_suggestions_are_the_searchers(client: Any, searcher: Searcher) -> None:
    asked = {"Resource": "TrainingJob", "SuggestionQuery": {"PropertyNameQuery": {"PropertyNameHint": "hyper"}}}
    answer = without_metadata(client.get_search_suggestions(**asked))
    assert answer == searcher.get_search_suggestions(**asked)
    assert answer["PropertyNameSuggestions"]


def test_a_refusal_is_the_services(client: Any) -> None:
    with pytest.raises(ClientError) as refused:
        client.list_training_jobs(StatusEquals="Nope")
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "1 validation error detected: Value 'Nope' at 'statusEquals' failed to satisfy constraint: Member "
        "must satisfy enum value set: [InProgress, Completed, Failed, Stopping, Stopped, Deleting]",
    }
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert len(refused.value.response["ResponseMetadata"]["RequestId"]) == 36
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.describe_experiment(ExperimentName="nobody")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        client.stop_training_job(TrainingJobName="job")


def _expressions() -> list[dict[str, Any]]:
    file = SHARED / "real-expressions.json"
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return found


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder is beside checkouts only")
@pytest.mark.parametrize("entry", _expressions(), ids=lambda entry: entry["id"])
def test_published_requests_are_taken_as_the_library_takes_them(
    entry: dict[str, Any],
    client: Any,
    searcher: Searcher,
) -> None:
    if entry["expect"] == "ValidationException":
        # Either of the two may refuse: boto3 before anything is sent, the endpoint as the library does.
        with pytest.raises(smsearch.RequestError):
            searcher.search(**entry["request"])
        with pytest.raises((ClientError, ParamValidationError)):
            client.search(**entry["request"])
        return
    expected = searcher.search(**entry["request"])["TotalHits"]
    assert client.search(**entry["request"])["TotalHits"] == expected
