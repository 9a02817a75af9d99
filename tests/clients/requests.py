"""What the clients are to ask: every Search, List and Describe that some records can answer, as JSON lines.

It knows the operations and the records; not who asks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore import xform_name

from smsearch.errors import ServiceError
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Always
from smsearch.schema import catalogue, notation
from smsearch.schema.operations import Operation, names, operation
from smsearch.service import Service
from smsearch.syntax.ast import SortOrder
from tests.service import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.searcher import Searcher

SEARCH_PAGE = 40
LIST_PAGE = 30
UNSHAPED = {"Image", "ImageVersion"}
"""Kinds whose records have no shape in a response of Search: clients parse nothing of them (row R2)."""


@dataclass(frozen=True, slots=True)
class Request:
    """An operation and its input, without a NextToken."""

    operation: str
    input: dict[str, Any]

    @property
    def results(self) -> str:
        """The member of the output that holds the records of a page, or `""` of a Describe."""
        return "Results" if self.operation == "Search" else operation(self.operation).results

    @property
    def name(self) -> str:
        """What a client may not know: the operation, and what a Search is of (`Search PipelineVersion`)."""
        return f"Search {self.input['Resource']}" if self.operation == "Search" else self.operation

    @property
    def line(self) -> str:
        """What a client's program reads."""
        return json.dumps({"operation": self.operation, "input": self.input})

    @property
    def words(self) -> str:
        """What a shell reads; an AWS CLI pages by itself, and no longer when it is told how large pages are."""
        given = {name: value for name, value in self.input.items() if name != "MaxResults"}
        return "\t".join((self.operation, xform_name(self.operation, "-"), json.dumps(given)))


def requests(searcher: Searcher, most: int | None = None) -> list[Request]:
    """Everything that the records can answer, of each operation at most so many."""
    service = Service(searcher)
    made: list[Request] = []
    for name in names():
        asked = operation(name)
        if asked.kind in searcher.resources() and not asked.list_member and not asked.batch:
            made += islice(_answered(service, _of_operation(asked, searcher)), most)
    return [*_searches(searcher), *made]


def _searches(searcher: Searcher) -> Iterator[Request]:
    for kind in searcher.resources():
        if catalogue.resource(kind).searchable and kind not in UNSHAPED:
            yield Request("Search", {"Resource": kind, "MaxResults": SEARCH_PAGE})


def _of_operation(asked: Operation, searcher: Searcher) -> Iterator[Request]:
    """The requests that show the records of the operation's kind, each once."""
    given: dict[str, dict[str, Any]] = {}
    for document in documents(asked.kind, searcher):
        members = dict(_wanted(asked, document))
        given.setdefault(json.dumps(members, sort_keys=True), members)
    size = {"MaxResults": LIST_PAGE} if "MaxResults" in asked.inputs else {}
    for members in given.values():
        yield Request(asked.name, {**members, **(size if asked.results else {})})


def _wanted(asked: Operation, document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The members that the operation demands of a request for the record; of model packages, all kinds of them."""
    for name, member in asked.inputs.items():
        question = asked.questions.get(name)
        if name == "ModelPackageType":
            yield name, "Both"
        elif member.is_required and question is not None:
            value = model.at(document, question.property) or document.get(name)
            if question.owner and isinstance(value, str):
                value = value.rpartition("/")[2]
            if value is not None:
                yield name, value


def _answered(service: Service, made: Iterable[Request]) -> Iterator[Request]:
    for request in made:
        try:
            service.answer(request.operation, json.dumps(request.input).encode())
        except ServiceError:
            continue
        yield request


def documents(kind: str, searcher: Searcher) -> list[dict[str, Any]]:
    """Every record of a kind, on the wire's notation."""
    resource = catalogue.resource(kind)
    key = SortKey(searcher.engine.schema(kind).property(".".join(resource.name_path)), SortOrder.ASCENDING)
    records = searcher.engine.records(kind, Always(), key)
    shown = [json.loads(json.dumps(notation.document(record, notation.BOTO3), default=str)) for record in records]
    return [document[resource.inner] if resource.inner else document for document in shown]


def answer(service: Service, request: Request) -> Any:  # noqa: ANN401 - any JSON
    """The record of a Describe, or the records of all pages of another request."""
    records: list[Any] = []
    token: dict[str, str] = {}
    while True:
        page = json.loads(service.answer(request.operation, json.dumps({**request.input, **token}).encode()))
        if not request.results:
            page.pop("NextToken", None)
            return page
        records += page[request.results]
        if not page.get("NextToken"):
            return records
        token = {"NextToken": page["NextToken"]}
