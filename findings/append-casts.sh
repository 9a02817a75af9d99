#!/bin/sh
# The first export has jobs whose momentum is 1, so the column of a Delta table, or of LanceDB, is one of whole numbers; in the next
# export it is 0.5. One would expect the append to be refused, as for "none" or a struct with another member, or to make the
# column one of fractions. The 0.5 is stored as 0, silently, and so within structs; the text "007" is 7. Into Delta's column of times
# the API's seconds go as microseconds: 1700000000 is half an hour after midnight in 1970. schema_mode="merge" changes nothing.
# Seen with deltalake 1.6.6, lancedb 0.40.0. (PyIceberg and Lance's own write_dataset refuse.)
. "$(dirname "$0")/lib"
in_packages 'deltalake==1.6.6 lancedb==0.40.0 pyarrow==26.0.1' <<'PYTHON'
import datetime
import importlib.metadata
import sys

import deltalake
import lancedb
import pyarrow as pa

DAY = datetime.datetime(2024, 1, 5, tzinfo=datetime.UTC)
database = lancedb.connect("lance")


def delta(first, second, **options):
    deltalake.write_deltalake("delta", first, mode="overwrite", schema_mode="overwrite")
    deltalake.write_deltalake("delta", second, mode="append", **options)
    return deltalake.DeltaTable("delta").to_pyarrow_table()


def delta_merge(first, second):
    return delta(first, second, schema_mode="merge")


def lance(first, second):
    table = database.create_table("jobs", first, mode="overwrite")
    table.add(second)
    return table.to_arrow()


def append(door, first, second):
    try:
        values = door(pa.table({"value": [first]}), pa.table({"value": [second]}))["value"].to_pylist()
    except Exception:  # of several kinds
        return "refused"
    values.remove(first)
    return values[0]


cases = [
    (delta, 1, 0.5, 0),
    (delta, {"momentum": 1}, {"momentum": 0.5}, {"momentum": 0}),
    (delta, 1, "007", 7),
    (delta, 1, "none", "refused"),
    (delta, {"momentum": 1}, {"momentum": 1, "nesterov": True}, "refused"),
    (delta, DAY, 1700000000, datetime.datetime(1970, 1, 1, 0, 28, 20, tzinfo=datetime.UTC)),
    (delta_merge, 1, 0.5, 0),
    (lance, 1, 0.5, 0),
    (lance, {"momentum": 1}, {"momentum": 0.5}, {"momentum": 0}),
    (lance, 1, "007", 7),
    (lance, 1, "none", "refused"),
]
print(f"deltalake {deltalake.__version__}, lancedb {importlib.metadata.version('lancedb')}")
same = True
for door, first, second, expected in cases:
    seen = append(door, first, second)
    print(f"{door.__name__}: {second!r} after {first!r} is {seen!r}")
    same &= seen == expected
sys.exit(0 if same else 1)
PYTHON
