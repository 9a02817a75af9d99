"""The table of operators: everything about an operator but how it compares.

The API's JSON, the text language (lexer, transformer, errors, formatter), the completion of a command line, refusals
and the table of `docs/query.md` read it. A new operator of the API is a member and a row here, a rule in
`grammar/search.lark`, and a case in each evaluator of a predicate. This module knows no property and no record.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from smsearch.frozen import frozen

Kinds = tuple[str, ...]
"""Kinds of values, in words. A hyperparameter, whose value is text or a number, has the operators of both."""

TEXT: Final = "text"
NUMBER: Final = "number"
TIME: Final = "time"
BOOLEAN: Final = "boolean"
STRUCTURE: Final = "structure"

_SINGLE: Final[Kinds] = (TEXT, NUMBER, TIME, BOOLEAN)
_ORDERED: Final[Kinds] = (NUMBER, TIME)
_ANYTHING: Final[Kinds] = (*_SINGLE, STRUCTURE)


class Operator(StrEnum):
    """What a filter compares by. The value is the API's spelling, the name that of older documents (row E4)."""

    EQUALS = "Equals"
    NOT_EQUALS = "NotEquals"
    GREATER_THAN = "GreaterThan"
    GREATER_THAN_OR_EQUAL_TO = "GreaterThanOrEqualTo"
    LESS_THAN = "LessThan"
    LESS_THAN_OR_EQUAL_TO = "LessThanOrEqualTo"
    CONTAINS = "Contains"
    EXISTS = "Exists"
    NOT_EXISTS = "NotExists"
    IN = "In"

    row: OperatorRow
    """What the table says of this operator; set below, where the table stands."""


@frozen
class OperatorRow:
    """One operator of the text language, and the API's operator for it.

    Attributes:
        spellings: How a text query writes it, in capitals. The formatter writes the first.
        operand: What follows it in a text query, as documents show it; `""` where it takes no value (rows F3, F4).
        kinds: The kinds of values that it compares.
        meaning: When it holds.
        operator: The API's operator, or None where `text/lower.py` rewrites it into others.
        complement: The operator that NOT turns it into, or None where the API has none.
        matches_absent: Whether it holds where the property is absent. Two complements that differ in this are exact;
            the others leave out the records without the property (row F9).
    """

    spellings: tuple[str, ...]
    operand: str
    kinds: Kinds
    meaning: str
    operator: Operator | None = None
    complement: Operator | None = None
    matches_absent: bool = False

    @property
    def text(self) -> str:
        """The spelling that the formatter writes."""
        return self.spellings[0]

    @property
    def label(self) -> str:
        """The spelling in lists for people, the first without NOT: that of NotExists is IS NULL."""
        return next(text for text in self.spellings if "NOT" not in text)


# fmt: off
OPERATORS: Final = (
    OperatorRow(("=", "=="), "value", _SINGLE, "the value is this one",
                Operator.EQUALS, Operator.NOT_EQUALS),
    OperatorRow(("!=", "<>"), "value", _SINGLE, "the value is another one, or absent",
                Operator.NOT_EQUALS, Operator.EQUALS, matches_absent=True),
    OperatorRow(("<",), "value", _ORDERED, "the value is smaller, or earlier",
                Operator.LESS_THAN, Operator.GREATER_THAN_OR_EQUAL_TO),
    OperatorRow(("<=",), "value", _ORDERED, "the value is at most this one",
                Operator.LESS_THAN_OR_EQUAL_TO, Operator.GREATER_THAN),
    OperatorRow((">",), "value", _ORDERED, "the value is greater, or later",
                Operator.GREATER_THAN, Operator.LESS_THAN_OR_EQUAL_TO),
    OperatorRow((">=",), "value", _ORDERED, "the value is at least this one",
                Operator.GREATER_THAN_OR_EQUAL_TO, Operator.LESS_THAN),
    OperatorRow(("CONTAINS",), "value", (TEXT,), "the text holds this one, letter by letter",
                Operator.CONTAINS),
    OperatorRow(("IN",), "(value, ...)", (TEXT,), "the text is one of these", Operator.IN),
    OperatorRow(("BETWEEN",), "value AND value", _ORDERED, "the value is in this range, ends included"),
    OperatorRow(("LIKE",), "'%text%'", (TEXT,), "the text has this form: `%` is any text, `_` any one character"),
    OperatorRow(("ILIKE",), "'%text%'", (TEXT,), "the same, in any case"),
    OperatorRow(("EXISTS", "IS NOT NULL"), "", _ANYTHING, "the property has a value",
                Operator.EXISTS, Operator.NOT_EXISTS),
    OperatorRow(("NOT EXISTS", "IS NULL"), "", _ANYTHING, "the property is absent",
                Operator.NOT_EXISTS, Operator.EXISTS, matches_absent=True),
)
# fmt: on
"""The operators, in the order in which messages and documents list them."""

for _row in OPERATORS:
    if _row.operator is not None:
        _row.operator.row = _row

WITHOUT_VALUE: Final = tuple(row.operator.value for row in OPERATORS if row.operator is not None and not row.operand)
"""The API's operators that take no value (rows F3, F4)."""


def names_for(kind: str) -> list[str]:
    """The API's operators that compare values of a kind, in the order in which messages list them."""
    return [row.operator.value for row in OPERATORS if row.operator is not None and kind in row.kinds]
