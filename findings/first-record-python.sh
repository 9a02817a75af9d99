#!/bin/sh
# Each job has hyperparameters of its own. One would expect a library that makes a table of records to have a column for each name
# that one of them has, as pandas does. pyarrow's from_pylist, datasets and dask.bag look at the first record alone, polars at the
# first 100, petl and DataFusion at the first 1000; what only a later job has is dropped, silently. Of Polars's three doors,
# read_json alone refuses it.
# Seen with pyarrow 25.0.1, datasets 5.2.0, dask 2026.8.0, polars 2.1.0, petl 1.7.30, datafusion 55.0.0, pandas 3.1.1.
. "$(dirname "$0")/lib"
in_packages 'pyarrow==25.0.1 datasets==5.2.0 dask[dataframe]==2026.8.0 polars==2.1.0 petl==1.7.30 datafusion==55.0.0 pandas==3.1.1' <<'PYTHON'
import importlib.metadata
import json
import sys
from pathlib import Path

import dask.bag
import datafusion
import datasets
import pandas
import petl
import polars
import pyarrow

dask.config.set(scheduler="synchronous")
versions = [f"{name} {importlib.metadata.version(name)}" for name in "pyarrow datasets dask polars petl datafusion pandas".split()]
print(", ".join(versions))
later = {"name": "b", "lr": "0.2", "momentum": "0.9"}


def jobs(first):
    return [*({"name": f"a{number}", "lr": "0.1"} for number in range(first)), later]


def lines(first):
    Path("jobs.json").write_text("".join(json.dumps(job) + "\n" for job in jobs(first)))
    return "jobs.json"


def asked(first):
    context = datafusion.SessionContext()
    context.register_json("jobs", lines(first))
    return context.sql("select * from jobs").schema().names


doors = {
    "pandas DataFrame": (1001, lambda first: list(pandas.DataFrame(jobs(first)))),
    "pyarrow from_pylist": (1, lambda first: pyarrow.Table.from_pylist(jobs(first)).column_names),
    "datasets from_list": (1, lambda first: datasets.Dataset.from_list(jobs(first)).column_names),
    "dask.bag to_dataframe": (1, lambda first: list(dask.bag.from_sequence(jobs(first)).to_dataframe().columns)),
    "polars DataFrame": (100, lambda first: polars.DataFrame(jobs(first)).columns),
    "polars read_ndjson": (100, lambda first: polars.read_ndjson(lines(first)).columns),
    "polars read_json": (100, lambda first: polars.read_json(json.dumps(jobs(first)).encode()).columns),
    "petl fromdicts": (1000, lambda first: list(petl.header(petl.fromdicts(jobs(first))))),
    "datafusion register_json": (1000, asked),
}
seen = {}
for door, (first, read) in doors.items():
    try:
        seen[door] = "all columns" if "momentum" in read(first) else "one column lost"
    except polars.exceptions.ComputeError:
        seen[door] = "refused"
    print(f"{door}, a column after {first} records without it: {seen[door]}")
expected = dict.fromkeys(doors, "one column lost") | {"pandas DataFrame": "all columns", "polars read_json": "refused"}
sys.exit(0 if seen == expected else 1)
PYTHON
