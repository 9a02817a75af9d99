"""The values of a property in a sample, as what an axis or a colour can show: numbers, times or categories."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from smsearch.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.frames.sample import Sample
    from smsearch.plots.figure import Spec
    from smsearch.plots.matches import PlottedMatches

CATEGORIES_MAX: Final = 10
"""Categories that have a colour or a box of their own; the others are drawn as one."""
OTHERS: Final = "(others)"
ABSENT: Final = "(absent)"
UTC: Final = {"type": "utc"}
"""The scale of times: those of the API are in UTC, wherever the reader is."""
_LOGARITHMIC_SPAN: Final = 100
"""From here on, times the least number, the greatest makes a linear axis useless: nearly all would lie in a corner."""


class Scale(Enum):
    """What an axis is, in Vega-Lite's words for its type."""

    NUMBER = "quantitative"
    TIME = "temporal"
    CATEGORY = "nominal"


@dataclass(frozen=True, slots=True)
class Series:
    """A property in the rows of a sample.

    Attributes:
        name: The property.
        scale: What its axis is.
        cells: A float64, a timestamp or a text a row; null where there is none, or no finite number.
        left_out: How many values are no finite number.
    """

    name: str
    scale: Scale
    cells: pa.Array
    left_out: int = 0

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The numbers, NaN where there is none; a time is its seconds since 1970."""
        cells = self.cells
        if self.scale is Scale.TIME:
            cells = pc.divide(cells.cast(pa.int64()).cast(pa.float64()), 1e6)
        return np.asarray(cells.to_numpy(zero_copy_only=False), dtype=np.float64)

    @property
    def is_present(self) -> NDArray[np.bool_]:
        """Which rows have a value."""
        return np.asarray(self.cells.is_valid().to_numpy(zero_copy_only=False), dtype=bool)

    @property
    def is_logarithmic(self) -> bool:
        """Whether a logarithmic axis shows the numbers better: they are positive, and far apart."""
        if self.scale is not Scale.NUMBER:
            return False
        numbers = self.numbers[self.is_present]
        return len(numbers) > 0 and bool(numbers.min() > 0 and numbers.max() >= _LOGARITHMIC_SPAN * numbers.min())

    def encoding(self, field: str) -> Spec:
        """How Vega-Lite places it, by a column of the figure's data."""
        encoding: Spec = {"field": field, "type": self.scale.value, "title": self.name}
        if self.is_logarithmic:
            encoding["scale"] = {"type": "log"}
        elif self.scale is Scale.NUMBER:
            encoding["scale"] = {"zero": False}
        elif self.scale is Scale.TIME:
            encoding["scale"] = UTC
        return encoding

    def at(self, rows: NDArray[Any]) -> pa.Array:
        """The cells of some rows."""
        return self.cells.take(pa.array(rows))


def series_of(sample: Sample, place: int) -> Series:
    """A column of a sample as a series."""
    name = sample.table.column_names[place]
    cells = sample.table.column(place).combine_chunks()
    cells = cells if isinstance(cells, pa.Array) else pa.concat_arrays(cells.chunks)
    kind = cells.type
    if pa.types.is_timestamp(kind):
        return Series(name, Scale.TIME, cells)
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        numbers = np.asarray(cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
        is_finite = np.isfinite(numbers)
        there = np.asarray(cells.is_valid().to_numpy(zero_copy_only=False), dtype=bool)
        return Series(name, Scale.NUMBER, pa.array(numbers, mask=~is_finite), int((there & ~is_finite).sum()))
    if pa.types.is_boolean(kind):
        return Series(name, Scale.CATEGORY, pc.if_else(cells, "true", "false"))
    return Series(name, Scale.CATEGORY, cells.cast(pa.string()))


def sampled(
    matches: PlottedMatches, names: Sequence[str], size: int, seed: int, having: Sequence[str] = ()
) -> tuple[Sample, list[Series]]:
    """A sample of the matches that have some properties, and each of the named ones in it.

    Raises:
        InvalidValueError: A property has several values a record, or none to draw.
        UnknownPropertyError: A name that the resource does not have.
    """
    for name in names:
        prop = matches.property(name)
        if prop.is_many or not prop.kind.has_values:
            held = "several values" if prop.kind.has_values else "no value of its own"
            raise InvalidValueError(f"A record may have {held} of {prop.name}.", hint="Name a property with one value.")
    sample = matches.sample(names, size, seed, having)
    return sample, [series_of(sample, place) for place in range(len(names))]


def categories(series: Series) -> pa.Array:
    """A category for each row: the commonest values by name, and one for all others."""
    texts = [_category(cell) for cell in series.cells.to_pylist()]
    counts = Counter(texts)
    if len(counts) > CATEGORIES_MAX:
        commonest = {text for text, _ in counts.most_common(CATEGORIES_MAX)}
        texts = [text if text in commonest else OTHERS for text in texts]
    return pa.array(texts, pa.string())


def _category(cell: object) -> str:
    """What a cell is called as a category; a whole number has no point, though an axis has doubles."""
    if cell is None:
        return ABSENT
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def sample_note(sample: Sample, noun: str) -> str:
    """Of how many matches a sample is; `""` where it is all of them."""
    if sample.is_whole:
        return ""
    return f"A sample of {sample.table.num_rows:,} of {sample.total:,} {noun}."


def left_out_notes(every: Sequence[Series]) -> list[str]:
    """What values were no finite number, a sentence a property."""
    return [
        f"{one.left_out:,} {'value' if one.left_out == 1 else 'values'} of {one.name} "
        f"{'is' if one.left_out == 1 else 'are'} no finite number."
        for one in every
        if one.left_out
    ]
