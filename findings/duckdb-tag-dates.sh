#!/bin/sh
# Tags and hyperparameters are text, and JSON says so with quotes. One would expect DuckDB's read_json to leave text alone. A tag
# that looks like a date or a time becomes one in the struct: "2024-1-5" comes back as 2024-01-05, so that a filter by the tag's
# own value, which the API would answer, is compared with another spelling; and the type of the tag depends on which values the
# file happens to hold.
# Seen with duckdb 2.0.1. pyarrow 26.0.1 does so for whole dates, and keeps "2024-1-5" and times.
. "$(dirname "$0")/lib"
in_packages 'duckdb==2.0.1 pyarrow==26.0.1' <<'PYTHON'
import json
import sys
from pathlib import Path

import duckdb
import pyarrow.json

print(f"duckdb {duckdb.__version__}, pyarrow {pyarrow.__version__}")
tags = {"cutoff": "2024-1-5", "window": "10:30:00", "since": "2024-01-05", "team": "vision"}
Path("jobs.jsonl").write_text(json.dumps({"Tags": tags}) + "\n")
((read,),) = duckdb.sql("select Tags::json from read_json('jobs.jsonl')").fetchall()
((kind,),) = duckdb.sql("select typeof(Tags) from read_json('jobs.jsonl')").fetchall()
(arrow,) = pyarrow.json.read_json("jobs.jsonl")["Tags"].to_pylist()
print(f"written {tags}\nDuckDB reads {read} as {kind}\npyarrow reads {arrow}")
kept = {name: json.loads(read)[name] == value for name, value in tags.items()}
sys.exit(0 if not kept["cutoff"] and "TIME" in kind and kept["team"] and arrow["cutoff"] == "2024-1-5" else 1)
PYTHON
