"""Text to query: what each form of the language means."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from smsearch.errors import LimitExceededError, TextSyntaxError
from smsearch.policy import DEFAULT
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, SortOrder, combine, walk
from smsearch.syntax.check import check
from smsearch.syntax.condition import ElementCondition
from smsearch.syntax.operators import Operator
from smsearch.syntax.query import Query
from smsearch.syntax.text.formatter import canonical, format_query
from smsearch.syntax.text.formatter import format as write
from smsearch.syntax.text.parser import parse
from smsearch.syntax.wire import to_json

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
TWENTY_LINES = Path(__file__).parents[1].joinpath("twenty_lines.txt").read_text(encoding="utf-8").splitlines()


def meant(text: str) -> SearchExpression:
    expression = parse(text, now=NOW).expression
    assert expression is not None
    return expression


def only_filter(text: str) -> Filter:
    expression = meant(text)
    assert expression == SearchExpression(expression.filters)
    (condition,) = expression.filters
    return condition


def same(text: str, other: str) -> bool:
    """Whether two texts mean the same tree."""
    return meant(text) == meant(other)


def test_there_are_twenty_lines() -> None:
    assert len(TWENTY_LINES) == 20


@pytest.mark.parametrize("line", TWENTY_LINES)
def test_the_twenty_lines_parse_pass_the_limits_and_round_trip(line: str) -> None:
    query = parse(line, now=NOW)
    assert query.expression is not None
    check(query.expression, "TrainingJob")
    assert canonical(query.expression) == query.expression
    assert parse(write(query.expression)).expression == query.expression
    assert parse(format_query(query)) == query


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("a = 'x'", Operator.EQUALS, "x"),
        ("a == x", Operator.EQUALS, "x"),
        ("a=5", Operator.EQUALS, "5"),
        ("a != x", Operator.NOT_EQUALS, "x"),
        ("a <> x", Operator.NOT_EQUALS, "x"),
        ("a < 1", Operator.LESS_THAN, "1"),
        ("a <= 1", Operator.LESS_THAN_OR_EQUAL_TO, "1"),
        ("a > 1", Operator.GREATER_THAN, "1"),
        ("a>=1", Operator.GREATER_THAN_OR_EQUAL_TO, "1"),
        ("a CONTAINS x", Operator.CONTAINS, "x"),
        ("a contains 'two words'", Operator.CONTAINS, "two words"),
        ("a LIKE '%x%'", Operator.CONTAINS, "x"),
        ("a LIKE 'x'", Operator.EQUALS, "x"),
        (r"a LIKE '%x\_\%\\\y%%'", Operator.CONTAINS, r"x_%\y"),
        ("a NOT LIKE 'x'", Operator.NOT_EQUALS, "x"),
        ("a EXISTS", Operator.EXISTS, None),
        ("EXISTS a", Operator.EXISTS, None),
        ("a IS NOT NULL", Operator.EXISTS, None),
        ("a NOT EXISTS", Operator.NOT_EXISTS, None),
        ("NOT EXISTS a", Operator.NOT_EXISTS, None),
        ("a is null", Operator.NOT_EXISTS, None),
        ("a IN (x, 'y z')", Operator.IN, "x,y z"),
        ("a IN 'x, y'", Operator.IN, "x, y"),
        ("NOT a = x", Operator.NOT_EQUALS, "x"),
        ("NOT (a <> x)", Operator.EQUALS, "x"),
        ("NOT NOT a < 1", Operator.LESS_THAN, "1"),
        ("NOT a IS NULL", Operator.EXISTS, None),
        ("a NOT IN (x)", Operator.NOT_EQUALS, "x"),
        ("((a = x))", Operator.EQUALS, "x"),
        ("WHERE a = x", Operator.EQUALS, "x"),
    ],
)
def test_operators(text: str, operator: Operator, value: str | None) -> None:
    assert only_filter(text) == Filter("a", operator, value)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Metrics.train:loss", "Metrics.train:loss"),
        ("Metrics.eval/f1", "Metrics.eval/f1"),
        ('HyperParameters."batch size"', "HyperParameters.batch size"),
        ("HyperParameters.`batch size`", "HyperParameters.batch size"),
        ('"a.b".c', "a.b.c"),
        ('x."say ""hi"" (now)".y', 'x.say "hi" (now).y'),
        ('"order"', "order"),
        ("Tags.order", "Tags.order"),
        ("Tags.größe-ÅÄÖ-日本", "Tags.größe-ÅÄÖ-日本"),
        ("a--b", "a--b"),
        ("android", "android"),
        ("ago", "ago"),
        ("a;b", "a;b"),
        ("\u0131n", "\u0131n"),  # keywords are of ASCII letters
        ("\u0130S", "\u0130S"),
        ("\u017felect", "\u017felect"),
        ("li\u212ae", "li\u212ae"),
        ('""', ""),
    ],
)
def test_names(written: str, name: str) -> None:
    assert only_filter(f"{written} = 1").name == name
    assert only_filter(f"EXISTS {written}").name == name
    assert parse(f"ORDER BY {written}").sort_by == name


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e-4", "1e-4"),
        ("0010", "0010"),
        ("+.5", "+.5"),
        ("-7", "-7"),
        ("ml.p4d.24xlarge", "ml.p4d.24xlarge"),
        ("true", "true"),
        ("'it''s'", "it's"),
        ('"ml"', "ml"),
        ('"say ""hi"""', 'say "hi"'),
        ("'-- no comment'", "-- no comment"),
        ("'\n\0\t'", "\n\0\t"),
        ("'NULL'", "NULL"),
        ("ago", "ago"),
        ("s3://bucket/key", "s3://bucket/key"),
        ("ago(7d)", "2024-05-25T12:00:00Z"),
        ("AGO ( 90m )", "2024-06-01T10:30:00Z"),
        ("ago(1.5h)", "2024-06-01T10:30:00Z"),
        ("ago(30s)", "2024-06-01T11:59:30Z"),
        ("ago(2w)", "2024-05-18T12:00:00Z"),
    ],
)
def test_values(written: str, value: str) -> None:
    assert only_filter(f"a = {written}").value == value


