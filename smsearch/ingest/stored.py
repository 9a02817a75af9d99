"""Reads records back out of a segment, for who writes them anew: a merger of segments, an archive.

What a store's documents spell otherwise than an export does is read as it was meant: NaN and infinite numbers, which
the wire has as texts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from smsearch.ingest.normalise import Notes, normalise
from smsearch.schema import catalogue, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.schema.record import Record
    from smsearch.store.store import Part

_ROWS_AT_ONCE: Final = 1_000


def living(part: Part) -> NDArray[np.bool_]:
    """For each row of a segment, whether no newer segment supersedes it."""
    alive = np.ones(part.entry.rows, dtype=bool)
    if part.dead is not None:
        alive[part.dead] = False
    return alive


def records(part: Part, chosen: NDArray[np.bool_]) -> Iterator[Record]:
    """The records of some rows of a segment, in their order."""
    resource = catalogue.resource(part.entry.resource)
    full = part.segment.array(part.meta["full"]).whole()
    notes = Notes()
    rows = np.flatnonzero(chosen)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        apart = part.exported(some)
        for place, (row, stored) in enumerate(zip(some.tolist(), part.documents(some), strict=True)):
            members = parsed.members_of(stored, resource)
            record = normalise(resource.name, members, notes, is_partial=not full[row])
            exported = parsed.exported_of(apart[place], resource) if place in apart else {}
            yield replace(record, exported=exported)
