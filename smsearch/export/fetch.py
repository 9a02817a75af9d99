"""Finds the records of a kind, and fetches one in full: what describes it, and its tags, in one document.

Documents are what boto3 gives: Describe's response with `Tags`, or a result of Search under its key. It knows no file.
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
    from smsearch.export.routes import Demand, Listing, Route

T = TypeVar("T")
_SEARCH: Final = "Search"
_TAGS: Final = "ListTags"
_NOT_TAGGED: Final = "ValidationException"
"""What ListTags answers for a kind that has no tags."""
_TIMES: Final = (*sorted(CHANGED), "CreationTime")


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was listed.

    Attributes:
        key: What tells it from the others of its kind.
        known: What is known of it: its summary, and what the List operation was asked with; or a whole result.
    """

    key: str
    known: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a record.

    Attributes:
        fate: What became of it.
        line: Its document as a line of JSON, or nothing.
        reason: Why it is missing, or its tags are; `""` if nothing is.
        is_loss: Whether what is missing could have been had.
    """

    fate: Fate
    line: bytes = b""
    reason: str = ""
    is_loss: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The records of one kind at one endpoint.

    Attributes:
        endpoint: Where to ask.
        route: How the kind is reached.
        since: The earliest time of change in microseconds since 1970, or None.
    """

    endpoint: Endpoint
    route: Route
    since: int | None = None

    def find(self, refused: Callable[[FetchError], None]) -> Iterator[Found]:
        """The records that there are, in the order in which the endpoint lists them.

        Args:
            refused: Is told of a part of the listing that the endpoint would not give; the other parts go on.

        Raises:
            UnreachableError: Nothing can be asked any more.
        """
        if self.route.is_searched or self.route.listing is None:
            yield from _patient(self._searched(), refused)
            return
        for known, summary in self._listed(self.route.listing, refused, since=self.since):
            members, _ = completed(self.route.resource.name, {**known, **summary})
            yield Found(self.route.key(members), members)

    def _listed(
        self, listing: Listing, refused: Callable[[FetchError], None], since: int | None = None
    ) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """The summaries that an operation lists, each with what it was asked with and what its parent is."""
        given = [list(self._values(demand, refused)) for demand in listing.demands]
        for combination in product(*given):
            demanded = {demand.member: value for demand, (value, _) in zip(listing.demands, combination, strict=True)}
            told = {name: value for _, parent in combination for name, value in parent.items()}
            request = {**listing.members, **demanded}
            if listing.since and since is not None:
                request[listing.since] = values.datetime_of(since)
            known = {**told, **demanded}
            for summary in _patient(self._summaries(listing, request), refused):
                yield known, summary

    def _summaries(self, listing: Listing, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        for page in self.endpoint.pages(listing.operation, request):
            yield from page.get(listing.elements, ())

    def _values(self, demand: Demand, refused: Callable[[FetchError], None]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """What can be given for a member, and what else is told of the parent that gives it."""
        if demand.parent is None:
            yield from ((choice, {}) for choice in demand.choices)
            return
        for _, summary in self._listed(demand.parent, refused):
            if demand.source in summary:
                told = {name: summary[its] for name, its in demand.told if its in summary}
                yield summary[demand.source], told

    def _searched(self) -> Iterator[Found]:
        resource = self.route.resource
        for page in self.endpoint.pages(_SEARCH, {**self._search(), "MaxResults": PAGE_SIZE}):
            for result in page.get("Results", ()):
                record = result.get(resource.record_key)
                if record is None:
                    raise RefusedError(f"{_SEARCH}: a result holds no {resource.record_key}.")
                yield Found(self.route.key(record.get(resource.inner, {}) if resource.inner else record), result)

    def _search(self) -> dict[str, Any]:
        resource = self.route.resource
        request: dict[str, Any] = {"Resource": resource.name}
        if self.since is not None and resource.default_sort in resource.root.members:
            earliest = {"Name": resource.default_sort, "Operator": "GreaterThanOrEqualTo"}
            request["SearchExpression"] = {"Filters": [{**earliest, "Value": values.iso_of(self.since)}]}
        return request

    def count(self) -> int | None:
        """How many records there are, where one request can say so."""
        if not self.route.resource.searchable:
            return None  # Search does not know the kind
        try:
            hits = self.endpoint.ask(_SEARCH, {**self._search(), "MaxResults": 1}).get("TotalHits", {})
        except FetchError:
            return None  # it is only for the eye
        return hits.get("Value") if hits.get("Relation") == "EqualTo" else None

    def fetch(self, found: Found) -> Fetched:
        """A record in full.

        Raises:
            UnreachableError: Nothing can be asked any more.
        """
        if self.route.description is None and not self.route.is_searched:
            return Fetched(Fate.OLDER) if self._is_older(found.known) else Fetched(Fate.WRITTEN, self._row(found))
        if self.route.description is None:
            record = found.known[self.route.resource.record_key]
            is_older = self._is_older(record.get(self.route.resource.inner, record))
            return Fetched(Fate.OLDER) if is_older else Fetched(Fate.WRITTEN, _line(found.known))
        try:
            document = self._described(found)
        except UnreachableError:
            raise
        except GoneError:
            return Fetched(Fate.GONE)
        except FetchError as error:
            return Fetched(Fate.FAILED, reason=error.message, is_loss=True)
        inner = document.get(self.route.resource.wrapper, document)
        if self._is_older(inner):
            return Fetched(Fate.OLDER)
        return self._tagged(self._with_parent(document, inner, found), inner)

    def _row(self, found: Found) -> bytes:
        """A summary that is all there is of a record, as a page of the operation that gave it."""
        elements = self.route.listing.elements if self.route.listing else ""
        return _line({elements: [found.known]})

    def _with_parent(self, document: dict[str, Any], inner: Mapping[str, Any], found: Found) -> dict[str, Any]:
        """A document with what it belongs to, where the response does not say so (the cluster of a node)."""
        told = {
            name for demand in (self.route.listing.demands if self.route.listing else ()) for name, _ in demand.told
        }
        return {**{name: found.known[name] for name in sorted(told - inner.keys()) if name in found.known}, **document}

    def _described(self, found: Found) -> dict[str, Any]:
        """What describes a record; lists that go on in further pages are put together."""
        description = self.route.description
        request = description.request(found.known) if description else None
        if description is None or request is None:
            raise FetchError(f"{found.key}: the listing does not say enough to describe it.")
        if not description.has_pages:
            return self.endpoint.ask(description.operation, request)
        document: dict[str, Any] = {}
        for page in self.endpoint.pages(description.operation, request):
            for name, value in page.items():
                before = document.get(name)
                document[name] = before + value if isinstance(before, list) else value
        return document

    def _is_older(self, document: Mapping[str, Any]) -> bool:
        time = next((document[name] for name in _TIMES if isinstance(document.get(name), datetime)), None)
        return self.since is not None and time is not None and time < values.datetime_of(self.since)

    def _tagged(self, document: dict[str, Any], inner: Mapping[str, Any]) -> Fetched:
        """A document with its tags; without them where the endpoint would not give them, and then it says so."""
        arn = inner.get(self.route.resource.arn[-1])
        if not self.route.is_tagged or "Tags" in inner or not isinstance(arn, str):
            return Fetched(Fate.WRITTEN, _line(document))
        try:
            pages = self.endpoint.pages(_TAGS, {"ResourceArn": arn})
            tags = [tag for page in pages for tag in page.get("Tags", ())]
        except UnreachableError:
            raise
        except FetchError as error:
            has_none = isinstance(error, GoneError) or error.told == _NOT_TAGGED
            fate = Fate.WRITTEN if has_none else Fate.UNTAGGED
            return Fetched(fate, _line(document), error.message, is_loss=not has_none)
        return Fetched(Fate.WRITTEN, _line({**document, "Tags": tags}))


def _patient(asked: Iterator[T], refused: Callable[[FetchError], None]) -> Iterator[T]:
    """What comes before a refusal, which is told and not raised."""
    try:
        yield from asked
    except UnreachableError:
        raise
    except FetchError as error:
        refused(error)


def _line(document: Mapping[str, Any]) -> bytes:
    return orjson.dumps(written(document), option=orjson.OPT_APPEND_NEWLINE)
