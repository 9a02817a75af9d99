"""Puts things together into batches of a limited size, so that memory does not grow with the dump."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")


def batches(items: Iterable[Item], size_of: Callable[[Item], int], size_max: int) -> Iterator[list[Item]]:
    """Some things in their order, as many at a time as a size allows; one that is larger comes by itself."""
    batch: list[Item] = []
    total = 0
    for item in items:
        size = size_of(item)
        if batch and total + size > size_max:
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += size
    if batch:
        yield batch
