"""Splitting a stream into documents, in every container, whole and broken."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.ingest import documents, streaming_parser
from smsearch.ingest.documents import split

if TYPE_CHECKING:
    from smsearch.ingest.recognition import ParsedDocument

DOCUMENTS: list[object] = [{"a": 1}, {"b": {"c": [1, {"d": "}]{"}]}}, {"text": 'a "quoted" \\ \n line'}, {}]


def found(data: bytes) -> list[ParsedDocument]:
    return list(split(io.BufferedReader(io.BytesIO(data))))


def values(data: bytes) -> list[object]:
    assert [one.problem for one in found(data) if one.problem] == []
    return [element for one in found(data) for element in (one.value if isinstance(one.value, list) else [one.value])]


def lines(items: list[object]) -> bytes:
    return "".join(json.dumps(item) + "\n" for item in items).encode()


def pretty(items: list[object]) -> bytes:
    return "\n".join(json.dumps(item, indent=2) for item in items).encode()


@pytest.mark.parametrize(
    "data",
    [
        lines(DOCUMENTS),
        lines(DOCUMENTS).rstrip(b"\n"),
        lines(DOCUMENTS).replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + lines(DOCUMENTS),
        b"\n\n" + lines(DOCUMENTS) + b"\n  \n",
        pretty(DOCUMENTS),
        json.dumps(DOCUMENTS).encode(),
        json.dumps(DOCUMENTS, indent=4).encode(),
        b"".join(json.dumps(item).encode() for item in DOCUMENTS),
    ],
)
def test_every_container_gives_the_documents_back(data: bytes) -> None:
    assert values(data) == DOCUMENTS


@given(items=st.lists(st.dictionaries(st.text(), st.recursive(st.text() | st.integers(), st.lists)), min_size=1))
def test_any_documents_come_back_from_lines_and_from_pretty_printing(items: list[object]) -> None:
    assert values(lines(items)) == items
    assert values(pretty(items)) == items


@given(data=st.binary(max_size=300))
def test_any_bytes_are_documents_or_problems(data: bytes) -> None:
    for one in found(data):
        assert one.line >= 1


def test_a_line_that_is_cut_in_the_middle_is_reported_and_the_next_one_is_read() -> None:
    first, broken, last = found(b'{"a": 1}\n{"b": {"c":\n{"d": 2}\n')
    assert (first.value, last.value) == ({"a": 1}, {"d": 2})
    assert (broken.line, "cut in the middle" in broken.problem) == (2, True)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"a": "\x00"}', "not JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nested deeper"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"a" 1}', "not JSON"),
        (b"{'a': datetime.datetime(2022, 2, 18, tzinfo=tzlocal())}", "json.dumps(response, default=str)"),
    ],
)
def test_a_broken_line_says_what_is_wrong_and_the_rest_is_read(line: bytes, says: str) -> None:
    before, broken, after = found(b'{"a": 1}\n' + line + b'\n{"b": 2}\n')
    assert (before.value, after.value) == ({"a": 1}, {"b": 2})
    assert broken.line == 2
    assert says in broken.problem


def test_numbers_of_any_size_are_read_exactly() -> None:
    digits = "9" * 1_000_000
    (one,) = found(f'{{"huge": {digits}, "far": 1e999999999, "long": 0.1234567890123456789}}'.encode())
    assert isinstance(one.value, dict)
    assert [str(one.value[name]) for name in ("huge", "far", "long")] == [
        digits,
        "1E+999999999",
        "0.1234567890123456789",
    ]


def test_lines_that_are_no_json_are_one_problem() -> None:
    prose, after = found(b'file\tsize\nabc\t1\n{"a": 1}\n')
    assert (prose.is_prose, after.value) == (True, {"a": 1})
    assert prose.problem.startswith("2 lines")


@pytest.mark.parametrize("tail", [b', "NextToken": "x"}', b"}"])
def test_a_response_too_large_to_hold_is_taken_apart(monkeypatch: pytest.MonkeyPatch, tail: bytes) -> None:
    monkeypatch.setattr(documents, "LINE_BYTES", 64)
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 200)
    monkeypatch.setattr(streaming_parser, "_CHUNK_BYTES", 16)
    results = [{"TrainingJob": {"TrainingJobName": f"job-{number}", "Note": '"]}{['}} for number in range(50)]
    data = b'{"Results": ' + json.dumps(results).encode() + tail + b'\n{"after": 1}\n'
    *elements, after = (one for one in found(data) if isinstance(one.value, dict))
    assert [one.value for one in elements] == results
    assert {one.path[0] for one in elements} == {"Results"}
    assert after.value == {"after": 1}


@pytest.mark.parametrize("extra", [0, 1, 60, 200])
@pytest.mark.parametrize("form", ["%s\n", "[%s]\n", '{"Results": [{"TrainingJob": %s}]}\n', "%s"])
def test_a_record_has_one_limit_wherever_it_stands(monkeypatch: pytest.MonkeyPatch, form: str, extra: int) -> None:
    monkeypatch.setattr(documents, "LINE_BYTES", 64)
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 300)
    monkeypatch.setattr(streaming_parser, "_CHUNK_BYTES", 16)
    record = json.dumps({"TrainingJobName": "a", "FailureReason": ""})
    record = json.dumps({"TrainingJobName": "a", "FailureReason": "x" * (300 - len(record) + extra)})
    read = [one for one in found((form % record).encode()) if one.value != {"after": 1}]
    assert [bool(one.problem) for one in read] == [extra > 0]


def test_a_large_array_on_one_line_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LINE_BYTES", 64)
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 200)
    monkeypatch.setattr(streaming_parser, "_CHUNK_BYTES", 16)
    items = [{"number": number, "text": "x" * 100} for number in range(30)]
    assert [one.value for one in found(json.dumps(items).encode())] == items


def test_a_large_array_that_ends_early_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LINE_BYTES", 64)
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 200)
    monkeypatch.setattr(streaming_parser, "_CHUNK_BYTES", 16)
    items = [{"number": number, "text": "x" * 100} for number in range(30)]
    *elements, last = found(json.dumps(items).encode()[:-200])
    assert [one.value for one in elements] == items[: len(elements)]
    assert "cut in the middle" in last.problem
