"""A campaign: a law, and tries that may break it, each drawn from chance.

The number of a try and the seed say all of it, so that one that failed is tried again alone. This module knows no
process and no file of results.
"""

from __future__ import annotations

import random
import resource
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


class BrokenLawError(Exception):
    """A try that broke its campaign's law; the message says how."""


class Attempt(Protocol):
    """Makes one try.

    Args:
        chance: All chance of the try.

    Returns:
        What the try cost, in the campaign's unit; None leaves it to the runner to measure the processor's time.

    Raises:
        BrokenLawError: The law is broken. Every other exception is a failure too.
    """

    def __call__(self, chance: random.Random, /) -> float | None:  # noqa: D102 - the class says it
        ...


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign.

    Attributes:
        name: A few words, which the command line and the results call it by.
        law: What no try may break, a sentence.
        tries: How many a full run makes.
        tested: How many `make test` makes: a hundredth at most.
        prepare: Is given an empty folder, and holds what the tries share; gives what makes a try.
        unit: What a try's cost is counted in.
    """

    name: str
    law: str
    tries: int
    tested: int
    prepare: Callable[[Path], AbstractContextManager[Attempt]]
    unit: str = "s of processor time"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try.

    Attributes:
        number: Which one of the campaign's.
        cost: What it cost, in the campaign's unit.
        problem: How it broke the law, or `""`.
    """

    number: int
    cost: float
    problem: str = ""


def chance_of(campaign: Campaign, seed: int, number: int) -> random.Random:
    """All chance of one try."""
    return random.Random(f"{campaign.name}, {seed}, {number}")


def attempts(campaign: Campaign, seed: int, numbers: Iterable[int], folder: Path) -> Iterator[Tried]:
    """Makes some tries, one after another.

    Args:
        campaign: The campaign.
        seed: The seed.
        numbers: Which tries.
        folder: An empty folder, for what they write.
    """
    with campaign.prepare(folder) as attempt:
        for number in numbers:
            begun = _processor_seconds()
            cost, problem = None, ""
            try:
                cost = attempt(chance_of(campaign, seed, number))
            except BrokenLawError as error:
                problem = str(error)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
                problem = f"{type(error).__name__}: {error}"
            yield Tried(number, _processor_seconds() - begun if cost is None else cost, problem)


def _processor_seconds() -> float:
    """What this process, and the children that it has waited for, have used."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
