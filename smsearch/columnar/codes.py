"""Turns a test into the codes of one column that pass it.

Entries are sorted, so most tests are one range of codes, whose ends are found by bisection; the others are a mask.
Comparisons are exact: where a double stands for longer digits, the digits decide. This module knows no row and no tree.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, assert_never

from smsearch.columnar import ranges
from smsearch.frozen import frozen
from smsearch.numpy_later import np
from smsearch.predicate.predicate import (
    COMPARISONS,
    BooleanIs,
    InAccount,
    NumberIs,
    Present,
    Reading,
    Relation,
    TextContains,
    TextIn,
    TextLike,
    TextOrNumberIs,
    TimestampIs,
)
from smsearch.schema import values

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from smsearch.columnar.ranges import Ranges
    from smsearch.predicate.predicate import Test
    from smsearch.store.column import Column

_INFINITIES = frozenset({"Infinity", "-Infinity"})
RUNS_MAX: Final = 256
"""Runs of texts that hold a word up to which the codes stay ranges, whose rows are counted without listing codes."""
_INT64 = (-(1 << 63), (1 << 63) - 1)
_Value = TypeVar("_Value", Decimal, int)
_Value_contra = TypeVar("_Value_contra", contravariant=True)


class _Place(Protocol[_Value_contra]):
    """Says how many entries stand before a value, or with `after`, before or at it."""

    def __call__(self, value: _Value_contra, /, *, after: bool) -> int: ...


@frozen
class Codes:
    """The codes that pass: ranges, or one by one, or a mask by code, or texts that are read as they come.

    Attributes:
        ranges: The codes as ranges; empty and unused where one of the others is given.
        listed: The codes in ascending order, each once, where they would make many ranges.
        mask: For every code, `absent` included, whether it passes.
        needle: UTF-8 that a text must hold; how many texts do is not known.
    """

    ranges: Ranges = ()
    listed: NDArray[np.int64] | None = None
    mask: NDArray[np.bool_] | None = None
    needle: bytes | None = None

    @property
    def are_ranges(self) -> bool:
        """Whether the ranges say it all."""
        return self.listed is None and self.mask is None and self.needle is None


def passing(test: Test, column: Column) -> Codes:
    """The codes of a column that pass a test."""
    match test:
        case Present():
            return Codes(((0, column.absent),))
        case TextIn(items):
            return Codes(ranges.of_codes(code for item in items for code in _spelled(item, column)))
        case TextContains() | TextLike():
            return _containing(test, column) if isinstance(test, TextContains) else _alike(test, column)
        case NumberIs(relation, operand):
            return Codes(_range(relation, operand, partial(number_place, column), column))
        case TimestampIs(relation, micros):
            return Codes(_range(relation, micros, partial(time_place, column), column))
        case BooleanIs(operand):
            return Codes(ranges.of_codes(code for code, truth in enumerate(column.booleans) if truth is operand))
        case TextOrNumberIs():
            return _text_or_number(test, column)
        case InAccount(account):
            from smsearch.schema.arns import account_of

            return _masked(column, lambda text: account_of(text) == account)
    assert_never(test)


def _range(relation: Relation, operand: _Value, place: _Place[_Value], column: Column) -> Ranges:
    """The range of codes in relation to an operand, given how many entries stand before (or also at) a value."""
    match relation:
        case Relation.EQ:
            low, high = place(operand, after=False), place(operand, after=True)
        case Relation.LT:
            low, high = 0, place(operand, after=False)
        case Relation.LE:
            low, high = 0, place(operand, after=True)
        case Relation.GT:
            low, high = place(operand, after=True), numeric_entries(column)
        case Relation.GE:
            low, high = place(operand, after=False), numeric_entries(column)
    return ((low, high),) if low < high else ()


def numeric_entries(column: Column) -> int:
    """How many of the entries, the leading ones, are numbers; of a column of times, all."""
    return len(column.numbers) if column.is_numeric else column.readable


def time_place(column: Column, value: int, *, after: bool) -> int:
    """How many of a column's times stand before a number of microseconds, or before or at it."""
    bounded = min(max(value, _INT64[0]), _INT64[1])
    if bounded != value:
        return 0 if value < 0 else len(column.micros)
    return column.micros.place(value, "right" if after else "left")


