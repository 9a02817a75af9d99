"""Which group each match is in: the codes of several keys combined to one number.

A record stands in several groups where a key has several values of it (row A3); then it is listed once for each. This
module knows keys and codes, and no aggregate.
"""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from smsearch.columnar.gathered import DistinctValues, gather
from smsearch.columnar.measured import measured
from smsearch.frozen import frozen
from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.aggregate import Matches
    from smsearch.columnar.gathered import Gathered
    from smsearch.engine.grouping import Buckets, GroupKey
    from smsearch.engine.value_counts import Number, Scalar

    Decode = Callable[[NDArray[Any]], list[NDArray[Any]]]
    """Gives for some groups the class of each key."""

SPARE_IDS: Final = 1 << 16
"""Combinations of classes up to which none is renumbered; beyond, if they are more than twice the rows."""


@frozen
class _Classes:
    """What one key makes of the matches.

    Attributes:
        values: The value of each class, ascending; the class after the last is absence.
        codes: The class of each match, or of each of its different values.
        owners: int64, ascending: for each of `codes` the place of the match; None where there is one for each.
        unreadable: How many values no class takes, each once a match.
    """

    values: Sequence[Scalar] | DistinctValues
    codes: NDArray[Any]
    owners: NDArray[np.int64] | None
    unreadable: int

    @property
    def count(self) -> int:
        return len(self.values) + 1

    def value(self, code: int) -> Scalar | None:
        if code == len(self.values):
            return None
        return self.values.value(code) if isinstance(self.values, DistinctValues) else self.values[code]


@frozen
class GroupIds:
    """The groups of the matches.

    Attributes:
        ids: The number of each membership's group, in the order of groups; not every number is that of a group.
        size: Above every number.
        members: int64, ascending: for each membership the place of the match; None where each match has one.
        unreadable: For each key, how many values no group takes, each once a match.
    """

    ids: NDArray[Any]
    size: int
    members: NDArray[np.int64] | None
    unreadable: tuple[int, ...]
    _decode: Decode
    _classes: Sequence[_Classes]

    def keys(self, groups: NDArray[Any]) -> list[tuple[Scalar | None, ...]]:
        """The values of some groups, one a key; None where they are absent."""
        columns = []
        for classes, codes in zip(self._classes, self._decode(groups), strict=True):
            distinct, places = np.unique(codes, return_inverse=True)
            values = [classes.value(code) for code in distinct.tolist()]
            columns.append([values[place] for place in places.tolist()])
        return list(zip(*columns, strict=True)) if columns else [()] * len(groups)


def group_ids(matches: Sequence[Matches], keys: Sequence[GroupKey]) -> GroupIds:
    """The groups of the matches by some keys; by none, all of them are one group."""
    classes = [_classes(gather(matches, key.property), key.buckets) for key in keys]
    total = sum(count for _, _, count in matches)
    ids: NDArray[Any] = np.zeros(total, np.uint8)
    size, members = 1, None
    decode: Decode = _nothing
    for one in classes:
        codes = one.codes
        if one.owners is not None:
            places, members = _joined(one.owners, members, total)
            ids = ids.take(places[0])
            codes = codes.take(places[1])
        elif members is not None:
            codes = codes.take(members)
        ids = _combined(ids, codes, size, one.count)
        size *= one.count
        decode = _split(decode, one.count)
        if size > max(SPARE_IDS, 2 * len(ids)):
            numbers, ids = np.unique(ids, return_inverse=True)
            size = len(numbers)
            decode = _renumbered(decode, numbers)
    return GroupIds(ids, size, members, tuple(one.unreadable for one in classes), decode, classes)


def _nothing(ids: NDArray[Any]) -> list[NDArray[Any]]:
    del ids
    return []


def _split(decode: Decode, count: int) -> Decode:
    return lambda ids: [*decode(ids // count), ids % count]


def _renumbered(decode: Decode, numbers: NDArray[Any]) -> Decode:
    return lambda ids: decode(numbers.take(ids))


def _combined(ids: NDArray[Any], codes: NDArray[Any], size: int, count: int) -> NDArray[Any]:
    """Numbers of pairs, in the narrowest type that holds them all."""
    if size == 1:
        return codes
    wide = np.min_scalar_type(size * count)
    numbers: NDArray[Any] = ids.astype(wide) * wide.type(count) + codes.astype(wide, copy=False)
    return numbers


def _joined(
    owners: NDArray[np.int64], members: NDArray[np.int64] | None, total: int
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]:
    """Every membership with every value of its match: the places of both, and the match of each."""
    if members is None:
        return (owners, np.arange(len(owners))), owners
    return pairs(members, owners, total)


def pairs(
    members: NDArray[np.int64], owners: NDArray[np.int64], total: int
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]:
    """The places of all pairs of a member and an owner that are one match, both ascending, and that match."""
    starts = np.searchsorted(owners, np.arange(total + 1))
    counts = np.diff(starts).take(members)
    left = np.repeat(np.arange(len(members)), counts)
    within = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    return (left, starts.take(members.take(left)) + within), members.take(left)


def _classes(gathered: Gathered, buckets: Buckets | None) -> _Classes:
    values: Sequence[Scalar] | DistinctValues = gathered.entries
    codes, none = gathered.codes, len(gathered.entries)
    unreadable = 0
    if buckets is not None:
        values, table = _bucketed(gathered, buckets)
        none = len(values)
        codes = table.take(codes)
        unreadable = gathered.others(codes < none)
    elif gathered.absent > none:
        unreadable = gathered.others(codes < none)
        codes = np.minimum(codes, none)
    if gathered.owners is None:
        return _Classes(values, codes, None, unreadable)
    is_there = codes < none
    owners = gathered.owners[is_there]
    lacking = np.setdiff1d(np.arange(gathered.total), owners)
    numbers = np.unique(owners * (none + 1) + codes[is_there])
    numbers = np.sort(np.concatenate([numbers, lacking * (none + 1) + none]))
    return _Classes(values, numbers % (none + 1), numbers // (none + 1), unreadable)


def _bucketed(gathered: Gathered, buckets: Buckets) -> tuple[list[Number], NDArray[Any]]:
    """Where buckets begin, and for each code its bucket; after the last, no bucket."""
    taken = measured(gathered, None)
    entries = taken.entries
    begins: list[Number] = []
    ends = []
    at = 0
    while at < len(entries):
        begin = buckets.begin(_number(entries, at))
        end = buckets.end(begin)
        begins.append(begin)
        at = max(_before(entries, end, at), at + 1)
        ends.append(at)
    narrow = np.min_scalar_type(len(begins))
    bucket_of = np.repeat(np.arange(len(begins), dtype=narrow), np.diff([0, *ends]))
    table = np.full(gathered.absent + 1, len(begins), narrow)
    if taken.ranks is None:
        table[: len(bucket_of)] = bucket_of
    else:
        measurable = taken.ranks >= 0
        table[measurable] = bucket_of[taken.ranks[measurable]]
    return begins, table


def _before(entries: DistinctValues, end: Number, low: int) -> int:
    """How many entries are less than the end of a bucket, at least as many as `low`."""
    if entries.array is not None and isinstance(end, int):
        return int(entries.array.searchsorted(end))
    return bisect_left(range(len(entries)), end, lo=low, key=lambda place: _number(entries, place))


def _number(entries: DistinctValues, place: int) -> Number:
    value = entries.value(place)
    if not isinstance(value, Decimal | int):  # pragma: no cover - only numbers and times are measured
        raise TypeError(value)
    return value
