"""The engines that need nothing but this package: a collection in memory, and a store of one segment and of three."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.columnar.engine import ColumnarEngine
from smsearch.live.collection import collect
from tests.columnar.test_engine import write_store

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.engine.engine import Engine
    from smsearch.schema.record import Record

SEGMENTS: Final = {"live": 0, "a store of one segment": 1, "a store of three segments": 3}
"""What each is called in the names of tests, and its number of segments."""


def engine_over(records: list[Record], segments: int, folder: Path) -> Engine:
    """An engine over some records: in memory for no segments, else a store in a folder, dealt out in turn."""
    if not segments:
        return collect(records)[0]
    resources = dict.fromkeys(record.resource for record in records)
    of_each = [[record for record in records if record.resource == resource] for resource in resources]
    parts = [own[at::segments] for own in of_each for at in range(segments)]
    return ColumnarEngine(write_store(folder, [part for part in parts if part]))
