"""The distinct texts of several parts, by hashes or by sorting, and texts in order."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.store import texts

PARTS = st.lists(st.lists(st.text("ab1é\n\x00\U0001f600", max_size=4), max_size=9), min_size=2, max_size=5)


def array(part: list[str]) -> pa.Array:
    return pa.array(part, pa.large_string())


@given(parts=PARTS, many=st.sampled_from([0, 1 << 16]))
def test_each_text_is_at_its_place_among_the_distinct_ones(parts: list[list[str]], many: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_MANY_TEXTS", many)
        dictionary, places = texts.distinct_texts([array(part) for part in parts])
    spelled = dictionary.to_pylist()
    assert len(set(spelled)) == len(spelled)
    assert [spelled[place] for place in places.tolist()] == [text for part in parts for text in part]


@pytest.mark.parametrize(
    ("parts", "in_order"), [([["b", "a", "e"], ["d", "c", "a"]], True), ([["b", "a"], ["d", "b", "a"]], False)]
)
def test_texts_that_are_mostly_different_are_sorted(
    parts: list[list[str]], *, in_order: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_MANY_TEXTS", 0)
    dictionary, _ = texts.distinct_texts([array(part) for part in parts])
    assert (dictionary.to_pylist() == sorted(dictionary.to_pylist())) == in_order


@given(part=st.lists(st.text("ab1é\n\x00\U0001f600", max_size=4), max_size=9, unique=True))
def test_texts_are_put_in_order_whether_or_not_they_were(part: list[str]) -> None:
    for some in (part, sorted(part)):
        in_order, places = texts.sorted_texts(array(some))
        assert in_order.to_pylist() == sorted(part)
        assert [in_order[place].as_py() for place in places.tolist()] == some
