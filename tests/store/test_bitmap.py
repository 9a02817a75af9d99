"""Sets of rows as bits are sets of rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.store.bitmap import BLOCK_ROWS, Bitmap, PrefixCounts

COUNTS = st.sampled_from((0, 1, 7, 8, 63, 64, 65, 200))


@given(data=st.data(), count=COUNTS)
def test_they_combine_as_sets(data: st.DataObject, count: int) -> None:
    every = set(range(count))
    one, other = (data.draw(st.sets(st.sampled_from(sorted(every)))) if every else set() for _ in range(2))
    ours, theirs = (Bitmap.of_rows(np.array(sorted(rows), np.uint32), count) for rows in (one, other))
    for bitmap, expected in (
        (ours, one),
        (ours & theirs, one & other),
        (ours | theirs, one | other),
        (~ours, every - one),
    ):
        assert len(bitmap) == len(expected)
        assert bitmap.rows().tolist() == sorted(expected)
        assert np.flatnonzero(bitmap.holds(np.arange(count))).tolist() == sorted(expected)


@pytest.mark.parametrize("count", [BLOCK_ROWS, BLOCK_ROWS + 9])
def test_blocks_follow_one_another(count: int) -> None:
    codes = np.arange(count, dtype=np.uint32)
    bitmap = Bitmap.of_blocks(codes, lambda block: block % 3 == 1)
    assert bitmap.rows().tolist() == list(range(1, count, 3))
    assert len(bitmap) == len(range(1, count, 3))


@given(rows=st.sets(st.integers(0, 199)), count=COUNTS)
def test_prefixes_are_counted(rows: set[int], count: int) -> None:
    own = sorted(row for row in rows if row < count)
    counts = PrefixCounts(Bitmap.of_rows(np.array(own, np.uint32), count))
    assert [counts.before(row) for row in range(count + 1)] == [
        sum(one < row for one in own) for row in range(count + 1)
    ]
