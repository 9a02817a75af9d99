"""Polars in memory, with a column for everything asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from benchmarks.engines.engine import COLUMNS, rows
from benchmarks.engines.sql import Sql

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.groupings import Grouping, Rows


class Polars(Sql):
    """Two frames, read whole when they are opened."""

    def load(self, dump: Path, folder: Path) -> None:
        import polars as pl

        values, channels, documents = [], [], []
        for promoted, some, document in rows(dump):
            values.append(promoted)
            channels += some
            documents.append(document)
        jobs = pl.DataFrame(values, schema=list(COLUMNS), orient="row", infer_schema_length=None)
        jobs.with_columns(pl.Series("document", documents, dtype=pl.Binary)).write_parquet(folder / "jobs.parquet")
        frame = pl.DataFrame(channels, schema=["job", "channel", "uri"], orient="row", infer_schema_length=None)
        frame.write_parquet(folder / "channels.parquet")

    def imports(self) -> None:
        import polars as pl

        pl.SQLContext(jobs=pl.DataFrame({"id": [1]})).execute("select id from jobs", eager=True)

    def open(self, folder: Path) -> None:
        import polars as pl

        jobs, channels = (pl.read_parquet(folder / f"{name}.parquet").rechunk() for name in ("jobs", "channels"))
        self._jobs = jobs
        self._context = pl.SQLContext(jobs=jobs, channels=channels)

    def grouped(self, grouping: Grouping) -> Rows:
        import polars as pl

        best = pl.col("name").get(pl.col("accuracy").arg_max())
        completed = pl.col("status") == "Completed"
        month = pl.from_epoch("created", "us").dt.truncate("1mo").alias("month")
        jobs = self._jobs.lazy()
        frames = {
            "G1": jobs.group_by("status", "instance").agg(pl.len()),
            "G2": jobs.group_by(month).agg(pl.len()).with_columns(pl.col("month").dt.strftime("%Y-%m")),
            "G3": jobs.group_by("team").agg(pl.col("accuracy").max().alias("best"), best),
            "G4": jobs.filter(completed).group_by("instance").agg(pl.col("seconds").sum()),
        }
        found: Rows = frames[grouping.name[:2]].collect().rows()
        return found

    def run(self, text: str) -> list[tuple[Any, ...]]:
        spelled = re.sub(r"contains\((\w+), '([^']*)'\)", r"\1 like '%\2%'", text)
        found: list[tuple[Any, ...]] = self._context.execute(spelled, eager=True).rows()
        return found
