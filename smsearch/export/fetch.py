"""Lists the records of a kind at an endpoint, and fetches each in full: its description and its tags in one document.

A document is what boto3 returns: the response of Describe with `Tags`, or a result of Search. It knows no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from smsearch.errors import FetchError, GoneError, RefusedError, UnreachableError
from smsearch.export.journal import Fate
from smsearch.export.routes import CHANGED, PAGE_SIZE
from smsearch.ingest.completion import completed
from smsearch.schema import values
from smsearch.schema.notation import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from smsearch.export.endpoint import Endpoint
    from smsearch.export.routes import DescribeOperation, ListOperation, RequiredMember, Route

T = TypeVar("T")
_SEARCH: Final = "Search"
_TAGS: Final = "ListTags"
_NOT_TAGGED: Final = "ValidationException"
"""The error code of ListTags for a kind that has no tags."""
_TIMES: Final = (*sorted(CHANGED), "CreationTime")


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A record as a listing has it.

    Attributes:
        key: Tells the record from the others of its kind.
        members: Its summary and the values that its List operation was asked with; or a whole result of Search.
    """

    key: str
    members: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The outcome of fetching one record.

    Attributes:
        fate: What became of the record.
        line: Its document as a line of JSON, or nothing.
        reason: Why the record or its tags are missing; `""` if nothing is missing.
        is_loss: Whether the endpoint could have given what is missing.
    """

    fate: Fate
    line: bytes = b""
    reason: str = ""
    is_loss: bool = False


@dataclass(frozen=True, slots=True)
class RecordFetcher:
    """Lists and fetches the records of one kind at one endpoint.

    Attributes:
        endpoint: The endpoint.
        route: The operations that list and describe the kind.
        since: The earliest time of change in microseconds since 1970, or None.
    """

    endpoint: Endpoint
    route: Route
    since: int | None = None

    def find(self, refuse: Callable[[FetchError], None]) -> Iterator[ListedRecord]:
        """The records that exist, in the order in which the endpoint lists them.

        Args:
            refuse: Is called with the error of a part of the listing that the endpoint refuses; the other parts go on.

        Raises:
            UnreachableError: The endpoint answers no request any more.
        """
        if self.route.listing is None:
            yield from _until_refused(self._search_results(), refuse)
            return
        for members, summary in self._summaries(self.route.listing, refuse, since=self.since):
            record, _ = completed(self.route.resource.name, {**members, **summary})
            yield ListedRecord(self.route.key(record), record)

    def _summaries(
        self, listing: ListOperation, refuse: Callable[[FetchError], None], since: int | None = None
    ) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """The summaries of a List operation, each after the members that its request and its parent add to it."""
        choices = [list(self._choices(required, refuse)) for required in listing.required]
        for combination in product(*choices):
            arguments = {one.member: value for one, (value, _) in zip(listing.required, combination, strict=True)}
            request = {**listing.members, **arguments}
            if listing.since and since is not None:
                request[listing.since] = values.datetime_of(since)
            members = {name: value for _, parent in combination for name, value in parent.items()} | arguments
            pages = self.endpoint.pages(listing.operation, request)
            summaries = (summary for page in pages for summary in page.get(listing.elements, ()))
            yield from ((members, summary) for summary in _until_refused(summaries, refuse))

    def _choices(
        self, required: RequiredMember, refuse: Callable[[FetchError], None]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The values for a required member, each with the members that its parent adds to a child."""
        yield from ((choice, {}) for choice in required.choices)
        for _, summary in self._summaries(required.parent, refuse) if required.parent else ():
            if required.source in summary:
                inherited = {name: summary[its] for name, its in required.inherited if its in summary}
                yield summary[required.source], inherited

    def _search_results(self) -> Iterator[ListedRecord]:
        resource = self.route.resource
        for page in self.endpoint.pages(_SEARCH, {**self._search_request(), "MaxResults": PAGE_SIZE}):
            for result in page.get("Results", ()):
                record = result.get(resource.record_key)
                if record is None:
                    raise RefusedError(f"{_SEARCH}: a result holds no {resource.record_key}.")
                yield ListedRecord(self.route.key(resource.described_members(record)), result)

    def _search_request(self) -> dict[str, Any]:
        resource = self.route.resource
        request: dict[str, Any] = {"Resource": resource.name}
        if self.since is not None and resource.default_sort in resource.root.members:
            earliest = {"Name": resource.default_sort, "Operator": "GreaterThanOrEqualTo"}
            request["SearchExpression"] = {"Filters": [{**earliest, "Value": values.iso_of(self.since)}]}
        return request

    def count(self) -> int | None:
        """The number of records, for a progress line; None if one request cannot tell it."""
        if not self.route.resource.searchable:
            return None
        try:
            hits = self.endpoint.ask(_SEARCH, {**self._search_request(), "MaxResults": 1}).get("TotalHits", {})
        except FetchError:
            return None
        return hits.get("Value") if hits.get("Relation") == "EqualTo" else None

    def fetch(self, record: ListedRecord) -> Fetched:
        """A record in full.

        Raises:
            UnreachableError: The endpoint answers no request any more.
        """
        resource, listing, describe = self.route.resource, self.route.listing, self.route.description
        if describe is None:
            is_result = listing is None
            page = {} if listing is None else {listing.elements: [record.members]}  # as List gives it, with one row
            whole = record.members[resource.record_key] if is_result else record.members
            is_older = self._is_older(whole.get(resource.inner, whole) if is_result else whole)
            return Fetched(Fate.OLDER) if is_older else Fetched(Fate.WRITTEN, _line(page or record.members))
        try:
            document = self._description(describe, record)
        except UnreachableError:
            raise
        except GoneError:
            return Fetched(Fate.GONE)
        except FetchError as error:
            return Fetched(Fate.FAILED, reason=error.message, is_loss=True)
        inner = document.get(resource.wrapper, document)
        if self._is_older(inner):
            return Fetched(Fate.OLDER)
        return self._tagged(self._with_parent(document, inner, record), inner)

    def _with_parent(self, document: dict[str, Any], inner: Mapping[str, Any], record: ListedRecord) -> dict[str, Any]:
        """A document with the parent that the response leaves out (the cluster of a node)."""
        required = self.route.listing.required if self.route.listing else ()
        inherited = {name for one in required for name, _ in one.inherited} - inner.keys()
        return {**{name: record.members[name] for name in sorted(inherited) if name in record.members}, **document}

    def _description(self, describe: DescribeOperation, record: ListedRecord) -> dict[str, Any]:
        """The response of Describe; of several pages, their lists are joined."""
        request = describe.request(record.members)
        if request is None:
            raise FetchError(f"{record.key}: the listing does not say enough to describe it.")
        if not describe.has_pages:
            return self.endpoint.ask(describe.operation, request)
        document: dict[str, Any] = {}
        for page in self.endpoint.pages(describe.operation, request):
            for name, value in page.items():
                before = document.get(name)
                document[name] = before + value if isinstance(before, list) else value
        return document

    def _is_older(self, document: Mapping[str, Any]) -> bool:
        time = next((document[name] for name in _TIMES if isinstance(document.get(name), datetime)), None)
        return self.since is not None and time is not None and time < values.datetime_of(self.since)

    def _tagged(self, document: dict[str, Any], inner: Mapping[str, Any]) -> Fetched:
        """A document with its tags; without them, and with the reason, if the endpoint refuses them."""
        arn = inner.get(self.route.resource.arn[-1])
        if not self.route.is_tagged or "Tags" in inner or not isinstance(arn, str):
            return Fetched(Fate.WRITTEN, _line(document))
        try:
            pages = self.endpoint.pages(_TAGS, {"ResourceArn": arn})
            tags = [tag for page in pages for tag in page.get("Tags", ())]
        except UnreachableError:
            raise
        except FetchError as error:
            has_none = isinstance(error, GoneError) or error.endpoint_code == _NOT_TAGGED
            fate = Fate.WRITTEN if has_none else Fate.UNTAGGED
            return Fetched(fate, _line(document), error.message, is_loss=not has_none)
        return Fetched(Fate.WRITTEN, _line({**document, "Tags": tags}))


def _until_refused(results: Iterator[T], refuse: Callable[[FetchError], None]) -> Iterator[T]:
    """The results before the endpoint refuses the rest; `refuse` gets the error."""
    try:
        yield from results
    except UnreachableError:
        raise
    except FetchError as error:
        refuse(error)


def _line(document: Mapping[str, Any]) -> bytes:
    return orjson.dumps(written(document), option=orjson.OPT_APPEND_NEWLINE)