def test_not_binds_tighter_than_and_and_and_than_or() -> None:
    assert same("a = 1 OR b = 2 AND NOT c = 3", "a = 1 OR (b = 2 AND c != 3)")


@pytest.mark.parametrize("text", ['ORDER BY "0" DESC', 'SELECT a, b ORDER BY "2" ASC, "10" DESC'])
def test_a_number_in_quotes_is_a_name_to_sort_by(text: str) -> None:
    assert (parse(text).sort_by or "").isdigit()
    assert format_query(parse(text)) == text


def test_each_kind_of_condition_keeps_its_order() -> None:
    expression = meant("a = 1 AND (b = 2 OR c = 3) AND L[x = 1] AND d = 4")
    assert [condition.name for condition in expression.filters] == ["a", "d"]
    assert [nested.nested_property_name for nested in expression.nested_filters] == ["L"]
    assert [child.operator for child in expression.sub_expressions] == [BooleanOperator.OR]


def test_brackets_around_the_same_operator_stay_a_group() -> None:
    assert len(meant("a = 1 AND (b = 2 AND c = 3)").sub_expressions) == 1


def test_between_is_two_filters_among_their_neighbours() -> None:
    assert same("a BETWEEN 1 AND 2 AND b = 3", "a >= 1 AND a <= 2 AND b = 3")
    assert same("a BETWEEN 1 AND 2 OR b = 3", "(a >= 1 AND a <= 2) OR b = 3")


def test_not_goes_through_and_or_and_existence() -> None:
    assert same("NOT (a = 1 AND (b != 2 OR c EXISTS))", "a != 1 OR (b = 2 AND c NOT EXISTS)")


def test_not_in_is_none_of_them() -> None:
    assert same("a NOT IN (x, y) AND b = 1", "a != x AND a != y AND b = 1")
    assert same("NOT (a IN (x, 'y,z'))", "a != x AND a != 'y,z'")
    assert same("a NOT IN 'x, y'", "a != x AND a != y")
    assert same("NOT a NOT IN (x, y)", "a IN (x, y)")


def test_items_that_the_notation_cannot_hold_stand_apart() -> None:
    assert same("a IN (x, 'y,z', y, ' w')", "a IN (x, y) OR a = 'y,z' OR a = ' w'")
    assert same("b = 1 OR a IN (x, 'y,z')", "b = 1 OR a IN (x) OR a = 'y,z'")
    assert same("b = 1 AND a IN (x, 'y,z')", "b = 1 AND (a IN (x) OR a = 'y,z')")


def test_a_long_in_is_split_and_loses_nothing() -> None:
    items = [f"item-{index:04}" for index in range(300)]
    expression = meant(f"a IN ({', '.join(items)})")
    values = [condition.value or "" for condition in expression.filters]
    assert expression.operator is BooleanOperator.OR
    assert max(map(len, values)) <= 1_024
    assert ",".join(values).split(",") == items
    check(expression, "TrainingJob")


@pytest.mark.parametrize("count", [60, 421])
def test_a_text_has_any_number_of_conditions_in_lists_that_the_api_can_hold(count: int) -> None:
    names = [f"p{index}" for index in range(count)]
    expression = meant(" OR ".join(f"({name} EXISTS AND {name} != 1)" for name in names))
    assert check(expression, "TrainingJob", DEFAULT.beyond_the_api).conditions >= 3 * count
    assert [one.filters[0].name for _, one in walk(expression, "") if one.filters] == names
    assert parse(write(expression)).expression == expression
    with pytest.raises(LimitExceededError, match="more than 50 conditions"):
        check(expression, "TrainingJob")


