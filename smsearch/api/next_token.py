"""NextToken: where a page ended, sealed with what it belongs to (rows R7, P1 to P3).

A token holds an engine's cursor, the total that was counted, the snapshot for which both are good, a fingerprint of
the request, and a checksum. It is opaque to callers and of no use with another request or other records. It guards
against mistakes, not against an attacker: its holder could ask for everything that a token tells. A token made by hand,
with a right checksum, is refused as well, unless a page begins at its cursor and has its total; only the engine can
tell, see `page_of`. This module cannot read a cursor.
"""

from __future__ import annotations

import base64
import binascii
import struct
from typing import TYPE_CHECKING

from smsearch import small_json
from smsearch.blake2 import blake2b
from smsearch.engine.cursor import InvalidCursorError
from smsearch.errors import InvalidNextTokenError
from smsearch.frozen import frozen
from smsearch.syntax import wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from smsearch.api.request import SearchRequest
    from smsearch.engine.cursor import Cursor
    from smsearch.engine.page import Page

_HEAD = struct.Struct(">16s16sQ")
"""Fingerprint, snapshot, total; the cursor follows."""
_CHECK_BYTES = 8
_VERSION = b"\x01"
_PATH = "NextToken"
_VALUE = '"Value": '
_spell = small_json.dumps  # which writes lone surrogates too, and orjson does not


@frozen
class Resume:
    """Where a page begins, and the total counted for an earlier page, if any."""

    cursor: Cursor = b""
    total: int | None = None


def fingerprint(request: SearchRequest) -> bytes:
    """Sixteen bytes that tell this request from every other, its page size and its token left out."""
    return _mark_of(_spelled(request))


def parted(request: SearchRequest, values: Sequence[str]) -> list[str] | None:
    """What a fingerprint is made of, parted at the values of the filters; None where they are not these."""
    head, *others = _spelled(request).split(_VALUE)  # in a string the quotes of this would be escaped
    spelled = [_spell(value) for value in values]
    if len(others) != len(spelled) or not all(map(str.startswith, others, spelled)):
        return None
    return [head, *map(str.removeprefix, others, spelled)]


def fingerprint_with(parts: list[str], values: Iterable[str]) -> bytes:
    """The fingerprint of a request that differs from one that was `parted` in its values alone."""
    pieces = [parts[0]]
    for value, other in zip(values, parts[1:], strict=True):
        pieces += _VALUE, _spell(value), other
    return _mark_of("".join(pieces))


def _spelled(request: SearchRequest) -> str:
    members = [
        request.resource,
        None if request.expression is None else wire.to_json(request.expression),
        request.sort_by,
        request.sort_order,
        request.accounts or False,
        [[condition.key, condition.value] for condition in request.visibility],
    ]
    return _spell(members)


def mark_of(content: object) -> bytes:
    """Sixteen bytes that tell content, JSON-ready, from every other."""
    return _mark_of(_spell(content))


def _mark_of(spelled: str) -> bytes:
    return blake2b(spelled.encode("ascii"), digest_size=16).digest()


def page_of(find: Callable[[Cursor], Page], resume: Resume) -> Page:
    """The page that begins where a token says.

    Args:
        find: Returns the page that begins at a cursor.
        resume: What the token says.

    Raises:
        InvalidNextTokenError: No page begins there, or the matches are not as many as the token says.
    """
    try:
        page = find(resume.cursor)
    except InvalidCursorError:
        raise forged() from None
    if resume.total not in (None, page.total):
        raise forged()
    return page


def seal(mark: bytes, snapshot: str, resume: Resume) -> str:
    """The token from which the next page of the request of a fingerprint resumes."""
    head = _HEAD.pack(mark, digest(snapshot), resume.total or 0)
    body = _VERSION + head + resume.cursor
    return base64.urlsafe_b64encode(body + _check(body)).rstrip(b"=").decode("ascii")


def unseal(token: str, mark: bytes, snapshot: str) -> Resume:
    """Where a token says that the request of a fingerprint resumes; the beginning, for `""`.

    Raises:
        InvalidNextTokenError: The token was changed, belongs to another request, or its records are no longer
            there.
    """
    if not token:
        return Resume()
    request, then, total, cursor = _open(token)
    if request != mark:
        raise InvalidNextTokenError(
            "NextToken belongs to another request.",
            path=_PATH,
            hint="Send it with the same Resource, SearchExpression, SortBy, SortOrder and conditions.",
        )
    if then != digest(snapshot):
        raise InvalidNextTokenError(
            "NextToken has expired: the records have changed since its page.",
            path=_PATH,
            hint="Begin again without it.",
        )
    return Resume(cursor, total)


def snapshot_of(token: str) -> bytes | None:
    """The digest of the snapshot that a token belongs to, as `digest` gives it; None if it is no token."""
    try:
        return _open(token)[1]
    except InvalidNextTokenError:
        return None


def _open(token: str) -> tuple[bytes, bytes, int, Cursor]:
    try:
        sealed = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        sealed = b""
    body, check = sealed[:-_CHECK_BYTES], sealed[-_CHECK_BYTES:]
    canonical = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")
    cursor = body[1 + _HEAD.size :]
    if not cursor or body[:1] != _VERSION or check != _check(body) or canonical != token:
        raise forged()
    request, then, total = _HEAD.unpack_from(body, 1)
    return request, then, total, cursor


def forged() -> InvalidNextTokenError:
    """The refusal of a text that no page gave out as its NextToken."""
    return InvalidNextTokenError(
        "NextToken is not one that this search gave out, or it was changed.",
        path=_PATH,
        hint="Pass on the NextToken of the last page as it is.",
    )


def digest(snapshot: str) -> bytes:
    """Sixteen bytes that tell a snapshot from every other."""
    return blake2b(snapshot.encode(), digest_size=16).digest()


def _check(body: bytes) -> bytes:
    return blake2b(body, digest_size=_CHECK_BYTES, person=b"smsearch").digest()
