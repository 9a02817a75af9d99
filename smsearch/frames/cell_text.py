"""Values as people read them in a table: times to the second, durations, machines, numbers in six digits.

It knows raw JSON values with times as ISO 8601, no property and no table.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

from smsearch.schema import values

if TYPE_CHECKING:
    from collections.abc import Sequence

DIGITS: Final = 6
"""Significant digits of a number with a fraction on a terminal."""
_FRACTION: Final = re.compile(r"[+-]?[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?", re.ASCII)
_PARTS: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_TIMES: Final = "\N{MULTIPLICATION SIGN}"


def time_text(iso: str) -> str:
    """A time to the second in UTC (`2024-01-31 12:00:00`); a text that is none as it is."""
    micros = values.parse_timestamp(iso)
    return iso if micros is None else values.datetime_of(micros).strftime("%Y-%m-%d %H:%M:%S")


def duration_text(seconds: object) -> str:
    """A span of time by its whole seconds; `""` where there is none, or one below zero."""
    return seconds_text(int(seconds)) if isinstance(seconds, int | float | Decimal) and seconds >= 0 else ""


def seconds_text(seconds: int) -> str:
    """Seconds in their two greatest units: `45s`, `2m 32s`, `1h 46m`, `3d 4h`."""
    at = next((at for at, (_, length) in enumerate(_PARTS) if seconds >= length), len(_PARTS) - 1)
    parts = []
    for unit, length in _PARTS[at : at + 2]:
        count, seconds = divmod(seconds, length)
        parts.append(f"{count}{unit}")
    return " ".join(parts)


def machines_text(cells: Sequence[object]) -> str:
    """Types of machines and how many of each; several groups have commas between them.

    Args:
        cells: A type and a count in turn, each a value, a list of as many values, or None. The first type that is there
            counts; where its count is no number, it stands alone.
    """
    for place in range(0, len(cells), 2):
        types, counts = cells[place], cells[place + 1]
        if types is None:
            continue
        names = types if isinstance(types, list) else [types]
        numbers = counts if isinstance(counts, list) else [counts]
        if len(numbers) != len(names) or not all(isinstance(number, int) for number in numbers):
            return ", ".join(map(str, names))
        return ", ".join(
            f"{name} \N{MULTIPLICATION SIGN} {number}" for name, number in zip(names, numbers, strict=True)
        )
    return ""


def short_number(text: str) -> str:
    """A spelled number with a fraction of more than six significant digits, rounded to them; any other as it is."""
    if not _FRACTION.fullmatch(text):
        return text
    number = Decimal(text)
    if len(number.as_tuple().digits) <= DIGITS:
        return text
    with localcontext(prec=max(DIGITS, number.adjusted() + 1)):
        rounded = +number
    return str(rounded)
