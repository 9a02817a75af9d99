"""Polars in memory, with a column for everything asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from benchmarks.engines.engine import COLUMNS, rows
from benchmarks.engines.sql import Sql

if TYPE_CHECKING:
    from pathlib import Path


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
        self._context = pl.SQLContext(jobs=jobs, channels=channels)

    def run(self, text: str) -> list[tuple[Any, ...]]:
        spelled = re.sub(r"contains\((\w+), '([^']*)'\)", r"\1 like '%\2%'", text)
        found: list[tuple[Any, ...]] = self._context.execute(spelled, eager=True).rows()
        return found
