"""The values of a column as they stood in JSON, by JSON type: what is handed to a store to be encoded.

This module knows no type of property and no file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value


@cache
def _no_texts() -> Any:  # noqa: ANN401 - Arrow ships no types
    import pyarrow as pa

    return pa.nulls(0, pa.large_string())


@dataclass(slots=True)
class BufferedValues:
    """The values of a column; rows ascend within each part.

    Attributes:
        text_rows: Rows whose value is a JSON string.
        text_codes: For each of `text_rows`, the place of its value in `texts`.
        texts: The distinct strings, a large_string array; None of computed numbers, which need no pyarrow.
        integer_rows: Rows whose value is an integer of 64 bits, and `integers` the values.
        float_rows: Rows whose value is a double, NaN included, and `floats` the values.
        boolean_rows: Rows whose value is a JSON boolean, and `booleans` the values.
        others: Rows with anything else: exact decimals, lists and objects.
    """

    text_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    text_codes: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    texts: Any = field(default_factory=_no_texts)
    integer_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    integers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    float_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    floats: NDArray[np.float64] = field(default_factory=lambda: np.empty(0, np.float64))
    boolean_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    booleans: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    others: list[tuple[int, object]] = field(default_factory=list)

    def row_count(self) -> int:
        """The number after the last row."""
        every = (self.text_rows, self.integer_rows, self.float_rows, self.boolean_rows, self.other_rows())
        return max((int(rows[-1]) + 1 for rows in every if len(rows)), default=0)

    def truths(self) -> list[tuple[int, bool]]:
        """The booleans, each with its row."""
        return [*zip(self.boolean_rows.tolist(), self.booleans.tolist(), strict=True)]

    def numbers_and_others(self) -> list[tuple[int, object]]:
        """All that is neither a string nor a boolean: numbers, and lists and objects, which cannot be read."""
        return [
            *zip(self.integer_rows.tolist(), self.integers.tolist(), strict=True),
            *zip(self.float_rows.tolist(), self.floats.tolist(), strict=True),
            *self.others,
        ]

    def other_rows(self) -> NDArray[np.uint32]:
        """The rows of `others`."""
        return np.array([row for row, _ in self.others], np.uint32)

    def read_texts(self, kind: Kind) -> list[tuple[int, Value]]:
        """The strings as values of a kind, each with its row; each distinct one is read once."""
        texts = [] if self.texts is None else [kind.read(text) for text in self.texts.to_pylist()]
        rows = zip(self.text_rows.tolist(), self.text_codes.tolist(), strict=True)
        return [(row, texts[code]) for row, code in rows]

    def read(self, kind: Kind) -> list[tuple[int, Value]]:
        """All values but the booleans as values of a kind, each with its row; strings first."""
        others = ((row, kind.read(value)) for row, value in self.numbers_and_others())
        return [*self.read_texts(kind), *others]
