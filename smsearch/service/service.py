"""Answers an operation by its name: Search, suggestions, tags, and every Describe and List of the catalogue's kinds.

One walk for all: the input is checked, turned into a predicate, run as Search runs one, and the records written with
the members that the operation has. Nothing here is written for one operation alone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.api import next_token
from smsearch.errors import RequestError, ServiceError
from smsearch.predicate.order import SortKey
from smsearch.schema import catalogue
from smsearch.schema.catalogue import Kind
from smsearch.schema.operations import names, operation
from smsearch.service import outputs
from smsearch.service.inputs import VALIDATION, checked, members_of
from smsearch.service.missing import not_found
from smsearch.service.questions import predicate_of, property_of
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsearch.schema.operations import Operation
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

_ELEMENTS_PAGE: Final = 50
"""Tags, or elements of another list, on a page that does not say how many."""


class Service:
    """SageMaker's read-only operations over the records of a searcher."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    @staticmethod
    def operations() -> tuple[str, ...]:
        """The names of the operations that are answered."""
        return ("Search", "GetSearchSuggestions", *names())

    def answer(self, name: str, body: bytes) -> bytes:
        """An operation's output, given its input; both in the wire's JSON 1.1, times as epoch seconds.

        Raises:
            ServiceError: What the service would answer in place of the output.
        """
        try:
            return self._answer(name, body)
        except RequestError as error:
            raise ServiceError(VALIDATION, error.wire_message) from None

    def _answer(self, name: str, body: bytes) -> bytes:
        if name == "Search":
            return self._search(body)
        if name == "GetSearchSuggestions":
            return orjson.dumps(self._searcher.get_search_suggestions(**members_of(body)))
        if name not in names():
            raise ServiceError("UnknownOperationException", f"The operation {name!r} is not offered here.")
        asked = operation(name)
        given = checked(asked, members_of(body), partial(self._holds, asked))
        if asked.part:
            return orjson.dumps(self._elements(asked, given))
        return orjson.dumps(self._listed(asked, given) if asked.results else self._described(asked, given))

    def _holds(self, asked: Operation, name: str, text: str) -> bool:
        """Whether a record is named by the text of an input's member."""
        records, question = self._searcher.records, asked.questions.get(name)
        if question is None:
            return False
        if not asked.kind:  # the ARN of ListTags may be of any kind
            return any(records.find(kind, text) for kind in self._searcher.resources())
        if question.test == "owner":
            return bool(records.find(question.owner, text))
        return question.test == "equals" and self._counted(asked, name, text) > 0

    def _counted(self, asked: Operation, name: str, text: str) -> int:
        return self._searcher.records.count(asked.kind, predicate_of(asked, {name: text}, self._searcher))

    def _search(self, body: bytes) -> bytes:
        try:
            return self._searcher.search_json(body or b"{}")
        except RequestError:
            members_of(body)  # what is no JSON object at all is another error
            raise

    def _described(self, asked: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
        return outputs.described(asked, self._record(asked, given))

    def _record(self, asked: Operation, given: Mapping[str, Any]) -> Record:
        """The one record that the input names; the latest version, if it names none."""
        predicate = predicate_of(asked, given, self._searcher)
        wanted = {name: value for name, value in given.items() if name in asked.questions}
        kind = catalogue.resource(asked.kind)
        identity = {kind.arn[-1], kind.name_path[-1]}
        own = next((name for name in wanted if asked.questions[name].property in identity), next(iter(wanted)))
        if list(wanted) == [own] and asked.questions[own].test == "equals":
            found: Sequence[Record] = self._searcher.records.find(asked.kind, wanted[own])  # without looking at others
        else:
            found = self._searcher.records.page(asked.kind, predicate, self._latest(asked), (), 1, 0).records
        if not found:
            raise not_found(asked, kind.name, kind.record_key, str(wanted[own]))
        return found[0]

    def _latest(self, asked: Operation) -> SortKey:
        """The order in which the latest version comes first: by its number, where it has one."""
        for question in asked.questions.values():
            version = property_of(asked.kind, question.property, self._searcher)
            if version.kind is Kind.INTEGER:
                return SortKey(version, SortOrder.DESCENDING)
        return self._key(asked, {})

    def _listed(self, asked: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
        """A page of summaries, and the token of the next page if there is one."""
        records = self._searcher.records
        predicate = predicate_of(asked, given, self._searcher)
        said = sorted((name, value) for name, value in given.items() if name not in {"NextToken", "MaxResults"})
        mark = next_token.mark_of([asked.name, said])
        resume = next_token.unseal(given.get("NextToken", ""), mark, records.snapshot)
        size = given.get("MaxResults", asked.page_size)
        key = self._key(asked, given)
        page = next_token.page_of(lambda places: records.page(asked.kind, predicate, key, places, size, 0), resume)
        output: dict[str, Any] = {asked.results: [outputs.summarised(asked, record) for record in page.records]}
        if page.resume is not None:
            resumed = next_token.Resume(page.resume, page.total)
            output["NextToken"] = next_token.seal(mark, records.snapshot, resumed)
        return output

    def _key(self, asked: Operation, given: Mapping[str, Any]) -> SortKey:
        """The order that the input asks for, or the operation's own."""
        ascending = given["SortOrder"].lower() == "ascending" if "SortOrder" in given else asked.is_ascending
        order = SortOrder.ASCENDING if ascending else SortOrder.DESCENDING
        sort_by = given.get("SortBy", asked.sort_by)
        if sort_by and sort_by not in asked.sorts:
            raise ServiceError(
                VALIDATION, f"{asked.name} cannot sort by {sort_by} offline. It sorts by {', '.join(asked.sorts)}."
            )
        kind = catalogue.resource(asked.kind)
        if sort_by:
            return SortKey(property_of(asked.kind, asked.sorts[sort_by], self._searcher), order)
        schema = self._searcher.records.schema(asked.kind)
        default = kind.default_sort if kind.default_sort in kind.root.members else ".".join(kind.name_path)
        return SortKey(schema.property(default), order)

    def _elements(self, asked: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
        """The elements of a list inside one record, page by page: its tags, the parameters of an execution."""
        arn = given[next(iter(asked.questions))]
        elements = outputs.elements_of(asked, self._record(asked, given) if asked.kind else self._record_of(arn))
        mark = next_token.mark_of([asked.name, arn])
        snapshot = self._searcher.records.snapshot
        resume = next_token.unseal(given.get("NextToken", ""), mark, snapshot)
        start = resume.places[0] if resume.places else 0
        if resume.places and (len(resume.places), resume.total, start < len(elements)) != (1, len(elements), True):
            raise next_token.forged()
        end = start + given.get("MaxResults", _ELEMENTS_PAGE)
        output: dict[str, Any] = {asked.part: elements[start:end]}
        if end < len(elements):
            output["NextToken"] = next_token.seal(mark, snapshot, next_token.Resume((end,), len(elements)))
        return output

    def _record_of(self, arn: str) -> Record:
        """The record with an ARN; the ARN's own type says where to look first."""
        word = arn.split(":", 5)[-1].partition("/")[0].replace("-", "")
        kinds = sorted(self._searcher.resources(), key=lambda kind: kind.lower() != word)
        for kind in kinds:
            for record in self._searcher.records.find(kind, arn):
                return record
        raise ServiceError(VALIDATION, "Requested resource not found.")
