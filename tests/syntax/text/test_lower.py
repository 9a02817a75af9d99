"""Every rewrite is exact: the tree of a text and the expression made of it find the same records.

The tree is judged word for word, as SQL would with two truth values; the expression by the rows of
`docs/semantics.md` (E1, E5, F8, F10, F11). Neither judge knows the other's tree.
"""

from __future__ import annotations

import re
from itertools import product
from typing import assert_never

from hypothesis import given
from hypothesis import strategies as st

from smsearch.errors import RequestError
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression
from smsearch.syntax.condition import (
    CompoundCondition,
    ElementCondition,
    LikeCondition,
    NotCondition,
    PairCondition,
    WiderCondition,
    renamed,
)
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.parser import parse, parse_tree
from smsearch.syntax.text.tree import (
    Between,
    Combination,
    Comparison,
    Condition,
    In,
    Like,
    Literal,
    Negation,
    PairComparison,
    SomeElement,
    Value,
)

Record = dict[str, str]
Lists = list[Record]

TEXTS = ["x", "y", "z", "x,y", " y", "xyz"]
EVERY_RECORD = [
    {name: value for name, value in (("a", first), ("b", second)) if value is not None}
    for first, second in product([None, *TEXTS], repeat=2)
]
ELEMENTS = st.lists(st.sampled_from(EVERY_RECORD), max_size=3)


def quoted(text: str) -> str:
    return f"'{text}'"


VALUE = st.sampled_from(TEXTS).map(quoted)
NAME = st.sampled_from(["a", "b"])
NOT = st.sampled_from(["", "NOT "])
PATTERN = st.sampled_from(["%y%", "x", "x%", "%_y", "_"])
LEAVES = st.one_of(
    st.sampled_from(["a < `b`", "b >= `a`", "a != `b`"]),
    st.tuples(NAME, st.sampled_from(["=", "!=", "CONTAINS", "<", ">="]), VALUE).map(" ".join),
    st.tuples(NAME, st.sampled_from(["EXISTS", "NOT EXISTS", "IS NULL", "IS NOT NULL"])).map(" ".join),
    st.builds(lambda name, word, low, high: f"{name} {word}BETWEEN {low} AND {high}", NAME, NOT, VALUE, VALUE),
    st.builds(
        lambda name, word, text: f"{name} {word}LIKE '{text}'",
        NAME,
        NOT,
        st.sampled_from(["%y%", "x", "x%", "%_y", "_"]),
    ),
    st.builds(
        lambda name, word, values: f"{name} {word}IN ({', '.join(values)})",
        NAME,
        NOT,
        st.lists(VALUE, min_size=1, max_size=4),
    ),
)


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: f"({' AND '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: f"({' OR '.join(parts)})"),
        inner.map(lambda part: f"NOT {part}"),
    )


FLAT = st.recursive(LEAVES, combined, max_leaves=6)
TEXT = st.recursive(LEAVES | FLAT.map(lambda inside: f"L[{inside}]"), combined, max_leaves=6)


@given(TEXT, ELEMENTS, st.booleans())
def test_tree_and_condition_find_the_same(
    text: str,
    elements: Lists,
    strict: bool,  # noqa: FBT001 - drawn, not passed by a caller
) -> None:
    try:
        lowered = parse(text, strict=strict).condition
    except RequestError:
        return  # refused, for what it cannot say exactly
    condition = parse_tree(text).condition
    assert condition is not None
    assert lowered is not None
    assert not strict or isinstance(lowered, SearchExpression)
    for record in EVERY_RECORD:
        assert holds(condition, record, elements) is satisfies(lowered, record, elements)


def holds(condition: Condition, record: Record, elements: Lists) -> bool:
    match condition:
        case Negation(inner):
            return not holds(inner, record, elements)
        case Combination(operator, conditions):
            answers = [holds(part, record, elements) for part in conditions]
            return all(answers) if operator is BooleanOperator.AND else any(answers)
        case SomeElement(_, inner):
            return any(holds(inner, element, []) for element in elements)
        case PairComparison(name, operator, other):
            return are_related(record.get(name.text), operator, record.get(other.text))
        case _:
            return holds_for(condition, record.get(condition.name.text))


