#!/bin/sh
# "LR" and "lr" are two hyperparameters. One would expect DuckDB, whose names have no case, to refuse a record with both. From
# JSON it does. From Parquet and Arrow it reads them, and h.lr, and even a column "lr" in quotes, answers with the value of "LR";
# the value of lr is to be had under the made-up name lr_1 alone. The same records as a map answer right.
# Seen with duckdb 2.0.1 and pyarrow 26.0.1.
. "$(dirname "$0")/lib"
in_packages 'duckdb==2.0.1 pyarrow==26.0.1' <<'PYTHON'
import json
import sys
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet

print(f"duckdb {duckdb.__version__}, pyarrow {pyarrow.__version__}")
parameters = {"LR": "0.1", "lr": "0.2"}
Path("jobs.jsonl").write_text(json.dumps({"h": parameters}) + "\n")
try:
    print("JSON:", duckdb.sql("select h.lr from read_json('jobs.jsonl')").fetchall())
    refused = False
except duckdb.Error as error:
    print("JSON:", error)
    refused = True
forms = {
    "struct": (pyarrow.array([parameters]), "h.lr"),
    "map": (pyarrow.array([list(parameters.items())], pyarrow.map_(pyarrow.string(), pyarrow.string())), "h['lr']"),
}
answers = {}
for form, (column, expression) in forms.items():
    pyarrow.parquet.write_table(pyarrow.table({"h": column}), f"{form}.parquet")
    ((answers[form],),) = duckdb.sql(f"select {expression} from '{form}.parquet'").fetchall()
columns = pyarrow.table({name: [value] for name, value in parameters.items()})
((answers["columns"],),) = duckdb.sql('select "lr" from columns').fetchall()
print(f"of {parameters} lr is {answers}")
sys.exit(0 if refused and answers == {"struct": "0.1", "map": "0.2", "columns": "0.1"} else 1)
PYTHON
