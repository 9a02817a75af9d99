"""Codes of values as ranks of numbers, and sums of numbers that are exact whatever the order.

A number is a whole multiple of a unit: 1 of integers, a power of two of doubles, a power of ten of decimals. The
multiple is cut into pieces of 26 bits, each a float64. A sum of pieces over fewer than 2^26 rows is below 2^53, so that
adding them up as float64 loses nothing; Python's integers put the sums of pieces together. This module knows no group.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from smsearch.columnar.gathered import DistinctValues
from smsearch.engine import measures
from smsearch.engine.grouping import ORDERED
from smsearch.frozen import frozen, replace
from smsearch.numpy_later import np
from smsearch.schema.value_kinds import Numerals, ValueType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.gathered import Gathered
    from smsearch.engine.grouping import Function
    from smsearch.engine.value_counts import Scalar

BITS: Final = 26
"""Of a piece: half of what a double holds exactly."""
_MANTISSA_BITS: Final = 53
_EXACT_MAX: Final = 1 << 53
_BLOCK_ROWS: Final = 1 << 16
"""A sum over 720,000 of a million rows took 9 to 12 ms of a processor in blocks, and 17 to 19 whole: what NumPy makes
on the way stays in the cache (a virtual machine of two cores)."""


@frozen
class Measured:
    """Values that an aggregate takes.

    Attributes:
        entries: The distinct ones, ascending.
        ranks: For each code of `Gathered.codes` the place among the entries; -1 where there is none. Where it is None,
            codes are ranks, save those from the number of the entries on.
    """

    entries: DistinctValues
    ranks: NDArray[np.int64] | None

    def of(self, codes: NDArray[Any]) -> NDArray[Any]:
        """The rank of each code, to be compared with `has`."""
        return codes if self.ranks is None else self.ranks.take(codes)

    def has(self, ranks: NDArray[Any]) -> NDArray[np.bool_]:
        """Which ranks are those of an entry."""
        return ranks < len(self.entries) if self.ranks is None else ranks >= 0


def measured(gathered: Gathered, function: Function | None) -> Measured:
    """The values of a property as an aggregate takes them; without one, the numbers and times that buckets take."""
    entries, kind = gathered.entries, gathered.entries.kind
    is_text = kind.type is ValueType.TEXT and kind.numerals is Numerals.TEXT and function in ORDERED
    if is_text or kind.is_time or entries.array is not None:
        return Measured(entries, None)
    used = np.unique(gathered.codes[gathered.codes < len(entries)]).tolist()
    read = [(code, measures.number_in(entries.value(code), kind)) for code in used]
    numbers = sorted({number for _, number in read if number is not None})
    rank_of = {number: rank for rank, number in enumerate(numbers)}
    ranks = np.full(gathered.absent + 1, -1, np.int64)
    for code, number in read:
        if number is not None:
            ranks[code] = rank_of[number]
    return Measured(DistinctValues(kind, None, numbers), ranks)


def values_of(entries: DistinctValues, ranks: NDArray[Any]) -> list[Scalar]:
    """The values of some ranks."""
    return [entries.value(rank) for rank in ranks.tolist()]


def blocks(count: int, size: int) -> list[slice]:
    """Slices of rows that are counted one after another: what NumPy makes of a slice on the way stays in the cache.

    Args:
        count: How many rows there are.
        size: How many groups, which each count makes an array of.
    """
    length = max(_BLOCK_ROWS, 4 * size)
    return [slice(start, start + length) for start in range(0, count, length)]


def counted(groups: NDArray[Any], size: int) -> NDArray[np.int64]:
    """How many rows each group has."""
    counts = np.zeros(size, np.int64)
    for block in blocks(len(groups), size):
        counts += np.bincount(groups[block], minlength=size)
    return counts


@frozen
class Pieces:
    """Numbers as multiples of a unit, cut into pieces.

    Attributes:
        unit: What each number is a multiple of.
        pieces: float64, one array a piece, the least first: whole numbers, whose sums over all rows are exact.
        signs: int8: 1 or -1 where a number is infinite and has no pieces; None where none is.
        places: For each number its place in those arrays; None where they are in order.
    """

    unit: Fraction
    pieces: list[NDArray[np.float64]]
    signs: NDArray[np.int8] | None
    places: NDArray[Any] | None = None

    @property
    def signs_of_numbers(self) -> NDArray[np.int8] | None:
        """`signs`, one for each number."""
        return self.signs if self.signs is None or self.places is None else self.signs.take(self.places)

    def sums(self, groups: NDArray[Any], present: NDArray[np.int64]) -> list[Fraction]:
        """The sum of each of the groups that are present, given the group of each number."""
        size = int(present[-1]) + 1 if len(present) else 0
        sums = [np.zeros(size) for _ in self.pieces]
        for block in blocks(len(groups), size):
            places = block if self.places is None else self.places[block]
            for at, piece in enumerate(self.pieces):
                sums[at] += np.bincount(groups[block], piece[places], size)
        totals = [0] * len(present)
        for at, total in enumerate(sums):
            parts = total.take(present).tolist()
            totals = [whole + (int(part) << (BITS * at)) for whole, part in zip(totals, parts, strict=True)]
        return [whole * self.unit for whole in totals]

    def squared(self) -> Pieces:
        """The squares: the products of the pieces, carried on until each is of 26 bits again."""
        pieces = [part for piece in self.pieces for part in _cut(piece.astype(np.int64))]
        step = len(pieces) // len(self.pieces)
        whole = [np.zeros(len(pieces[0]), np.int64) for _ in range(len(self.pieces) + step)]
        for at, part in enumerate(pieces):
            whole[at // step + at % step] += part
        products = [np.zeros(len(pieces[0]), np.int64) for _ in range(2 * len(whole) + 1)]
        for at, one in enumerate(whole):
            for other_at, other in enumerate(whole):
                products[at + other_at] += one * other
        for at in range(len(products) - 1):
            carried = products[at] >> BITS
            products[at] -= carried << BITS
            products[at + 1] += carried
        return Pieces(self.unit**2, [product.astype(np.float64) for product in products], self.signs, self.places)


def pieces_of(entries: DistinctValues, ranks: NDArray[Any], count: int) -> Pieces:
    """The pieces of the numbers at some ranks.

    Args:
        entries: Numbers.
        ranks: The rank of each number.
        count: How often a number may be added at most.
    """
    array = entries.array
    if array is not None and len(ranks) < len(array):
        return _of_array(array.take(ranks), entries, count)
    if array is not None:
        return replace(_of_array(array, entries, count), places=ranks)
    places, at = np.unique(ranks, return_inverse=True)
    return replace(_of_decimals([entries.value(rank) for rank in places.tolist()], entries), places=at)


def _of_array(array: NDArray[Any], entries: DistinctValues, count: int) -> Pieces:
    if array.dtype.kind == "i":
        largest = max(-int(array.min()), int(array.max())) if len(array) else 0
        if largest * count < _EXACT_MAX:
            return Pieces(Fraction(1), [array.astype(np.float64)], None)
        if not measures.is_double(entries.kind):
            return Pieces(Fraction(1), [part.astype(np.float64) for part in _cut(array)], None)
    elif not measures.is_double(entries.kind):
        return _of_decimals([Decimal(repr(value)) for value in array.tolist()], entries)
    return _of_doubles(array.astype(np.float64))


def _cut(whole: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Whole numbers as pieces of 26 bits; the last has the sign."""
    mask = (1 << BITS) - 1
    return [whole & mask, (whole >> BITS) & mask, whole >> (2 * BITS)]


