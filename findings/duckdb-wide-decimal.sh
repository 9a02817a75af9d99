#!/bin/sh
# Parquet and Arrow have decimals of up to 76 digits, DuckDB of up to 38. One would expect a wider column to be refused, as
# DuckDB refuses it from Arrow. From Parquet it is read as a double, and digits are lost without a word.
# Seen with duckdb 2.0.1. smsearch writes such a column as text: docs/frames.md.
. "$(dirname "$0")/lib"
in_packages 'duckdb==2.0.1 pyarrow==26.0.1' <<'PYTHON'
import sys
from decimal import Decimal

import duckdb
import pyarrow
import pyarrow.parquet

print(f"duckdb {duckdb.__version__}, pyarrow {pyarrow.__version__}")
written = Decimal(10**38 + 1)
table = pyarrow.table({"x": pyarrow.array([written], pyarrow.decimal256(39, 0))})
pyarrow.parquet.write_table(table, "wide.parquet")
again = pyarrow.parquet.read_table("wide.parquet")["x"][0].as_py()
((read, kind),) = duckdb.sql("select x, typeof(x) from 'wide.parquet'").fetchall()
print(f"written {written}\npyarrow reads {again}\nDuckDB reads {read} as {kind}")
sys.exit(0 if (again, kind) == (written, "DOUBLE") and Decimal(read) != written else 1)
PYTHON
