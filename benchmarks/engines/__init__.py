"""The engines of the benchmark, each at its honest best, behind one small interface.

An engine loads a dump of JSON lines, opens what it loaded, and answers a query with names and a total, with row ids,
and with the bytes of a response. Engines know nothing of each other, and nothing of timing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchmarks.engines.clickhouse import ClickHouse
from benchmarks.engines.duck import DuckDB, DuckDBNested
from benchmarks.engines.frames import Polars
from benchmarks.engines.own import Reference, Smsearch
from benchmarks.engines.sqlite import SQLite, SQLiteReading

if TYPE_CHECKING:
    from benchmarks.engines.engine import Engine

ENGINES: Final[dict[str, type[Engine]]] = {
    "smsearch": Smsearch,
    "sqlite": SQLite,
    "duckdb": DuckDB,
    "duckdb nested": DuckDBNested,
    "polars": Polars,
    "chdb": ClickHouse,
    "reference": Reference,
}
REFERENCE_MAX: Final = 20_000
"""Jobs up to which the reference is run: it looks at every one."""
OPENED: Final[dict[str, tuple[type[Engine], str]]] = {
    **{name: (engine, name) for name, engine in ENGINES.items() if name != "reference"},
    "sqlite, no mmap": (SQLiteReading, "sqlite"),
}
"""What is opened cold and warm, and whose files it opens."""
