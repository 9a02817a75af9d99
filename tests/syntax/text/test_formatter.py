"""Expression and query to text."""

from __future__ import annotations

import pytest

from smsearch.errors import InvalidValueError, LimitExceededError
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, SortOrder
from smsearch.syntax.operators import Operator
from smsearch.syntax.query import Query
from smsearch.syntax.text.formatter import format as write
from smsearch.syntax.text.formatter import format_query
from smsearch.syntax.text.parser import parse


def written(name: str, operator: Operator = Operator.EXISTS, value: str | None = None) -> str:
    text = write(SearchExpression((Filter(name, operator, value),)))
    assert parse(text).expression == SearchExpression((Filter(name, operator, value),))
    return text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Metrics.train:loss", "Metrics.train:loss"),
        ("HyperParameters.batch size", 'HyperParameters."batch size"'),
        ("order", '"order"'),
        ("Tags.order", "Tags.order"),
        ("Tags.a(b).c", 'Tags."a(b).c"'),
        ('say "hi"', '"say ""hi"""'),
        (":colon", '":colon"'),
        ("--dashes", '"--dashes"'),
        ("ends;", '"ends;"'),
        ("\u0131n", "\u0131n"),
        ("zero\u200bwidth", '"zero\u200bwidth"'),
        ("", '""'),
    ],
)
def test_names_have_the_fewest_quotes(name: str, text: str) -> None:
    assert written(name) == f"{text} EXISTS"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Failed", "'Failed'"),
        ("1e-4", "1e-4"),
        ("-0.50", "-0.50"),
        ("true", "true"),
        ("True", "'True'"),
        (" 5", "' 5'"),
        ("1_000", "'1_000'"),
        ("it's", "'it''s'"),
        ("a\nb", "'a\nb'"),
        ("", "''"),
    ],
)
def test_values_are_quoted_unless_they_are_numbers_or_truth_values(value: str, text: str) -> None:
    assert written("a", Operator.EQUALS, value) == f"a = {text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x,1,y z", "('x', 1, 'y z')"),
        ("x, y", "'x, y'"),
        ("x,,y", "'x,,y'"),
        ("", "''"),
        (",", "','"),
    ],
)
def test_in_is_a_list_where_it_reads_back_as_one(value: str, text: str) -> None:
    assert written("a", Operator.IN, value) == f"a IN {text}"


def test_names_inside_brackets_are_short_where_they_read_back() -> None:
    inner = (Filter("L.x", Operator.EXISTS), Filter("y", Operator.EXISTS), Filter("L.L.z", Operator.EXISTS))
    text = write(SearchExpression(nested_filters=(NestedFilters("L", inner),)))
    assert text == "L[x EXISTS AND y EXISTS AND L.L.z EXISTS]"


def test_groups_stand_in_brackets() -> None:
    either = SearchExpression(
        (Filter("b", Operator.EXISTS), Filter("c", Operator.NOT_EXISTS)), operator=BooleanOperator.OR
    )
    assert write(SearchExpression((Filter("a", Operator.EXISTS),), sub_expressions=(either,))) == (
        "a EXISTS AND (b EXISTS OR c NOT EXISTS)"
    )


def test_what_no_text_says_is_refused() -> None:
    with pytest.raises(LimitExceededError):
        write(SearchExpression())
    with pytest.raises(LimitExceededError):
        write(SearchExpression((Filter("a", Operator.EXISTS),), sub_expressions=(SearchExpression(),)))
    with pytest.raises(LimitExceededError):
        write(SearchExpression(nested_filters=(NestedFilters("L", ()),)))
    with pytest.raises(InvalidValueError):
        write(SearchExpression((Filter("a", Operator.EQUALS),)))


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(limit=3),
        Query(resource="TrainingJob"),
        Query(columns=("a", "Metrics.*", "by*", "x y.*", "*.z", 'q"*')),
        Query(sort_by="a b", sort_order=SortOrder.ASCENDING),
        Query(SearchExpression((Filter("a", Operator.EXISTS),)), "Image", ("b",), "c", SortOrder.DESCENDING, 0),
    ],
)
def test_a_query_reads_back(query: Query) -> None:
    assert parse(format_query(query)) == query


def test_an_order_left_out_is_descending_as_on_the_wire() -> None:
    assert format_query(Query(sort_by="a")) == "ORDER BY a DESC"


def test_an_order_without_a_property_has_no_text() -> None:
    with pytest.raises(InvalidValueError):
        format_query(Query(sort_order=SortOrder.ASCENDING))


@pytest.mark.parametrize(
    "text",
    [
        'GROUP BY "cost center"',
        'SELECT team AS t, count(*), count(DISTINCT a.b) AS "group by" WHERE x = 1 GROUP BY team LIMIT 3',
        "SELECT best(x, min) FROM TrainingJob GROUP BY month(created), bin(y, 0.5) ORDER BY 2 DESC, best(x, min) ASC",
        "SELECT a GROUP BY a HAVING count(*) > 5 AND (sum(x) < 3 OR NOT (a IS NULL)) AND a IS NOT NULL AND a != 'b c'",
        "x = 1 GROUP BY y HAVING NOT (count(*) >= 2 AND y = 3)",
    ],
)
def test_groups_read_back(text: str) -> None:
    query = parse(text)
    assert query.grouping is not None
    assert parse(format_query(query)) == query
    assert format_query(parse(format_query(query))) == format_query(query)
