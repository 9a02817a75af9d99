"""Decides which of several records of one resource is kept, over arrays of identities.

The rule is the live collection's (`live/collection.py`): one resource is one ARN, or one name where there is no ARN; of
its records the newest wins, then the fuller, then the one read later. This module reads no record and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Identities:
    """What tells records apart; element i of each array is record i.

    Attributes:
        arns: uint64, two a record: digest of the ARN (with the name, where the ARN is shared); zeros where there is
            none.
        names: uint64, two a record: digest of the name.
        modified: int64: LastModifiedTime in microseconds, or the least int64.
        full: Whether the record is not a partial one.
        contents: uint64, two a record: digest of the stored document.
    """

    arns: NDArray[np.uint64]
    names: NDArray[np.uint64]
    modified: NDArray[np.int64]
    full: NDArray[np.bool_]
    contents: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.modified)


def joined(parts: list[Identities]) -> Identities:
    """The records of all parts, one after another."""
    return Identities(
        np.concatenate([part.arns.reshape(-1, 2) for part in parts]),
        np.concatenate([part.names.reshape(-1, 2) for part in parts]),
        np.concatenate([part.modified for part in parts]),
        np.concatenate([part.full.astype(bool) for part in parts]),
        np.concatenate([part.contents.reshape(-1, 2) for part in parts]),
    )


def winners(records: Identities) -> NDArray[np.bool_]:
    """Which records are kept; of records that are equal in everything, the one read first.

    Args:
        records: In the order in which they were read.
    """
    groups = _groups(records)
    order = np.lexsort((np.arange(len(records)), records.full, records.modified, groups))
    sorted_groups = groups[order]
    is_last = np.append(sorted_groups[1:] != sorted_groups[:-1], True) if len(order) else np.empty(0, bool)
    places = np.flatnonzero(is_last)
    kept = np.zeros(len(records), dtype=bool)
    kept[order[_first_equal(records, order, sorted_groups, places)]] = True
    return kept


def _first_equal(
    records: Identities, order: NDArray[np.intp], groups: NDArray[np.int64], places: NDArray[np.intp]
) -> NDArray[np.intp]:
    """For each winner, the first of the records of its group that tie with it and have its content."""
    best, cursor = places.copy(), places.copy()
    active = np.arange(len(places))
    while len(active):
        cursor[active] -= 1
        active = active[cursor[active] >= 0]
        here, winner = order[cursor[active]], order[places[active]]
        ties = (
            (groups[cursor[active]] == groups[places[active]])
            & (records.modified[here] == records.modified[winner])
            & (records.full[here] == records.full[winner])
        )
        equal = ties & (records.contents[here] == records.contents[winner]).all(axis=1)
        best[active[equal]] = cursor[active[equal]]
        active = active[ties]
    return best


def _groups(records: Identities) -> NDArray[np.int64]:
    """A number for each record, equal where they are the same resource."""
    by_arn = _numbered(records.arns)
    by_name = _numbered(records.names)
    has_arn = records.arns.any(axis=1)
    groups = np.where(has_arn, by_arn, len(records) + by_name)
    pairs = np.unique(np.stack([by_name[has_arn], by_arn[has_arn]], axis=1), axis=0)
    names, counts = np.unique(pairs[:, 0], return_counts=True)
    only = dict(zip(pairs[:, 0].tolist(), pairs[:, 1].tolist(), strict=True))
    unambiguous = set(names[counts == 1].tolist())
    has_name = records.names.any(axis=1)
    for at in np.flatnonzero(~has_arn & has_name).tolist():
        name = int(by_name[at])
        if name in unambiguous:
            groups[at] = only[name]
    return groups


def _numbered(digests: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Equal digests numbered alike."""
    order = np.lexsort((digests[:, 1], digests[:, 0]))
    ordered = digests[order]
    is_new = np.ones(len(order), dtype=np.int64)
    is_new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.cumsum(is_new) - 1
    return numbers
