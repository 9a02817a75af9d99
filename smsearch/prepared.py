"""Search requests, kept prepared as databases keep statements: checked, bound, and their tokens opened.

What is left to do of a prepared request is to run it until one page is full. It knows no answer and no text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch import small_json
from smsearch.api import next_token, request, request_form
from smsearch.api.request import Accounts
from smsearch.errors import ShapeError
from smsearch.frozen import frozen
from smsearch.orjson_later import orjson
from smsearch.predicate import bind
from smsearch.predicate.predicate import ALWAYS, all_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.api.request import SearchRequest
    from smsearch.engine.cursor import Cursor
    from smsearch.engine.engine import Engine
    from smsearch.engine.page import Page
    from smsearch.policy import Policy
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate

PREPARED_MAX: Final = 512
PREPARED_BYTES_MAX: Final = 16_384
"""Requests that are kept: how many, and how long each may be."""
FORMS_MAX: Final = 256
"""Forms of such requests that are kept."""


@frozen
class PreparedRequest:
    """A request after everything that needs no record: bound, its token opened, good for one snapshot.

    Attributes:
        resource: What is searched.
        size: Records a page.
        predicate: The condition.
        key: The order.
        snapshot: The content for which it is good.
        mark: The request's fingerprint.
        resume: Where the page begins.
        members: The request as it was, if it was JSON, so that nobody can change it: the next page's is known by it.
    """

    resource: str
    size: int
    predicate: Predicate
    key: SortKey
    snapshot: str
    mark: bytes
    resume: next_token.Resume
    members: Mapping[str, object] | None = None


class PreparedRequests:
    """The requests to one engine, of several threads if need be."""

    def __init__(self, engine: Engine, policy: Policy) -> None:
        self._engine = engine
        self._policy = policy
        self._kept: dict[bytes, PreparedRequest] = {}
        self._forms: dict[request_form.FormName, request_form.RequestForm] = {}
        self._later: dict[str, tuple[PreparedRequest, next_token.Resume]] = {}
        """By the NextToken that a page gave out: its request, and where the next page begins."""

    def of_json(self, body: bytes) -> PreparedRequest:
        """A request as it was prepared when it was last asked, if the records are still the same.

        Raises:
            RequestError: The request is not one that the service would take, or no JSON object.
        """
        kept = self._kept.get(body)
        if kept is not None and kept.snapshot == self._engine.snapshot:
            return kept
        try:
            members = small_json.loads_request(body)
        except orjson.JSONDecodeError as error:
            raise ShapeError(f"The request is not JSON: {error}.", hint="Send one JSON object.") from None
        if not isinstance(members, dict):
            raise ShapeError("The request is not a JSON object.", hint="Send one JSON object.")
        if len(body) > PREPARED_BYTES_MAX:
            return self.prepare(members)
        prepared = self._continued(members) or self._prepare_by_form(members)
        if len(self._kept) >= PREPARED_MAX:
            self._kept.clear()
        self._kept[body] = prepared
        return prepared

    def prepare(self, members: Mapping[str, object]) -> PreparedRequest:
        """A request checked, bound, and its token opened: all that comes before a record is looked at.

        Raises:
            RequestError: The request is not one that the service would take.
        """
        return self._prepare(members)

    def _prepare_by_form(self, members: Mapping[str, object]) -> PreparedRequest:
        """The same for members that nobody will change: but for its values, the request may have been bound before.

        Raises:
            RequestError: As for `prepare`.
        """
        parts = request_form.part(members)
        form, snapshot = None if parts is None else self._forms.get(parts[0]), self._engine.snapshot
        if parts is None or form is None or form.snapshot != snapshot:
            return self._prepare(members, members, parts)
        _, values = parts
        predicate = form.bind(values, self._policy)
        if predicate is None:  # it is refused, and why is said by reading it whole
            return self._prepare(members, members)
        resource, size, mark = form.request.resource, form.request.max_results, form.fingerprint(values)
        return PreparedRequest(resource, size, predicate, form.key, snapshot, mark, next_token.Resume(), members)

    def _prepare(
        self,
        members: Mapping[str, object],
        kept: Mapping[str, object] | None = None,
        parts: tuple[request_form.FormName, list[str]] | None = None,
    ) -> PreparedRequest:
        """A request read whole.

        Args:
            members: The request.
            kept: The same if nobody will change it, so that the next page's request may be compared with it.
            parts: The name of its form, which is kept, and its values.
        """
        snapshot = self._engine.snapshot
        parsed = request.parse(members, self._policy)
        schema, expression = self._engine.schema(parsed.resource), parsed.expression
        bound = None if expression is None else bind.bind_expression(expression, schema, self._policy)
        others = self._bind_others(parsed)
        key = bind.bind_sort(parsed.sort_by, parsed.sort_order, schema)
        mark = next_token.fingerprint(parsed)
        resume = next_token.unseal(parsed.next_token, mark, snapshot)
        if parts is not None and bound is not None:
            name, values = parts
            if len(self._forms) >= FORMS_MAX:
                self._forms.clear()
            self._forms[name] = request_form.RequestForm(parsed, values, bound, others, key, snapshot)
        predicate = all_of(others if bound is None else [bound.predicate, *others])
        return PreparedRequest(parsed.resource, parsed.max_results, predicate, key, snapshot, mark, resume, kept)

    def page(self, prepared: PreparedRequest) -> tuple[Page, str]:
        """Runs a request until one page is full; the token is where the next begins, or `""`."""
        resource, predicate, key, size = prepared.resource, prepared.predicate, prepared.key, prepared.size

        def find(cursor: Cursor) -> Page:
            return self._engine.page(resource, predicate, key, cursor, size, None)

        page = next_token.page_of(find, prepared.resume)
        if page.next_cursor is None:
            return page, ""
        resume = next_token.Resume(page.next_cursor, page.total)
        token = next_token.seal(prepared.mark, prepared.snapshot, resume)
        if prepared.members is not None:
            if len(self._later) >= PREPARED_MAX:
                self._later.clear()
            self._later[token] = prepared, resume
        return page, token

    def _continued(self, members: Mapping[str, object]) -> PreparedRequest | None:
        """The request of a next page, known by the token that the page before gave out; None for any other request."""
        token = members.get("NextToken")
        page_before = self._later.get(token) if isinstance(token, str) else None
        if page_before is None:
            return None
        prepared, resume = page_before
        expected = {**(prepared.members or {}), "NextToken": token}
        if members != expected or type(members.get("MaxResults")) is not type(expected.get("MaxResults")):
            return None  # 1, 1.0 and true are equal, and only the first is a number of results
        predicate, key, snapshot, mark = prepared.predicate, prepared.key, prepared.snapshot, prepared.mark
        if snapshot != self._engine.snapshot:
            return None
        return PreparedRequest(
            prepared.resource, prepared.size, predicate, key, snapshot, mark, resume, prepared.members
        )

    def forget(self) -> None:
        """Drops the requests that are kept."""
        self._kept.clear()
        self._forms.clear()
        self._later.clear()

    def _bind_others(self, parsed: SearchRequest) -> list[Predicate]:
        """The conditions of a request beside its expression."""
        schema = self._engine.schema(parsed.resource)
        terms = []
        for index, condition in enumerate(parsed.visibility):
            path = f"VisibilityConditions[{index}].Key"
            terms.append(bind.bind_visibility(condition.key, condition.value, schema, path))
        if parsed.accounts is not None:
            bind_accounts = bind.bind_own_account if parsed.accounts is Accounts.SAME else bind.bind_other_account
            terms.append(bind_accounts(self._engine.main_account(), schema))
        searchable = bind.bind_searchable(schema)
        return terms if searchable is ALWAYS else [*terms, searchable]
