"""What is numbered and ordered by marking is what sorting gives."""

from __future__ import annotations

import numpy as np
import pytest

from smsearch.store import computed_column, sorted_index


@pytest.mark.parametrize("count", [0, 1, 5, 40, 200])
def test_rows_stand_by_group_and_then_by_rank(count: int) -> None:
    chance = np.random.default_rng(count)
    rank = chance.permutation(200).astype(np.uint32)
    rows = np.sort(chance.permutation(200)[:count]).astype(np.uint32)
    groups = np.sort(np.arange(count) % 4).astype(np.uint32)[chance.permutation(count)]
    by_group, offsets = sorted_index.sorted_by(rows, groups, rank)
    assert by_group.tolist() == rows[np.lexsort((rank[rows], groups))].tolist()
    if offsets is not None:
        assert np.diff(offsets).tolist() == np.bincount(groups).tolist()


@pytest.mark.parametrize("is_ranked", [False, True])
def test_rows_of_more_groups_than_16_bits_number_stand_so_too(*, is_ranked: bool) -> None:
    count = sorted_index._SORTED_BY_RADIX + 1_000  # noqa: SLF001 - the number from which rows are sorted in another way
    chance = np.random.default_rng(0)
    groups = chance.permutation(np.append(np.arange(count), [0, 7, count - 1])).astype(np.uint32)
    rows, rank = np.arange(len(groups), dtype=np.uint32), chance.permutation(len(groups)).astype(np.uint32)
    by_group, offsets = sorted_index.sorted_by(rows, groups, rank if is_ranked else None)
    assert np.array_equal(by_group, np.lexsort((rank if is_ranked else rows, groups)))
    assert offsets is not None
    assert np.array_equal(np.diff(offsets), np.bincount(groups))


@pytest.mark.parametrize("end", [7, 60, 1_000])
def test_numbers_are_numbered_as_unique_does(end: int) -> None:
    numbers = np.random.default_rng(end).integers(0, end, 60)
    places, firsts = computed_column.numbered(numbers, end)
    _, expected_firsts, expected_places = np.unique(numbers, return_index=True, return_inverse=True)
    assert places.tolist() == expected_places.tolist()
    assert firsts.tolist() == expected_firsts.tolist()
