"""Builds the tree of a text query, rule by rule, while the parser runs.

One method a rule of `grammar/search.lark`; a token is a string with a type and an offset. The transformer removes
quotes and notes offsets. It refuses what the tree cannot hold at all. It imports no parser.
"""
# ruff: noqa: D102 - a method is a rule of the grammar, which describes it

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from smsearch.errors import Suggestion
from smsearch.syntax.ast import BooleanOperator, SortOrder
from smsearch.syntax.operators import OPERATORS, Operator
from smsearch.syntax.text.errors import TextError
from smsearch.syntax.text.lexer import read_name, read_string, show_name
from smsearch.syntax.text.tree import (
    Ago,
    Between,
    Call,
    Combination,
    Comparison,
    GroupCombination,
    GroupComparison,
    GroupNegation,
    In,
    Like,
    Literal,
    Name,
    Negation,
    OrderKey,
    PairComparison,
    Parameter,
    Selected,
    SomeElement,
    TextQuery,
)

if TYPE_CHECKING:
    from smsearch.syntax.text.lalr import Token
    from smsearch.syntax.text.tree import Condition, GroupCondition, Predicate, Value

_OPERATORS: Final = {text: row.operator for row in OPERATORS if row.operator for text in row.spellings}

_MISSPELT: Final = {"=>": ">=", "=<": "<=", "===": "="}
"""Operators that are only misspelt; the other refused ones have no counterpart."""