def number_place(column: Column, number: Decimal, *, after: bool) -> int:
    """How many of a column's numbers stand before a number, or before or at it."""
    entries = column.numbers
    if not len(entries):
        return 0
    if entries.holds_integers:
        return _place_among_integers(column, number, after=after)
    nearest = float(number)
    low = entries.place(nearest, "left")
    if low == len(entries) or entries.at(low) != nearest:
        return low
    high = entries.place(nearest, "right")
    while low < high:  # entries that share the double: their digits decide
        middle = (low + high) // 2
        exact = column.number(middle)
        if exact < number or (after and exact == number):
            low = middle + 1
        else:
            high = middle
    return low


def _place_among_integers(column: Column, number: Decimal, *, after: bool) -> int:
    if not number.is_finite() or number.adjusted() > 19:  # noqa: PLR2004 - beyond 64 bits
        return 0 if number < 0 else len(column.numbers)
    floor = math.floor(number)
    if floor != number:  # no integer is equal: what stands before it stands before or at its floor
        number, after = Decimal(floor), True
    value = int(number)
    if not _INT64[0] <= value <= _INT64[1]:
        return 0 if value < 0 else len(column.numbers)
    return column.numbers.place(value, "right" if after else "left")


def _spelled(item: str, column: Column) -> list[int]:
    """The codes of the entries with exactly this spelling; several where a JSON number is spelled as a text is."""
    codes_by_text = column.known_texts
    if codes_by_text is not None:
        return codes_by_text.get(item, [])
    if not column.is_numeric:
        code = column.texts.find(item)
        return [] if code is None else [code]
    return _spelled_loosely(item, column)


def _spelled_loosely(item: str, column: Column) -> list[int]:
    """A spelling among entries that stand by number first: entries of its number, and the sorted texts after them."""
    number = _number_spelled(item)
    codes: list[int] = []
    if number is not None:
        first = number_place(column, number, after=False)
        last = number_place(column, number, after=True)
        codes = [code for code in range(first, last) if column.texts[code] == item]
    low = bisect_left(range(column.readable), item, lo=len(column.numbers), key=column.texts.__getitem__)
    return [*codes, low] if low < column.readable and column.texts[low] == item else codes


def _number_spelled(item: str) -> Decimal | None:
    """The number of an entry with this spelling; JSON's infinities are numbers, though no literal spells one."""
    return Decimal(item) if item in _INFINITIES else values.parse_number(item)


def _containing(test: TextContains, column: Column) -> Codes:
    from smsearch.store.trigrams import INDEXED_FROM

    if test.ignores_case:
        return _masked(column, lambda text: _holds(test, text))
    needle = test.needle.encode("utf-8", "surrogatepass")
    if column.readable <= INDEXED_FROM:
        held = column.texts.hold(np.arange(column.readable), needle)
        return _listed(held.nonzero()[0])
    runs = _runs_of_words(needle, column)
    if runs is not None:
        return _in_runs(runs)
    if column.trigrams is not None:
        codes = column.trigrams.find(needle)
        if codes is not None:
            return _listed(codes)
    return Codes(needle=needle)


def _alike(test: TextLike, column: Column) -> Codes:
    """The texts of a form; only those that hold the longest text of the pattern are read."""
    from smsearch.predicate.text_test import text_passes

    candidates = np.arange(column.readable)
    longest = max((piece for piece in test.pieces if isinstance(piece, str)), key=len, default="")
    if longest and not test.ignores_case:
        candidates = candidates[column.texts.hold(candidates, longest.encode("utf-8", "surrogatepass"))]
    codes = [code for code in candidates.tolist() if text_passes(test, column.texts[code])]
    return _listed(np.array(codes, np.int64))


def containing_ranges(test: TextContains, column: Column) -> Ranges | None:
    """The codes of the texts that hold a needle, as few ranges and without NumPy; None where that cannot be."""
    from smsearch.store.trigrams import INDEXED_FROM

    runs: Ranges | None = None
    if column.readable <= INDEXED_FROM and column.has_texts:
        runs = ranges.of_codes(code for code in range(column.readable) if _holds(test, column.texts[code]))
    elif not test.ignores_case:
        runs = _runs_of_words(test.needle.encode("utf-8", "surrogatepass"), column)
    return runs if runs is not None and len(runs) <= RUNS_MAX else None


def _holds(test: TextContains, text: str) -> bool:
    return test.needle.casefold() in text.casefold() if test.ignores_case else test.needle in text


