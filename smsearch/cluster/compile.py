"""Compiles a predicate into one Spark column over an archive, true or false for every record.

The Column API alone, no SQL text: nothing has to be quoted, and it works over Spark Connect too. Every comparison is
one of plain strings, times or truth values that were made when the archive was written, and nulls are spelled out, so
that Spark neither parses a number nor decides by three-valued logic. It knows no page and no session.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final, assert_never

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

from smsearch.cluster.folding import contains_folded
from smsearch.cluster.like import alike
from smsearch.cluster.walk import ShapedColumn, any_element_holds, any_value, single_value
from smsearch.messages import is_unicode
from smsearch.predicate.predicate import (
    COMPARISONS,
    Always,
    And,
    AnyElement,
    BooleanIs,
    InAccount,
    Match,
    Never,
    Not,
    NumberIs,
    Or,
    PairMatch,
    Present,
    Reading,
    Relation,
    TextContains,
    TextIn,
    TextLike,
    TextOrNumberIs,
    TimestampIs,
)
from smsearch.schema.decimal_key import decimal_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import Column

    from smsearch.predicate.predicate import Predicate, Test
    from smsearch.schema.catalogue import Resource

_ARN_PARTS: Final = 6
_FIELDS: Final = {Reading.AS_NUMBER: "key", Reading.AS_INTEGER: "whole"}
"""The field of a cell that holds a text as a test reads it."""


def compile_predicate(predicate: Predicate, resource: Resource) -> Column:
    """The column that says of each record of a resource whether the predicate holds; never null."""
    return _compiled(predicate, ShapedColumn(resource.root))


def _compiled(predicate: Predicate, shaped: ShapedColumn) -> Column:
    match predicate:
        case Always() | Never():
            return F.lit(isinstance(predicate, Always))
        case And(terms):
            return _joined([_compiled(term, shaped) for term in terms], operator.and_)
        case Or(terms):
            return _joined([_compiled(term, shaped) for term in terms], operator.or_)
        case Not(term):
            return ~_compiled(term, shaped)
        case Match(prop, test):
            return any_value(shaped, prop.steps, lambda cell: passes(test, cell))
        case PairMatch():
            return _pair(predicate, shaped)
        case AnyElement(container, term):
            return any_element_holds(shaped, container.steps, lambda element: _compiled(term, element))
    assert_never(predicate)


def _pair(match: PairMatch, shaped: ShapedColumn) -> Column:
    """Row T6."""
    one, other = single_value(shaped, match.left.steps), single_value(shaped, match.right.steps)
    if match.left.kind.is_time:
        times = F.unix_micros(one.getField("time")), F.unix_micros(other.getField("time"))
        one, other = times[0] - times[1], F.lit(match.micros)
    else:
        one, other = one.getField("key"), other.getField("key")
    return F.coalesce(COMPARISONS[match.relation](one, other), F.lit(False))  # noqa: FBT003 - a literal's value


def _joined(columns: list[Column], join: Callable[[Column, Column], Column]) -> Column:
    """Terms joined as a balanced tree: Spark walks an expression by recursion."""
    if len(columns) == 1:
        return columns[0]
    half = len(columns) // 2
    return join(_joined(columns[:half], join), _joined(columns[half:], join))


def passes(test: Test, cell: Column) -> Column:
    """Whether a cell, which may be absent, passes a test; never null."""
    match test:
        case Present():
            return cell.isNotNull()
        case TextIn(items):
            return _text_in(items, cell.getField("text"))
        case TextContains() | TextLike():
            return _has_form(test, cell.getField("text"))
        case NumberIs(relation, operand):
            return _compares(relation, cell.getField("key"), F.lit(decimal_key(operand)))
        case TimestampIs(relation, micros):
            return _compares(relation, cell.getField("time"), F.timestamp_micros(F.lit(micros)))
        case BooleanIs(operand):
            return _compares(Relation.EQ, cell.getField("truth"), F.lit(operand))
        case TextOrNumberIs():
            return _text_or_number(test, cell)
        case InAccount(account):
            return _in_account(account, cell.getField("text"))
    assert_never(test)


def _compares(relation: Relation, value: Column, operand: Column) -> Column:
    return value.isNotNull() & COMPARISONS[relation](value, operand)


def _text_in(items: tuple[str, ...], text: Column) -> Column:
    possible = [item for item in items if is_unicode(item)]
    return text.isNotNull() & text.isin(possible) if possible else F.lit(False)  # noqa: FBT003 - a literal's value


def _has_form(test: TextContains | TextLike, text: Column) -> Column:
    if isinstance(test, TextLike):
        return text.isNotNull() & alike(text, test)
    if not is_unicode(test.needle):
        return F.lit(False)  # noqa: FBT003 - a literal's value
    holds_it = contains_folded(text, test.needle) if test.ignores_case else text.contains(test.needle)
    return text.isNotNull() & holds_it


def _text_or_number(test: TextOrNumberIs, cell: Column) -> Column:
    """Rows F14, F14b, F18: JSON numbers by value, and texts as the test reads them."""
    operand = F.lit(decimal_key(test.operand))
    if test.reading is not Reading.AS_TEXT:
        return _compares(test.relation, cell.getField(_FIELDS[test.reading]), operand)
    is_number = F.coalesce(cell.getField("is_number"), F.lit(False))  # noqa: FBT003 - a literal's value
    passed = is_number & _compares(test.relation, cell.getField("key"), operand)
    if test.relation is not Relation.EQ:
        return passed
    return passed | (~is_number & _text_in((test.spelling,), cell.getField("text")))


def _in_account(account: str, text: Column) -> Column:
    """As `schema/arns.py` reads an ARN."""
    parts = F.split(text, ":", _ARN_PARTS)
    is_arn = (F.size(parts) == _ARN_PARTS) & (F.get(parts, 0) == "arn")
    named = F.when(is_arn, F.get(parts, 4)).otherwise("")
    return text.isNotNull() & (named == account)
