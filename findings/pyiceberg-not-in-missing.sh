#!/bin/sh
# Not each job has an optimizer. One asks for those whose optimizer is neither adam nor sgd. One would expect a job without one to be
# found by that if `!= 'adam'` finds it, and otherwise not. PyIceberg passes over it for `!= 'adam'` and for `not in ('adam')`, and
# finds it for `not in ('adam', 'sgd')`: a list that grows from one name to two has more jobs, not fewer. DuckDB passes over it in all.
# Seen with pyiceberg 0.12.0.
. "$(dirname "$0")/lib"
in_packages 'pyiceberg[sql-sqlite,pyarrow]==0.12.0 duckdb==2.0.1 pyarrow==26.0.1' <<'PYTHON'
import logging
import pathlib
import sys

logging.disable()
import duckdb
import pyarrow as pa
import pyiceberg
from pyiceberg.catalog.sql import SqlCatalog

place = pathlib.Path("warehouse").absolute()
place.mkdir()
catalog = SqlCatalog("local", uri=f"sqlite:///{place}/catalog.db", warehouse=place.as_uri())
catalog.create_namespace("exports")
jobs = pa.table({"name": ["a", "b", "c"], "optimizer": ["adam", "ftrl", None]})
table = catalog.create_table("exports.jobs", schema=jobs.schema)
table.append(jobs)

expected = {
    "optimizer != 'adam'": ["b"],
    "optimizer not in ('adam')": ["b"],
    "optimizer not in ('adam', 'sgd')": ["b", "c"],
    "optimizer != 'adam' and optimizer != 'sgd'": ["b"],
}
print(f"pyiceberg {pyiceberg.__version__}, duckdb {duckdb.__version__}; a has adam, b has ftrl, c has no optimizer")
seen, right = {}, {}
for condition in expected:
    seen[condition] = table.scan(row_filter=condition).to_arrow()["name"].to_pylist()
    right[condition] = [name for (name,) in duckdb.sql(f"select name from jobs where {condition}").fetchall()]
    print(f"{condition}: pyiceberg {seen[condition]}, duckdb {right[condition]}")
sys.exit(0 if seen == expected and all(names == ["b"] for names in right.values()) else 1)
PYTHON
