"""Makes parsed JSON of what Python programs hold: boto3's datetimes, tuples, NumPy's numbers.

Values that are parsed JSON already come back as the very same objects. It knows no resource and no member.
"""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from operator import is_
from typing import Final

from smsearch.errors import ExportError

_TEXT: Final = frozenset({str})
_JSON: Final = frozenset({str, int, float, bool, type(None), Decimal})


def plain(value: object) -> object:
    """A value as parsed JSON.

    Raises:
        ExportError: Something in it that JSON cannot say.
        RecursionError: It is nested too deep, or holds itself.
    """
    if value.__class__ in _JSON:
        return value
    if isinstance(value, list):
        if value.__class__ is list and _JSON.issuperset(map(type, value)):
            return value
        elements = [plain(element) for element in value]
        return value if value.__class__ is list and all(map(is_, elements, value)) else elements
    if isinstance(value, dict) or isinstance(value, Mapping):  # noqa: SIM101 - the second is slow
        if (
            value.__class__ is dict
            and _TEXT.issuperset(map(type, value))
            and _JSON.issuperset(map(type, value.values()))
        ):
            return value
        entries = {key_of(key): plain(entry) for key, entry in value.items()}
        same = all(map(is_, entries, value)) and all(map(is_, entries.values(), value.values()))
        return value if same and value.__class__ is dict else entries
    return _converted(value)


def key_of(key: object) -> str:
    """A key as text; JSON has no other, and writers of JSON spell whole numbers out.

    Raises:
        ExportError: It is neither text nor a whole number.
    """
    if isinstance(key, str):
        return key if key.__class__ is str else str.__str__(key)
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    raise ExportError(f"A key is {key!r}, not text.", hint="Keys of a JSON object are text.")


def _converted(value: object) -> object:
    """Other types that say the same as a JSON type; a pandas NaT, which is not equal to itself, is nothing."""
    if isinstance(value, date):
        return value.isoformat() if value == value else None  # noqa: PLR0124 - the test for NaT
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, str):  # an enum's member, a NumPy string
        return str.__str__(value)
    if isinstance(value, tuple):
        return [plain(element) for element in value]
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if type(value).__name__ == "bool_" or type(value).__name__ == "bool":  # NumPy's, which is no number to `numbers`
        return bool(value)
    name = type(value).__name__
    raise ExportError(f"A value is a {name}, which is not JSON.", hint="Give text, numbers, booleans, dicts and lists.")
