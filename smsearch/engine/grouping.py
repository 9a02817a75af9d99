"""What every engine can be asked of groups of records, and the rows that it returns (rows A1 to A9).

A group is the records that have the same values under some keys. Names are SQL's. This module knows no engine, no
calendar and no text of a query.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol, assert_never

from smsearch.engine.value_counts import Number, Scalar
from smsearch.errors import LimitExceededError
from smsearch.frozen import frozen
from smsearch.schema.value_kinds import Numerals, ValueType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.schema.property import Property
    from smsearch.schema.value_kinds import Kind

GROUPS_MAX: Final = 200_000
"""Groups that an answer may have (row A9); each takes about a kilobyte of memory."""


class Function(Enum):
    """What is asked of each group."""

    COUNT = "count"
    """How many records; of a property, how many of them have it."""
    COUNT_DISTINCT = "count distinct"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    STDDEV = "stddev"
    BEST = "best"
    """The largest number, and the record that has it."""
    WORST = "worst"
    """The smallest number, and the record that has it."""


ORDERED: Final = frozenset({Function.MIN, Function.MAX, Function.MEDIAN, Function.BEST, Function.WORST})
"""What takes times as well as numbers, and MIN and MAX texts: it asks for their order alone."""


def takes(function: Function, kind: Kind) -> bool:
    """Whether a function can be asked of values of a kind (row A5)."""
    has_numbers = kind.is_number or kind.numerals is not Numerals.TEXT
    match function:
        case Function.COUNT:
            return True
        case Function.COUNT_DISTINCT:
            return kind.has_values
        case Function.MIN | Function.MAX:
            return has_numbers or kind.is_time or kind.type is ValueType.TEXT
        case Function.MEDIAN | Function.BEST | Function.WORST:
            return has_numbers or kind.is_time
        case Function.SUM | Function.AVG | Function.STDDEV:
            return has_numbers
    assert_never(function)


class Buckets(Protocol):
    """Neighbouring ranges of numbers or of times, which are groups: months, or bins as wide as 10."""

    def begin(self, value: Number) -> Number:
        """Where the bucket of a value begins; an infinite number is a bucket by itself."""

    def end(self, begin: Number) -> Number:
        """Before what the bucket ends that begins there."""


@frozen
class GroupKey:
    """What records are grouped by: the values of a property, or the buckets that its values are in."""

    property: Property
    buckets: Buckets | None = None


@frozen
class Aggregate:
    """What is asked of each group; COUNT alone can do without a property."""

    function: Function
    property: Property | None = None


@frozen
class Best:
    """The largest or the smallest number of a group, and the name of the record that has it, or its ARN."""

    value: Number
    name: str


Cell = Scalar | Best | None
"""What an aggregate gives for a group. A count is an `int`, another number a `Decimal`, None that there is nothing."""


@frozen
class GroupedRows:
    """The groups in the order of their keys, absent ones last.

    Attributes:
        keys: For each group its values, one a key; None where they are absent. Of a bucket, where it begins.
        cells: For each group what was asked of it, one an aggregate.
        matching: How many records match, each counted once.
        unreadable: For each key, how many values of theirs no group takes (row A2), each once a record.
        left_out: For each aggregate, how many values of theirs it does not take (row A5), each once a record.
    """

    keys: Sequence[tuple[Scalar | None, ...]]
    cells: Sequence[tuple[Cell, ...]]
    matching: int
    unreadable: tuple[int, ...]
    left_out: tuple[int, ...]


def no_rows(keys: Sequence[GroupKey], aggregates: Sequence[Aggregate]) -> GroupedRows:
    """What groups of no record are: without a key the one group of all, else none."""
    counts = {Function.COUNT, Function.COUNT_DISTINCT}
    cells = tuple(0 if one.function in counts else None for one in aggregates)
    nothing = (0,) * len(keys), (0,) * len(aggregates)
    return GroupedRows([] if keys else [()], [] if keys else [cells], 0, *nothing)


def refuse_many(count: int) -> None:
    """Refuses more groups than an answer may have.

    Raises:
        LimitExceededError: There are more than `GROUPS_MAX`.
    """
    if count > GROUPS_MAX:
        raise LimitExceededError(
            f"These are {count:,} groups, and an answer has at most {GROUPS_MAX:,}.",
            hint="Group by fewer names, by a period or by bins, or ask fewer records.",
            row="A9",
        )
