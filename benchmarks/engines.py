"""The engines of the benchmark, each at its honest best, behind one small interface.

An engine loads a dump of JSON lines into a folder, opens what it loaded, and answers a query with names and a total,
with row ids, and with the bytes of a response. SQLite has covering indexes for these very queries, a table of channels
full-text trigram index; DuckDB and Polars have every property that the queries name as a column of its own. smsearch is
asked as anybody would ask it. Engines know nothing of each other, and nothing of timing.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson

from benchmarks.queries import PAGE, Query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS: Final = (
    *("id", "arn", "name", "status", "secondary", "created", "modified", "instance", "failure"),
    *("accuracy", "learning_rate", "temperature_floor", "team"),
)
"""What the queries name, one column each; `document` follows."""


class Engine(Protocol):
    """What every engine can be asked."""

    def load(self, dump: Path, folder: Path) -> None:
        """Reads a dump into what `open` opens."""

    def open(self, folder: Path) -> None:
        """Opens what `load` made."""

    def answer(self, query: Query) -> tuple[list[str], int]:
        """The names of the page in order, and how many records match."""

    def ids(self, query: Query) -> object:
        """The rows of the page, or the count."""

    def response(self, query: Query) -> bytes:
        """The page's documents as the body of a response, or the count."""


def rows(dump: Path) -> Iterator[tuple[tuple[Any, ...], list[tuple[int, str | None, str | None]], bytes]]:
    """The promoted columns, the channels and the document of every job."""
    with dump.open("rb") as file:
        for number, line in enumerate(file):
            job = orjson.loads(line)
            metrics = {pair["MetricName"]: pair["Value"] for pair in job.get("FinalMetricDataList", ())}
            tags = {pair["Key"]: pair["Value"] for pair in job.get("Tags", ())}
            parameters = job.get("HyperParameters", {})
            channels = [
                (number, channel.get("ChannelName"), channel["DataSource"].get("S3DataSource", {}).get("S3Uri"))
                for channel in job.get("InputDataConfig", ())
            ]
            values = (
                *(number, job["TrainingJobArn"], job["TrainingJobName"], job["TrainingJobStatus"]),
                *(job["SecondaryStatus"], _micros(job["CreationTime"]), _micros(job["LastModifiedTime"])),
                *(job["ResourceConfig"]["InstanceType"], job.get("FailureReason"), metrics.get("accuracy")),
                *(_number(parameters.get("learning_rate")), _number(parameters.get("temperature_floor"))),
                tags.get("team"),
            )
            yield values, channels, line.rstrip(b"\n")