def _of_doubles(doubles: NDArray[np.float64]) -> Pieces:
    """Doubles: from the highest piece down, each takes off its bits, which leaves the others exactly."""
    is_infinite = np.isinf(doubles)
    signs = np.where(is_infinite, np.sign(doubles), 0).astype(np.int8) if is_infinite.any() else None
    rest = doubles if signs is None else np.where(is_infinite, 0, doubles)
    exponents = np.frexp(rest[rest != 0])[1]
    least = int(exponents.min()) - _MANTISSA_BITS if len(exponents) else 0
    greatest = int(exponents.max()) if len(exponents) else 0
    pieces = []
    for at in reversed(range(-(-(greatest - least) // BITS) or 1)):
        piece = np.trunc(np.ldexp(rest, -(least + BITS * at)))
        rest = rest - np.ldexp(piece, least + BITS * at)
        pieces.append(piece)
    return Pieces(Fraction(2) ** least, pieces[::-1], signs)


def _of_decimals(numbers: Sequence[Scalar], entries: DistinctValues) -> Pieces:
    """Decimals: multiples of the largest unit that all of them are multiples of; those of a kind of doubles as such."""
    kind = entries.kind
    read = [number for number in numbers if isinstance(number, Decimal)]
    signs = np.array([0 if not measures.is_beyond(number, kind) else 1 if number > 0 else -1 for number in read])
    parts = [
        Fraction(0) if sign else measures.finite_part(number, kind)
        for number, sign in zip(read, signs.tolist(), strict=True)
    ]
    unit = Fraction(1, math.lcm(*(part.denominator for part in parts)))
    rest = [int(part / unit) for part in parts]
    pieces: list[NDArray[np.float64]] = []
    while not pieces or any(rest):
        pieces.append(np.array([_signed(abs(one) & ((1 << BITS) - 1), one) for one in rest], np.float64))
        rest = [_signed(abs(one) >> BITS, one) for one in rest]
    return Pieces(unit, pieces, signs.astype(np.int8) if signs.any() else None)


def _signed(magnitude: int, number: int) -> int:
    """A magnitude with the sign of a number, which may be too long for a double."""
    return magnitude if number > 0 else -magnitude
