"""Rewrites a condition on one property into the API's filters, exactly, or into a wider condition.

`BETWEEN` becomes two filters, `LIKE '%x%'` Contains, `IN` an In or several Equals, and NOT the complement that the
table of operators names. A rewrite must be exact for every kind of property, because properties and their types are
not known here. What has no exact rewrite becomes a condition of `syntax/condition.py`, and its reason is noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch import limits
from smsearch.frozen import frozen
from smsearch.messages import shortened
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters
from smsearch.syntax.condition import ElementCondition, LikeCondition, NotCondition, PairCondition
from smsearch.syntax.operators import Operator
from smsearch.syntax.pattern import Wildcard, pattern_of, pieces_of
from smsearch.syntax.text.errors import TextError, TextLimitError
from smsearch.syntax.text.formatter import format_filter
from smsearch.syntax.text.lexer import is_number_like, show_name, write_value
from smsearch.syntax.text.tree import Between, Comparison, In, Like, Literal, PairComparison

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.syntax.pattern import Pieces
    from smsearch.syntax.text.errors import Refusals
    from smsearch.syntax.text.literals import Literals
    from smsearch.syntax.text.tree import Name, Predicate


@frozen
class Group:
    """Conditions under one operator, not yet sorted into the lists of an expression.

    Attributes:
        operator: How they combine.
        parts: The conditions, in the order of the text.
        is_inline: Whether a rewrite made the group, so that its parts may stand beside its neighbours. What the text
            has in brackets stays a group: `a = 1 AND b BETWEEN 1 AND 2` has three filters in one list, and
            `a = 1 AND (b >= 1 AND b <= 2)` a SubExpression.
    """

    operator: BooleanOperator
    parts: tuple[Part, ...]
    is_inline: bool = False

    def flattened(self) -> Iterator[Part]:
        """The parts, those of an inline group of the same operator in its place."""
        for part in self.parts:
            if isinstance(part, Group) and part.is_inline and part.operator is self.operator:
                yield from part.flattened()
            else:
                yield part


Part = Filter | NestedFilters | LikeCondition | PairCondition | ElementCondition | NotCondition | Group


def inline(operator: BooleanOperator, parts: Sequence[Part]) -> Part:
    """The only part, or an inline group of all of them."""
    return parts[0] if len(parts) == 1 else Group(operator, tuple(parts), is_inline=True)


@frozen
class Rewriter:
    """Rewrites the conditions of one query.

    Attributes:
        literals: Reads the values.
        refusals: Takes what the API cannot say.
    """

    literals: Literals
    refusals: Refusals

    def rewrite(self, predicate: Predicate, *, negated: bool) -> Part:
        """The filters for a condition, or for NOT of it; a wider condition where the API has no filter.

        Raises:
            TextError: Nothing can be meant by it; or the text is strict, and the API has no way to say it.
        """
        match predicate:
            case Comparison():
                return self._comparison(predicate, negated=negated)
            case PairComparison():
                return self._pair(predicate, negated=negated)
            case Between():
                return self._between(predicate, negated=negated)
            case Like():
                return self._like(predicate, negated=negated)
            case In():
                return self._in(predicate, negated=negated)

    def _comparison(self, comparison: Comparison, *, negated: bool) -> Part:
        name, operator = comparison.name, comparison.operator
        value = None if comparison.value is None else self.literals.text(comparison.value)
        if not negated:
            return Filter(name.text, operator, value)
        complement = operator.row.complement
        if complement is None:
            self.refusals.add(_no_complement(operator, name))
            return NotCondition(Filter(name.text, operator, value))
        opposite = Filter(name.text, complement, value)
        if operator.row.matches_absent is not complement.row.matches_absent:
            return opposite
        self.refusals.add(_no_opposite(name, [opposite]))
        return NotCondition(Filter(name.text, operator, value))

    def _pair(self, pair: PairComparison, *, negated: bool) -> Part:
        message = "The API compares a property with a value, not with another property."
        self.refusals.add(TextError(pair.other.at, message, "Compare it with a value."))
        span = None if pair.span is None else self.literals.text(pair.span)
        condition = PairCondition(pair.name.text, pair.operator, pair.other.text, span)
        return NotCondition(condition) if negated else condition

    def _between(self, between: Between, *, negated: bool) -> Part:
        name = between.name
        low, high = self.literals.text(between.low), self.literals.text(between.high)
        at_least = Filter(name.text, Operator.GREATER_THAN_OR_EQUAL_TO, low)
        at_most = Filter(name.text, Operator.LESS_THAN_OR_EQUAL_TO, high)
        if not negated:
            return inline(BooleanOperator.AND, [at_least, at_most])
        below, above = Filter(name.text, Operator.LESS_THAN, low), Filter(name.text, Operator.GREATER_THAN, high)
        self.refusals.add(_no_opposite(name, [below, above]))
        return inline(BooleanOperator.OR, [NotCondition(at_least), NotCondition(at_most)])

    def _like(self, like: Like, *, negated: bool) -> Part:
        """`'%x%'` is Contains, a pattern without wildcards Equals; the API has nothing for any other."""
        name, pattern = like.name, self.literals.text(like.pattern)
        match _pieces(like, pattern):
            case (str(text),) if not like.ignores_case:
                if not is_number_like(text):
                    return Filter(name.text, Operator.NOT_EQUALS if negated else Operator.EQUALS, text)
                error = _compares_numbers(name, text, "LIKE")
            case (Wildcard.ANY_TEXT, str(text), Wildcard.ANY_TEXT) if not like.ignores_case:
                contains = Filter(name.text, Operator.CONTAINS, text)
                if not negated:
                    return contains
                self.refusals.add(_no_complement(Operator.CONTAINS, name))
                return NotCondition(contains)
            case pieces:
                error = _no_pattern(like, pieces)
        self.refusals.add(error)
        condition = LikeCondition(name.text, pattern, like.ignores_case)
        return NotCondition(condition) if negated else condition

    def _in(self, condition: In, *, negated: bool) -> Part:
        """IN in brackets, `IN :list`, or `IN 'a,b'` in the API's notation (row F11)."""
        name, values = condition.name, condition.values
        if condition.has_brackets or self.literals.is_list(values[0]):
            return self._in_items(name, self.literals.texts(values), negated=negated)
        value = values[0]
        text = self.literals.text(value)
        if not isinstance(value, Literal):  # the commas of a parameter would be taken for separators
            raise TextError(
                value.at, "IN takes a list here.", "Put a single value in brackets; bind a list to a parameter."
            )
        if negated:
            return self._in_items(name, [item.strip() for item in text.split(",")], negated=True)
        return Filter(name.text, Operator.IN, text)

    def _in_items(self, name: Name, items: list[str], *, negated: bool) -> Part:
        """`name IN (item, ...)`, or NOT of it.

        The API's In is one string with commas, in which no item can hold a comma or blanks at its ends. It always
        compares text. Equals compares a hyperparameter as a number where its Value is one (row F14). So Equals can
        stand for In only where the Value is no number: `x IN (a, 'b,c')` is `x In "a"` or `x Equals "b,c"`, and the
        API cannot say the ` 2` of `x IN ('1,5', ' 2')`.
        """
        if "" in items:
            raise TextError(name.at, "An item of IN is empty.", "The API has no empty value.")
        numerals = [item for item in items if is_number_like(item) and (negated or not _can_be_item(item))]
        if numerals:
            self.refusals.add(_compares_numbers(name, numerals[0], "NOT IN" if negated else "IN"))
            return _wider_in(name, items, negated=negated)
        packable = [] if negated else [item for item in items if _can_be_item(item)]
        single = items if negated else [item for item in items if not _can_be_item(item)]
        operator = Operator.NOT_EQUALS if negated else Operator.EQUALS
        filters = [Filter(name.text, Operator.IN, value) for value in _packed(packable)]
        filters += [Filter(name.text, operator, item) for item in single]
        self._check_count(filters, name)
        return inline(BooleanOperator.AND if negated else BooleanOperator.OR, filters)

    def _check_count(self, parts: Sequence[Part], name: Name) -> None:
        if self.refusals.is_strict and len(parts) > limits.CONDITIONS_MAX:
            raise TextLimitError(
                name.at,
                f"This IN takes {len(parts):,} filters.",
                f"An expression holds at most {limits.CONDITIONS_MAX} conditions in all.",
            )


