#!/bin/sh
# One job has a loss of 1, another of NaN. DuckDB and DataFusion hold NaN to be greater than any number, so `loss > 10` finds the
# second job, and `loss < 10` the first. One would expect the same answers from a Parquet file. Of files that pyarrow and Polars
# write they are the opposite: `loss > 10` finds nothing, `loss < 10` both, since the file's least and greatest values leave NaN
# out, and the engines trust them. A third job with a loss of 20 in the file puts that right. `loss = 'NaN'` finds nothing in
# either file. pyarrow.dataset loses the second job by `loss != 1`, which Table.filter finds. Polars answers alike from both, and
# a file that DuckDB wrote is answered as the table.
# Seen with duckdb 2.0.1, datafusion 55.0.0, pyarrow 26.0.1, polars 2.1.0.
. "$(dirname "$0")/lib"
in_packages 'duckdb==2.0.1 datafusion==55.0.0 pyarrow==26.0.1 polars==2.1.0' <<'PYTHON'
import importlib.metadata
import math
import sys

import datafusion
import duckdb
import polars
import pyarrow
import pyarrow.compute
import pyarrow.dataset
import pyarrow.parquet

print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("duckdb", "datafusion", "pyarrow", "polars")))
jobs = pyarrow.table({"name": ["a", "b"], "loss": [1.0, math.nan]})
more = pyarrow.table({"name": ["a", "b", "c"], "loss": [1.0, math.nan, 20.0]})
pyarrow.parquet.write_table(jobs, "pyarrow.parquet")
pyarrow.parquet.write_table(more, "more.parquet")
polars.from_arrow(jobs).write_parquet("polars.parquet")
duckdb.sql("copy jobs to 'duckdb.parquet'")


def by_duckdb(source, condition):
    source = "jobs" if source == "table" else f"'{source}.parquet'"
    return "".join(name for (name,) in duckdb.sql(f"select name from {source} where {condition}").fetchall())


def by_datafusion(source, condition):
    context = datafusion.SessionContext()
    if source == "table":
        context.from_arrow(jobs, name="source")
    else:
        context.register_parquet("source", f"{source}.parquet")
    return "".join(context.sql(f"select name from source where {condition}").to_pydict()["name"])


def by_polars(source, condition):
    frame = polars.from_arrow(jobs).lazy() if source == "table" else polars.scan_parquet(f"{source}.parquet")
    return "".join(frame.filter(polars.sql_expr(condition)).collect()["name"])


def by_pyarrow(source, _):
    unequal = pyarrow.compute.field("loss") != 1
    if source == "table":
        return "".join(jobs.filter(unequal)["name"].to_pylist())
    return "".join(pyarrow.dataset.dataset(f"{source}.parquet").to_table(filter=unequal)["name"].to_pylist())


seen = {}
for answers in (by_duckdb, by_datafusion, by_polars, by_pyarrow):
    engine = answers.__name__.removeprefix("by_")
    for condition in ("loss <> 1",) if engine == "pyarrow" else ("loss > 10", "loss < 10"):
        for source in ("table", "duckdb", "pyarrow", "polars", "more"):
            seen[engine, condition, source] = answers(source, condition)
        print(f"{engine}, {condition}: " + ", ".join(f"{source} {seen[engine, condition, source] or '-'}" for _, _, source in list(seen)[-5:]))
for source in ("table", "pyarrow", "more"):
    seen["equal", source] = by_duckdb(source, "loss = 'NaN'::double"), by_datafusion(source, "loss = 'NaN'::double")
    print(f"duckdb and datafusion, loss = 'NaN', {source}: {seen['equal', source]}")
expected = {("equal", "table"): ("b", "b"), ("equal", "pyarrow"): ("", ""), ("equal", "more"): ("", "")}
sources = ("table", "duckdb", "pyarrow", "polars", "more")
for engine in ("duckdb", "datafusion"):
    expected |= {(engine, "loss > 10", source): names for source, names in zip(sources, ("b", "b", "", "", "bc"))}
    expected |= {(engine, "loss < 10", source): names for source, names in zip(sources, ("a", "a", "ab", "ab", "a"))}
expected |= {("polars", "loss > 10", source): names for source, names in zip(sources, ("b", "b", "b", "b", "bc"))}
expected |= {("polars", "loss < 10", source): "a" for source in sources}
expected |= {("pyarrow", "loss <> 1", source): names for source, names in zip(sources, ("b", "b", "", "", "bc"))}
sys.exit(0 if seen == expected else 1)
PYTHON
