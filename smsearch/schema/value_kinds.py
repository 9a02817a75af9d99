"""The kinds of values, one specification each: everything that a value's kind decides.

A property has a kind. Whoever handles values asks the specification and never which kind it is: an engine asks for the
type of the values, bind for the literal, the reader of exports for the JSON type. So a new kind is one more
specification, and a name for it in the catalogue. Most facets have few values; what an Arrow array, a stored column or
an archive's cell of each is, the packages that make those say. This module knows no shape, no name and no operator.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from smsearch.frozen import field, frozen
from smsearch.schema import values

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsearch.schema.values import Value


class ValueType(Enum):
    """What a value is once it is read: engines compare, sort, store and count values by it (row S3)."""

    TEXT = "text"
    """A `str`, by code point."""
    NUMBER = "number"
    """A `Decimal`, exactly. A number in JSON reads as itself."""
    TIME = "time"
    """An `int` of microseconds since 1970 in UTC."""
    BOOLEAN = "boolean"
    """A `bool`, false before true."""
    TEXT_OR_NUMBER = "text or number"
    """A `str` or a `SpelledNumber`, numbers before text. A text in JSON reads as itself."""
    PRESENCE = "presence"
    """No value at all: it is there, or it is not."""


class JsonType(Enum):
    """How a document holds a value, as the service model has it (row R13)."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TIME = "time"
    """Epoch seconds on the wire; exports have many forms (row F20)."""
    BOOLEAN = "boolean"
    ANY = "any"
    """The service model does not say."""


class Numerals(Enum):
    """What a text that spells a number is, compared with a number."""

    TEXT = "text"
    """A text as any other; such a comparison is refused."""
    ORDERED = "ordered"
    """A text; in an order comparison that number, where the policy says so (row F14b)."""
    NUMBER = "number"
    """That number, without its fraction if it is compared with an integer (row F14)."""


@frozen
class LiteralParser:
    """How the value of a filter becomes what values of a kind are compared with.

    Attributes:
        parse: Gives a value of the kind's type; None where the text spells none.
        noun: What it should have been (`a number`).
        hint: How to write it.
    """

    parse: Callable[[str], Any]
    noun: str
    hint: str


_TEXT: Final = LiteralParser(str, "text", "Write any text.")
_NUMBER: Final = LiteralParser(
    values.parse_number, "a number", "Write an integer or a decimal, such as 3 or 0.5 or 1e-4."
)
_TIME: Final = LiteralParser(values.parse_timestamp, "a timestamp", "Write it as ISO 8601: 2024-01-31T12:00:00Z.")
_BOOLEAN: Final = LiteralParser(values.parse_boolean, "a boolean", "Write true or false.")


@frozen
class Kind:
    """The specification of a kind; its name alone tells it from others.

    Attributes:
        name: The name, which the catalogue gives for a plain member.
        word: What people are told that its values are.
        noun: The same in a sentence (`an integer`).
        row: The row of `docs/semantics.md` that says how its values compare.
        type: What its values are.
        json: How a document holds them.
        read: Makes a value of a JSON value that is there; `UNREADABLE` where it is none.
        literal: How the value of a filter is read; that of values which may be text is a text.
        numerals: What texts that spell numbers are, compared with a number.
        numerals_first: Whether texts that spell numbers sort as numbers, before all other text (row S3).
    """

    name: str
    word: str = field(compare=False)
    noun: str = field(compare=False)
    row: str = field(compare=False)
    type: ValueType = field(compare=False)
    json: JsonType = field(compare=False)
    read: Callable[[object], Value] = field(compare=False)
    literal: LiteralParser = field(default=_TEXT, compare=False)
    numerals: Numerals = field(default=Numerals.TEXT, compare=False)
    numerals_first: bool = field(default=False, compare=False)

    @property
    def has_values(self) -> bool:
        """Whether there are values to read; a structure as a whole can only be there."""
        return self.type is not ValueType.PRESENCE

    @property
    def holds_text(self) -> bool:
        """Whether values may be text."""
        return self.type is ValueType.TEXT or self.type is ValueType.TEXT_OR_NUMBER

    @property
    def is_measured(self) -> bool:
        """Whether values may be numbers or times, which stand on a line."""
        return self.type is ValueType.NUMBER or self.type is ValueType.TIME or self.type is ValueType.TEXT_OR_NUMBER

    @property
    def is_number(self) -> bool:
        """Whether all values are numbers."""
        return self.type is ValueType.NUMBER

    @property
    def is_whole(self) -> bool:
        """Whether the service model has integers."""
        return self.json is JsonType.INTEGER

    @property
    def is_time(self) -> bool:
        """Whether all values are times."""
        return self.type is ValueType.TIME


