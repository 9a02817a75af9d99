#!/bin/sh
# A dump of parameters with types, {"optimizer": "adam", "epochs": 10}, is asked for p.optimizer = 'adam'. One would expect the answer
# not to hang on which other parameters the jobs have. As long as jobs share theirs, DuckDB's read_json makes a struct and answers.
# Once they have many of their own, it makes a map of JSON: the optimizer is the text "adam" with its quotes, and the same condition
# is an error about malformed JSON.
# Seen with duckdb 2.0.1.
. "$(dirname "$0")/lib"
in_packages 'duckdb==2.0.1' <<'PYTHON'
import json
import sys
from pathlib import Path

import duckdb

print(f"duckdb {duckdb.__version__}")
answers = {}
for dump, own in {"shared": 0, "own": 2}.items():
    parameters = [{"optimizer": "adam", "epochs": 10} | {f"x{job}_{each}": each for each in range(own)} for job in range(30)]
    Path("jobs.jsonl").write_text("".join(json.dumps({"p": each}) + "\n" for each in parameters))
    ((kind, value),) = duckdb.sql("select typeof(p), p.optimizer from 'jobs.jsonl' limit 1").fetchall()
    try:
        ((count,),) = duckdb.sql("select count(*) from 'jobs.jsonl' where p.optimizer = 'adam'").fetchall()
    except duckdb.ConversionException as error:
        count = str(error).splitlines()[0]
    answers[dump] = (value, count)
    print(f"{dump} parameters: {kind}, p.optimizer is {value}; p.optimizer = 'adam': {count}")
sys.exit(0 if answers["shared"] == ("adam", 30) and answers["own"][0] == '"adam"' and "Malformed JSON" in answers["own"][1] else 1)
PYTHON
