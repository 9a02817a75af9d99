"""Two statistics of association, over ranks, so that neither a scale nor a diverged job decides them.

- Rank correlation: Spearman's rho, Pearson's correlation of the ranks, where equal values share the mean of theirs
  (C. Spearman, "The proof and measurement of association between two things", 1904).
- Share of variance: eta squared of the Kruskal-Wallis test, (H - k + 1) / (n - k) for n values in k groups, where H has
  its correction for equal values (W. Kruskal and W. Wallis, "Use of ranks in one-criterion variance analysis", 1952;
  M. and E. Tomczak, "The need to report effect size estimates revisited", 2014). It is 0 where groups do not differ
  more than chance lets them, and 1 where they part the ranks completely.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS_MAX: Final = 10
"""Groups that numbers are put into, about as many in each."""
_LEAST_GROUPS: Final = 2


def ranks(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ranks of numbers from 1; equal numbers have the mean of theirs."""
    _, places, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean: NDArray[np.float64] = (last - (counts - 1) / 2).astype(np.float64)
    return mean[places]


def rank_correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    """Spearman's rho of pairs of finite numbers, from -1 to 1; None where either has one value only."""
    if len(one) < _LEAST_GROUPS:
        return None
    first, second = ranks(one), ranks(other)
    first, second = first - first.mean(), second - second.mean()
    spread = math.sqrt(float(first @ first) * float(second @ second))
    return float(first @ second) / spread if spread else None


def kruskal(groups: NDArray[np.int64], numbers: NDArray[np.float64]) -> float | None:
    """The H of Kruskal and Wallis, corrected for equal numbers; None where all numbers are equal.

    Args:
        groups: For each number its group, from 0; each group has a number.
        numbers: Finite numbers.
    """
    total = len(numbers)
    own = ranks(numbers)
    sums, sizes = np.bincount(groups, own), np.bincount(groups)
    h = 12 / (total * (total + 1)) * float((sums**2 / sizes).sum()) - 3 * (total + 1)
    _, ties = np.unique(numbers, return_counts=True)
    correction = 1 - float((ties.astype(np.float64) ** 3 - ties).sum()) / (float(total) ** 3 - total)
    return h / correction if correction else None


def explained_share(groups: NDArray[np.int64], numbers: NDArray[np.float64]) -> float | None:
    """The share of the variance of the numbers' ranks that groups explain, from 0 to 1.

    None where there is one group, one in a group each, or one number only.

    Args:
        groups: For each number its group.
        numbers: Finite numbers.
    """
    _, dense = np.unique(groups, return_inverse=True)
    count = int(dense.max()) + 1 if len(dense) else 0
    if count < _LEAST_GROUPS or count >= len(numbers):
        return None
    h = kruskal(dense, numbers)
    return None if h is None else min(max((h - count + 1) / (len(numbers) - count), 0.0), 1.0)


def binned(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """The group of each finite number: its own where they are few, else one of `BINS_MAX` with about as many each."""
    distinct, places = np.unique(numbers, return_inverse=True)
    if len(distinct) <= BINS_MAX:
        return places.astype(np.int64)
    edges = np.quantile(numbers, np.linspace(0, 1, BINS_MAX + 1)[1:-1])
    return np.searchsorted(np.unique(edges), numbers, side="right").astype(np.int64)
