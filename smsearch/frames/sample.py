"""A sample of the matches of a query as an Arrow table, with how many matches it is of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from smsearch.engine.sampling import sampled_places
from smsearch.frames import arrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa

    from smsearch.engine.result_columns import ResultColumns
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record


@dataclass(frozen=True, slots=True)
class Sample:
    """Some of the matches, or all of them.

    Attributes:
        table: A row a match and a column a property, typed as `to_arrow` types them.
        total: How many matches there are.
    """

    table: pa.Table
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the matches."""
        return int(self.table.num_rows) == self.total


def of_columns(matches: ResultColumns, total: int, props: Sequence[Property]) -> Sample:
    """The sample that an engine took, as a table."""
    return Sample(arrow.stream(matches, props, max(len(matches), 1)).read_all(), total)


def of_records(records: Iterable[Record], total: int, size: int, seed: int, props: Sequence[Property]) -> Sample:
    """A sample of records that are given one by one; only those that it takes are kept.

    Args:
        records: The matches.
        total: How many there are.
        size: At most how many are taken.
        seed: Equal seeds take equal places.
        props: The columns.
    """
    return Sample(arrow.table(_at(records, sampled_places(total, size, seed).tolist()), props), total)


def _at(records: Iterable[Record], places: Sequence[int]) -> Iterator[Record]:
    """The records at some places, which ascend."""
    one_by_one = iter(records)
    before = -1
    for place in places:
        yield from islice(one_by_one, place - before - 1, place - before)
        before = place
