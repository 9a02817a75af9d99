"""Answers an operation by its name: Search, suggestions, tags, and every Describe and List of the catalogue's kinds.

One walk for all: the input is checked, turned into a predicate, run as Search runs one, and the records written with
the members that the operation has. Nothing here is written for one operation alone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.api import next_token
from smsearch.engine import cursor as cursors
from smsearch.errors import RequestError, ServiceError
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Match, Present, all_of
from smsearch.schema import arns, catalogue, operations, read, writes
from smsearch.service import faults, metadata_only, outputs, pipeline_versions, read_only, tuning
from smsearch.service.inputs import VALIDATION, checked, request_members
from smsearch.service.missing import not_found
from smsearch.service.questions import predicate_of, refuse_regions, refuse_untold
from smsearch.service.relations import property_of
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.operations import Operation
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

_CREATED: Final = "CreationTime"
_PIPELINE: Final = "Pipeline"
_BY_OWNER: Final = "AccountIdOwner"
"""The value of SortBy that orders by the account in an ARN."""
_NAMESAKES_MAX: Final = 100
"""Records of one name, in as many accounts and regions, of which the one of the request's region is taken."""
_ELEMENTS_PAGE: Final = 50
"""Tags, or elements of another list, on a page that does not say how many."""


class Service:
    """SageMaker's read-only operations over the records of a searcher."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def current_searcher(self) -> Searcher:
        """The searcher over the records."""
        return self._searcher

    @staticmethod
    def operations() -> tuple[str, ...]:
        """The names of the operations that are answered."""
        return ("Search", "GetSearchSuggestions", *operations.names())

    def answer(self, name: str, body: bytes, region: str = "") -> bytes:
        """An operation's output, given its input; both in the wire's JSON 1.1, times as epoch seconds.

        Args:
            name: The operation's name.
            body: Its input.
            region: The region that the request is for, or `""`: of several records of one name, Describe takes the
                one of that region.

        Raises:
            ServiceError: What the service would answer in place of the output.
        """
        try:
            return self._answer(name, body, region)
        except RequestError as error:
            raise ServiceError(VALIDATION, error.wire_message) from None

    def _answer(self, name: str, body: bytes, region: str) -> bytes:
        if name == "Search":
            return self._search(body)
        if name == "GetSearchSuggestions":
            return orjson.dumps(self._searcher.get_search_suggestions(**request_members(body)))
        if name not in operations.names():
            if writes.is_write(name):
                return orjson.dumps(read_only.answered(name, request_members(body), self._searcher))
            raise ServiceError("UnknownOperationException", f"The operation {name!r} is not offered here.")
        operation = operations.operation(name)
        members = checked(operation, request_members(body), partial(self._holds, operation))
        if operation.list_member:
            return orjson.dumps(self._elements(operation, members, region))
        if operation.batch:
            return orjson.dumps(self._batch(operation, members))
        if operation.results:
            return orjson.dumps(self._listed(operation, members))
        record = self._record(operation, members, region)
        if operation.kind == _PIPELINE:
            record = pipeline_versions.of_version(record, members, self._searcher)
        return orjson.dumps(metadata_only.sanitised(name, members, outputs.described(operation, record)))

    def record(self, describe: str, members: Mapping[str, Any], region: str = "") -> Record:
        """The record that a Describe operation would show.

        Args:
            describe: The operation's name.
            members: Its input, checked; members that only another operation has are passed over.
            region: The region that the request is for, or `""`.

        Raises:
            ServiceError: There is none, as the operation would say it.
        """
        operation = operations.operation(describe)
        own = {name: value for name, value in members.items() if name in operation.inputs}
        return self._record(operation, own, region)

    def record_of(self, arn: str) -> Record:
        """The record with an ARN, of whatever kind; the ARN's own type says where to look first.

        Raises:
            ServiceError: There is none.
        """
        word = arn.split(":", 5)[-1].partition("/")[0].replace("-", "")
        kinds = sorted(self._searcher.resources(), key=lambda kind: kind.lower() != word)
        for kind in kinds:
            for record in self._searcher.engine.find(kind, arn):
                return record
        raise ServiceError(VALIDATION, "Requested resource not found.")

    def _holds(self, operation: Operation, name: str, text: str) -> bool:
        """Whether a record is named by the text of an input's member."""
        engine, question = self._searcher.engine, operation.questions.get(name)
        if question is None:
            return False
        if not operation.kind:  # the ARN of ListTags may be of any kind
            return any(engine.find(kind, text) for kind in self._searcher.resources())
        if question.test == "owner":
            return bool(engine.find(question.owner, text))
        if question.test != "equals":
            return False
        return engine.count(operation.kind, predicate_of(operation, {name: text}, self._searcher)) > 0

    def _search(self, body: bytes) -> bytes:
        try:
            return self._searcher.search_json(body or b"{}")
        except RequestError:
            members = request_members(body)  # what is no JSON object at all is another error
            if message := faults.together(members, self._searcher.policy):
                raise ServiceError(VALIDATION, message) from None
            raise

    def _record(self, operation: Operation, members: Mapping[str, Any], region: str) -> Record:
        """The one record that the input names; the latest version, if it names none."""
        predicate = predicate_of(operation, members, self._searcher)
        conditions = {name: value for name, value in members.items() if name in operation.questions}
        kind = catalogue.resource(operation.kind)
        identity = {kind.arn[-1], kind.name_path[-1]}
        own = next(
            (name for name in conditions if operation.questions[name].property in identity), next(iter(conditions))
        )
        is_alone = list(conditions) == [own] and operation.questions[own].property in identity and not kind.version
        if is_alone and operation.questions[own].test == "equals":
            records: Sequence[Record] = self._searcher.engine.find(kind.name, conditions[own])  # reads no others
        else:
            records = self._latest(operation, predicate)
        if not records:
            raise not_found(operation, kind.name, str(conditions[own]), self._searcher, region)
        return next((record for record in records if arns.region_of(record.arn) == region), records[0])

    def _latest(self, operation: Operation, predicate: Predicate) -> Sequence[Record]:
        """The records that an input asks for, the latest version first: by its number, else by time."""
        for question in operation.questions.values():
            version = property_of(operation.kind, question.property, self._searcher)
            if version.kind.is_whole:
                return self._page(operation, predicate, version)
        key = self._key(operation, {})
        latest = self._page(operation, predicate, key.property)
        if not latest or read.property_values(latest[0].document, key.property):
            return latest
        created = _CREATED if _CREATED in catalogue.resource(operation.kind).root.members else ""
        return (
            self._page(operation, predicate, property_of(operation.kind, created, self._searcher))
            if created
            else latest
        )

    def _page(self, operation: Operation, predicate: Predicate, prop: Property) -> Sequence[Record]:
        key = SortKey(prop, SortOrder.DESCENDING)
        return self._searcher.engine.page(operation.kind, predicate, key, b"", _NAMESAKES_MAX, 0).records

    def _listed(self, operation: Operation, members: Mapping[str, Any]) -> dict[str, Any]:
        """A page of summaries, and the token of the next page if there is one."""
        engine = self._searcher.engine
        tuned = tuning.tuning_of(members[tuning.OWNER], self._searcher) if operation.name == tuning.OPERATION else None
        predicate, key = self._question(operation, members, tuned)
        question = sorted((name, value) for name, value in members.items() if name not in {"NextToken", "MaxResults"})
        mark = next_token.mark_of([operation.name, question])
        resume = next_token.unseal(members.get("NextToken", ""), mark, engine.snapshot)
        size = members.get("MaxResults", operation.page_size)
        page = next_token.page_of(lambda cursor: engine.page(operation.kind, predicate, key, cursor, size, 0), resume)
        if not page.records:
            refuse_untold(operation, members, self._searcher)
        rows = [
            outputs.summarised(operation, record, tuning.worked_out(record, tuned, self._searcher) if tuned else {})
            for record in page.records
        ]
        output: dict[str, Any] = {operation.results: rows}
        if page.next_cursor is not None:
            resumed = next_token.Resume(page.next_cursor, page.total)
            output["NextToken"] = next_token.seal(mark, engine.snapshot, resumed)
        return output

    def _batch(self, operation: Operation, members: Mapping[str, Any]) -> dict[str, Any]:
        """Summaries of several records by their ARNs, and what is wrong with each ARN that is of none."""
        summaries, missing = {}, {}
        for arn in members[operation.batch]:
            record = next(iter(self._searcher.engine.find(operation.kind, arn)), None) if isinstance(arn, str) else None
            if record is not None:
                summaries[arn] = outputs.summarised(operation, record, {})
            else:
                error = not_found(operation, operation.kind, str(arn), self._searcher)
                missing[str(arn)] = {"ErrorCode": error.code, "ErrorResponse": error.message}
        return {operation.results: summaries, **({f"{operation.name}ErrorMap": missing} if missing else {})}

    def _question(
        self, operation: Operation, members: Mapping[str, Any], tuned: tuning.Tuning | None
    ) -> tuple[Predicate, SortKey]:
        """Which records the input asks for, and in which order."""
        predicate = predicate_of(operation, members, self._searcher)
        if tuned is None or members.get("SortBy") != tuning.BY_METRIC:
            return predicate, self._key(operation, members)
        metric = tuning.metric_property(tuned, self._searcher)
        if metric is None:
            message = (
                f"{operation.name} cannot sort by {tuning.BY_METRIC}: no record says which metric is the objective."
            )
            raise ServiceError(VALIDATION, f"{message} Export the tuning job too.")
        is_there = Match(metric, Present())  # the service leaves out jobs that have none
        return all_of([predicate, is_there]), SortKey(metric, self._order(operation, members))

    def _order(self, operation: Operation, members: Mapping[str, Any]) -> SortOrder:
        ascending = members["SortOrder"].lower() == "ascending" if "SortOrder" in members else operation.is_ascending
        return SortOrder.ASCENDING if ascending else SortOrder.DESCENDING

    def _key(self, operation: Operation, members: Mapping[str, Any]) -> SortKey:
        """The order that the input asks for, or the operation's own."""
        order = self._order(operation, members)
        sort_by = members.get("SortBy", operation.sort_by)
        if sort_by and sort_by not in operation.sorts:
            raise ServiceError(
                VALIDATION,
                f"{operation.name} cannot sort by {sort_by} offline. It sorts by {', '.join(operation.sorts)}.",
            )
        kind = catalogue.resource(operation.kind)
        if sort_by:
            prop = property_of(operation.kind, operation.sorts[sort_by], self._searcher)
            if sort_by == _BY_OWNER:
                refuse_regions(operation, prop, self._searcher)
            return SortKey(prop, order)
        return SortKey(self._searcher.engine.schema(operation.kind).property(kind.default_sort), order)

    def _elements(self, operation: Operation, members: Mapping[str, Any], region: str) -> dict[str, Any]:
        """The elements of a list inside one record, page by page: its tags, the parameters of an execution."""
        arn = members[next(iter(operation.questions))]
        record = self._record(operation, members, region) if operation.kind else self.record_of(arn)
        elements = outputs.elements_of(operation, record)
        mark = next_token.mark_of([operation.name, arn])
        snapshot = self._searcher.engine.snapshot
        resume = next_token.unseal(members.get("NextToken", ""), mark, snapshot)
        start = self._element_at(resume, len(elements))
        end = start + members.get("MaxResults", _ELEMENTS_PAGE)
        output: dict[str, Any] = {operation.list_member: elements[start:end]}
        if end < len(elements):
            output["NextToken"] = next_token.seal(
                mark, snapshot, next_token.Resume(cursors.pack((end,)), len(elements))
            )
        return output

    @staticmethod
    def _element_at(resume: next_token.Resume, count: int) -> int:
        """The number, from 0, of the element at which a page of a list of so many elements begins."""
        if not resume.cursor:
            return 0
        try:
            (start,) = cursors.unpack(resume.cursor)
        except (cursors.InvalidCursorError, ValueError):
            raise next_token.forged() from None
        if resume.total != count or start >= count:
            raise next_token.forged()
        return start
