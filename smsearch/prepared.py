"""Search requests, kept prepared as databases keep statements: checked, bound, and their tokens opened.

What is left to do of a prepared request is to run it until one page is full. It knows no answer and no text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch import small_json
from smsearch.api import next_token, request
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


@frozen
class PreparedRequest:
    """A request after everything that needs no record: bound, its token opened, good for one snapshot.

    Attributes:
        request: The request; of a later page, that of the first page that was prepared.
        predicate: The condition.
        key: The order.
        snapshot: The content for which it is good.
        mark: The request's fingerprint.
        resume: Where the page begins.
        members: The request as it was, if it was JSON, so that nobody can change it: the next page's is known by it.
    """

    request: SearchRequest
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
            members = small_json.loads(body)
        except orjson.JSONDecodeError as error:
            raise ShapeError(f"The request is not JSON: {error}.", hint="Send one JSON object.") from None
        if not isinstance(members, dict):
            raise ShapeError("The request is not a JSON object.", hint="Send one JSON object.")
        if len(body) > PREPARED_BYTES_MAX:
            return self.prepare(members)
        prepared = self._continued(members) or self.prepare(members, are_kept=True)
        if len(self._kept) >= PREPARED_MAX:
            self._kept.clear()
        self._kept[body] = prepared
        return prepared

    def prepare(self, members: Mapping[str, object], *, are_kept: bool = False) -> PreparedRequest:
        """A request checked, bound, and its token opened: all that comes before a record is looked at.

        Args:
            members: The request.
            are_kept: Whether nobody will change them, so that the next page's request may be compared with them.

        Raises:
            RequestError: The request is not one that the service would take.
        """
        parsed = request.parse(members, self._policy)
        predicate = self._bind(parsed)
        key = bind.bind_sort(parsed.sort_by, parsed.sort_order, self._engine.schema(parsed.resource))
        snapshot = self._engine.snapshot
        mark = next_token.fingerprint(parsed)
        resume = next_token.unseal(parsed.next_token, mark, snapshot)
        return PreparedRequest(parsed, predicate, key, snapshot, mark, resume, members if are_kept else None)

    def page(self, prepared: PreparedRequest) -> tuple[Page, str]:
        """Runs a request until one page is full; the token is where the next begins, or `""`."""
        parsed, predicate, key = prepared.request, prepared.predicate, prepared.key

        def find(cursor: Cursor) -> Page:
            return self._engine.page(parsed.resource, predicate, key, cursor, parsed.max_results, None)

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
        parsed, predicate, key, snapshot = prepared.request, prepared.predicate, prepared.key, prepared.snapshot
        if snapshot != self._engine.snapshot:
            return None
        return PreparedRequest(parsed, predicate, key, snapshot, prepared.mark, resume, prepared.members)

    def forget(self) -> None:
        """Drops the requests that are kept."""
        self._kept.clear()
        self._later.clear()

    def _bind(self, parsed: SearchRequest) -> Predicate:
        schema = self._engine.schema(parsed.resource)
        terms = [bind.bind(parsed.expression, schema, self._policy)]
        for index, condition in enumerate(parsed.visibility):
            path = f"VisibilityConditions[{index}].Key"
            terms.append(bind.bind_visibility(condition.key, condition.value, schema, path))
        if parsed.accounts is not None:
            bind_accounts = bind.bind_own_account if parsed.accounts is Accounts.SAME else bind.bind_other_account
            terms.append(bind_accounts(self._engine.main_account(), schema))
        searchable = bind.bind_searchable(schema)
        return all_of(terms if searchable is ALWAYS else [*terms, searchable])
