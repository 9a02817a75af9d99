"""Dictionaries of texts and numbers: entries by spelling, numbers by value before all other text (rows F14, F18, S3).

Entries of one number share a sort group. Of the JSON numbers 1 and 1.0 and the text "1" under a parameter, each is an
entry, and the three are one group.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smsearch.numpy_later import np
from smsearch.schema import values as typed_values
from smsearch.schema.values import SpelledNumber
from smsearch.store.column_metadata import DictionaryMetadata
from smsearch.store.dictionaries.number import nearest
from smsearch.store.dictionaries.text import TextDictionary, spelled_texts
from smsearch.store.encoded_column import by_row, encoded_column, unreadable_rows
from smsearch.store.texts import text_arrays, text_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.directory import ArrayReference
    from smsearch.store.encoded_column import EncodedColumn
    from smsearch.store.segment import Array, Segment

_PLAIN_NUMBER: Final = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?$"
"""Texts whose double Arrow gives correctly rounded; all others are read by `values.parse_number`."""

_FEW_TEXTS: Final = 32
"""So few texts are read one by one in the time that it takes Arrow to make a regular expression."""


def encode(values: BufferedValues, kind: Kind) -> EncodedColumn:
    """Entries by spelling; hyperparameters are texts, whatever JSON has.

    Elsewhere a JSON number is an entry of its own beside a text that is spelled alike.
    """
    from smsearch.store.arrow_arrays import of_texts

    spelled, numbers = _spelled_numbers(values, kind)
    texts, rows_by_text = spelled_texts(
        values, [*spelled, *((row, kind.read(truth)) for row, truth in values.truths())]
    )
    order = _entry_order(texts, of_texts(numbers.spellings), kind)
    parts = [(rows, order.places[codes]) for rows, codes in rows_by_text.readable]
    parts += [by_row(numbers.rows, order.places[len(texts) + numbers.codes])]
    parts += [unreadable_rows(rows_by_text.unreadable, order.readable)]
    dictionary = DictionaryMetadata(
        texts=text_arrays(order.spellings),
        numbers=order.nearest,
        json_numbers=order.is_json_number.astype(np.uint8) if numbers.spellings else None,
        texts_apart=not kind.numerals_first,
    )
    return encoded_column(parts, order.readable, dictionary, order.groups)


class _SpelledNumbers(NamedTuple):
    """JSON numbers by their spelling.

    Attributes:
        spellings: Each distinct one.
        rows: uint32: the rows that hold a number.
        codes: int64: for each of `rows`, the place of its spelling.
    """

    spellings: list[str]
    rows: NDArray[np.uint32]
    codes: NDArray[np.int64]


def _spelled_numbers(values: BufferedValues, kind: Kind) -> tuple[list[tuple[int, Value]], _SpelledNumbers]:
    """The JSON values of a column that are neither strings nor booleans, each distinct one read once.

    Returns:
        Rows whose value does not read as a number, with what it reads as; and the numbers.
    """
    if not (len(values.integers) or len(values.floats) or values.others):
        return [], _SpelledNumbers([], np.empty(0, np.uint32), np.empty(0, np.int64))
    integers, integer_places = np.unique(values.integers, return_inverse=True)
    bits, float_places = np.unique(values.floats.view(np.int64), return_inverse=True)  # which tell 0.0 and -0.0 apart
    distinct = [*integers.tolist(), *bits.view(np.float64).tolist(), *(value for _, value in values.others)]
    read = [kind.read(value) for value in distinct]
    spellings: dict[str, int] = {}
    code_of = np.array(
        [
            spellings.setdefault(value.spelling, len(spellings)) if isinstance(value, SpelledNumber) else -1
            for value in read
        ],
        np.int64,
    )
    rows = np.concatenate([values.integer_rows, values.float_rows, values.other_rows()])
    other_places = len(integers) + len(bits) + np.arange(len(values.others))
    at = np.concatenate([integer_places, len(integers) + float_places, other_places]).astype(np.int64)
    codes = code_of[at]
    is_number = codes >= 0
    spelled = [
        (row, read[place]) for row, place in zip(rows[~is_number].tolist(), at[~is_number].tolist(), strict=True)
    ]
    return spelled, _SpelledNumbers(list(spellings), rows[is_number], codes[is_number])


class _EntryOrder(NamedTuple):
    """The entries of a column of texts and numbers, in order.

    Attributes:
        spellings: The texts of the entries, JSON numbers as they are spelled.
        nearest: float64 for each of the leading entries that are numbers.
        is_json_number: For each entry, whether it is a JSON number and not a text.
        groups: uint32 for each entry, or None where no two sort alike.
        places: uint32: where each distinct text, then each JSON number, stands among the entries.
    """

    spellings: Any
    nearest: NDArray[np.float64]
    is_json_number: NDArray[np.bool_]
    groups: NDArray[np.uint32] | None
    places: NDArray[np.uint32]

    @property
    def readable(self) -> int:
        return len(self.spellings)


def _entry_order(texts: Any, numbers: Any, kind: Kind) -> _EntryOrder:  # noqa: ANN401 - Arrow ships no types
    """The order of distinct texts and of distinct spellings of JSON numbers."""
    import pyarrow as pa

    from smsearch.store.arrow_arrays import of_numbers

    spellings = pa.concat_arrays([texts, numbers])
    count = len(spellings)
    doubles, is_number = np.zeros(len(texts), np.float64), np.zeros(len(texts), dtype=bool)
    if kind.numerals_first:
        doubles, is_number = _nearest_numbers(texts)
    doubles = np.concatenate([doubles, np.array([nearest(Decimal(one)) for one in numbers.to_pylist()], np.float64)])
    is_number = np.concatenate([is_number, np.ones(len(numbers), dtype=bool)])
    is_json_number = np.arange(count) >= len(texts)
    _, by_spelling = text_order(spellings)
    order = np.lexsort((is_json_number, by_spelling, np.where(is_number, doubles, np.inf), ~is_number))
    groups = np.arange(count, dtype=np.uint32)
    numeric = int(is_number.sum())
    _settle_ties(order[:numeric], groups, doubles, lambda at: _exact(spellings[at].as_py(), at >= len(texts)))
    places = np.empty(count, dtype=np.uint32)
    places[order] = np.arange(count, dtype=np.uint32)
    shared = count > 0 and int(groups[-1]) != count - 1
    in_order = spellings if (order == np.arange(count)).all() else spellings.take(of_numbers(order))
    return _EntryOrder(in_order, doubles[order[:numeric]], is_json_number[order], groups if shared else None, places)


def _nearest_numbers(spellings: Any) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:  # noqa: ANN401
    """The nearest double of each text that spells a number, and which do."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from smsearch.store.arrow_arrays import numbers_of, of_numbers, of_truths, truths_of

    doubles = np.zeros(len(spellings), dtype=np.float64)
    is_number = np.zeros(len(spellings), dtype=bool)
    is_plain = np.zeros(len(spellings), dtype=bool)
    if len(spellings) > _FEW_TEXTS:
        is_plain = truths_of(pc.match_substring_regex(spellings, _PLAIN_NUMBER))
    if is_plain.any():
        doubles[is_plain] = numbers_of(pc.cast(spellings.filter(of_truths(is_plain)), pa.float64()))
        is_number |= is_plain
    rest = np.flatnonzero(~is_plain)
    others = spellings.take(of_numbers(rest)) if len(rest) < len(spellings) else spellings
    for at, text in zip(rest.tolist(), others.to_pylist(), strict=True):
        number = typed_values.parse_number(text)
        if number is not None:
            doubles[at], is_number[at] = nearest(number), True
    return doubles, is_number