def _read_parameter(raw: object) -> Value:
    """A number where JSON has one, NaN being unreadable; else text."""
    is_number = isinstance(raw, int | float | Decimal) and not isinstance(raw, bool)
    return values.spelled_number(raw) if is_number else values.text_of(raw)


def _read_unknown(raw: object) -> Value:
    """The same, but NaN and infinities are texts in the wire's JSON, and no model says otherwise."""
    return values.spelled_number(raw) if values.is_json_number(raw) else values.text_of(raw)


def _read_nothing(raw: object) -> Value:  # noqa: ARG001 - it reads as every other
    return values.UNREADABLE


TEXT: Final = Kind("text", "text", "text", "F12", ValueType.TEXT, JsonType.TEXT, values.text_of)
INTEGER: Final = Kind(
    "integer", "integer", "an integer", "F13", ValueType.NUMBER, JsonType.INTEGER, values.number_of, _NUMBER
)
NUMBER: Final = Kind(
    "number", "number", "a number", "F13", ValueType.NUMBER, JsonType.NUMBER, values.number_of, _NUMBER
)
SECONDS: Final = Kind(
    "seconds", "number", "a number", "V1", ValueType.NUMBER, JsonType.ANY, values.number_of,
    LiteralParser(values.parse_seconds, "a number of seconds", "Write 7200, 120m or 2h."),
)  # fmt: skip
"""A derived span of time."""
DECIMAL: Final = Kind("decimal", "number", "a number", "V6", ValueType.NUMBER, JsonType.ANY, values.number_of, _NUMBER)
"""Another derived number: sums of it are exact, as those of doubles are not."""
TIMESTAMP: Final = Kind(
    "timestamp", "timestamp", "a timestamp", "F20", ValueType.TIME, JsonType.TIME, values.timestamp_of, _TIME
)
BOOLEAN: Final = Kind(
    "boolean", "boolean", "a boolean", "F21", ValueType.BOOLEAN, JsonType.BOOLEAN, values.boolean_of, _BOOLEAN
)
TEXT_MAP: Final = Kind(
    "text map", "text", "text", "F14b", ValueType.TEXT, JsonType.TEXT, values.text_of, numerals=Numerals.ORDERED
)
"""Text under a key of the user's own, save hyperparameters: environments, tags, metadata."""
HYPERPARAMETER: Final = Kind(
    "hyperparameter", "text or number", "text or a number", "F14",
    ValueType.TEXT_OR_NUMBER, JsonType.TEXT, values.text_of, numerals=Numerals.NUMBER, numerals_first=True,
)  # fmt: skip
"""Text that compares with a number as the number that it spells."""
PARAMETER: Final = Kind(
    "parameter", "text or number", "text or a number", "F18",
    ValueType.TEXT_OR_NUMBER, JsonType.ANY, _read_parameter, numerals=Numerals.ORDERED, numerals_first=True,
)  # fmt: skip
"""A parameter of a trial component."""
UNKNOWN: Final = Kind(
    "unknown", "text or number", "text or a number", "F14b",
    ValueType.TEXT_OR_NUMBER, JsonType.ANY, _read_unknown, numerals=Numerals.ORDERED,
)  # fmt: skip
"""A field that the service model does not know."""
STRUCTURE: Final = Kind(
    "structure", "structure", "a list, map or structure", "F22", ValueType.PRESENCE, JsonType.ANY, _read_nothing
)
"""A list, map or structure as a whole."""

OF_MODEL: Final = (TEXT, INTEGER, NUMBER, TIMESTAMP, BOOLEAN)
"""Those that the catalogue names; the others come from where a value stands."""
ALL: Final = (*OF_MODEL, SECONDS, DECIMAL, TEXT_MAP, HYPERPARAMETER, PARAMETER, UNKNOWN, STRUCTURE)


def encoded_as(type: ValueType, *, with_json_numbers: bool, texts_apart: bool) -> Kind:  # noqa: A002 - the field's name
    """A kind that a store encodes as the property's own is encoded, for those who have a column and no property.

    Args:
        type: What the values are.
        with_json_numbers: Of texts or numbers, whether the column knows which of them JSON holds as numbers.
        texts_apart: Of texts or numbers, whether numerals in texts stand apart from numbers.
    """
    if type is ValueType.TEXT_OR_NUMBER:
        return UNKNOWN if texts_apart else PARAMETER if with_json_numbers else HYPERPARAMETER
    return next(kind for kind in (TEXT, NUMBER, TIMESTAMP, BOOLEAN, STRUCTURE) if kind.type is type)
