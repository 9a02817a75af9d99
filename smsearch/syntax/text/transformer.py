"""Makes a sentence of what the grammar found, rule by rule, while the parser runs.

One method a rule of `grammar/search.lark`. It undoes quotes and notes places; what cannot be kept in a sentence
at all, because the API has no operator for it, is refused here with its reason.
"""
# ruff: noqa: D102 - a callback is a rule of the grammar, which says what it is

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from lark import Token, Transformer, v_args

from smsearch.syntax.ast import BooleanOperator, Operator, SortOrder
from smsearch.syntax.text.errors import Refusal
from smsearch.syntax.text.lexer import read_name, read_string, shown_name
from smsearch.syntax.text.tree import (
    Ago,
    Between,
    Comparison,
    Element,
    Junction,
    Like,
    Limit,
    Literal,
    Name,
    Not,
    OneOf,
    OneOfList,
    Parameter,
    Presence,
    Sentence,
    SortKey,
)

if TYPE_CHECKING:
    from smsearch.syntax.text.tree import Condition, Value

_COMPARATORS: Final = {
    "=": Operator.EQUALS,
    "==": Operator.EQUALS,
    "!=": Operator.NOT_EQUALS,
    "<>": Operator.NOT_EQUALS,
    "<": Operator.LESS_THAN,
    "<=": Operator.LESS_THAN_OR_EQUAL_TO,
    ">": Operator.GREATER_THAN,
    ">=": Operator.GREATER_THAN_OR_EQUAL_TO,
}

_SPELLED_OTHERWISE: Final = {"=>": ">=", "=<": "<=", "===": "="}
"""Operators that are only misspelt; the other refused ones have no counterpart."""


def _start(token: Token) -> int:
    return token.start_pos or 0


def _no_semicolon(token: Token) -> str:
    if token.endswith(";"):
        at = _start(token) + len(token) - 1
        raise Refusal(at, "A query does not end with ';'.", "Put what ends with a semicolon in quotes.")
    return str(token)


@v_args(inline=True)
class Builder(Transformer[Token, Sentence]):
    """The callbacks of the parser."""

    def start(self, *clauses: Any) -> Sentence:  # noqa: ANN401 - what the clauses are made of, told apart below
        """The clauses in their order, each known by what it was built as."""
        condition, resource, columns, sort_keys, limit = None, None, (), (), None
        for clause in clauses:
            match clause:
                case Limit():
                    limit = clause
                case Name():
                    resource = clause
                case (SortKey(), *_):
                    sort_keys = clause
                case (Name(), *_):
                    columns = clause
                case _:
                    condition = clause
        return Sentence(condition, resource, columns, sort_keys, limit)

    def select(self, *columns: Name) -> tuple[Name, ...]:
        return columns

    def source(self, name: Name) -> Name:
        return name

    def where(self, condition: Condition) -> Condition:
        return condition

    def order(self, *keys: SortKey) -> tuple[SortKey, ...]:
        return keys

    def sort_key(self, name: Name, direction: Token | None) -> SortKey:
        descending = direction is not None and direction.type == "DESC"
        return SortKey(name, SortOrder.DESCENDING if descending else SortOrder.ASCENDING)

    def limit(self, token: Token) -> Limit:
        if token.type == "PARAMETER":
            return Limit(self.parameter(token))
        return Limit(Literal(_no_semicolon(token), _start(token)))

    def any_of(self, *terms: Condition) -> Condition:
        return terms[0] if len(terms) == 1 else Junction(BooleanOperator.OR, terms)

    def all_of(self, *terms: Condition) -> Condition:
        return terms[0] if len(terms) == 1 else Junction(BooleanOperator.AND, terms)

    def negation(self, condition: Condition) -> Condition:
        return condition

    def negated(self, word: Token, condition: Condition) -> Condition:
        """NOT NOT cancels at once, so a thousand of them are no deep tree."""
        return condition.condition if isinstance(condition, Not) else Not(condition, _start(word))

    def element(self, container: Name, condition: Condition) -> Element:
        return Element(container, condition)

    def comparison(self, name: Name, operator: Token, value: Value) -> Comparison:
        meant = Operator.CONTAINS if operator.type == "CONTAINS" else _COMPARATORS[operator]
        return Comparison(name, meant, value)

    def between(self, name: Name, word: Token | None, low: Value, high: Value) -> Condition:
        return _perhaps_not(word, Between(name, low, high))

    def like(self, name: Name, word: Token | None, pattern: Value) -> Condition:
        return _perhaps_not(word, Like(name, pattern))

    def one_of(self, name: Name, word: Token | None, *values: Value) -> Condition:
        return _perhaps_not(word, OneOf(name, values))

    def one_of_list(self, name: Name, word: Token | None, values: Value) -> Condition:
        return _perhaps_not(word, OneOfList(name, values))

    def exists(self, *parts: Name | Token) -> Condition:
        """The name is the only part that is no word (`x IS NOT NULL` has one)."""
        return Presence(_name_among(parts))

    def absent(self, *parts: Name | Token) -> Condition:
        name = _name_among(parts)
        return Not(Presence(name), name.at)

    def presence(self, condition: Condition) -> Condition:
        return condition

    def refused_not_contains(self, name: Name, word: Token, operator: Token, value: Value) -> NoReturn:
        del operator, value
        refuse_not_contains(name.text, _start(word))

    def refused_operator(self, name: Name, operator: Token, value: Value) -> NoReturn:
        del value
        at, spelled = _start(operator), str(operator)
        if spelled in _SPELLED_OTHERWISE:
            raise Refusal(at, f"There is no operator '{spelled}'.", f"Write '{_SPELLED_OTHERWISE[spelled]}'.")
        raise Refusal(
            at,
            f"The API has no patterns, so there is no '{spelled}'.",
            f"Write {shown_name(name.text)} CONTAINS 'text' for a part of the text.",
        )

    def name(self, token: Token) -> Name:
        quoted = token.type.startswith("QUOTED")
        return Name(read_name(token) if quoted else _no_semicolon(token), _start(token))

    column = name

    def string(self, token: Token) -> Literal:
        return Literal(read_string(token), _start(token))

    def word(self, token: Token) -> Literal:
        return Literal(_no_semicolon(token), _start(token))

    def parameter(self, token: Token) -> Parameter:
        return Parameter(token[1:], _start(token))

    def ago(self, word: Token, span: Token) -> Ago:
        return Ago(str(span), _start(word))


def refuse_not_contains(name: str, at: int) -> NoReturn:
    """The refusal of every way to say NOT CONTAINS."""
    raise Refusal(
        at,
        f"The API cannot say that {shown_name(name)} does not contain something.",
        "It has Contains, and no complement of it.",
    )


def _perhaps_not(word: Token | None, condition: Condition) -> Condition:
    return condition if word is None else Not(condition, _start(word))


def _name_among(parts: tuple[Name | Token, ...]) -> Name:
    return next(part for part in parts if isinstance(part, Name))
