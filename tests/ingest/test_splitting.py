"""Bytes to documents: every layout of JSON comes apart into the same documents, and a broken one costs itself alone."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.ingest import documents, streaming_parser
from smsearch.ingest.lines import BOM
from tests.ingest.endless import Endless
from tests.ingest.sample import found_values, job, jobs, lines_of, split

if TYPE_CHECKING:
    from collections.abc import Callable

Indent = int | str | None

THREE = [{"a": 1}, {"b": [1, {"c": '}"]{\\'}]}, {"d": {"e": {}}}]


def dumped(value: object, indent: Indent) -> str:
    return json.dumps(value, indent=indent)


LAYOUTS: dict[str, Callable[[list[Any], Indent], str]] = {
    "lines": lambda values, _: "\n".join(map(json.dumps, values)),
    "lines with blank ones": lambda values, _: "\r\n\r\n".join(map(json.dumps, values)) + "\r\n",
    "several": lambda values, indent: "\n".join(dumped(value, indent) for value in values),
    "several on one line": lambda values, _: " ".join(map(json.dumps, values)),
    "several without a blank": lambda values, indent: "".join(dumped(value, indent) for value in values),
}


@pytest.mark.parametrize("indent", [None, 0, 1, 2, "\t"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_documents(layout: str, indent: Indent) -> None:
    assert found_values(LAYOUTS[layout](THREE, indent).encode()) == THREE


@pytest.mark.parametrize("indent", [None, 0, 1, 2])
def test_an_array_is_one_document_while_it_is_small(indent: Indent) -> None:
    assert found_values(dumped(THREE, indent).encode()) == [THREE]


def test_an_element_on_each_line_in_an_array_or_a_response() -> None:
    body = ",\n".join(map(json.dumps, THREE))
    assert found_values(f"[\n{body}\n]\n".encode()) == [THREE]
    assert found_values(f'{{"Results":[\n{body}\n]}}\n'.encode()) == [{"Results": THREE}]


def test_a_last_line_needs_no_newline_and_nothing_is_nothing() -> None:
    assert found_values(b'{"a": 1}\n{"b": 2}') == [{"a": 1}, {"b": 2}]
    assert found_values(b"") == found_values(b"\n \r\n\t\n") == found_values(b"\xef\xbb\xbf") == []


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\r\n"])
@pytest.mark.parametrize("indent", [None, 2])
def test_files_put_one_behind_another_keep_their_byte_order_marks(between: bytes, indent: Indent) -> None:
    files = [BOM + dumped(value, indent).encode() + between for value in THREE]
    assert found_values(b"".join(files)) == THREE


@pytest.mark.parametrize(
    "before",
    [b'{"cut": [{"a":\n', b'{"cut": \n', b"prose\nmore of it\n", b'"text that ends\n', b"TrainingJobName: a\n"],
)
def test_a_byte_order_mark_begins_a_document_whatever_stands_before(before: bytes) -> None:
    *_, last = split(before + BOM + b'{"a": 1}\n')
    assert (last.line, last.value, last.problem) == (before.count(b"\n") + 1, {"a": 1}, "")


def test_lines_are_counted_from_one() -> None:
    raw = b'\n{"a": 1}\n{\n "b": 2\n}\n\n{"c": \n3} {"d": 4}\n{"e": 5}'
    assert [(found.line, found.value) for found in split(raw)] == [
        (2, {"a": 1}),
        (3, {"b": 2}),
        (7, {"c": 3}),
        (8, {"d": 4}),
        (9, {"e": 5}),
    ]


def broken(raw: bytes) -> list[tuple[int, object]]:
    """Line and value of what was found; a problem's value is its first words."""
    return [(found.line, found.problem[:9] if found.problem else found.value) for found in split(raw)]


@pytest.mark.parametrize(
    "bad",
    [
        b'{"a": 1',
        b'{"a": [{"b": ',
        b'{"a": "arn:aws:',
        b'{"a": "x", ',
        b'{"a": "[[[[{{{',
        b'{"a": 1}}',
        b'{"a": tru}',
        b"{'a': 1}",
        b"[1, 2",
        b'{"a": "\xff"}',
        b'{"a": "\x00"}',
        b"\x00\x00{",
        b"no json",
    ],
)
def test_a_broken_line_costs_itself_alone(bad: bytes) -> None:
    found = broken(b'{"x": 1}\n' + bad + b'\n{"y": 2}\n42\n{"z": 3}\n')
    assert [line for line, value in found if isinstance(value, str)] == [2]
    assert [value for _, value in found if isinstance(value, dict)] == [{"x": 1}, {"y": 2}, {"z": 3}]
    assert (4, 42) in found


