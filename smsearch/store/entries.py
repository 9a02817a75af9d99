"""Sorts the values of a column into entries, and gives each row the code of its entry.

One function a type of value. Values come as they stood in JSON, in parts by JSON type; an entry is a distinct value,
and the entries stand in the order of row S3. Numbers are exact: where int64 or float64 would lose digits, the digits
themselves are kept. This module knows no row's document and no file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from smsearch.schema import values
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import SpelledNumber, Unreadable
from smsearch.store import trigrams
from smsearch.store.layout import Coded
from smsearch.store.segment import narrow_offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value

_EXACT_INTEGER_MAX: Final = 1 << 53
_PLAIN_NUMBER: Final = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?$"
"""Texts whose double Arrow gives correctly rounded; all others are read by `values.parse_number`."""


@dataclass(slots=True)
class Raw:
    """The values of a column by JSON type; rows ascend within each part.

    Attributes:
        text_rows: Rows whose value is a JSON string, and `texts` their dictionary-encoded values.
        integer_rows: Rows whose value is an integer of 64 bits, and `integers` the values.
        float_rows: Rows whose value is a double, NaN included, and `floats` the values.
        boolean_rows: Rows whose value is a JSON boolean, and `booleans` the values.
        others: Rows with anything else: exact decimals, lists and objects.
    """

    text_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    text_codes: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    texts: Any = field(default_factory=lambda: pa.array([], pa.large_string()))
    integer_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    integers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    float_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    floats: NDArray[np.float64] = field(default_factory=lambda: np.empty(0, np.float64))
    boolean_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    booleans: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    others: list[tuple[int, object]] = field(default_factory=list)

    def truths(self) -> list[tuple[int, bool]]:
        """The booleans one by one."""
        return [*zip(self.boolean_rows.tolist(), self.booleans.tolist(), strict=True)]


def code(kind: Kind, raw: Raw) -> Coded:
    """The column of a kind, its entries sorted."""
    match kind.type:
        case ValueType.TEXT:
            return _code_texts(raw, kind)
        case ValueType.NUMBER:
            return _code_numbers(raw, kind)
        case ValueType.TIME:
            return _code_timestamps(raw, kind)
        case ValueType.BOOLEAN:
            return _code_booleans(raw, kind)
        case ValueType.TEXT_OR_NUMBER:
            return _code_spelled(raw, kind)
        case ValueType.PRESENCE:
            return _coded([(raw.integer_rows, np.zeros(len(raw.integer_rows), np.uint32))], 1, {})


def _coded(
    parts: list[tuple[NDArray[np.uint32], NDArray[np.uint32]]],
    readable: int,
    description: dict[str, Any],
    groups: NDArray[np.uint32] | None = None,
) -> Coded:
    """Joins the parts of a column by row."""
    parts = [part for part in parts if len(part[0])]
    if len(parts) == 1:
        rows, codes = parts[0]
    else:
        rows = np.concatenate([part[0] for part in parts]) if parts else np.empty(0, np.uint32)
        codes = np.concatenate([part[1] for part in parts]) if parts else np.empty(0, np.uint32)
        by_row = np.argsort(rows, kind="stable")
        rows, codes = rows[by_row], codes[by_row]
    return Coded(rows, codes, readable, groups, description)


def sorted_texts(texts: Any) -> tuple[Any, NDArray[np.uint32]]:  # noqa: ANN401 - Arrow ships no types
    """Distinct texts by code point, and the place of each in that order."""
    by_text = pc.sort_indices(texts).to_numpy()
    places = np.empty(len(texts), dtype=np.uint32)
    places[by_text] = np.arange(len(texts), dtype=np.uint32)
    return texts.take(pa.array(by_text)), places


def stored_texts(texts: Any) -> list[NDArray[Any]]:  # noqa: ANN401 - Arrow ships no types
    """A large_string array as the two arrays that `segment.Texts` reads."""
    offsets, encoded = buffers(texts)
    return [encoded, narrow_offsets(offsets)]


def buffers(texts: Any) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:  # noqa: ANN401 - Arrow ships no types
    """The offsets and the joined UTF-8 of a large_string array."""
    _, offset_buffer, data = texts.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    encoded = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    return offsets - offsets[0], encoded[offsets[0] : offsets[-1]]


def _code_texts(raw: Raw, kind: Kind) -> Coded:
    others = [*_others(raw), *raw.truths()]
    texts, part = _spelled_texts(raw, [(row, kind.read(value)) for row, value in others])
    in_order, places = sorted_texts(texts)
    description: dict[str, Any] = {"texts": stored_texts(in_order)}
    if len(in_order) >= trigrams.INDEXED_FROM:
        offsets, encoded = buffers(in_order)
        description["trigrams"] = trigrams.index(encoded, offsets)
    parts = [(rows, places[codes]) for rows, codes in part.readable]
    return _coded([*parts, _unreadable(part.unreadable, len(in_order))], len(in_order), description)


@dataclass(frozen=True, slots=True)
class _Spelled:
    """Rows by the text that they hold.

    Attributes:
        readable: Rows, ascending in each pair, and for each the place of its text.
        unreadable: Rows whose value is no text.
    """

    readable: list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]
    unreadable: list[int]


def _spelled_texts(raw: Raw, others: Sequence[tuple[int, Value]]) -> tuple[Any, _Spelled]:
    """The distinct texts of a column, and the rows that hold each.

    Args:
        raw: The column, whose JSON strings are texts.
        others: Rows that hold other JSON values, with the text that each reads as.
    """
    readable = [(row, text) for row, text in others if isinstance(text, str)]
    texts = raw.texts
    if readable:
        texts = pa.concat_arrays([texts, pa.array([text for _, text in readable], pa.large_string())])
    found = texts.dictionary_encode()
    places = found.indices.to_numpy().astype(np.uint32)
    rows = np.array([row for row, _ in readable], np.uint32)
    parts = [(raw.text_rows, places[raw.text_codes]), _by_row(rows, places[len(raw.texts) :])]
    return found.dictionary, _Spelled(parts, sorted(row for row, text in others if isinstance(text, Unreadable)))


def _unreadable(rows: Sequence[int], readable: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The part of a column whose values cannot be read: the code after the last entry."""
    return np.array(rows, np.uint32), np.full(len(rows), readable, np.uint32)


