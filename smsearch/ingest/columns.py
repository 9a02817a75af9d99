"""Gathers columns out of runs and encodes them: the work that processes share when a segment is written.

What a process is given says all it needs: where in which runs a column lies, and the new numbers of their rows. It
knows neither documents nor the segment's file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from smsearch.ingest.flattened import join, renumbered
from smsearch.schema.value_kinds import JsonType
from smsearch.store import dictionaries, encoded_column

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from smsearch.ingest.row_numbers import RowNumbers
    from smsearch.ingest.runs import Loadable, Run
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.column_metadata import ColumnMetadata
    from smsearch.store.encoded_column import EncodedColumn

BATCH_BYTES: Final = 16 << 20
"""Spilled bytes of the columns that one process lays out at a time: it holds a few times as many."""


@dataclass(frozen=True, slots=True)
class SpilledColumn:
    """A column as it lies in runs.

    Attributes:
        key: The column's key.
        kind: What its values are.
        places: The number of each run that has it, and where in the run it lies.
    """

    key: str
    kind: Kind
    places: tuple[tuple[int, Loadable], ...]

    @property
    def size(self) -> int:
        """Bytes of it in the runs."""
        return sum(spilled.length for _, spilled in self.places)


def spilled_columns(runs: list[Run], table: str) -> list[SpilledColumn]:
    """The columns of a table, sorted by key."""
    places: dict[str, list[tuple[int, Loadable]]] = {}
    kinds: dict[str, Kind] = {}
    for at, run in enumerate(runs):
        for (path, key), (kind, spilled) in run.columns.items():
            if path == table:
                places.setdefault(key, []).append((at, spilled))
                if key not in kinds or kind.json is JsonType.ANY:  # of a stored run the kind is one that is like it
                    kinds[key] = kind
    return [SpilledColumn(key, kinds[key], tuple(places[key])) for key in sorted(places)]


def encoded(column: SpilledColumn, numbers: RowNumbers) -> EncodedColumn | None:
    """A column over all runs; None if no kept row has it.

    Args:
        column: The column.
        numbers: The new numbers of the rows of each run.
    """
    values = join([renumbered(spilled.load(), numbers.of(at)) for at, spilled in column.places])
    column_of_values = dictionaries.encode(column.kind, values)
    return column_of_values if len(column_of_values.rows) else None


def laid_out(
    columns: list[SpilledColumn],
    numbers: RowNumbers,
    tiebreak_rank: NDArray[np.uint32] | None,
) -> list[ColumnMetadata[NDArray[Any]] | None]:
    """Some columns as they are written; None for one that no kept row has.

    Args:
        columns: The columns.
        numbers: As for `encoded`.
        tiebreak_rank: As for `encoded_column.laid_out`.
    """
    every = (encoded(column, numbers) for column in columns)
    return [None if one is None else encoded_column.laid_out(one, numbers.count, tiebreak_rank) for one in every]
