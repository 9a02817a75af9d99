"""The entry point of the library: everything that a user does with records passes through here.

`search` calls the stages of a request in order: a request is checked, bound, planned, and run along a sorted index
until one page is full. Each stage is a function of another module.
"""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from smsearch import policy as policies
from smsearch.api import request
from smsearch.errors import ShapeError, SmsearchWarning, UnknownPropertyError
from smsearch.orjson_later import orjson
from smsearch.result import Result
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smsearch.engine.engine import Engine
    from smsearch.engine.page import Page
    from smsearch.facets.facet import Facet
    from smsearch.ingest.report import Report
    from smsearch.paginator import Paginator
    from smsearch.policy import Policy
    from smsearch.prepared import PreparedRequests
    from smsearch.property_rows import PropertyRows
    from smsearch.schema.names import Schema
    from smsearch.schema.origin import RecordSource
    from smsearch.schema.prices import Prices
    from smsearch.schema.record import Record
    from smsearch.store.build_reports import BuildReport


_EXTENDED_IS_DEPRECATED: Final = "extended is deprecated: a text may say more than the API can unless it is strict"


class Searcher:
    """Answers Search requests and text queries over a collection of records, to several threads if need be.

    Attributes:
        prices: What queries compute the derived Cost with; without prices there is none (row V6).
    """

    def __init__(
        self,
        engine: Engine,
        report: Report | None = None,
        policy: Policy = policies.DEFAULT,
        reports: Callable[[], tuple[BuildReport, ...]] | None = None,
    ) -> None:
        self._engine = engine
        self._read_reports = reports
        self._schemas: dict[str, tuple[Schema, Prices | None, Schema]] = {}
        self._policy = policy
        self._report = report
        self.prices: Prices | None = None

    @cached_property
    def _requests(self) -> PreparedRequests:
        from smsearch.prepared import PreparedRequests  # who asks for no page of the API does without

        return PreparedRequests(self._engine, self._policy)

    @property
    def is_built(self) -> bool:
        """Whether earlier builds made what is searched, so that opening it read no export."""
        return self._read_reports is not None

    @property
    def report(self) -> Report:
        """What was read now to make the collection, and what was left out and why; nothing of a store."""
        if self._report is None:
            from smsearch.ingest.report import Report

            self._report = Report()
        return self._report

    def search(self, **members: object) -> dict[str, Any]:
        """One page, with the keyword arguments and the answer of `boto3.client("sagemaker").search`.

        Returns:
            `Results`, `TotalHits`, and `NextToken` if there is a next page; times are aware datetimes in UTC.

        Raises:
            RequestError: The request is not one that the service would take; `.response["Error"]["Code"]` is
                `ValidationException`.
        """
        from smsearch.api import response

        page, token = self.page(**members)
        return response.page(page.records, page.total, token, response.BOTO3)

    def page(self, **members: object) -> tuple[Page, str]:
        """The page of such a call as its engine gives it, and its NextToken or `""`, for who writes the answer itself.

        Raises:
            RequestError: As for `search`.
        """
        return self._requests.page(self._requests.prepare(members))

    def search_json(self, body: bytes) -> bytes:
        """The same call in the wire's own JSON, times as epoch seconds.

        Raises:
            RequestError: As for `search`, and for a body that is no JSON object.
        """
        from smsearch.api.response import WIRE, spliced
        from smsearch.api.response import page as written

        page, token = self._requests.page(self._requests.of_json(body))
        if page.stored is not None:
            return spliced(page.stored, page.total, token)
        return orjson.dumps(written(page.records, page.total, token, WIRE))

    def forget(self) -> None:
        """Drops what was remembered of questions asked before, counts among it; the next ones begin anew."""
        self._requests.forget()
        self._engine.forget()
        for _, _, with_derived in list(self._schemas.values()):
            with_derived.forget()

    def get_search_suggestions(self, **members: object) -> dict[str, Any]:
        """Property names that begin with a hint, as `boto3.client("sagemaker").get_search_suggestions`.

        Raises:
            RequestError: The request is not one that the service would take.
        """
        from smsearch.api import suggestions

        asked = suggestions.parse(members)
        schema = self._engine.schema(asked.resource)
        return suggestions.suggest(asked.hint, schema, self._engine.dynamic_names(asked.resource))

    @property
    def engine(self) -> Engine:
        """The engine that holds the records."""
        return self._engine

    @property
    def policy(self) -> Policy:
        """The choices where the API is silent."""
        return self._policy

    def get_paginator(self, operation: str) -> Paginator:
        """A paginator over `search`, as boto3's client gives it.

        Raises:
            ShapeError: An operation that has no pages here.
        """
        if operation != "search":
            raise ShapeError(f"Operation cannot be paginated: {operation}.", hint="Only 'search' can.")
        from smsearch.paginator import Paginator

        return Paginator(self.search)

    def query(
        self,
        query: str | Mapping[str, object] = "",
        parameters: Mapping[str, object] | None = None,
        *,
        resource: str | None = None,
        strict: bool = False,
        extended: bool | None = None,
        **more: object,
    ) -> Result:
        """The result of a query, whole and lazy, without the API's limit on a page.

        Args:
            query: Text in the query language (`""` is every record), a SearchExpression, or a whole Search
                request.
            parameters: Values for a text's `:names`.
            resource: What to search when the query does not say, any kind of record as `catalogue.kind_named` reads it;
                left out, what `default_resource` says.
            strict: Whether to refuse a text that says more than the API can. A SearchExpression never does.
            extended: Deprecated; a text may say more than the API can unless it is `strict`.
            more: Values for a text's `:names`.

        Raises:
            RequestError: The query is none, or the resource cannot answer it.

        Warns:
            SmsearchWarning: A text is correct and probably meant otherwise, as `Result.warnings` says.
        """
        if extended is not None:
            warnings.warn(_EXTENDED_IS_DEPRECATED, DeprecationWarning, stacklevel=2)
        return self._warning_result(
            query, {**(parameters or {}), **more}, resource, strict=strict, is_extended=bool(extended)
        )

    def count(
        self,
        query: str | Mapping[str, object] = "",
        parameters: Mapping[str, object] | None = None,
        *,
        resource: str | None = None,
        strict: bool = False,
        **more: object,
    ) -> int:
        """How many records a query gives, its LIMIT heeded; of a query with groups, how many groups.

        Args, errors and warnings are those of `query`.
        """
        return len(self._warning_result(query, {**(parameters or {}), **more}, resource, strict=strict))

    def facet(
        self,
        name: str,
        query: str | Mapping[str, object] = "",
        parameters: Mapping[str, object] | None = None,
        *,
        limit: int | None = None,
        resource: str | None = None,
        **more: object,
    ) -> Facet:
        """The values of a property among the matches of a query, as `Result.facet` counts them.

        Args:
            name: A property's name, alias or bare name.
            query: As for `query`.
            parameters: As for `query`.
            limit: At most how many values are listed; left out, all.
            resource: As for `query`.
            more: As for `query`.

        Raises:
            RequestError: As for `query`.
            UnknownPropertyError: A name that the resource does not have.
        """
        return self._warning_result(query, {**(parameters or {}), **more}, resource, strict=False).facet(name, limit)

    def _warning_result(
        self,
        query: str | Mapping[str, object],
        parameters: Mapping[str, object],
        resource: str | None,
        *,
        strict: bool,
        is_extended: bool = False,
    ) -> Result:
        """The result, after its warnings were issued at the line that called a public method."""
        is_wider = is_extended or (isinstance(query, str) and not strict)
        result = self._result(query, parameters, resource, is_wider=is_wider, strict=strict)
        if isinstance(query, str) and self._engine.counts_quickly(result.resource):
            for sentence in result.warnings():
                warnings.warn(sentence, SmsearchWarning, stacklevel=3)
        return result

    def quiet_result(
        self,
        query: str | Mapping[str, object],
        parameters: Mapping[str, object] | None = None,
        *,
        resource: str | None = None,
        strict: bool = False,
    ) -> Result:
        """The result of a query as `query` gives it; who asks shows `Result.warnings`, since none is issued.

        Raises:
            RequestError: As for `query`.
        """
        is_wider = isinstance(query, str) and not strict
        return self._result(query, parameters or {}, resource, is_wider=is_wider, strict=strict)

    def _result(
        self,
        query: str | Mapping[str, object],
        parameters: Mapping[str, object],
        resource: str | None,
        *,
        is_wider: bool,
        strict: bool,
    ) -> Result:
        allowed = self._policy.beyond_the_api if is_wider else self._policy
        if isinstance(query, str):
            from smsearch.syntax.text.parser import parse  # loaded only for those who write text

            parsed = parse(query, parameters, resource=resource, strict=strict)
        else:
            parsed = request.query_of(query, allowed)
        wanted = catalogue.kind_named(parsed.resource or resource or self.default_resource)
        schema = self._engine.schema(wanted) if strict else self._with_derived(wanted)
        resolved = parsed.resolve_aliases(schema.knows, wanted)
        if isinstance(query, str):
            from smsearch.bare_names import BareNames
            from smsearch.predicate.spellings import read_spellings

            resolved = BareNames(schema, None if strict else self._engine).resolve(resolved)
            resolved = read_spellings(resolved, schema, strict=strict)
        try:
            return Result(self._engine, schema, resolved, allowed)
        except UnknownPropertyError as error:
            from smsearch.bare_names import BareNames

            hint = "" if isinstance(query, str) else BareNames(schema, self._engine).in_full(resolved)
            if not hint:
                raise
            raise UnknownPropertyError(error.message, path=error.path, hint=f"JSON has names in full. {hint}") from None

    def _with_derived(self, kind: str) -> Schema:
        """The schema of a kind with its derived properties: one for all queries, since it remembers names."""
        from smsearch.schema import derived

        plain = self._engine.schema(kind)
        kept = self._schemas.get(kind)
        if kept is None or kept[0] is not plain or kept[1] is not self.prices:
            kept = self._schemas[kind] = (plain, self.prices, derived.with_derived(plain, self.prices))
        return kept[2]

    @property
    def default_resource(self) -> str:
        """TrainingJob if the records hold any; else the kind of most records, one that Search knows if there is one."""
        every = self.resources()
        counts = {name: count for name, count in every.items() if catalogue.resource(name).searchable} or every
        return "TrainingJob" if "TrainingJob" in counts or not counts else max(counts, key=lambda name: counts[name])

    def resources(self) -> dict[str, int]:
        """How many records there are of each kind, those that Search does not know included."""
        return self._engine.resources()

    def schema(self, part: str = "", resource: str | None = None) -> PropertyRows:
        """The properties that the records of a kind have: how many have each, how many values there are, and examples.

        Args:
            part: What the names of the properties have in them, in any case.
            resource: As for `query`.

        Returns:
            A row for each, in the catalogue's order, derived properties last; `()` if no name has the part.

        Raises:
            RequestError: There is no such kind.
        """
        from smsearch import property_rows

        return property_rows.PropertyRows(property_rows.observed(self.query({}, resource=resource), part))

    def describe(self, name: str, resource: str | None = None) -> list[Record]:
        """The records with this name or ARN, of one kind or of all; accounts may share a name.

        Raises:
            InvalidValueError: There is no such kind.
        """
        return [record for kind in self._kinds(resource) for record in self._engine.find(kind, name)]

    def reports(self) -> tuple[BuildReport, ...]:
        """What was read to make the records, build by build: of a store each of its builds, oldest first.

        The reports of a store are read when this is called, and are bounded (`store/build_reports.py`). Of records in
        memory there is one, of their reading so far; of an archive there is none.

        Raises:
            StoreError: One is damaged, or a build after the store was opened has replaced it.
        """
        return (self.report.of_build(),) if self._read_reports is None else self._read_reports()

    def sources(self, name: str, resource: str | None = None) -> list[RecordSource]:
        """Where each of the records that `describe` gives came from, in the same order.

        A store keeps it, records in memory have it; of an archive there is none, and the list is empty.

        Raises:
            InvalidValueError: There is no such kind.
            StoreError: A part of the store that is read is damaged.
        """
        return [source for kind in self._kinds(resource) for source in self._engine.sources(kind, name)]

    def __repr__(self) -> str:
        from smsearch import overview

        return f"<smsearch.{type(self).__name__}: {overview.line(self.resources())}>"

    def _repr_html_(self) -> str:
        """Kinds, counts, times and what was left out, for a notebook."""
        from smsearch import overview

        return overview.figure([self.quiet_result("", resource=kind) for kind in self.resources()], self.reports())

    def _kinds(self, resource: str | None) -> list[str]:
        if resource is None:
            return list(self.resources())
        request.check_enum(resource, catalogue.kinds(), "Resource")
        return [resource]