def _code_numbers(raw: Raw, kind: Kind) -> Coded:
    is_nan = np.isnan(raw.floats)
    unreadable = raw.float_rows[is_nan].tolist()
    float_rows, floats = raw.float_rows[~is_nan], raw.floats[~is_nan]
    plain = not len(raw.text_rows) and not len(raw.boolean_rows) and not raw.others
    if plain and not len(floats):
        entries, places = np.unique(raw.integers, return_inverse=True)
        parts = [(raw.integer_rows, places.astype(np.uint32))]
    elif plain and _are_exact_as_doubles(raw.integers):
        entries, places = np.unique(np.concatenate([floats, raw.integers.astype(np.float64)]), return_inverse=True)
        codes = places.astype(np.uint32)
        parts = [(float_rows, codes[: len(floats)]), (raw.integer_rows, codes[len(floats) :])]
    else:
        return _code_exact_numbers(raw, kind)
    parts.append(_unreadable(unreadable, len(entries)))
    return _coded(parts, len(entries), {"numbers": entries})


def _are_exact_as_doubles(integers: NDArray[np.int64]) -> bool:
    """Whether no two integers near them share a double; the least one has no absolute value of 64 bits."""
    if not len(integers):
        return True
    return int(integers.min()) >= -_EXACT_INTEGER_MAX and int(integers.max()) <= _EXACT_INTEGER_MAX


def _code_exact_numbers(raw: Raw, kind: Kind) -> Coded:
    """Numbers of mixed spellings, each kept to its last digit."""
    found = [*_read(raw, kind), *((row, kind.read(truth)) for row, truth in raw.truths())]
    entries = sorted({number for _, number in found if isinstance(number, Decimal)})
    code_of = {number: at for at, number in enumerate(entries)}
    rows = np.array([row for row, _ in found], np.uint32)
    codes = [code_of[number] if isinstance(number, Decimal) else len(entries) for _, number in found]
    description = {
        "numbers": np.array([_nearest(number) for number in entries], np.float64),
        "exact": stored_texts(pa.array([str(number) for number in entries], pa.large_string())),
    }
    return _coded([_by_row(rows, np.array(codes, np.uint32))], len(entries), description)


def _read(raw: Raw, kind: Kind) -> list[tuple[int, Value]]:
    """What the values of a column read as, but for its booleans; texts first, each distinct one read once."""
    texts = [kind.read(text) for text in raw.texts.to_pylist()]
    of_texts = zip(raw.text_rows.tolist(), raw.text_codes.tolist(), strict=True)
    return [
        *((row, texts[at]) for row, at in of_texts),
        *((row, kind.read(value)) for row, value in _others(raw)),
    ]