class Transformer:
    """The methods that the parser calls, each with what it has built of the rule's parts."""

    def start(self, *clauses: Any) -> TextQuery:  # noqa: ANN401 - a condition, or a clause's field of the query
        """The clauses are fields with their contents; a condition without WHERE stands alone."""
        fields: dict[str, Any] = {}
        for clause in clauses:
            match clause:
                case dict():
                    fields |= clause
                case (field, content):
                    fields[field] = content
                case condition:
                    fields["condition"] = condition
        return TextQuery(**fields)

    def select(self, distinct: Token | None, *columns: Selected) -> dict[str, Any]:
        return {"columns": columns, "distinct_at": None if distinct is None else _offset(distinct)}

    def selected(self, term: Name | Call, label: Name | None) -> Selected:
        return Selected(term, label)

    def group(self, *terms: Name | Call) -> tuple[str, tuple[Name | Call, ...]]:
        return "group_by", terms

    def having(self, test: GroupCondition) -> tuple[str, GroupCondition]:
        return "having", test

    def any_test(self, *tests: GroupCondition) -> GroupCondition:
        return tests[0] if len(tests) == 1 else GroupCombination(BooleanOperator.OR, tests)

    def every_test(self, *tests: GroupCondition) -> GroupCondition:
        return tests[0] if len(tests) == 1 else GroupCombination(BooleanOperator.AND, tests)

    def no_test(self, _: Token, test: GroupCondition) -> GroupCondition:
        return test.test if isinstance(test, GroupNegation) else GroupNegation(test)

    def one_test(self, test: GroupCondition) -> GroupCondition:
        return test

    def call(self, function: Token, distinct: Token | None, name: Name, argument: Token | None) -> Call:
        value = None if argument is None else self.word(argument)
        return Call(function.lower(), name, value, distinct is not None, _offset(function))

    def group_comparison(self, term: Name | Call, operator: Token, value: Value) -> GroupComparison:
        return GroupComparison(term, _OPERATORS[operator.upper()], value)

    def group_between(self, term: Name | Call, word: Token | None, low: Value, high: Value) -> GroupCondition:
        ends = zip((Operator.GREATER_THAN_OR_EQUAL_TO, Operator.LESS_THAN_OR_EQUAL_TO), (low, high), strict=True)
        within = GroupCombination(BooleanOperator.AND, tuple(GroupComparison(term, *end) for end in ends))
        return within if word is None else GroupNegation(within)

    def group_in(self, term: Name | Call, word: Token | None, *values: Value) -> GroupCondition:
        equal = tuple(GroupComparison(term, Operator.EQUALS, value) for value in values)
        among = self.any_test(*equal)
        return among if word is None else GroupNegation(among)

    def group_exists(self, term: Name | Call, *_: Token) -> GroupComparison:
        return GroupComparison(term, Operator.EXISTS)

    def group_absent(self, term: Name | Call, *_: Token) -> GroupComparison:
        return GroupComparison(term, Operator.NOT_EXISTS)

    def source(self, name: Name) -> tuple[str, Name]:
        return "resource", name

    def where(self, condition: Condition) -> tuple[str, Condition]:
        return "condition", condition

    def order(self, *keys: OrderKey) -> tuple[str, tuple[OrderKey, ...]]:
        return "order_by", keys

    def sort_key(self, name: Name | Call, direction: Token | None) -> OrderKey:
        descending = direction is not None and direction.type == "DESC"
        return OrderKey(name, SortOrder.DESCENDING if descending else SortOrder.ASCENDING)

    def limit(self, token: Token) -> tuple[str, Literal | Parameter]:
        return "limit", self.parameter(token) if token.type == "PARAMETER" else self.word(token)

    def any_of(self, *conditions: Condition) -> Condition:
        return conditions[0] if len(conditions) == 1 else Combination(BooleanOperator.OR, conditions)

    def all_of(self, *conditions: Condition) -> Condition:
        return conditions[0] if len(conditions) == 1 else Combination(BooleanOperator.AND, conditions)

    def negation(self, condition: Condition) -> Condition:
        return condition

    def negated(self, _: Token, condition: Condition) -> Condition:
        """NOT NOT cancels at once, so a thousand of them are no deep tree."""
        return condition.condition if isinstance(condition, Negation) else Negation(condition)

    def element(self, container: Name, condition: Condition) -> SomeElement:
        return SomeElement(container, condition)

    def comparison(self, name: Name, operator: Token, value: Value) -> Comparison:
        return Comparison(name, _OPERATORS[operator.upper()], value)

    def pair(self, name: Name, operator: Token, other: Name) -> PairComparison:
        return PairComparison(name, _OPERATORS[operator], other)

    def difference(self, name: Name, other: Name, operator: Token, span: Value) -> PairComparison:
        return PairComparison(name, _OPERATORS[operator], other, span)

    def difference_between(
        self, name: Name, other: Name, word: Token | None, shortest: Value, longest: Value
    ) -> Condition:
        ends = (
            PairComparison(name, Operator.GREATER_THAN_OR_EQUAL_TO, other, shortest),
            PairComparison(name, Operator.LESS_THAN_OR_EQUAL_TO, other, longest),
        )
        within = Combination(BooleanOperator.AND, ends)
        return within if word is None else Negation(within)

    def property(self, token: Token) -> Name:
        return Name(read_name(token), _offset(token))

    def between(self, name: Name, word: Token | None, low: Value, high: Value) -> Condition:
        return _negated_by(word, Between(name, low, high))

    def like(self, name: Name, word: Token | None, operator: Token, pattern: Value) -> Condition:
        return _negated_by(word, Like(name, pattern, ignores_case=operator.type == "ILIKE"))

    def in_values(self, name: Name, word: Token | None, *values: Value) -> Condition:
        return _negated_by(word, In(name, values))

    def in_list(self, name: Name, word: Token | None, values: Value) -> Condition:
        return _negated_by(word, In(name, (values,), has_brackets=False))

    def exists(self, *parts: Name | Token) -> Comparison:
        return Comparison(_name_among(parts), Operator.EXISTS)

    def absent(self, *parts: Name | Token) -> Comparison:
        return Comparison(_name_among(parts), Operator.NOT_EXISTS)

    def presence(self, condition: Condition) -> Condition:
        return condition

    def negative(self, name: Name, _: Token, operator: Token, value: Value) -> Negation:
        return Negation(self.comparison(name, operator, value))

    def refused_operator(self, name: Name, operator: Token, _: Value) -> NoReturn:
        at, spelling = _offset(operator), str(operator)
        if spelling in _MISSPELT:
            right = _MISSPELT[spelling]
            message = f"There is no operator '{spelling}'."
            raise TextError(at, message, f"Write '{right}'.", Suggestion(spelling, right))
        raise TextError(
            at,
            f"Patterns are those of LIKE, so there is no '{spelling}'.",
            f"Write {show_name(name.text)} LIKE '%text%' for a part of the text, ILIKE for any case.",
        )

    def name(self, token: Token) -> Name:
        is_quoted = token.type.startswith("QUOTED")
        return Name(read_name(token) if is_quoted else _without_semicolon(token), _offset(token), is_quoted)

    column = name

    def string(self, token: Token) -> Literal:
        return Literal(read_string(token), _offset(token))

    def word(self, token: Token) -> Literal:
        return Literal(_without_semicolon(token), _offset(token), is_bare=True)

    def parameter(self, token: Token) -> Parameter:
        return Parameter(token[1:], _offset(token))

    def ago(self, word: Token, duration: Token) -> Ago:
        return Ago(str(duration), _offset(word))

    def now(self, word: Token, duration: Token | None) -> Ago:
        return Ago("0s" if duration is None else str(duration), _offset(word))


def _offset(token: Token) -> int:
    return token.start_pos or 0


def _without_semicolon(token: Token) -> str:
    if token.endswith(";"):
        at = _offset(token) + len(token) - 1
        raise TextError(at, "A query does not end with ';'.", "Put what ends with a semicolon in quotes.")
    return str(token)


def _negated_by(word: Token | None, predicate: Predicate) -> Condition:
    return predicate if word is None else Negation(predicate)


def _name_among(parts: tuple[Name | Token, ...]) -> Name:
    """The name of a rule whose other parts are keywords (`x IS NOT NULL` has NOT)."""
    return next(part for part in parts if isinstance(part, Name))
