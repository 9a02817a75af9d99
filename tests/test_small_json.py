"""JSON without orjson: whatever the scanner of the standard library reads, orjson reads alike; the rest is orjson's."""

from __future__ import annotations

import json
import subprocess
import sys

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch import small_json

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()))
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
PIECES = st.sampled_from(
    [*'{}[]:," \t\r\n\\\0', '"a"', "\\u0041", "\\ud800", "-0", "1e400", "NaN", "é", "\ufeff", "12", "true"]
)


def scanned(text: str | bytes) -> object:
    """What is read without orjson; `...` where it is left to orjson."""
    try:
        assert small_json._scan is not None  # noqa: SLF001
        return small_json._scanned(text, small_json._scan)  # noqa: SLF001
    except (small_json._NotPlainError, StopIteration, ValueError, RecursionError):  # noqa: SLF001
        return ...


def check(text: str | bytes) -> None:
    value = scanned(text)
    if value is not ...:
        read = orjson.loads(text)
        assert (repr(value), type(value)) == (repr(read), type(read))


@given(VALUES, st.booleans())
def test_values_are_read_alike(value: object, is_ascii: bool) -> None:  # noqa: FBT001 - drawn
    check(json.dumps(value, ensure_ascii=is_ascii))
    check(json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass"))


@given(st.lists(PIECES, max_size=12).map("".join))
def test_texts_are_read_alike_or_left_to_orjson(text: str) -> None:
    check(text)
    check(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, "b", null, true]}',
        b'{"\\u00e9": "\\\\u"}'.replace(b"\\u00e9", "é".encode()),
        " [1.5, -0.0, 1e-400, 1.0E5] ",
        '"\\n\\\\ud800"',
        "[" * 50 + "[1], " * 2_000 + "[]" + "]" * 50,
    ],
)
def test_plain_texts_need_no_orjson(text: str | bytes) -> None:
    assert scanned(text) == orjson.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[1] 2", "NaN", "1e400", "-0", "1234567890123456", '"\\ud83d"', '"\ud800"', "[" * 100_000, b"\xff"),
        *("[" * 500 + "]" * 500, '{"a":' * 500 + "1" + "}" * 500),
    ],
)
def test_what_readers_read_differently_is_left_to_orjson(text: str | bytes) -> None:
    assert scanned(text) is ...


@pytest.mark.parametrize(
    "number", ["18446744073709551616", "-36893488147419103233", "1" * 300, "12345678901234567890.5"]
)
def test_whole_numbers_of_a_request_stay_whole(number: str) -> None:
    for text in (f'{{"a": [{number}]}}', f'{{"a": [{number}]}}'.encode()):
        assert repr(small_json.loads_request(text)) == repr(json.loads(text))
    assert small_json.loads_request(f'["{number}", 1.5]') == [number, 1.5]
    assert isinstance(small_json.loads_request(f"{'[' * 1_020}{number}{']' * 1_020}"), list)


def test_orjson_is_loaded_for_nothing_plain() -> None:
    script = (
        "import sys; from smsearch import small_json\n"
        "print(small_json.loads('{\"a\": 1}'), 'orjson' in sys.modules)\n"
        "print(small_json.loads('[9007199254740993]'), 'orjson' in sys.modules)\n"
        "try: small_json.loads('{')\n"
        "except ValueError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    *read, refused = done.stdout.splitlines()
    assert read == ["{'a': 1} False", "[9007199254740993] True"]
    with pytest.raises(orjson.JSONDecodeError, match=refused.partition(":")[0]):
        orjson.loads("{")


@given(VALUES)
def test_values_are_written_as_by_the_standard_library(value: object) -> None:
    assert small_json.dumps(value) == json.dumps(value)
    assert small_json.dumps_compact(value) == json.dumps(value, separators=(",", ":"))
