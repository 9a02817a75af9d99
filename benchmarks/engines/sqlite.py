"""SQLite with indexes that answer these queries without touching the table, channels apart, and trigrams of names."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final

from benchmarks.engines.engine import COLUMNS, rows
from benchmarks.engines.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from benchmarks.groupings import Grouping, Rows
    from benchmarks.queries import Query


PAGE_BYTES: Final = 32 << 10
"""Of 4, 8, 16 and 32 KiB the quickest for a response, by 5 to 9 % before the default of 4, and the smallest file; cold,
8 and 32 took about the same (20,000 jobs, in turns)."""


class SQLite(Sql):
    """SQLite, its file mapped. A document is a blob, so that no text is decoded; a response takes rows as they come."""

    settings = "pragma mmap_size = 40000000000; pragma cache_size = -400000;"

    def load(self, dump: Path, folder: Path) -> None:
        database = sqlite3.connect(folder / "jobs.sqlite")
        database.execute(f"pragma page_size = {PAGE_BYTES}")
        database.executescript("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -400000;")
        types = {"created": "int", "modified": "int", "seconds": "int"}
        types |= dict.fromkeys(("accuracy", "learning_rate", "temperature_floor"), "real")
        columns = ", ".join(f"{name} {types.get(name, 'text')}" for name in COLUMNS[1:])
        database.execute(f"create table jobs (id integer primary key, {columns}, document blob)")
        database.execute("create table channels (job int, channel text, uri text)")
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        for values, channels, document in rows(dump):
            database.execute(f"insert into jobs values ({marks})", (*values, document))
            database.executemany("insert into channels values (?, ?, ?)", channels)
        database.executescript("""
            create index by_modified on jobs (modified desc, arn, status, instance, secondary, accuracy, name, created);
            create index by_created on jobs (created desc, arn);
            create index by_status on jobs (status, modified desc, arn, instance, accuracy);
            create index for_sums on jobs (status, instance, seconds);
            create index by_both on jobs (status, secondary, modified desc, arn);
            create index by_accuracy on jobs (accuracy desc, arn);
            create index by_team on jobs (team, created desc, arn, learning_rate);
            create index by_instance on jobs (instance, status);
            create index by_floor on jobs (status, temperature_floor desc, arn);
            create index by_floor_alone on jobs (temperature_floor desc, arn);
            create index of_job on channels (job, channel, uri);
            create virtual table names using fts5(name, tokenize = 'trigram', content = 'jobs', content_rowid = 'id');
            insert into names (names) values ('rebuild');
            analyze;
        """)
        database.commit()
        database.close()

    def imports(self) -> None:
        sqlite3.connect(":memory:").close()

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(f"file:{folder / 'jobs.sqlite'}?mode=ro", uri=True)
        self._database.executescript(self.settings)

    def said(self, query: Query) -> str:
        return f"({query.sqlite_where or query.where})"

    def one_by_one(self, text: str) -> Iterable[tuple[Any, ...]]:
        return self._database.execute(text)

    def grouped(self, grouping: Grouping) -> Rows:
        return self.run(grouping.sqlite or grouping.sql)

    def run(self, text: str) -> list[tuple[Any, ...]]:
        return self._database.execute(text).fetchall()


class SQLiteReading(SQLite):
    """SQLite reading its file instead of mapping it, which is quicker while nothing of it is in memory."""

    settings = ""
