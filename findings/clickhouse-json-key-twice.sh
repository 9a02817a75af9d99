#!/bin/sh
# ClickHouse's JSON type takes a dot in a name for a level. One would expect a record with the hyperparameters "optimizer" and
# "optimizer.lr" (or "model" and "model.name") to be refused, or to come back as it was. It is read, and written as an object that
# has the key "optimizer" twice, once with a text and once with an object; most readers keep the last of the two, so the text is
# lost in the next tool.
# Seen with chdb 4.4.0, which is ClickHouse in a Python package. A Map(String, String) keeps both.
. "$(dirname "$0")/lib"
in_packages 'chdb==4.4.0' <<'PYTHON'
import json
import sys
from pathlib import Path

import chdb

print(f"chdb {chdb.__version__}")
job = {"h": {"optimizer": "adam", "optimizer.lr": "0.1"}}
Path("jobs.jsonl").write_text(json.dumps(job) + "\n")
read = {}
for kind in ("JSON", "Map(String, String)"):
    written = str(chdb.query(f"select h from file('jobs.jsonl', 'JSONEachRow', 'h {kind}')", "JSONEachRow")).strip()
    read[kind] = json.loads(written)
    print(f"as {kind}: {written}, of which json keeps {read[kind]}")
sys.exit(0 if written and read["JSON"] == {"h": {"optimizer": {"lr": "0.1"}}} and read["Map(String, String)"] == job else 1)
PYTHON
