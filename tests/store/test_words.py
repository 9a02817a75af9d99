"""The index of words says of every needle without separators which texts hold it, or that it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.columnar import ranges
from smsearch.store import trigrams, words
from smsearch.store.column_metadata import ColumnMetadata, DictionaryMetadata
from smsearch.store.dictionaries.text import TextDictionary
from smsearch.store.memory_segment import MemorySegment
from smsearch.store.texts import arrow_buffers, text_arrays

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TEXTS = st.lists(st.text("ab1-/é\n\x00", max_size=9), min_size=1, max_size=40, unique=True)


@pytest.fixture(autouse=True)
def _many_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "WORDS_SHARE", 0)


def dictionary(texts: list[str]) -> TextDictionary:
    """The dictionary of some texts, with an index of their words."""
    in_order = pa.array(sorted(texts, key=str.encode), pa.large_string())
    offsets, encoded = arrow_buffers(in_order)
    values: DictionaryMetadata[Any] = DictionaryMetadata(
        texts=text_arrays(in_order), words=words.index(encoded, offsets)
    )
    segment = MemorySegment(ColumnMetadata(len(texts), len(texts), has_unreadable=False, dictionary=values))
    return TextDictionary(segment, segment.column.dictionary, len(texts))


@given(texts=TEXTS, needle=st.text("ab1-é", max_size=3), runs_min=st.sampled_from([0, 64]))
def test_a_needle_is_in_the_texts_of_its_words(texts: list[str], needle: str, runs_min: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "RUNS_MIN", runs_min)
        stored = dictionary(texts)
        assert list(stored.check()) == []
    assert stored.words is not None
    runs = stored.words.find(needle.encode())
    expected = [code for code, text in enumerate(sorted(texts, key=str.encode)) if needle in text]
    if not needle or "-" in needle:
        assert runs is None
    elif runs_min:
        assert runs is not None
    if runs is not None:
        assert [code for low, high in ranges.joined(runs) for code in range(low, high)] == expected


def test_identifiers_have_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "WORDS_SHARE", 16)
    offsets, encoded = arrow_buffers(pa.array([f"{at:09}" for at in range(5_000)], pa.large_string()))
    assert words.index(encoded, offsets) is None
    texts = sorted(f"ads-{at % 20}-{at // 20 % 20}-{at // 400}" for at in range(5_000))
    offsets, encoded = arrow_buffers(pa.array(texts, pa.large_string()))
    index = words.index(encoded, offsets)
    assert index is not None
    assert np.diff(index.offsets.astype(np.int64)).max() > 0


def test_an_index_is_the_same_of_however_many_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "RUNS_MIN", 2)
    several = sorted(f"ads-{at % 7}-{at // 7 % 20}-{at:03}é" for at in range(300))
    offsets, encoded = arrow_buffers(pa.array(several, pa.large_string()))

    def members() -> list[list[int]]:
        every = (trigrams.index(encoded, offsets), words.index(encoded, offsets))
        return [array.tolist() for index in every if index is not None for array in flat(index.members().values())]

    whole = members()
    monkeypatch.setattr(trigrams, "_SLICE_BYTES", 1)
    assert len(trigrams.slices(offsets)) == 10
    assert members() == whole
    assert len(whole) == 8


def flat(members: Iterable[Any]) -> Iterator[np.ndarray[Any, Any]]:
    for member in members:
        yield from member if isinstance(member, tuple) else (member,)


def test_an_index_of_other_words_is_told() -> None:
    stored = dictionary(["ads-bert", "ads-yolo", "nlp-bert"])
    other = dictionary(["ads-bert", "ads-yolo", "nlp-yolo"])
    stored.words._texts = other.texts  # type: ignore[union-attr]  # noqa: SLF001 - texts that are not its own
    assert list(stored.check()) == ["its words are not those of its texts."]
