#!/bin/sh
# Epochs are whole numbers, and one asks for the jobs with more than 1.5 of them. One would expect those with 2, as DuckDB answers.
# PyIceberg rounds the number of a filter to a whole one where the column has such, whatever the comparison: > 1.5 is asked as > 2,
# so 2 is not found; = 1.5 finds 2, >= 2.2 finds 2, < 1.2 does not find 1. Nothing says so.
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
jobs = pa.table({"epochs": [0, 1, 2, 3]})
table = catalog.create_table("exports.jobs", schema=jobs.schema)
table.append(jobs)

# What PyIceberg finds; the right answer is DuckDB's.
expected = {
    "epochs > 1.5": [3],
    "epochs = 1.5": [2],
    "epochs >= 2.2": [2, 3],
    "epochs < 1.2": [0],
    "epochs <= 1.7": [0, 1, 2],
    "epochs >= 1.7": [2, 3],
}
print(f"pyiceberg {pyiceberg.__version__}, duckdb {duckdb.__version__}; there are jobs of 0, 1, 2 and 3 epochs")
seen, wrong = {}, []
for condition in expected:
    seen[condition] = table.scan(row_filter=condition).to_arrow()["epochs"].to_pylist()
    right = [epochs for (epochs,) in duckdb.sql(f"from jobs where {condition} order by epochs").fetchall()]
    if seen[condition] != right:
        wrong.append(condition)
    print(f"{condition}: pyiceberg {seen[condition]}, duckdb {right}")
sys.exit(0 if seen == expected and wrong == list(expected)[:5] else 1)
PYTHON