def test_a_cut_document_of_many_lines_costs_itself_alone() -> None:
    cut = "\n".join(json.dumps(job(), indent=2).splitlines()[:5])
    raw = "\n".join([dumped({"x": 1}, 2), cut, dumped({"y": 2}, 2), cut]).encode()
    assert broken(raw) == [(1, {"x": 1}), (4, "It is cut"), (9, {"y": 2}), (12, "It is cut")]


def test_a_broken_document_of_many_lines_is_told_once() -> None:
    bad = dumped(job(), 2).replace('"Completed",', '"Completed"')
    assert broken(f'{bad}\n{{"y": 2}}\n'.encode()) == [(1, "It is not"), (10, {"y": 2})]


def test_what_a_cut_line_seems_to_hold_is_found_again() -> None:
    # the cut falls where a value may follow, so that the next lines might have been its own
    assert [value for _, value in broken(b'[{"a": 1},\n{"b": 2}\n{"c": 3}\n')] == [
        {"a": 1},
        {"b": 2},
        "The list ",
        {"c": 3},
    ]
    values = [value for _, value in broken(b'{"k": [\n{"b": 2}\n{"c": 3}\n')]
    assert {"b": 2} in values
    assert {"c": 3} in values


@pytest.mark.parametrize("indent", [None, 2])
def test_a_broken_array_gives_its_whole_elements(indent: Indent) -> None:
    raw = dumped([{"a": 1}, {"b": "?"}, {"c": [3]}], indent).replace('"?"', "?").encode()
    assert [value for _, value in broken(raw)] == [{"a": 1}, "It is not", {"c": [3]}]


def test_a_cut_array_gives_the_elements_before_the_cut() -> None:
    assert broken(b'[\n {"a": 1},\n {"b": 2},\n {"c": \n') == [(2, {"a": 1}), (3, {"b": 2}), (4, "The list ")]


def test_a_broken_response_gives_its_whole_records_with_the_name_of_their_list() -> None:
    found = split(b'{"NextToken": "x", "TrainingJobSummaries": [{"a": 1}, {"b": nul}, {"c": 3}], "More": true}')
    assert [(one.path, one.value) for one in found] == [
        (("NextToken",), "x"),
        (("TrainingJobSummaries", 0), {"a": 1}),
        (("TrainingJobSummaries", 1), None),
        (("TrainingJobSummaries", 2), {"c": 3}),
        (("More",), True),
    ]


def test_what_is_no_object_in_a_broken_array_is_told() -> None:
    assert [value for _, value in broken(b'[{"a": 1}, null, 5, {"b": 2}, x]')] == [
        {"a": 1},
        "It is no ",
        {"b": 2},
        "It is no ",
    ]


def test_python_text_is_told_how_to_become_json() -> None:
    text = "{'TrainingJobName': 'a',\n 'CreationTime': datetime.datetime(2022, 2, 18, tzinfo=tzlocal())}\n"
    for raw in (text, text.replace("\n", " ") + "\n", f"[{text}]", text[:40], text + text):
        found = split(raw.encode())
        assert found
        assert all("json.dumps(response, default=str)" in one.problem for one in found)
    assert [one.line for one in split((text + text).encode())] == [1, 3]


def test_lines_of_prose_are_told_once() -> None:
    found = split(b"name,status\njob-1,Completed\njob-2,Failed\n" + lines_of([{"a": 1}]))
    assert [(one.line, one.is_prose, one.value) for one in found] == [(1, True, None), (4, False, {"a": 1})]
    assert found[0].problem.startswith("3 lines from here on are not JSON.")


@pytest.mark.parametrize("depth", [201, 10_000, 300_000])
def test_deep_documents_are_refused_and_do_no_harm(depth: int) -> None:
    raw = b'{"a": ' + b"[" * depth + b"]" * depth + b'}\n{"b": 1}\n'
    assert [value for _, value in broken(raw)] == ["It is nes", {"b": 1}]