@pytest.mark.parametrize("count", [400, 401, 421, 8_000, 8_001, 9_001])
def test_any_number_of_expressions_fit_into_lists_of_twenty(count: int) -> None:
    pair = (Filter("a", Operator.EXISTS), Filter("b", Operator.EXISTS))
    children = [SearchExpression(pair, operator=BooleanOperator.AND)] * count
    parts = [one for _, one in walk(combine(BooleanOperator.OR, (), (), children), "")]
    assert sum(bool(one.filters) for one in parts) == count
    assert {1 < len(one.sub_expressions) <= 20 for one in parts if not one.filters} == {True}


@pytest.mark.parametrize("count", [21, 22, 39, 40, 41, 45])
def test_more_than_twenty_conditions_are_grouped_and_keep_their_order(count: int) -> None:
    names = [f"p{index}" for index in range(count)]
    for word, operator in ((" AND ", BooleanOperator.AND), (" OR ", BooleanOperator.OR)):
        expression = meant(word.join(f"{name} EXISTS" for name in names))
        check(expression, "TrainingJob")
        parts = [expression, *expression.sub_expressions]
        assert [condition.name for part in parts for condition in part.filters] == names
        assert {part.operator for part in parts} == {operator}
        assert min(len(part.filters) for part in parts) > 1


def test_groups_that_cannot_share_a_list_are_grouped_too() -> None:
    groups = " OR ".join(f"(a{index} EXISTS AND b{index} EXISTS)" for index in range(21))
    expression = meant(groups)
    assert [len(part.sub_expressions) for part in (expression, expression.sub_expressions[-1])] == [20, 2]


def test_more_than_fifty_conditions_are_refused_strictly_at_the_one_too_many() -> None:
    text = " AND ".join(["aa = 1"] * 60)
    with pytest.raises(LimitExceededError) as refused:
        parse(text, strict=True)
    assert refused.value.path == f"line 1, column {50 * len('aa = 1 AND ') + 1}"


@pytest.mark.parametrize(
    "text",
    [
        "L[x = 1 AND y = 2]",
        "ANY L WHERE (x = 1 AND y = 2)",
        "L[L.x = 1 AND y = 2]",
    ],
)
def test_one_element_satisfies_all(text: str) -> None:
    inner = (Filter("L.x", Operator.EQUALS, "1"), Filter("L.y", Operator.EQUALS, "2"))
    assert meant(text) == SearchExpression(nested_filters=(NestedFilters("L", inner),))


def test_a_name_in_full_is_known_in_any_case() -> None:
    nested = meant("InputDataConfig[inputdataconfig.ChannelName = x]").nested_filters[0]
    assert nested.filters[0].name == "inputdataconfig.ChannelName"


def test_or_inside_brackets_is_an_or_of_nested_filters() -> None:
    assert same("L[x = 1 AND (y = 2 OR y = 3)]", "L[x = 1 AND y = 2] OR L[x = 1 AND y = 3]")
    assert same("a = 1 AND L[x = 1 OR y = 2]", "a = 1 AND (L[x = 1] OR L[y = 2])")
    assert same("L[NOT (x = 1 AND y EXISTS)]", "L[x != 1] OR L[y NOT EXISTS]")
    assert same("L[x BETWEEN 1 AND 2]", "L[x >= 1 AND x <= 2]")


@pytest.mark.parametrize(
    "inside",
    [
        " AND ".join(f"(a{index} = 1 OR b{index} = 2)" for index in range(20)),
        " OR ".join(f"a{index} = 1" for index in range(26)),
        " AND ".join(f"a{index} = 1" for index in range(21)),
    ],
)
def test_brackets_that_would_need_too_many_filters_are_no_nested_filters(inside: str) -> None:
    with pytest.raises(LimitExceededError) as refused:
        parse(f"L[{inside}]", strict=True)
    assert refused.value.path == "line 1, column 1"
    query = parse(f"L[{inside}]")
    assert isinstance(query.wider, ElementCondition)
    assert [error.path for error in query.refusals] == ["line 1, column 1"]
    assert parse(format_query(query)) == query


def test_every_clause() -> None:
    text = 'select Name, Metrics.*, "a b".c from trainingjob where a = 1 order by Metrics.acc desc limit 20 -- done'
    assert parse(text) == Query(
        expression=SearchExpression((Filter("a", Operator.EQUALS, "1"),)),
        resource="TrainingJob",
        columns=("Name", "Metrics.*", "a b.c"),
        sort_by="Metrics.acc",
        sort_order=SortOrder.DESCENDING,
        limit=20,
    )


