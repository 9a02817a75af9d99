#!/bin/sh
# sqlite-utils inserts records of JSON into a table. One would expect text to stay as it is, as SQLite has no column that refuses it. A
# column's type is that of the first 100 records; where those are numbers, text of later ones that looks like a number is made one:
# "007" is 7 and "0.10" is 0.1, while "none" stays. With the same records in another order all text stays. And --flatten
# makes one column of `optimizer_lr` and `optimizer: {lr}`, of which one value is left.
# Seen with sqlite-utils 4.2.1.
. "$(dirname "$0")/lib"
in_packages 'sqlite-utils==4.2.1' <<'PYTHON'
import importlib.metadata
import json
import sqlite3
import subprocess
import sys
from pathlib import Path


def insert(records, *options):
    Path("jobs.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    Path("jobs.db").unlink(missing_ok=True)
    program = [sys.executable, "-m", "sqlite_utils", "insert", "jobs.db", "jobs", "jobs.jsonl", "--nl", *options]
    subprocess.run(program, check=True, capture_output=True)
    with sqlite3.connect("jobs.db") as database:
        return database.execute("select * from jobs").fetchall()


print(f"sqlite-utils {importlib.metadata.version('sqlite-utils')}")
texts = ["007", "0.10", "none"]
numbers = [{"seed": number} for number in range(100)]
later = [{"seed": text} for text in texts]
last = [seed for (seed,) in insert([*numbers, *later])[-3:]]
first = [seed for (seed,) in insert([*later, *numbers])[:3]]
print(f"{texts} after 100 numbers: {last}; before them: {first}")
flat = insert([{"optimizer": {"lr": "0.1"}, "optimizer_lr": "0.2"}], "--flatten")
print(f"optimizer: lr 0.1 beside optimizer_lr 0.2, with --flatten: {flat}")
sys.exit(0 if last == [7, 0.1, "none"] and first == texts and flat == [("0.2",)] else 1)
PYTHON
