"""Which of many matches a sample takes: the same ones for the same seed, each as likely as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.numpy_later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sampled_places(total: int, size: int, seed: int) -> NDArray[np.int64]:
    """Places from 0 to before `total`, ascending: `size` of them without repetition, or all if there are no more.

    Args:
        total: How many matches there are.
        size: At most how many are taken.
        seed: Equal seeds take equal places.
    """
    if total <= size:
        return np.arange(total)
    return np.sort(np.random.default_rng(seed).choice(total, size, replace=False, shuffle=False))