def test_every_clause_may_be_left_out() -> None:
    assert parse("") == parse(" \n-- nothing\n\ufeff") == Query()
    assert parse("SELECT *") == Query()
    assert parse("FROM Experiment") == Query(resource="Experiment")
    assert parse("LIMIT 0") == Query(limit=0)
    assert parse("ORDER BY a") == Query(sort_by="a", sort_order=SortOrder.ASCENDING)


def test_from_wins_over_the_callers_resource() -> None:
    assert parse("a = 1", resource="Model").resource == "Model"
    assert parse("FROM Image", resource="Model").resource == "Image"
    assert parse("FROM Nonsense").resource == "Nonsense"  # a searcher refuses it


def test_comments_and_blanks_stand_anywhere() -> None:
    assert same("a = 1 -- one ' ( [\n\tAND\r\n b = 2", "a = 1 AND b = 2")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("NOT a < 5", "NOT a < 5"),
        ("NOT (a >= 5 AND b = 1)", "NOT a >= 5 OR b != 1"),
        ("a NOT BETWEEN 1 AND 2", "NOT a >= 1 OR NOT a <= 2"),
        ("b = 1 AND NOT (a > 5 OR c CONTAINS x)", "b = 1 AND (NOT a > 5 AND c NOT CONTAINS 'x')"),
        ("b = 1 OR a NOT BETWEEN 1 AND 2", "b = 1 OR NOT a >= 1 OR NOT a <= 2"),
        ("NOT a CONTAINS x", "a NOT CONTAINS 'x'"),
        ("a NOT LIKE '%x%'", "a NOT CONTAINS 'x'"),
        ("NOT L[x = 1 AND y = 2]", "NOT L[x = 1 AND y = 2]"),
        ("NOT L[x = 1 OR y = 2]", "NOT L[x = 1] AND NOT L[y = 2]"),
        ("L[NOT x > 1 OR y = 2]", "L[NOT x > 1 OR y = 2]"),
        ("NOT (a = 1 OR L[y NOT CONTAINS z])", "a != 1 AND NOT L[y NOT CONTAINS 'z']"),
        ("a NOT IN (x, 2)", "NOT a IN ('x', 2)"),
        ("a LIKE 'x%'", "a LIKE 'x%'"),
        ("a LIKE 5", "a LIKE 5"),
        ("a ilike '%x_'", "a ILIKE '%x_'"),
        ("NOT a LIKE '%x%y'", "a NOT LIKE '%x%y'"),
        ("L[a LIKE 'x%' AND b = 1]", "L[a LIKE 'x%' AND b = 1]"),
        (r"a LIKE 'x\_%'", r"a LIKE 'x\_%'"),
        ("a IN ('1,5', ' 2', x)", "a IN ('x') OR a LIKE ' 2' OR a = '1,5'"),
    ],
)
def test_what_the_api_cannot_say_is_a_wider_condition_and_reads_back(text: str, written: str) -> None:
    query = parse(text)
    assert query.expression is None
    assert query.refusals
    assert format_query(query) == written
    assert parse(written) == query
    with pytest.raises(TextSyntaxError) as refused:
        parse(text, strict=True)
    assert str(refused.value) == str(query.refusals[0])


@pytest.mark.parametrize("text", ["NOT a = 1", "a NOT IN (x, y)", "NOT (a EXISTS AND b != 2)", "NOT NOT a < 5"])
def test_what_the_api_can_say_is_an_expression(text: str) -> None:
    assert parse(text).expression == parse(text, strict=True).expression
    assert parse(text).refusals == ()


@pytest.mark.parametrize("text", ["a LIKE '%'", r"a LIKE 'x\'", "a ~ x", "L[M[x = 1]]", "L[NOT M[x = 1]]"])
def test_some_things_nobody_can_say(text: str) -> None:
    with pytest.raises(TextSyntaxError):
        parse(text)


def test_a_thousand_nots_are_no_deep_tree() -> None:
    assert same("NOT " * 10_000 + "a = 1", "a = 1")
    assert same("NOT " * 10_001 + "a = 1", "a != 1")


def test_brackets_nest_up_to_the_limit() -> None:
    assert same("(" * 100 + "a = 1" + ")" * 100, "a = 1")
    nested = "a = 1"
    for index in range(45):
        nested = f"({nested} {'AND' if index % 2 else 'OR'} b = {index})"
    assert to_json(meant(nested))["Operator"]
    for text in ("(" * 101 + "a = 1" + ")" * 101, "(" * 10_000, "a[" * 10_000):
        with pytest.raises(LimitExceededError, match="nested more than 100 deep"):
            parse(text)


def test_long_texts_are_refused_unread() -> None:
    with pytest.raises(LimitExceededError, match="1,048,576"):
        parse("'" * 10_000_000)