def _settle_ties(
    order: NDArray[np.intp],
    groups: NDArray[np.uint32],
    nearest: NDArray[np.float64],
    number: Callable[[int], Decimal],
) -> None:
    """Sorts runs of one double by their exact numbers, and gives entries of one number one group; both in place."""
    sorted_nearest = nearest[order]
    same_as_last = np.zeros(len(groups), dtype=bool)
    runs = np.flatnonzero(sorted_nearest[1:] == sorted_nearest[:-1])  # a difference of infinities would be NaN
    for start, end in _spans(runs.tolist()):
        exact = [number(at) for at in order[start:end].tolist()]
        by_number = sorted(range(end - start), key=exact.__getitem__)
        order[start:end] = order[start:end][by_number]
        ordered = [exact[at] for at in by_number]
        same_as_last[start + 1 : end] = [one == other for one, other in pairwise(ordered)]
    groups[:] = np.cumsum(~same_as_last, dtype=np.uint32) - np.uint32(1) if len(groups) else groups


def _exact(spelling: str, is_json_number: bool) -> Decimal:  # noqa: FBT001 - it is one of the two spellings
    number = Decimal(spelling) if is_json_number else typed_values.parse_number(spelling)
    return Decimal(0) if number is None else number


def _json_number(spelling: str) -> int | float | Decimal:
    """A JSON number that is spelled so, an integer if it has 64 bits."""
    number = Decimal(spelling)
    if spelling.removeprefix("-").isdecimal() and abs(number) < 1 << 63:
        return int(number)
    double = float(number)
    return double if repr(double) == spelling else number


def _spans(places: list[int]) -> list[tuple[int, int]]:
    """Maximal runs `[start, end)` of equal neighbours, given the places whose next neighbour is equal."""
    spans: list[tuple[int, int]] = []
    for place in places:
        if spans and spans[-1][1] == place + 1:
            spans[-1] = (spans[-1][0], place + 2)
        else:
            spans.append((place, place + 2))
    return spans


