"""The QUERY argument and the options beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from smsearch.cli import query_argument
from smsearch.cli.usage import UsageError
from smsearch.errors import ShapeError, TextSyntaxError

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_asks_for_every_record_without_a_grammar() -> None:
    for argument in (None, "", "  \n"):
        query = query_argument.read(argument)
        assert query.text is None
        assert query.members == {}


def test_a_brace_makes_it_json() -> None:
    query = query_argument.read(' {"Filters": []}')
    assert query.members == {"Filters": []}
    assert not query.is_request
    assert query_argument.read('{"Resource": "Model"}').is_request


def test_a_file_may_hold_either(tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_bytes(b"\xef\xbb\xbfstatus = Failed\n")
    (tmp_path / "q.json").write_text('{"Resource": "Model"}')
    (tmp_path / "q.bin").write_bytes(b"status = \xff")
    assert query_argument.read(f"@{tmp_path}/q.txt").text == "status = Failed\n"
    assert query_argument.read(f"@{tmp_path}/q.json").members == {"Resource": "Model"}
    with pytest.raises(ShapeError, match="not UTF-8"):
        query_argument.read(f"@{tmp_path}/q.bin")
    with pytest.raises(FileNotFoundError):
        query_argument.read(f"@{tmp_path}/none")


def test_a_path_with_a_slip_in_it_is_told_how_it_was_read() -> None:
    with pytest.raises(TextSyntaxError) as caught:
        query_argument.read("data/exprots")
    assert "no file 'data/exprots'" in caught.value.hint
    with pytest.raises(TextSyntaxError) as caught:
        query_argument.read("status == == Failed")
    assert "no file" not in caught.value.hint


def test_broken_json_is_shown_with_a_caret() -> None:
    with pytest.raises(TextSyntaxError) as caught:
        query_argument.read('{\n  "Filters": [,]\n}')
    assert (caught.value.line, caught.value.column) == (2, 15)
    line, caret = caught.value.excerpt.splitlines()
    assert line[caret.index("^")] == ","


def test_a_long_line_of_json_is_cut_around_the_caret() -> None:
    with pytest.raises(TextSyntaxError) as caught:
        query_argument.read('{"a": "' + "x" * 5000 + '", }' + " " * 5000)
    line, caret = caught.value.excerpt.splitlines()
    assert len(line) < 120
    assert line[caret.index("^")] == ","


def test_parameters_are_texts_and_repeated_ones_lists() -> None:
    query = query_argument.read("a = :x AND b IN (:y) AND c = :z", ["x=1=2", "y=a", ":y=b", "z="])
    assert query.parameters == {"x": "1=2", "y": ["a", "b"], "z": ""}


@pytest.mark.parametrize("parameter", ["x", "=x", ""])
def test_a_parameter_needs_a_name_and_a_value(parameter: str) -> None:
    with pytest.raises(UsageError, match=re.escape(repr(parameter))):
        query_argument.read("a = :x", [parameter])


def test_json_takes_no_parameters() -> None:
    with pytest.raises(UsageError, match="text query"):
        query_argument.read("{}", ["x=1"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VisibilityConditions", [{"Key": "Tags.a", "Value": "b"}]),
        ("CrossAccountFilterOption", "CrossAccount"),
        ("NextToken", "abc"),
    ],
)
def test_members_that_only_a_page_answers_are_refused_elsewhere(name: str, value: object) -> None:
    query = query_argument.QueryArgument(None, {"Resource": "Model", name: value}, {}, None)
    with pytest.raises(ShapeError) as caught:
        query.refuse_page()
    assert caught.value.path == name


def test_members_that_ask_for_nothing_are_not() -> None:
    members = {"Resource": "Model", "CrossAccountFilterOption": None, "NextToken": ""}
    query_argument.QueryArgument(None, members, {}, None).refuse_page()
