"""ClickHouse in this process, by chDB: a column for everything asked, in the order of LastModifiedTime and ARN.

Row ids come from ClickHouse, documents from the dump by offset, as with DuckDB: from a column of theirs a page took
longer. A reader decodes the granules of 8,192 rows that its condition leaves, for every page.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final

import orjson

from benchmarks.engines.duck import DuckDB
from benchmarks.engines.engine import COLUMNS, DUMP, OFFSETS, rows
from benchmarks.engines.sql import Sql

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.groupings import Grouping, Rows

_TYPES: Final = {
    **dict.fromkeys(("id", "created", "modified"), "Int64"),
    **dict.fromkeys(("arn", "name"), "String"),
    **dict.fromkeys(("status", "secondary", "instance"), "LowCardinality(String)"),
    **dict.fromkeys(("accuracy", "learning_rate", "temperature_floor"), "Nullable(Float64)"),
    **dict.fromkeys(("failure", "team"), "LowCardinality(Nullable(String))"),
    "seconds": "Nullable(Int64)",
}
_JOBS: Final = ", ".join(f"{name} {_TYPES[name]}" for name in COLUMNS)
_CHANNELS: Final = "job Int64, channel LowCardinality(Nullable(String)), uri Nullable(String)"
_GROUPS: Final = {
    "G2": "select formatDateTime(toStartOfMonth(fromUnixTimestamp64Micro(created, 'UTC')), '%Y-%m') as month, count()"
    " from jobs group by month",
    "G3": "select team, max(accuracy), argMax(name, accuracy) from jobs group by team",
}


class ClickHouse(DuckDB):
    """Two tables of the MergeTree engine."""

    def load(self, dump: Path, folder: Path) -> None:
        files = {"jobs": folder / "jobs.rows", "channels": folder / "channels.rows"}
        with files["jobs"].open("wb") as jobs, files["channels"].open("wb") as channels:
            for values, some, _ in rows(dump):
                jobs.write(orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE))
                channels.writelines(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in some)
        session = self._session(folder)
        session.query("create database bench")
        for name, columns, order in (("jobs", _JOBS, "modified, arn"), ("channels", _CHANNELS, "job")):
            session.query(f"create table bench.{name} ({columns}) engine = MergeTree order by ({order})")
            written = f"file('{files[name]}', 'JSONCompactEachRow', '{columns}')"
            session.query(f"insert into bench.{name} select * from {written}")
            session.query(f"optimize table bench.{name} final")
            files[name].unlink()
        session.close()

    def imports(self) -> None:
        import chdb.session  # noqa: F401 - all that opening imports
        import numpy as np

        np.zeros(1)

    def open(self, folder: Path) -> None:
        import numpy as np

        self._open = self._session(folder)
        self._open.query("use bench")
        self._open.query("set max_threads = 1")
        self._offsets = np.load(folder.parent / OFFSETS, mmap_mode="r")
        self._dump = os.open(folder.parent / DUMP, os.O_RDONLY)

    def _session(self, folder: Path) -> Any:  # noqa: ANN401 - it has no types
        from chdb.session import Session

        return Session(str(folder / "clickhouse"))

    def run(self, text: str) -> list[tuple[Any, ...]]:
        spelled = re.sub(r"contains\((\w+), ('[^']*')\)", r"(position(\1, \2) > 0)", text)
        lines = self._open.query(spelled, "JSONCompactEachRow").bytes().splitlines()
        return [tuple(orjson.loads(line)) for line in lines]

    def grouped(self, grouping: Grouping) -> Rows:
        return self.run(_GROUPS.get(grouping.name[:2], grouping.sql))

    def ways(self) -> dict[str, Any]:
        return Sql.ways(self)
