"""DuckDB, in the order of the dump: with a column for everything asked, and with nested columns as records have them.

A scan of whole documents takes DuckDB far longer than finding their rows. So its response is made as somebody who knows
it would: row ids from DuckDB, documents read from the dump by offset. The scan is timed beside it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from benchmarks.engines.engine import DUMP, OFFSETS, Way
from benchmarks.engines.sql import Sql, body

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.queries import Query

_CHANNELS: Final = "STRUCT(ChannelName VARCHAR, DataSource STRUCT(S3DataSource STRUCT(S3Uri VARCHAR)))[]"
_NESTED: Final = {
    **dict.fromkeys(("TrainingJobArn", "TrainingJobName", "TrainingJobStatus", "SecondaryStatus"), "VARCHAR"),
    **dict.fromkeys(("CreationTime", "LastModifiedTime"), "TIMESTAMPTZ"),
    "BillableTimeInSeconds": "BIGINT",
    "ResourceConfig": "STRUCT(InstanceType VARCHAR)",
    "FailureReason": "VARCHAR",
    "FinalMetricDataList": "STRUCT(MetricName VARCHAR, Value DOUBLE)[]",
    "HyperParameters": "MAP(VARCHAR, VARCHAR)",
    "Tags": "STRUCT(Key VARCHAR, Value VARCHAR)[]",
    "InputDataConfig": _CHANNELS,
}


class DuckDB(Sql):
    """Promoted columns, converted, with the raw text kept and the channels in a table of their own."""

    reads_dump = True

    def load(self, dump: Path, folder: Path) -> None:
        import duckdb

        listed = """from_json(json->'$.{0}', '[{{"{1}":"VARCHAR","Value":"{2}"}}]')"""
        pairs = f"list_filter({listed}, lambda x: x.{{1}} = '{{3}}')[-1].Value"
        accuracy = pairs.format("FinalMetricDataList", "MetricName", "DOUBLE", "accuracy")
        team = pairs.format("Tags", "Key", "VARCHAR", "team")
        database = duckdb.connect(str(folder / "jobs.duckdb"))
        database.execute("set threads = 2")
        database.execute(f"""
            create table jobs as select row_number() over () - 1 as id, * from (select
                json->>'$.TrainingJobArn' as arn, json->>'$.TrainingJobName' as name,
                json->>'$.TrainingJobStatus' as status, json->>'$.SecondaryStatus' as secondary,
                epoch_us((json->>'$.CreationTime')::timestamptz) as created,
                epoch_us((json->>'$.LastModifiedTime')::timestamptz) as modified,
                json->>'$.ResourceConfig.InstanceType' as instance, json->>'$.FailureReason' as failure,
                {accuracy} as accuracy,
                try_cast(json->>'$.HyperParameters.learning_rate' as double) as learning_rate,
                try_cast(json->>'$.HyperParameters.temperature_floor' as double) as temperature_floor,
                {team} as team,
                (json->>'$.BillableTimeInSeconds')::bigint as seconds,
                json::varchar as document
            from read_ndjson_objects('{dump}'))
        """)
        uri = '[{"ChannelName":"VARCHAR","DataSource":{"S3DataSource":{"S3Uri":"VARCHAR"}}}]'
        database.execute(f"""
            create table channels as
            select id as job, unnested.ChannelName as channel, unnested.DataSource.S3DataSource.S3Uri as uri
            from (select id, unnest(from_json(document::json->'$.InputDataConfig', '{uri}')) as unnested from jobs)
        """)
        database.close()

    def imports(self) -> None:
        import duckdb
        import numpy as np

        duckdb.connect(":memory:").close()
        np.zeros(1)

    def open(self, folder: Path) -> None:
        import duckdb
        import numpy as np

        self._database = duckdb.connect(str(folder / "jobs.duckdb"), read_only=True)
        self._database.execute("set threads = 1")
        self._offsets = np.load(folder.parent / OFFSETS, mmap_mode="r")
        self._dump = os.open(folder.parent / DUMP, os.O_RDONLY)

    def run(self, text: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._database.execute(text).fetchall()
        return found

    def response(self, query: Query) -> bytes:
        if query.counts:
            return super().response(query)
        ids = [number for (number,) in self.select("id", query)]
        begins, ends = self._offsets[ids].tolist(), self._offsets[[number + 1 for number in ids]].tolist()
        pairs = zip(begins, ends, strict=True)
        return body([os.pread(self._dump, end - begin - 1, begin) for begin, end in pairs])

    def scanned(self, query: Query) -> bytes:
        """The response from the column of whole documents; a top-n over it would take seconds, so ids come first."""
        ids = [number for (number,) in self.select("id", query)]
        listed = ", ".join(map(str, ids)) or "-1"
        documents = dict(self.run(f"select id, encode(document) from jobs where id in ({listed})"))
        return body([documents[number] for number in ids])

    def ways(self) -> dict[str, Way]:
        return {**super().ways(), "column": Way(self.scanned, counts=False)}


class DuckDBNested(DuckDB):
    """Typed nested columns and no raw text: the quickest load; lists are searched while a query runs."""

    def load(self, dump: Path, folder: Path) -> None:
        import duckdb

        columns = ", ".join(f"{name}: '{kind}'" for name, kind in _NESTED.items())
        database = duckdb.connect(str(folder / "jobs.duckdb"))
        database.execute("set threads = 2")
        database.execute(f"""
            create table nested as select row_number() over () - 1 as id, *
            from read_ndjson('{dump}', columns = {{{columns}}})
        """)
        database.execute("""
            create view jobs as select id, TrainingJobArn as arn, TrainingJobName as name, TrainingJobStatus as status,
                SecondaryStatus as secondary, epoch_us(CreationTime) as created, epoch_us(LastModifiedTime) as modified,
                ResourceConfig.InstanceType as instance, FailureReason as failure,
                list_filter(FinalMetricDataList, lambda x: x.MetricName = 'accuracy')[-1].Value as accuracy,
                try_cast(HyperParameters['learning_rate'] as double) as learning_rate,
                try_cast(HyperParameters['temperature_floor'] as double) as temperature_floor,
                list_filter(Tags, lambda x: x.Key = 'team')[-1].Value as team, BillableTimeInSeconds as seconds,
                InputDataConfig
            from nested
        """)
        database.close()

    def said(self, query: Query) -> str:
        return f"({query.nested_where or query.where})"

    def ways(self) -> dict[str, Way]:
        return {name: way for name, way in super().ways().items() if name != "column"}
