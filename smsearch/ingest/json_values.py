"""Makes parsed JSON of what Python programs hold: boto3's datetimes, tuples, NumPy's numbers and arrays, pandas' cells.

Values that are parsed JSON already come back as the very same objects. It knows no resource and no member.
"""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from operator import is_
from typing import Any, Final, cast

from smsearch.errors import ExportError
from smsearch.schema.values import name_of_number

_TEXT: Final = frozenset({str})
_JSON: Final = frozenset({str, int, float, bool, type(None), Decimal})
_NUMPY_SCALARS: Final = frozenset({"float16", "float32", "longdouble", "datetime64"})
"""Types of NumPy with a value that is not equal to itself; its float64 is a float."""
_NA: Final = "NAType"
_MICROSECONDS: Final = "datetime64[us]"


def json_value(value: object) -> object:
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
        elements = [json_value(element) for element in value]
        return value if value.__class__ is list and all(map(is_, elements, value)) else elements
    if isinstance(value, dict) or isinstance(value, Mapping):  # noqa: SIM101 - the second is slow
        if (
            value.__class__ is dict
            and _TEXT.issuperset(map(type, value))
            and _JSON.issuperset(map(type, value.values()))
        ):
            return value
        entries = {key_of(key): json_value(entry) for key, entry in value.items()}
        same = all(map(is_, entries, value)) and all(map(is_, entries.values(), value.values()))
        return value if same and value.__class__ is dict else entries
    return _converted(value)


def without_named_numbers(value: object) -> object:
    """Parsed JSON with the numbers that JSON does not have, NaN and infinities, as their names (row R13).

    For fields that the service model does not know: no reader could tell them from those texts later.
    """
    if isinstance(value, float | Decimal):
        return value if Decimal(value).is_finite() else name_of_number(value)
    if isinstance(value, list):
        elements = [without_named_numbers(element) for element in value]
        return value if all(map(is_, elements, value)) else elements
    if isinstance(value, dict):
        entries = {key: without_named_numbers(entry) for key, entry in value.items()}
        return value if all(map(is_, entries.values(), value.values())) else entries
    return value


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


def is_missing(value: object) -> bool:
    """Whether it is what pandas puts where a cell is empty: NaN, NaT or NA; None is JSON's null, and is not."""
    if isinstance(value, float | date):
        return not value == value  # noqa: PLR0124, SIM201 - the test for NaN and NaT
    if isinstance(value, Decimal):
        return value.is_nan()
    if value.__class__ in _JSON:
        return False
    name = type(value).__name__
    if name in _NUMPY_SCALARS:
        return bool(value != value)  # noqa: PLR0124 - the same of NumPy's own
    return name == _NA


def listed(value: object) -> object:
    """A tuple or a NumPy array, such as a cell of pandas that holds several values, as a list; else the value."""
    if isinstance(value, tuple):
        return list(value)
    return _elements(value) if type(value).__name__ == "ndarray" else value


def _elements(array: Any) -> object:  # noqa: ANN401 - NumPy is not loaded for it
    """A NumPy array as a list of Python's own; times to the microsecond, since Python has none beyond."""
    return (array.astype(_MICROSECONDS) if array.dtype.kind == "M" else array).tolist()


def _converted(value: object) -> object:
    """Other types that say the same as a JSON type; pandas' NaT and NA are nothing."""
    name = type(value).__name__
    if name == _NA:
        return None
    if isinstance(value, date | time):
        return None if is_missing(value) else value.isoformat()
    if isinstance(value, str):  # an enum's member, a NumPy string
        return str.__str__(value)
    if isinstance(value, tuple) or name == "ndarray":
        return json_value(listed(value))
    if name == "datetime64":
        return json_value(cast("Any", value).astype(_MICROSECONDS).item())
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if name in ("bool_", "bool"):  # NumPy's, which is no number to `numbers`
        return bool(value)
    raise ExportError(f"A value is a {name}, which is not JSON.", hint="Give text, numbers, booleans, dicts and lists.")
