"""Prices of instances, read from CSV: what a derived Cost is computed with (row V6).

A header names the columns, in any order and any case: `instance type`, `price` (an hour, in any one currency), and if
prices differ by region, `region`. It knows no file, no record and no property.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smsearch.errors import InvalidValueError
from smsearch.frozen import frozen
from smsearch.schema import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

_TYPE: Final = ("instancetype", "type")
_PRICE: Final = ("price", "priceanhour", "priceperhour", "hourlyprice")
_REGION: Final = ("region",)
_HINT: Final = "The header is: instance type,region,price (an hour; region may be left out)."


@frozen(eq=False)
class Prices:
    """Prices of an hour.

    Attributes:
        by_type: The price of an instance type in a region; the region `""` is every other.
    """

    by_type: Mapping[tuple[str, str], Decimal]

    @property
    def depend_on_region(self) -> bool:
        """Whether a price holds in one region only."""
        return any(region for region, _ in self.by_type)


def parse(lines: Iterable[str]) -> Prices:
    """The prices that lines of CSV say; a later line of one type and region replaces an earlier one.

    Raises:
        InvalidValueError: The header lacks a column, or a price is no number from 0 on; the message names the line.
    """
    rows = csv.reader(lines)
    header = ["".join(filter(str.isalpha, name.lower())) for name in next(rows, [])]
    type_at, price_at, region_at = (_place(header, names) for names in (_TYPE, _PRICE, _REGION))
    if type_at is None or price_at is None:
        raise InvalidValueError("Prices have no column for the instance type, or none for the price.", hint=_HINT)
    prices: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        cells = [*map(str.strip, row), *[""] * len(header)]
        price = values.parse_number(cells[price_at])
        if price is None or not price.is_finite() or price < 0 or not cells[type_at]:
            raise InvalidValueError(f"Line {rows.line_num} of the prices has no type or no price.", hint=_HINT)
        prices["" if region_at is None else cells[region_at], cells[type_at]] = price
    return Prices(prices)


def prices_of(source: str | os.PathLike[str] | Mapping[str, float]) -> Prices:
    """The prices of a CSV file, or of a mapping from instance types to the price of an hour.

    Raises:
        InvalidValueError: As for `parse`, or the file is not UTF-8.
        OSError: The file cannot be read.
    """
    if not isinstance(source, str | os.PathLike):
        return parse(["type,price", *(f"{name},{price}" for name, price in source.items())])
    try:
        with Path(source).open(encoding="utf-8-sig", newline="") as lines:
            return parse(lines)
    except UnicodeDecodeError as error:
        raise InvalidValueError(f"{os.fspath(source)} is not UTF-8: {error.reason}.", hint=_HINT) from None


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((at for at, name in enumerate(header) if name in names), None)
