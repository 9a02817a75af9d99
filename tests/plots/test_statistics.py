"""The statistics against values that others publish."""

from __future__ import annotations

import numpy as np
import pytest

from smsearch.plots import statistics


def doubles(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float64)


def test_equal_numbers_share_the_mean_of_their_ranks() -> None:
    assert statistics.ranks(doubles(10, 20, 20, 5)).tolist() == [2.0, 3.5, 3.5, 1.0]


def test_the_rank_correlation_is_that_of_scipys_example() -> None:
    rho = statistics.rank_correlation(doubles(1, 2, 3, 4, 5), doubles(5, 6, 7, 8, 7))
    assert rho == pytest.approx(0.82078268166812329)  # scipy.stats.spearmanr's documentation


def test_the_rank_correlation_knows_order_alone() -> None:
    numbers = doubles(1, 2, 3, 4)
    assert statistics.rank_correlation(numbers, np.exp(numbers * 100)) == pytest.approx(1)
    assert statistics.rank_correlation(numbers, -numbers) == pytest.approx(-1)
    assert statistics.rank_correlation(numbers, doubles(7, 7, 7, 7)) is None
    assert statistics.rank_correlation(doubles(1), doubles(1)) is None


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (((1, 3, 5, 7, 9), (2, 4, 6, 8, 10)), 0.2727272727272734),
        (((1, 1, 1), (2, 2, 2), (2, 2)), 7.0),
    ],
)
def test_kruskals_h_is_that_of_scipys_examples(groups: tuple[tuple[float, ...], ...], expected: float) -> None:
    numbers = doubles(*(number for group in groups for number in group))
    codes = np.array([place for place, group in enumerate(groups) for _ in group])
    assert statistics.kruskal(codes, numbers) == pytest.approx(expected)  # scipy.stats.kruskal's documentation


def test_the_explained_share_is_eta_squared_of_h() -> None:
    codes = np.array([7, 7, 7, 9, 9, 9, 12, 12])
    share = statistics.explained_share(codes, doubles(1, 1, 1, 2, 2, 2, 2, 2))
    assert share == pytest.approx((7.0 - 3 + 1) / (8 - 3))
    random = np.random.default_rng(1)
    numbers = random.normal(size=2_000)
    assert statistics.explained_share(random.integers(0, 10, 2_000), numbers) == pytest.approx(0, abs=0.02)
    assert statistics.explained_share(statistics.binned(numbers), numbers) == pytest.approx(0.99, abs=0.01)
    assert statistics.explained_share(np.zeros(5, np.int64), numbers[:5]) is None
    assert statistics.explained_share(np.arange(5), numbers[:5]) is None


def test_bins_have_about_as_many_numbers_each() -> None:
    assert np.bincount(statistics.binned(np.arange(1_000, dtype=np.float64) ** 3)).tolist() == [100] * 10
    assert statistics.binned(doubles(8, 2, 8, 4)).tolist() == [2, 0, 2, 1]
    skewed = statistics.binned(np.concatenate([np.zeros(900), np.arange(1, 101)]))
    assert len(set(skewed.tolist())) == 2
