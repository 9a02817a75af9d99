"""Spans of time as people write them: `90m`, `2h`, `1h30m`, `1.5d`. It knows no property and no present."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_PART: Final = r"([0-9]{1,12}(?:\.[0-9]{1,6})?)([smhdwSMHDW])"

UNITS: Final = "s, m (minutes), h, d or w"
"""The units, for people."""


def parse_duration(text: str) -> Decimal | None:
    """The seconds of a span of time, or None for a text that spells none."""
    if not re.fullmatch(f"(?:{_PART})+", text):
        return None
    return sum((Decimal(number) * _SECONDS[unit.lower()] for number, unit in re.findall(_PART, text)), Decimal(0))