def _micros(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


class _Sql:
    """What SQLite, DuckDB and Polars have in common: one language, nearly."""

    def __init__(self) -> None:
        self._after: dict[str, str] = {}

    def run(self, text: str) -> list[tuple[Any, ...]]:
        raise NotImplementedError

    def where(self, query: Query) -> str:
        """The condition in the engine's own words, and where its page begins."""
        return self.said(query) + self._beginning(query)

    def said(self, query: Query) -> str:
        return f"({query.where})"

    def _beginning(self, query: Query) -> str:
        """The key after which a later page goes on; found once, as a caller would remember it."""
        if query.page == 1:
            return ""
        if query.name not in self._after:
            place = (query.page - 1) * PAGE - 1
            text = f"select {query.column}, arn from jobs where {self.said(query)} {self._order(query)}"
            (value, arn), *_ = self.run(f"{text} limit 1 offset {place}")
            column = query.column
            self._after[query.name] = f" and ({column} < {value} or ({column} = {value} and arn > '{arn}'))"
        return self._after[query.name]

    def _order(self, query: Query) -> str:
        return f"order by {query.column} {'desc' if query.descending else 'asc'} nulls last, arn"

    def select(self, what: str, query: Query) -> list[tuple[Any, ...]]:
        """Some columns of the page."""
        return self.run(f"select {what} from jobs where {self.where(query)} {self._order(query)} limit {PAGE}")

    def count(self, query: Query) -> int:
        return int(self.run(f"select count(*) from jobs where {self.said(query)}")[0][0])

    def answer(self, query: Query) -> tuple[list[str], int]:
        names = [] if query.counts else [name for (name,) in self.select("name", query)]
        return names, self.count(query)

    def ids(self, query: Query) -> object:
        return self.count(query) if query.counts else self.select("id", query)

    def response(self, query: Query) -> bytes:
        if query.counts:
            return str(self.count(query)).encode()
        documents = (document for (document,) in self.select("document", query))
        return b'{"Results":[' + b",".join(_wrapped(document) for document in documents) + b"]}"


def _wrapped(document: str | bytes) -> bytes:
    return b'{"TrainingJob":%s}' % (document.encode() if isinstance(document, str) else document)


class SQLite(_Sql):
    """SQLite with indexes that answer these queries without touching the table."""

    def load(self, dump: Path, folder: Path) -> None:
        database = sqlite3.connect(folder / "jobs.sqlite")
        database.executescript("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -400000;")
        types = {"created": "int", "modified": "int"}
        types |= dict.fromkeys(("accuracy", "learning_rate", "temperature_floor"), "real")
        columns = ", ".join(f"{name} {types.get(name, 'text')}" for name in COLUMNS[1:])
        database.execute(f"create table jobs (id integer primary key, {columns}, document blob)")
        database.execute("create table channels (job int, channel text, uri text)")
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        for values, channels, document in rows(dump):
            database.execute(f"insert into jobs values ({marks})", (*values, document))
            database.executemany("insert into channels values (?, ?, ?)", channels)
        database.executescript("""
            create index by_modified on jobs (modified desc, arn, status, instance, secondary, accuracy, name);
            create index by_status on jobs (status, modified desc, arn, instance, secondary, accuracy);
            create index by_secondary on jobs (secondary, status);
            create index by_accuracy on jobs (accuracy desc, arn);
            create index by_team on jobs (team, created desc, arn, learning_rate);
            create index by_instance on jobs (instance, status);
            create index by_floor on jobs (status, temperature_floor desc, arn);
            create index of_job on channels (job, channel, uri);
            create virtual table names using fts5(name, tokenize = 'trigram', content = 'jobs', content_rowid = 'id');
            insert into names (names) values ('rebuild');
            analyze;
        """)
        database.commit()
        database.close()

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(f"file:{folder / 'jobs.sqlite'}?mode=ro", uri=True)
        self._database.executescript("pragma mmap_size = 40000000000; pragma cache_size = -400000;")

    def said(self, query: Query) -> str:
        return f"({query.sqlite_where or query.where})"

    def run(self, text: str) -> list[tuple[Any, ...]]:
        return self._database.execute(text).fetchall()


class DuckDB(_Sql):
    """DuckDB with promoted columns, in the order of the dump, in its own file."""

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

    def open(self, folder: Path) -> None:
        import duckdb

        self._database = duckdb.connect(str(folder / "jobs.duckdb"), read_only=True)
        self._database.execute("set threads = 1")

    def run(self, text: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._database.execute(text).fetchall()
        return found

    def response(self, query: Query) -> bytes:
        if query.counts:
            return super().response(query)
        ids = [number for (number,) in self.select("id", query)]  # a top-n over whole documents takes seconds
        if not ids:
            return b'{"Results":[]}'
        listed = ", ".join(map(str, ids))
        documents = dict(self.run(f"select id, document from jobs where id in ({listed})"))
        return b'{"Results":[' + b",".join(_wrapped(documents[number]) for number in ids) + b"]}"


class Polars(_Sql):
    """Polars in memory with promoted columns."""

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

    def open(self, folder: Path) -> None:
        import polars as pl

        jobs, channels = (pl.read_parquet(folder / f"{name}.parquet").rechunk() for name in ("jobs", "channels"))
        self._context = pl.SQLContext(jobs=jobs, channels=channels)

    def run(self, text: str) -> list[tuple[Any, ...]]:
        spelled = re.sub(r"contains\((\w+), '([^']*)'\)", r"\1 like '%\2%'", text)
        found: list[tuple[Any, ...]] = self._context.execute(spelled, eager=True).rows()
        return found


class Smsearch:
    """smsearch over a store, asked in the wire's own JSON."""

    def __init__(self) -> None:
        self._bodies: dict[str, bytes] = {}

    def load(self, dump: Path, folder: Path) -> None:
        import smsearch

        smsearch.build([dump], folder / "store")

    def open(self, folder: Path) -> None:
        import smsearch

        self._searcher = smsearch.open(folder / "store")

    def _body(self, query: Query) -> bytes:
        """The request of the page; its token is found once, as a caller would remember it."""
        if query.name not in self._bodies:
            members = {"Resource": "TrainingJob", "MaxResults": 1 if query.counts else PAGE, **query.request}
            for _ in range(query.page - 1):
                answered = orjson.loads(self._searcher.search_json(orjson.dumps(members)))
                members["NextToken"] = answered["NextToken"]
            self._bodies[query.name] = orjson.dumps(members)
        return self._bodies[query.name]

    def answer(self, query: Query) -> tuple[list[str], int]:
        found = orjson.loads(self.response(query))
        names = [result["TrainingJob"]["TrainingJobName"] for result in found["Results"]]
        return [] if query.counts else names, found["TotalHits"]["Value"]

    def ids(self, query: Query) -> object:
        return self.response(query)  # row ids are nothing that a caller can ask for

    def response(self, query: Query) -> bytes:
        if query.counts:
            self._searcher.forget()  # a count is remembered, and remembering is not what is measured
        return self._searcher.search_json(self._body(query))


class Reference:
    """smsearch's live collection: records in memory, each judged by the reference."""

    def load(self, dump: Path, folder: Path) -> None:
        (folder / "dump").write_text(str(dump), encoding="utf-8")

    def open(self, folder: Path) -> None:
        import smsearch

        self._searcher = smsearch.open((folder / "dump").read_text(encoding="utf-8"))

    def answer(self, query: Query) -> tuple[list[str], int]:
        members = {"Resource": "TrainingJob", "MaxResults": PAGE, **query.request}
        for _ in range(query.page - 1):
            members["NextToken"] = self._searcher.search(**members)["NextToken"]
        found = self._searcher.search(**members)
        names = [result["TrainingJob"]["TrainingJobName"] for result in found["Results"]]
        return [] if query.counts else names, found["TotalHits"]["Value"]

    def ids(self, query: Query) -> object:
        return self.answer(query)

    def response(self, query: Query) -> bytes:
        return orjson.dumps(self.answer(query))


ENGINES: Final[dict[str, type[Engine]]] = {
    "smsearch": Smsearch,
    "sqlite": SQLite,
    "duckdb": DuckDB,
    "polars": Polars,
    "reference": Reference,
}
REFERENCE_MAX: Final = 20_000
"""Jobs up to which the reference is run: it looks at every one."""
