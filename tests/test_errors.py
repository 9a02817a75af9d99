"""Every refusal has a stable code, a place and a hint, and a request's is a ValidationException."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import smsearch
from smsearch.errors import (
    ExportError,
    RequestError,
    ShapeError,
    SmsearchError,
    StoreError,
    Suggestion,
    TextSyntaxError,
)

ROOT = Path(__file__).resolve().parent.parent


def leaves(kind: type[SmsearchError]) -> list[type[SmsearchError]]:
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [kind]


def test_codes_are_the_names_of_the_leaves_and_unique() -> None:
    codes = {leaf.code for leaf in leaves(SmsearchError)}
    assert codes == {leaf.__name__.removesuffix("Error") for leaf in leaves(SmsearchError)}
    assert len(codes) == len(leaves(SmsearchError))


def test_a_message_says_where_what_and_what_would_be_right() -> None:
    error = ShapeError("It is wrong.", path="Filters[0]", hint="Write it right.")
    assert str(error) == "Filters[0]: It is wrong. Write it right."
    assert str(ShapeError("It is wrong.")) == "It is wrong."
    assert (error.message, error.path, error.hint) == ("It is wrong.", "Filters[0]", "Write it right.")
    assert error.response == {"Error": {"Code": "ValidationException", "Message": str(error)}}


def test_a_text_error_shows_its_line() -> None:
    error = TextSyntaxError("A value is missing.", line=2, column=3, excerpt="a =\n   ^")
    assert str(error) == "line 2, column 3: A value is missing.\na =\n   ^"
    assert (error.line, error.column) == (2, 3)
    assert str(TextSyntaxError("No.")) == "line 1, column 1: No."


def test_an_export_error_names_its_file() -> None:
    assert str(ExportError("Broken.", file="a.json", line=7, hint="Mend it.")) == "a.json:7: Broken. Mend it."
    assert str(ExportError("Broken.", file="a.json")) == "a.json: Broken."
    assert str(ExportError("Broken.")) == "Broken."


@pytest.mark.parametrize("kind", [ExportError, StoreError])
def test_what_is_not_the_requests_fault_is_no_request_error(kind: type[SmsearchError]) -> None:
    assert not issubclass(kind, RequestError)


def test_the_rows_that_errors_name_are_rows_of_the_table() -> None:
    table = re.findall(r"^\| ([A-Z]\d+) \|", (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8"), re.MULTILINE)
    modules = (path for path in (ROOT / "smsearch").rglob("*.py") if not path.name.startswith("generate"))
    sources = [path.read_text(encoding="utf-8") for path in modules]  # a generator holds parts of names such as "V2"
    named = {row for source in sources for row in re.findall(r'"([A-Z]\d{1,2})"', source)}
    assert len(named) > 10
    assert named <= set(table)


def test_an_error_that_knows_what_was_meant_says_so_as_a_value() -> None:
    searcher = smsearch.from_records([])
    for text, wrong, right in (
        ("TrainingJobStaus = Failed", "TrainingJobStaus", "TrainingJobStatus"),
        ("TrainingJobStatus => 5", "=>", ">="),
    ):
        with pytest.raises(RequestError) as caught:
            searcher.query(text)
        assert caught.value.suggestion == Suggestion(wrong, right)
        assert right in caught.value.hint
    with pytest.raises(RequestError) as caught:
        searcher.query("TrainingJobStatus CONTAINS")
    assert caught.value.suggestion is None
