#!/bin/sh
# A folder has a file for each job, and some of the later ones have failed or have a momentum. One would expect the table of them to
# have columns for that, as DataFusion's has. DuckDB looks at the first 32 files for the columns and their types: what the 33rd has
# besides is not there, and where the others have a momentum of 1, its 0.5 is 0. Nothing says so, and sample_size=-1, all rows, does
# not change it; union_by_name=true does. Polars looks at the first file alone.
# Seen with duckdb 2.0.1, polars 2.1.0, datafusion 55.0.0.
. "$(dirname "$0")/lib"
in_packages 'duckdb==2.0.1 polars==2.1.0 datafusion==55.0.0 pyarrow==26.0.1' <<'PYTHON'
import json
import pathlib
import sys

import datafusion
import duckdb
import polars

RUNNING = {"Name": "a", "HyperParameters": {"lr": "0.1"}}
FAILED = {"Name": "b", "FailureReason": "no space", "HyperParameters": {"lr": "0.1", "momentum": "0.9"}}
PLAIN = {"Name": "b", "HyperParameters": {"lr": "0.1"}}


def write(folder, jobs):
    pathlib.Path(folder).mkdir()
    for number, job in enumerate(jobs):
        pathlib.Path(folder, f"{number:02}.json").write_text(json.dumps(job) + "\n")


def ask_duckdb(folder, options=""):
    return duckdb.sql(f"from read_json('{folder}/*.json'{options}) where Name = 'b'").to_arrow_table().to_pylist()[0]


def ask_polars(folder):
    return polars.read_ndjson(f"{folder}/*.json").filter(polars.col("Name") == "b").row(0, named=True)


def ask_datafusion(folder):
    context = datafusion.SessionContext()
    context.register_json("jobs", f"{folder}/", file_extension=".json")
    return context.sql("""select * from jobs where "Name" = 'b'""").to_pylist()[0]


print(f"duckdb {duckdb.__version__}, polars {polars.__version__}, datafusion {datafusion.__version__}")
write("second", [RUNNING, FAILED])
write("32nd", [RUNNING] * 31 + [FAILED])
write("33rd", [RUNNING] * 32 + [FAILED])
write("numbers", [{"Name": "a", "momentum": 1}] * 32 + [{"Name": "b", "momentum": 0.5}])
cases = {
    "duckdb, the 32nd of 32 files": (ask_duckdb("32nd"), FAILED),
    "duckdb, the 33rd of 33 files": (ask_duckdb("33rd"), PLAIN),
    "the same with sample_size=-1": (ask_duckdb("33rd", ", sample_size=-1"), PLAIN),
    "the same with union_by_name=true": (ask_duckdb("33rd", ", union_by_name=true"), FAILED),
    "duckdb, 0.5 after 32 times 1": (ask_duckdb("numbers"), {"Name": "b", "momentum": 0}),
    "polars, the second of 2 files": (ask_polars("second"), PLAIN),
    "datafusion, the 33rd of 33 files": (ask_datafusion("33rd"), FAILED),
}
for case, (seen, _) in cases.items():
    print(f"{case}: {seen}")
sys.exit(0 if all(seen == expected for seen, expected in cases.values()) else 1)
PYTHON