def _runs_of_words(needle: bytes, column: Column) -> Ranges | None:
    """The codes of the texts that hold a needle, as ranges; None where the index of words does not tell."""
    runs = None if column.dictionary.words is None else column.dictionary.words.find(needle)
    return None if runs is None else ranges.joined(runs)


def _in_runs(runs: Ranges) -> Codes:
    """The codes of some ranges, one by one if they are many."""
    if len(runs) <= RUNS_MAX:
        return Codes(runs)
    bounds = np.array(runs, np.int64)
    lengths = bounds[:, 1] - bounds[:, 0]
    skipped = np.repeat(bounds[:, 0] - np.append(0, lengths.cumsum()[:-1]), lengths)
    return Codes(listed=skipped + np.arange(len(skipped)))


def _listed(codes: NDArray[np.int64]) -> Codes:
    """Codes that ascend, each once: as ranges where those are few, since ranges can be slices of an order."""
    if np.count_nonzero(np.diff(codes) != 1) < ranges.FEW_MAX:
        return Codes(ranges.of_codes(codes.tolist()))
    return Codes(listed=codes)


def _masked(column: Column, passes: Callable[[str], bool]) -> Codes:
    mask = np.zeros(column.absent + 1, dtype=bool)
    for code in range(column.readable):
        mask[code] = passes(column.texts[code])
    return Codes(mask=mask)


def _text_or_number(test: TextOrNumberIs, column: Column) -> Codes:
    """Rows F14, F14b, F18: JSON numbers by value, and texts as the test reads them."""
    if test.reading is Reading.AS_TEXT:
        return _numbers_or_spelling(test, column)
    if test.reading is Reading.AS_INTEGER:  # asked of hyperparameters alone, which are texts
        return Codes(_truncated_range(test, column))
    exact = _exact_range(test, column)
    if not column.has_texts_apart:
        return Codes(exact)
    return _listed(np.append(_codes_in(exact), _numerals_apart(test, column)))


def _numbers_or_spelling(test: TextOrNumberIs, column: Column) -> Codes:
    """JSON numbers in relation to the operand; under EQ also the text that is spelled as it is."""
    spelled = _spelled(test.spelling, column) if test.relation is Relation.EQ else []
    if column.json_numbers is None:
        return Codes(ranges.of_codes(spelled))
    is_number = column.json_numbers.whole().astype(bool)
    exact = _exact_range(test, column)
    texts = [code for code in spelled if not is_number[code]]
    if int(is_number.sum()) == len(column.numbers):  # no text stands among the numbers
        return Codes(ranges.joined([*exact, *((code, code + 1) for code in texts)]))
    codes = _codes_in(exact)
    return _listed(np.union1d(codes[is_number[codes]], np.array(texts, np.int64)))


def _numerals_apart(test: TextOrNumberIs, column: Column) -> NDArray[np.int64]:
    """The codes, in order, of texts that stand by code point, spell a number, and are in relation to the operand."""
    compare = COMPARISONS[test.relation]
    codes = range(numeric_entries(column) if column.is_numeric else 0, column.readable)
    numbers = ((code, values.parse_number(column.texts[code])) for code in codes)
    return np.array(
        [code for code, number in numbers if number is not None and compare(number, test.operand)], np.int64
    )


def _codes_in(among: Ranges) -> NDArray[np.int64]:
    """The codes of ranges, in order."""
    return np.concatenate([np.empty(0, np.int64), *(np.arange(low, high) for low, high in among)])


def _exact_range(test: TextOrNumberIs, column: Column) -> Ranges:
    if not column.is_numeric:
        return ()
    return _range(test.relation, test.operand, partial(number_place, column), column)


def _truncated_range(test: TextOrNumberIs, column: Column) -> Ranges:
    """The numbers whose truncation stands in relation to an integer: truncation keeps the order, so still one range."""

    def place(number: Decimal, /, *, after: bool) -> int:
        """How many numbers truncate to less than an integer, or to no more than it."""
        if after:  # trunc(x) <= k
            return (
                number_place(column, _beside(number, 1), after=False)
                if number >= 0
                else number_place(column, number, after=True)
            )
        if number > 0:
            return number_place(column, number, after=False)
        return number_place(column, _beside(number, -1), after=True)

    return _range(test.relation, test.operand, place, column)


def _beside(number: Decimal, step: int) -> Decimal:
    """The next integer; arithmetic of decimals would round it to the context's digits."""
    return Decimal(int(number) + step)
