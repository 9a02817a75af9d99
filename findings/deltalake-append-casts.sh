#!/bin/sh
# The first export has jobs whose momentum is 1, so the column of a Delta table is one of whole numbers; in the next export it is 0.5. One
# would expect an append to be refused, as it is for "none" or a struct with another member, or to make the column one of fractions. The
# 0.5 is stored as 0, silently, and so within structs; the text "007" is 7. Into a column of times the API's seconds go as
# microseconds: 1700000000 is half an hour after midnight in 1970. With schema_mode="merge" it is the same.
# Seen with deltalake 1.6.6.
. "$(dirname "$0")/lib"
in_packages 'deltalake==1.6.6 pyarrow==26.0.1' <<'PYTHON'
import datetime
import sys

import deltalake
import pyarrow as pa

DAY = datetime.datetime(2024, 1, 5, tzinfo=datetime.UTC)
cases = [
    (1, 0.5, 0),
    ({"momentum": 1}, {"momentum": 0.5}, {"momentum": 0}),
    (1, "007", 7),
    (DAY, 1700000000, datetime.datetime(1970, 1, 1, 0, 28, 20, tzinfo=datetime.UTC)),
    (1, "none", "refused"),
    ({"momentum": 1}, {"momentum": 1, "nesterov": True}, "refused"),
]


def append(number, first, second, **options):
    deltalake.write_deltalake(f"table{number}", pa.table({"value": [first]}))
    try:
        deltalake.write_deltalake(f"table{number}", pa.table({"value": [second]}), mode="append", **options)
    except Exception:  # of several kinds
        return "refused"
    return deltalake.DeltaTable(f"table{number}").to_pyarrow_table()["value"].to_pylist()[0]


print(f"deltalake {deltalake.__version__}")
same = True
for number, (first, second, expected) in enumerate(cases):
    seen = append(number, first, second)
    print(f"{second!r} after {first!r}: {seen!r}")
    same &= seen == expected
merged = append("", 1, 0.5, schema_mode="merge")
print(f'0.5 after 1 with schema_mode="merge": {merged!r}')
sys.exit(0 if same and merged == 0 else 1)
PYTHON
