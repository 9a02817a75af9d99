"""Ranges of codes against sets of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from smsearch.columnar import ranges

if TYPE_CHECKING:
    from smsearch.columnar.ranges import Ranges

CODES = st.sets(st.integers(0, 30))


def codes_in(found: Ranges) -> set[int]:
    """The codes of ranges, which must be in order and apart."""
    ends = [end for pair in found for end in pair]
    assert ends == sorted(set(ends))
    return {code for low, high in found for code in range(low, high)}


@given(CODES)
def test_codes_are_in_their_ranges(codes: set[int]) -> None:
    assert codes_in(ranges.of_codes(codes)) == codes


@given(CODES, CODES)
def test_ranges_meet_and_join_as_sets_do(one: set[int], other: set[int]) -> None:
    first, second = ranges.of_codes(one), ranges.of_codes(other)
    assert codes_in(ranges.intersection(first, second)) == one & other
    assert codes_in(ranges.union(first, second)) == one | other


@given(CODES, st.integers(0, 3))
def test_a_mask_marks_the_codes_of_its_ranges_and_no_others(codes: set[int], beyond: int) -> None:
    size = max(codes, default=-1) + 1 + beyond
    mask = ranges.mask(ranges.of_codes(codes), size)
    assert len(mask) == size
    assert set(mask.nonzero()[0].tolist()) == codes
