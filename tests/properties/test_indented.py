"""JSON is indented as orjson indents it."""

from __future__ import annotations

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from smsearch.writers.indented import indented

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text('{}[]:,"\\\n\0\1\2\3')
LEAVES = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)


@given(VALUES)
@example([[], {}, [{}], {"": []}, "{}", '"', "\\", '\\"', "\\\\", ",", "[", "\0", "\2"])
def test_any_value_is_indented_as_orjson_does(value: object) -> None:
    assert indented(orjson.dumps(value).decode()) == orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


@given(VALUES)
def test_in_another_value_its_lines_stand_deeper(value: object) -> None:
    inside = orjson.dumps([value], option=orjson.OPT_INDENT_2).decode()
    assert indented(orjson.dumps(value).decode(), 1) == inside.removeprefix("[\n  ").removesuffix("\n]")