def are_related(one: str | None, operator: Operator, other: str | None) -> bool:
    positive = Operator.EQUALS if operator is Operator.NOT_EQUALS else operator
    holds = one is not None and other is not None and compares(one, positive, other)
    return holds is not (operator is Operator.NOT_EQUALS)


def holds_for(predicate: Comparison | Between | Like | In, value: str | None) -> bool:
    match predicate:
        case Comparison(_, operator, operand):
            return compares(value, operator, "" if operand is None else text_of(operand))
        case Between(_, low, high):
            return value is not None and text_of(low) <= value <= text_of(high)
        case Like(_, pattern):
            return value is not None and alike(value, text_of(pattern))
        case In(_, values, has_brackets):
            assert has_brackets
            return value in [text_of(item) for item in values]
        case _:
            assert_never(predicate)


def alike(value: str, pattern: str) -> bool:
    return re.fullmatch(pattern.replace("%", ".*").replace("_", "."), value) is not None


def text_of(value: Value) -> str:
    assert isinstance(value, Literal)
    return value.text


def satisfies(condition: SearchExpression | WiderCondition, record: Record, elements: Lists) -> bool:
    match condition:
        case SearchExpression():
            return finds(condition, record, elements)
        case Filter():
            return matches(condition, record)
        case NestedFilters():
            return some_element(condition, elements)
        case LikeCondition(name, pattern):
            value = record.get(name)
            return value is not None and alike(value, pattern)
        case PairCondition(name, operator, other):
            return are_related(record.get(name), operator, record.get(other))
        case NotCondition(inner):
            return not satisfies(inner, record, elements)
        case CompoundCondition(operator, conditions):
            answers = [satisfies(part, record, elements) for part in conditions]
            return all(answers) if operator is BooleanOperator.AND else any(answers)
        case ElementCondition(container, inner):
            short = renamed(inner, lambda name, _: name.removeprefix(f"{container}."))
            return any(satisfies(short, element, []) for element in elements)
    assert_never(condition)


def finds(expression: SearchExpression, record: Record, elements: Lists) -> bool:
    answers = [matches(condition, record) for condition in expression.filters]
    answers += [some_element(nested, elements) for nested in expression.nested_filters]
    answers += [finds(child, record, elements) for child in expression.sub_expressions]
    return all(answers) if expression.operator is BooleanOperator.AND else any(answers)


def some_element(nested: NestedFilters, elements: Lists) -> bool:
    prefix = f"{nested.nested_property_name}."
    inner = [Filter(part.name.removeprefix(prefix), part.operator, part.value) for part in nested.filters]
    return any(all(matches(part, element) for part in inner) for element in elements)


def matches(condition: Filter, record: Record) -> bool:
    return compares(record.get(condition.name), condition.operator, condition.value or "")


def compares(value: str | None, operator: Operator, wanted: str) -> bool:
    """One filter, as the table has it; an absent value satisfies NotEquals and NotExists only."""
    if value is None:
        return operator in (Operator.NOT_EQUALS, Operator.NOT_EXISTS)
    answers = {
        Operator.EQUALS: value == wanted,
        Operator.NOT_EQUALS: value != wanted,
        Operator.CONTAINS: wanted in value,
        Operator.EXISTS: True,
        Operator.NOT_EXISTS: False,
        Operator.IN: value in [item.strip() for item in wanted.split(",")],
        Operator.LESS_THAN: value < wanted,
        Operator.LESS_THAN_OR_EQUAL_TO: value <= wanted,
        Operator.GREATER_THAN: value > wanted,
        Operator.GREATER_THAN_OR_EQUAL_TO: value >= wanted,
    }
    return answers[operator]