def _wider_in(name: Name, items: list[str], *, negated: bool) -> Part:
    """`name IN (item, ...)`, or NOT of it, where an item can be neither in an In nor the Value of an Equals."""
    packable = [item for item in items if _can_be_item(item)]
    others = [item for item in items if not _can_be_item(item)]
    conditions: list[Filter | LikeCondition] = [Filter(name.text, Operator.IN, value) for value in _packed(packable)]
    conditions += [LikeCondition(name.text, pattern_of(item)) for item in others if is_number_like(item)]
    operator = Operator.NOT_EQUALS if negated else Operator.EQUALS
    single = [Filter(name.text, operator, item) for item in others if not is_number_like(item)]
    if negated:
        return inline(BooleanOperator.AND, (*map(NotCondition, conditions), *single))
    return inline(BooleanOperator.OR, (*conditions, *single))


def _no_complement(operator: Operator, name: Name) -> TextError:
    """The error for NOT of an operator whose complement the API does not have."""
    return TextError(
        name.at,
        f"The API cannot say NOT {operator.row.text} of {show_name(name.text)}.",
        f"It has {operator.value}, and no complement of it.",
    )


def _no_opposite(name: Name, opposites: list[Filter]) -> TextError:
    """The error for NOT of an order comparison (row F9)."""
    shown_name = show_name(name.text)
    instead = shortened(" OR ".join(map(format_filter, opposites)))
    return TextError(
        name.at,
        f"The API has no complement of an order comparison: where {shown_name} is absent, its opposite does not "
        "hold either.",
        f"Write {instead}, with OR {shown_name} NOT EXISTS if absent counts too.",
    )