class TextOrNumberDictionary(TextDictionary):
    """Spellings: of numbers by value, then of all other text by code point."""

    is_numeric = True

    def __init__(self, segment: Segment, metadata: DictionaryMetadata[ArrayReference], size: int) -> None:
        super().__init__(segment, metadata, size)
        self.has_texts_apart = metadata.texts_apart

    @cached_property
    def numbers(self) -> Array:
        """float64: the leading entries, which are numbers."""
        return self._opened(self._metadata.numbers)

    @cached_property
    def json_numbers(self) -> Array | None:
        """uint8: which entries are numbers in JSON; None where none is."""
        reference = self._metadata.json_numbers
        return None if reference is None else self._segment.array(reference)

    def number(self, code: int) -> Decimal:
        """The exact number of a code."""
        spelling = self.texts[code]
        is_json_number = self.json_numbers is not None and bool(self.json_numbers.at(code))
        number = None if is_json_number else typed_values.parse_number(spelling)
        return self._spelled(spelling) if number is None else number

    def sort_value(self, code: int) -> Value:
        """A number, or a text."""
        return self.number(code) if code < len(self.numbers) else self.texts[code]

    def buffered(self, rows: NDArray[np.uint32], codes: NDArray[Any]) -> BufferedValues:
        """Rows and their codes as texts, and as the JSON numbers that are spelled as they are."""
        if self.json_numbers is None:
            return super().buffered(rows, codes)
        from smsearch.store.arrow_arrays import of_truths

        is_text = ~self.json_numbers.whole().astype(bool)
        texts = self.texts.arrow()
        here = is_text[codes]
        values = super().buffered(rows[here], (np.cumsum(is_text) - 1)[codes[here]])
        values.texts = values.texts.filter(of_truths(is_text))
        spellings = texts.filter(of_truths(~is_text)).to_pylist()
        numbers = np.array([None, *map(_json_number, spellings)], object)[1:]
        places = (np.cumsum(~is_text) - 1)[codes[~here]]
        of_type = {kind: np.array([type(number) is kind for number in numbers], bool)[places] for kind in (int, float)}
        rows, raws = rows[~here], numbers[places]
        values.integer_rows, values.integers = rows[of_type[int]], raws[of_type[int]].astype(np.int64)
        values.float_rows, values.floats = rows[of_type[float]], raws[of_type[float]].astype(np.float64)
        others = ~(of_type[int] | of_type[float])
        values.others = [*zip(rows[others].tolist(), raws[others].tolist(), strict=True)]
        return values

    def check(self) -> Iterator[str]:
        """What is wrong with it, a sentence each."""
        if len(self.texts) != self.size:
            yield f"its dictionary has {len(self.texts)} texts for {self.size} codes."
            return
        texts = self.texts.decoded()
        numeric = len(self.numbers)
        if any(after <= before for before, after in pairwise([text.encode() for text in texts[numeric:]])):
            yield "its dictionary is not sorted."
        is_json = np.zeros(len(texts), np.uint8) if self.json_numbers is None else self.json_numbers.whole()
        if len(is_json) != len(texts) or is_json[numeric:].any() or (is_json > 1).any():
            yield "what it marks as numbers of JSON are not its numbers."
        elif self.has_texts_apart and not is_json[:numeric].all():
            yield "a text stands among its numbers."
        else:
            yield from self._check_numbers(texts, is_json.tolist())

    def _check_numbers(self, texts: list[str], is_json: list[int]) -> Iterator[str]:
        """Numbers by value, and no number among the texts after them."""
        numeric = len(self.numbers)
        if not self.has_texts_apart and any(typed_values.parse_number(text) is not None for text in texts[numeric:]):
            yield "a text that spells a number does not stand among its numbers."
        numbers = [
            Decimal(text) if of_json else typed_values.parse_number(text)
            for text, of_json in zip(texts[:numeric], is_json, strict=False)
        ]
        exact = [number for number in numbers if number is not None]
        if len(exact) < numeric:
            yield "a text among its numbers spells none."
        elif [float(number) for number in exact] != self.numbers.whole().tolist():
            yield "its numbers are not those that its texts spell."
        elif any(after < before for before, after in pairwise(exact)):
            yield "its numbers do not ascend."

    def check_groups(self, groups: list[int]) -> Iterator[str]:
        """What is wrong with sort groups: entries share one where they spell one number, and there alone."""
        numbers = [self.number(code) for code in range(len(self.numbers))]
        shared = [after == before for before, after in pairwise(groups)]
        expected = [after == before for before, after in pairwise(numbers)]
        if shared != [*expected, *[False] * (len(shared) - len(expected))]:
            yield "its values do not share a group where they spell one number, and there alone."
