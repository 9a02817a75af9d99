#!/bin/sh
# In a dump by boto3 a diverged job's metric is the text "NaN", among numbers. One would expect an engine to read the column as
# numbers with a NaN, as pandas does, or to refuse it, as pyarrow does. DuckDB and Polars read all of it as text, of type JSON or
# String: the largest of 9.5 and 10.5 is then 9.5, even without the NaN, and in DuckDB loss > 1 is a conversion error. One diverged
# job changes the answer for all others.
# Seen with duckdb 2.0.1, polars 2.1.0, pandas 3.1.1, pyarrow 26.0.1.
. "$(dirname "$0")/lib"
in_packages 'duckdb==2.0.1 polars==2.1.0 pandas==3.1.1 pyarrow==26.0.1' <<'PYTHON'
import sys
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.json

print(f"duckdb {duckdb.__version__}, polars {polars.__version__}, pandas {pandas.__version__}, pyarrow {pyarrow.__version__}")
largest = {}
for dump, losses in {"all converged": ("9.5", "10.5"), "one diverged": ("9.5", "10.5", '"NaN"')}.items():
    Path("jobs.jsonl").write_text("".join(f'{{"loss": {loss}}}\n' for loss in losses))
    ((kind, value),) = duckdb.sql("select typeof(max(loss)), max(loss) filter (loss::varchar != '\"NaN\"') from 'jobs.jsonl'").fetchall()
    frame = polars.read_ndjson("jobs.jsonl").filter(polars.col("loss").cast(polars.String) != "NaN")
    try:
        arrow = str(pyarrow.json.read_json("jobs.jsonl")["loss"].type)
    except pyarrow.ArrowInvalid as error:
        arrow = str(error)
    largest[dump] = (value, frame["loss"].max(), pandas.read_json("jobs.jsonl", lines=True)["loss"].max())
    print(f"{dump}: largest by DuckDB {value} ({kind}), by Polars {largest[dump][1]}, by pandas {largest[dump][2]}; pyarrow: {arrow}")
try:
    print(duckdb.sql("select count(*) from 'jobs.jsonl' where loss > 1").fetchall())
    refused = False
except duckdb.ConversionException as error:
    refused = True
    print("DuckDB on loss > 1:", str(error).splitlines()[0])
expected = {"all converged": (10.5, 10.5, 10.5), "one diverged": ("9.5", "9.5", 10.5)}
sys.exit(0 if refused and largest == expected and "changed from number to string" in arrow else 1)
PYTHON
