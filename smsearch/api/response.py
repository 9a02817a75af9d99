"""Search responses, in boto3's shape and in the wire's (rows R2, R8).

It knows no request and no order; documents are rendered by `schema/notation.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.schema.catalogue import resource
from smsearch.schema.notation import BOTO3, ISO, WIRE, Notation, complete, document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.schema.record import Record

__all__ = ["BOTO3", "ISO", "WIRE", "Notation", "document", "page", "spliced"]


def page(records: Iterable[Record], total: int, token: str, notation: Notation) -> dict[str, Any]:
    """A Search response: `Results`, `TotalHits`, and `NextToken` if there is a next page."""
    results = [
        {resource(record.resource).record_key: complete(record, document(record, notation))} for record in records
    ]
    response: dict[str, Any] = {"Results": results, "TotalHits": {"Value": total, "Relation": "EqualTo"}}
    if token:
        response["NextToken"] = token
    return response


def spliced(stored: Sequence[bytes | memoryview], total: int, token: str) -> bytes:
    """A Search response in the wire's JSON, put together from documents that are in it already.

    Everything is copied once: adding head and end to what was joined took longer than finding the page, and making
    bytes of each document before takes several times as long as joining views of them, measured.
    """
    head, end = b'{"Results":[', b'],"TotalHits":{"Value":%d,"Relation":"EqualTo"}' % total
    end += b',"NextToken":"' + token.encode("ascii") + b'"}' if token else b"}"
    if not stored:
        return head + end
    parts = list(stored)
    parts[0] = head + parts[0]
    parts[-1] = b"".join((parts[-1], end))
    return b",".join(parts)