def _by_row(rows: NDArray[np.uint32], codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    order = np.argsort(rows, kind="stable")
    return rows[order], codes[order]


def _nearest(number: Decimal) -> float:
    """The double nearest to a number; infinite beyond all doubles, which keeps the order."""
    try:
        return float(number)
    except OverflowError:  # pragma: no cover - Decimal gives infinity, other numbers would raise
        return math.inf if number > 0 else -math.inf


def _code_timestamps(raw: Raw, kind: Kind) -> Coded:
    """Times come as integers of microseconds, or as texts that the kind reads; all else could not be read as a time."""
    texts = [kind.read(text) for text in raw.texts.to_pylist()]
    of_texts = [(row, texts[at]) for row, at in zip(raw.text_rows.tolist(), raw.text_codes.tolist(), strict=True)]
    read = [(row, micros) for row, micros in of_texts if isinstance(micros, int)]
    micros = np.concatenate([raw.integers, np.array([micros for _, micros in read], np.int64)])
    entries, codes = np.unique(micros, return_inverse=True)
    codes = codes.astype(np.uint32)
    unread = [row for row, micros in of_texts if not isinstance(micros, int)]
    unread += [*raw.float_rows.tolist(), *raw.boolean_rows.tolist(), *(row for row, _ in raw.others)]
    parts = [
        (raw.integer_rows, codes[: len(raw.integers)]),
        (np.array([row for row, _ in read], np.uint32), codes[len(raw.integers) :]),
        _unreadable(sorted(unread), len(entries)),
    ]
    return _coded(parts, len(entries), {"micros": entries})


def _code_booleans(raw: Raw, kind: Kind) -> Coded:
    found = _read(raw, kind)
    entries = sorted({truth for _, truth in found if isinstance(truth, bool)} | set(np.unique(raw.booleans).tolist()))
    codes = [entries.index(truth) if isinstance(truth, bool) else len(entries) for _, truth in found]
    places = np.array([entries.index(truth) if truth in entries else 0 for truth in (False, True)], np.uint32)
    parts = [
        (raw.boolean_rows, places[raw.booleans.astype(np.intp)]),
        _by_row(np.array([row for row, _ in found], np.uint32), np.array(codes, np.uint32)),
    ]
    return _coded(parts, len(entries), {"booleans": entries})


def _code_spelled(raw: Raw, kind: Kind) -> Coded:
    """Entries by spelling: numbers by value before all other text, those of one number in a group (rows F14, F18, S3).

    Hyperparameters are texts, whatever JSON has. Elsewhere a JSON number is an entry of its own beside a text that is
    spelled alike. Of the JSON numbers 1 and 1.0 and the text "1" under a parameter, each is an entry, and the three are
    one group.
    """
    apart, numbers = _spelled_numbers(raw, kind)
    texts, held = _spelled_texts(raw, [*apart, *((row, kind.read(truth)) for row, truth in raw.truths())])
    order = _entry_order(texts, pa.array(numbers.spellings, pa.large_string()), kind)
    parts = [(rows, order.places[codes]) for rows, codes in held.readable]
    parts += [_by_row(numbers.rows, order.places[len(texts) + numbers.codes])]
    parts += [_unreadable(held.unreadable, order.readable)]
    description: dict[str, Any] = {"texts": stored_texts(order.spellings), "numbers": order.nearest}
    if numbers.spellings:
        description["json_numbers"] = order.is_json_number.astype(np.uint8)
    if not kind.numerals_first:
        description["texts_apart"] = True
    return _coded(parts, order.readable, description, order.groups)


def _others(raw: Raw) -> list[tuple[int, object]]:
    """Everything that is neither a string nor a boolean: numbers, and lists and objects, which cannot be read."""
    return [
        *zip(raw.integer_rows.tolist(), raw.integers.tolist(), strict=True),
        *zip(raw.float_rows.tolist(), raw.floats.tolist(), strict=True),
        *raw.others,
    ]


@dataclass(frozen=True, slots=True)
class _SpelledNumbers:
    """JSON numbers by their spelling.

    Attributes:
        spellings: Each distinct one.
        rows: uint32: the rows that hold a number.
        codes: int64: for each of `rows`, the place of its spelling.
    """

    spellings: list[str]
    rows: NDArray[np.uint32]
    codes: NDArray[np.int64]


def _spelled_numbers(raw: Raw, kind: Kind) -> tuple[list[tuple[int, Value]], _SpelledNumbers]:
    """The JSON values of a column that are neither strings nor booleans, each distinct one read once.

    Returns:
        Rows whose value does not read as a number, with what it reads as; and the numbers.
    """
    integers, integer_places = np.unique(raw.integers, return_inverse=True)
    bits, float_places = np.unique(raw.floats.view(np.int64), return_inverse=True)  # which tell 0.0 and -0.0 apart
    distinct = [*integers.tolist(), *bits.view(np.float64).tolist(), *(value for _, value in raw.others)]
    read = [kind.read(value) for value in distinct]
    spellings: dict[str, int] = {}
    code_of = np.array(
        [
            spellings.setdefault(value.spelling, len(spellings)) if isinstance(value, SpelledNumber) else -1
            for value in read
        ],
        np.int64,
    )
    rows = np.concatenate([raw.integer_rows, raw.float_rows, np.array([row for row, _ in raw.others], np.uint32)])
    other_places = len(integers) + len(bits) + np.arange(len(raw.others))
    at = np.concatenate([integer_places, len(integers) + float_places, other_places]).astype(np.int64)
    codes = code_of[at]
    is_number = codes >= 0
    apart = [(row, read[place]) for row, place in zip(rows[~is_number].tolist(), at[~is_number].tolist(), strict=True)]
    return apart, _SpelledNumbers(list(spellings), rows[is_number], codes[is_number])


@dataclass(frozen=True, slots=True)
class _EntryOrder:
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
    spellings = pa.concat_arrays([texts, numbers])
    count = len(spellings)
    nearest, is_number = np.zeros(len(texts), np.float64), np.zeros(len(texts), dtype=bool)
    if kind.numerals_first:
        nearest, is_number = _nearest_numbers(texts)
    nearest = np.concatenate([nearest, np.array([_nearest(Decimal(one)) for one in numbers.to_pylist()], np.float64)])
    is_number = np.concatenate([is_number, np.ones(len(numbers), dtype=bool)])
    is_json_number = np.arange(count) >= len(texts)
    _, by_spelling = sorted_texts(spellings) if count else (None, np.empty(0, np.uint32))
    order = np.lexsort((is_json_number, by_spelling, np.where(is_number, nearest, np.inf), ~is_number))
    groups = np.arange(count, dtype=np.uint32)
    numeric = int(is_number.sum())
    _settle_ties(order[:numeric], groups, nearest, lambda at: _exact(spellings[at].as_py(), at >= len(texts)))
    places = np.empty(count, dtype=np.uint32)
    places[order] = np.arange(count, dtype=np.uint32)
    shared = count > 0 and int(groups[-1]) != count - 1
    in_order = spellings.take(pa.array(order)) if count else spellings
    return _EntryOrder(in_order, nearest[order[:numeric]], is_json_number[order], groups if shared else None, places)


def _nearest_numbers(spellings: Any) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:  # noqa: ANN401
    """The nearest double of each text that spells a number, and which do."""
    nearest = np.zeros(len(spellings), dtype=np.float64)
    is_number = np.zeros(len(spellings), dtype=bool)
    plain = pc.match_substring_regex(spellings, _PLAIN_NUMBER).to_numpy(zero_copy_only=False)
    if plain.any():
        nearest[plain] = pc.cast(spellings.filter(pa.array(plain)), pa.float64()).to_numpy()
        is_number |= plain
    rest = np.flatnonzero(~plain)
    for at, text in zip(rest.tolist(), spellings.take(pa.array(rest)).to_pylist(), strict=True):
        number = values.parse_number(text)
        if number is not None:
            nearest[at], is_number[at] = _nearest(number), True
    return nearest, is_number


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
    number = Decimal(spelling) if is_json_number else values.parse_number(spelling)
    return Decimal(0) if number is None else number


def _spans(places: list[int]) -> list[tuple[int, int]]:
    """Maximal runs `[start, end)` of equal neighbours, given the places whose next neighbour is equal."""
    spans: list[tuple[int, int]] = []
    for place in places:
        if spans and spans[-1][1] == place + 1:
            spans[-1] = (spans[-1][0], place + 2)
        else:
            spans.append((place, place + 2))
    return spans