def _pieces(like: Like, pattern: str) -> Pieces:
    """The parts of a pattern.

    Raises:
        TextError: Every text has its form, or it is none.
    """
    try:
        pieces = pieces_of(pattern)
    except ValueError:
        message = "The '\\' at the end of this pattern stands before nothing."
        raise TextError(like.pattern.at, message, "'\\\\' is a backslash.") from None
    if pieces in ((), (Wildcard.ANY_TEXT,)):
        shown_name = show_name(like.name.text)
        raise TextError(like.pattern.at, "This pattern asks for nothing.", f"Write {shown_name} EXISTS.")
    return pieces


def _no_pattern(like: Like, pieces: Pieces) -> TextError:
    """The error for a pattern that neither Contains nor Equals is."""
    if like.ignores_case:
        reason = "The API compares text letter by letter, not in any case"
    elif Wildcard.ONE_CHARACTER in pieces:
        reason = "In a pattern '_' is any one character, which the API cannot look for"
    else:
        reason = "The API can look for text anywhere in a value, or for the whole value"
    return TextError(
        like.pattern.at, f"{reason}.", f"Write {show_name(like.name.text)} CONTAINS 'text', or LIKE '%text%'."
    )


def _can_be_item(item: str) -> bool:
    """Whether the API's notation of a list can hold it, and gives it back unchanged."""
    return "," not in item and item == item.strip()


def _packed(items: list[str]) -> list[str]:
    """The items with commas between, in as few Values as their length allows."""
    values: list[str] = []
    for item in items:
        if values and len(values[-1]) + 1 + len(item) <= limits.VALUE_LENGTH_MAX:
            values[-1] = f"{values[-1]},{item}"
        else:
            values.append(item)
    return values


def _compares_numbers(name: Name, item: str, operator: str) -> TextError:
    """The error for a rewrite to Equals of a Value that Equals may compare as a number."""
    shown_name, value = show_name(name.text), write_value(shortened(item))
    return TextError(
        name.at,
        f"{operator} compares text, but the API would compare {value} as a number where it can.",
        f"Write {shown_name} = {value} or {shown_name} != {value}, which compare numbers.",
    )