def test_depth_200_is_read() -> None:
    raw = b'{"a": ' + b"[" * 199 + b"]" * 199 + b"}"
    assert len(found_values(raw)) == 1


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces so small that everything is taken apart, in pieces that end anywhere."""
    monkeypatch.setattr(documents, "LINE_BYTES", 64)
    monkeypatch.setattr(streaming_parser, "_CHUNK_BYTES", 16)
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 600)


ENVELOPES: dict[str, Callable[[list[Any], Indent], str]] = {
    "array": dumped,
    "Results": lambda values, indent: dumped({"Results": values, "NextToken": "x]}"}, indent),
    "after others": lambda values, indent: dumped(
        {"NextToken": 'a"b', "n": -1.5, "Results": values, "m": [[]]}, indent
    ),
    "a list page": lambda values, indent: dumped({"ModelPackageSummaryList": values}, indent),
}


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("envelope", ENVELOPES)
def test_large_lists_are_taken_apart(envelope: str, indent: Indent) -> None:
    values: list[Any] = [*THREE, *jobs(20)]
    raw = ENVELOPES[envelope](values, indent) + "\n" + dumped({"after": 1}, indent)
    found = split(raw.encode())
    assert [one.problem for one in found if one.problem] == []
    found = [one for one in found if isinstance(one.value, dict)]
    assert [one.value for one in found] == [*values, {"after": 1}]
    texts = raw.split("\n")
    for one in found:
        assert isinstance(one.value, dict)
        assert indent == 0 or texts[one.line - 1].lstrip(" [").startswith("{")
    key = {"array": "", "a list page": "ModelPackageSummaryList"}.get(envelope, "Results")
    assert [one.path for one in found[:-1]] == [(key, at) if key else (at,) for at in range(len(values))]


@pytest.mark.usefixtures("tiny")
def test_a_long_line_of_json_lines_is_one_document() -> None:
    values = [{"text": 'a"\\[{' * 70}, {"b": 1}, {"text": "{" * 500}, {"text": "\\" * 250}]
    assert found_values(lines_of(values)) == values


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_that_is_too_large_is_told_and_the_next_is_read(indent: Indent) -> None:
    large = dumped({"members": [f"value {number}" for number in range(500)]}, indent)
    assert [value for _, value in broken(f'{{"a": 1}}\n{large}\n{{"b": 2}}\n'.encode())] == [
        {"a": 1},
        "It is no ",
        {"b": 2},
    ]


@pytest.mark.usefixtures("tiny")
def test_an_element_that_is_too_large_is_told() -> None:
    raw = dumped([{"a": 1}, {"b": "x" * 9_000}], None) + '\n{"c": 1}\n'
    assert [value for _, value in broken(raw.encode())] == [{"a": 1}, "What stan", {"c": 1}]
    raw = dumped([{"a": 1}, job(FailureReason="x" * 9_000), {"b": 2}], None) + '\n{"c": 1}\n'
    assert [value for _, value in broken(raw.encode())] == [{"a": 1}, "It is lar", {"b": 2}, {"c": 1}]


@pytest.mark.usefixtures("tiny")
def test_a_large_list_that_is_cut_or_broken_gives_the_rest() -> None:
    whole = dumped(jobs(20), 1)
    cut = split(whole[: len(whole) // 2].encode())
    assert [one.value for one in cut[:-1]] == jobs(20)[: len(cut) - 1]
    assert len(cut) > 5
    assert cut[-1].problem.startswith("The list is cut")
    bad = split(whole.replace('"job-7"', '"job-7').encode())
    assert [one.value for one in bad if not one.problem] == [
        job for job in jobs(20) if job["TrainingJobName"] != "job-7"
    ]
    assert len([one for one in bad if one.problem]) == 1


@pytest.mark.parametrize("separator", [b", ", b",\n"])
def test_memory_does_not_grow_with_a_list(separator: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LINE_BYTES", 1 << 16)
    monkeypatch.setattr(streaming_parser, "_CHUNK_BYTES", 1 << 16)
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 1 << 16)
    element = json.dumps(job(FailureReason="x" * 500)).encode()
    parts = [b'{"Results": [', *([element + separator] * 9_999), element, b"]}\n"]
    tracemalloc.start()
    try:
        stream: io.BufferedReader = io.BufferedReader(Endless(parts))
        count = sum(not found.problem for found in documents.split(stream))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert peak < 2 << 20 < sum(map(len, parts)) / 3
