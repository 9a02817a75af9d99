"""The strings of a text query's values: literals as written, `:names` as bound, `ago(7d)` as a time.

Values of the API are strings, so a parameter becomes the string that reads back as itself. This module does not know
which type a property has.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from numbers import Integral, Real
from typing import TYPE_CHECKING, Final

from smsearch.durations import UNITS, parse_duration
from smsearch.errors import InvalidValueError, ShapeError
from smsearch.frozen import field, frozen
from smsearch.messages import did_you_mean, is_unicode, listed, shortened
from smsearch.syntax.text.errors import TextError
from smsearch.syntax.text.tree import Ago, Literal, Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.syntax.text.tree import Value

_INTEGER_BITS_MAX: Final = 4_096
"""Integers beyond it have more digits than a Value has characters, and take long to write."""


@frozen
class Literals:
    """Reads values for one query, and remembers which parameters it has used.

    Attributes:
        parameters: Values for the text's `:names`.
        now: What times before now count from.
        words: The values so far that stood without quotes.
    """

    parameters: Mapping[str, object]
    now: datetime
    words: set[str] = field(default_factory=set)
    _used: set[str] = field(default_factory=set)

    def text(self, value: Value) -> str:
        """The string that a value stands for.

        Raises:
            TextError: A parameter that was not given or is a list; a duration that is none.
            ShapeError: A parameter of a type that no value has.
            InvalidValueError: A parameter that no value can hold.
        """
        match value:
            case Literal(text):
                if value.is_bare:
                    self.words.add(text)
                return text
            case Ago():
                return self._ago(value)
            case Parameter(name, at):
                entry = self._bound(value)
                if isinstance(entry, list | tuple):
                    raise TextError(at, f":{name} is a list.", "A list stands after IN only.")
                return _written(entry, name)

    def texts(self, values: tuple[Value, ...]) -> list[str]:
        """The strings that the values of an IN stand for, lists among the parameters opened.

        Raises:
            TextError: As for `text`; a list that is empty.
            ShapeError, InvalidValueError: As for `text`.
        """
        texts: list[str] = []
        for value in values:
            bound = self._bound(value) if isinstance(value, Parameter) else None
            if isinstance(value, Parameter) and isinstance(bound, list | tuple):
                if not bound:
                    raise TextError(value.at, f"The list :{value.name} is empty.", "IN takes at least one value.")
                texts += [_written(entry, value.name) for entry in bound]
            else:
                texts.append(self.text(value))
        return texts

    def is_list(self, value: Value) -> bool:
        """Whether the value is a parameter to which a list is bound."""
        return isinstance(value, Parameter) and isinstance(self._bound(value), list | tuple)

    def number(self, value: Literal | Parameter) -> int | None:
        """The whole number, 0 or more, that a value stands for, or None."""
        text = self.text(value)
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX else None
        return number if number is None or number <= sys.maxsize else None

    def refuse_unused(self) -> None:
        """Raises ShapeError for a parameter that the query does not mention."""
        for name in self.parameters:
            if name not in self._used:
                hint = did_you_mean(str(name), self._used) or f"Write :{name} where its value belongs."
                raise ShapeError(f"The query has no parameter :{name}.", path=str(name), hint=hint)

    def _bound(self, parameter: Parameter) -> object:
        if parameter.name not in self.parameters:
            hint = did_you_mean(parameter.name, self.parameters)
            names = listed((f":{name}" for name in self.parameters), "and") if self.parameters else "none"
            raise TextError(
                parameter.at, f"No value is given for :{parameter.name}.", hint or f"Given: {shortened(names)}."
            )
        self._used.add(parameter.name)
        return self.parameters[parameter.name]

    def _ago(self, ago: Ago) -> str:
        seconds = parse_duration(ago.duration)
        if seconds is None:
            raise TextError(
                ago.at,
                f"'{shortened(ago.duration)}' is no span of time.",
                f"ago takes numbers with units: {UNITS}, as in ago(7d) or ago(1h30m).",
            )
        try:
            return iso_text(self.now - timedelta(microseconds=int(seconds * 1_000_000)))
        except OverflowError:
            raise TextError(ago.at, f"ago({ago.duration}) is before the year 1.") from None


_DIGITS_MAX: Final = 19
"""Digits of the largest LIMIT, `sys.maxsize`: nothing can count further."""


def _written(value: object, name: str) -> str:
    """The string that reads back as the value."""
    match value:
        case str():
            return _text(str.__str__(value), name)
        case bool():
            return "true" if value else "false"
        case Decimal() | Real():
            return _number(value, name)
        case date():
            return iso_text(value) if isinstance(value, datetime) else value.isoformat()
        case None:
            raise InvalidValueError(f":{name} is None.", path=name, hint="Absence is asked for by IS NULL.")
        case _:
            raise ShapeError(
                f":{name} is of type {type(value).__name__}.",
                path=name,
                hint="A parameter is text, a number, a truth value, a time, or after IN a list of them.",
            )


def _text(text: str, name: str) -> str:
    if not is_unicode(text):
        raise InvalidValueError(f":{name} is not Unicode text: it holds half of a surrogate pair.", path=name)
    return text


def _number(value: Decimal | Real, name: str) -> str:
    """The number to its last digit; NaN and infinities are none."""
    if isinstance(value, Integral):
        if int(value).bit_length() > _INTEGER_BITS_MAX:
            raise InvalidValueError(f":{name} is an integer too long for a Value.", path=name)
        return str(int(value))
    if not isfinite(value):
        raise InvalidValueError(f":{name} is {value}, which compares with nothing.", path=name)
    return str(value) if isinstance(value, Decimal) else repr(float(value))


def iso_text(moment: datetime) -> str:
    """ISO 8601 in UTC; a time without zone is UTC already (row F20)."""
    utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return utc.isoformat().replace("+00:00", "Z")
