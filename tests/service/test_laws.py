"""Laws over all operations: pages come back whole, a Describe finds what its List shows, what is required is there."""

from __future__ import annotations

import json
from typing import Any

import pytest

import smsearch
from grammar.catalogue.kinds import PARENTS
from smsearch.ingest.load import from_objects
from smsearch.ingest.report import Report
from smsearch.schema import catalogue
from smsearch.schema.operations import Operation, names, operation
from smsearch.service import Service
from tests.service import model

LISTS = [name for name in names() if operation(name).results and not operation(name).batch]
DESCRIBES = [name for name in names() if name.startswith("Describe")]
UNTOLD = {"ListLabelingJobsForWorkteam": "the team is in no row, only in the request"}
"""Operations that demand what their own rows do not tell."""


def ask(service: Service, name: str, **members: object) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(service.answer(name, json.dumps(members).encode()))


def wanted(asked: Operation, members: dict[str, Any]) -> dict[str, Any]:
    """The input that asks for a record: what the operation demands, out of a row or describe of the record."""
    found = {}
    there = {".".join(path): members[name] for name, path in asked.summary.items() if name in members}
    for name, member in asked.inputs.items():
        question = asked.questions.get(name)
        if question is None or not (member.is_required or name == "ModelPackageType"):
            continue
        value = model.at(there, question.property) or model.at(members, question.property) or members.get(name)
        if question.owner and isinstance(value, str):
            value = members.get(name) or value.rpartition("/")[2]
        found[name] = value
    return {name: value for name, value in found.items() if value is not None}


def documents(*objects: object) -> list[dict[str, Any]]:
    """The records in some objects, as they are read: what requests are made of."""
    records = list(from_objects(objects, Report()))
    return [record.document.get(catalogue.resource(record.resource).inner, record.document) for record in records]


def with_parents(kind: str, members: dict[str, Any], number: int) -> dict[str, Any]:
    """A row as `smsearch export` writes it: with what it belongs to, which the response does not say."""
    shapes = model.model()
    parents = PARENTS.get(kind, {})
    return {
        **{name: model.example(shapes.shape_for(shape), name, number) for name, shape in parents.items()},
        **members,
    }


@pytest.mark.parametrize("name", [name for name in LISTS if name not in UNTOLD])
def test_a_list_gives_the_rows_of_its_own_page_back_whole(name: str) -> None:
    asked = operation(name)
    rows = [model.row(asked, number) for number in (1, 2)]
    page = {asked.results: [with_parents(asked.kind, row, number) for number, row in enumerate(rows, 1)]}
    searcher = smsearch.from_records([page])
    assert searcher.resources() == {asked.kind: 2}
    service = Service(searcher)
    for row, document in zip(rows, documents(page), strict=True):
        assert row in ask(service, name, **listed(asked, document))[asked.results]


def listed(asked: Operation, document: dict[str, Any]) -> dict[str, Any]:
    """The input of a List operation that finds a record."""
    everything = {"ModelPackageType": "Both"} if "ModelPackageType" in asked.inputs else {}
    return {**wanted(asked, document), **everything}


@pytest.mark.parametrize("name", DESCRIBES)
def test_a_describe_shows_what_it_was_given_by_itself(name: str) -> None:
    asked = operation(name)
    answers = [model.describe(name, number) for number in (1, 2)]
    told = [with_parents(asked.kind, answer, number) for number, answer in enumerate(answers, 1)]
    service = Service(smsearch.from_records(told))
    for answer, document in zip(answers, documents(*told), strict=True):
        answer.pop("NextToken", None)
        token = {"NextToken": ""} if "NextToken" in asked.empty else {}
        assert ask(service, name, **wanted(asked, document)) == {**answer, **token}


def pairs() -> list[tuple[str, str]]:
    """Each List operation with each Describe of the same kind."""
    described: dict[str, list[str]] = {}
    for name in DESCRIBES:
        described.setdefault(operation(name).kind, []).append(name)
    return [(name, other) for name in LISTS if name not in UNTOLD for other in described.get(operation(name).kind, ())]


@pytest.mark.parametrize(("listing", "describing"), pairs())
def test_every_describe_finds_what_its_list_shows(listing: str, describing: str) -> None:
    asked, asking = operation(listing), operation(describing)
    page = {asked.results: [with_parents(asked.kind, model.row(asked, number), number) for number in (1, 2)]}
    service = Service(smsearch.from_records([page]))
    for document in documents(page):
        for summary in ask(service, listing, **listed(asked, document))[asked.results]:
            shown = {path[-1]: summary[name] for name, path in asked.summary.items() if name in summary}
            given = wanted(asking, {**document, **summary, **shown})
            own = catalogue.resource(asked.kind)
            missing = {name for name, member in asking.inputs.items() if member.is_required} - given.keys()
            given |= dict.fromkeys(missing, shown.get(own.arn[-1], shown.get(own.name_path[-1])))
            assert ask(service, describing, **given)


@pytest.mark.parametrize("name", [*LISTS, *DESCRIBES])
def test_no_operation_answers_without_a_list_or_map_that_the_model_requires(name: str) -> None:
    asked = operation(name)
    shape = model.model().operation_model(name).output_shape
    shape = shape.members[asked.results].member if asked.results else shape
    shape = shape.members[asked.wrapper] if asked.wrapper else shape
    demanded = {member for member in shape.required_members if shape.members[member].type_name in {"list", "map"}}
    assert demanded == {member for member in asked.empty if member != "NextToken"}


@pytest.mark.parametrize(("listing", "describing"), pairs())
def test_a_summary_of_a_described_record_has_what_the_model_requires(listing: str, describing: str) -> None:
    asked = operation(listing)
    told = with_parents(asked.kind, model.describe(describing, 1), 1)
    service = Service(smsearch.from_records([told]))
    (document,) = documents(told)
    shape = model.model().operation_model(listing).output_shape.members[asked.results].member
    (summary,) = ask(service, listing, **listed(asked, document))[asked.results]
    assert set(shape.required_members) - summary.keys() == set()
