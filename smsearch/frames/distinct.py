"""SELECT DISTINCT: of records that are equal in all columns, the first (row T5). It knows no order and no query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from smsearch.frames.table_text import RecordCells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from smsearch.schema.property import Property
    from smsearch.schema.record import Record


def distinct(records: Iterable[Record], props: Sequence[Property]) -> Iterator[Record]:
    """The records without those that an earlier one equals, as JSON spells the values of all the properties."""
    cells_of = RecordCells(props)
    earlier: set[bytes] = set()
    for record in records:
        cells = orjson.dumps(cells_of(record), option=orjson.OPT_SORT_KEYS)
        if cells not in earlier:
            earlier.add(cells)
            yield record
