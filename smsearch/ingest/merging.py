"""Which segments an addition writes as one: by size, so that each record is written again only a few times.

Segments stand in tiers by the number of their records: up to 4,096, then each tier up to four times as many. When a
tier has too many segments, they become one together with all smaller ones. The new segment may be of a higher tier,
which may then have too many itself. So a store has a few segments a tier, and a record of a million is written about
five times, each time for a fraction of what reading it took. A segment of half the largest size or more stays.
With two segments a tier, and records in thousands:

    stored         tiers        a new one of 1
    500  6         4  1         500  6  1
    500  6  1  1   4  1  0  0   500  6  3       three of tier 0 are too many
    500  6  3  3   4  1  0  0   500  6  7       the new one is of tier 1, which has two now
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

SEGMENT_ROWS_MAX: Final = 2_000_000
"""Records of one segment: a build's memory grows with the columns of one. All processes together had 544 MB at once of
a million jobs of 3.3 KB (`benchmarks/memory.py`), so some 0.9 GB of these."""
TIER_SEGMENTS_MAX: Final = 4
"""Segments of one tier, of one resource, beyond which an addition writes them as one."""
DELETED_SHARE: Final = 4
"""A segment of which more than one record in this many is superseded is written anew by the next addition."""
_FIRST_TIER: Final = 4_096
_GROWTH: Final = 4


def groups_to_merge(sizes: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The segments to write anew, those of each group as one, by their places.

    Args:
        sizes: Of each segment its rows, and how many of them are superseded.
    """
    records = [rows - deleted for rows, deleted in sizes]
    tiers = {at: _tier(count) for at, count in enumerate(records) if count < SEGMENT_ROWS_MAX // 2}
    together: set[int] = set()
    highest = max((tier for tier in tiers.values() if _count(tiers, tier, together) > TIER_SEGMENTS_MAX), default=-1)
    while highest >= 0:
        together = {at for at, tier in tiers.items() if tier <= highest}
        result = _tier(sum(records[at] for at in together))
        highest = result if result > highest and _count(tiers, result, together) + 1 > TIER_SEGMENTS_MAX else -1
    sparse = [at for at, (rows, deleted) in enumerate(sizes) if deleted * DELETED_SHARE > rows]
    groups = [sorted(together)] if len(together) > 1 else []
    return [*groups, *([at] for at in sparse if not groups or at not in together)]


def _tier(records: int) -> int:
    """The tier of a segment."""
    tier, most = 0, _FIRST_TIER
    while records > most:
        tier, most = tier + 1, most * _GROWTH
    return tier


def _count(tiers: dict[int, int], tier: int, without: set[int]) -> int:
    """How many segments a tier has, some left out."""
    return sum(one == tier for at, one in tiers.items() if at not in without)
