#!/bin/sh
# A program reads a Parquet file with pyarrow and never names pandas. One would expect pandas not to be loaded. Where it is
# installed, it is: by read_table of Parquet, by array and scalar of whatever they are given (one number), by a comparison with a
# number, by to_numpy; that is most of the time of a short program. It is not loaded by json.read_json, from_buffers, to_pylist,
# from_dlpack, arange, and not by write_table or a table that DuckDB gives.
# Seen with pyarrow 26.0.1, pandas 3.1.1, numpy 2.4.6, duckdb 2.0.1.
. "$(dirname "$0")/lib"
in_packages 'pyarrow==26.0.1 pandas==3.1.1 numpy==2.4.6 duckdb==2.0.1' <<'PYTHON'
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy
import pyarrow

Path("jobs.json").write_text('{"loss": 1}\n')
duckdb.sql("copy (select 1 as loss) to 'jobs.parquet'")
begin = """
import resource, sys
import duckdb, numpy, pyarrow, pyarrow.compute, pyarrow.json, pyarrow.parquet
values = pyarrow.Array.from_buffers(pyarrow.int64(), 3, [None, pyarrow.py_buffer(numpy.arange(3))])
before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
assert "pandas" not in sys.modules
"""
end = """
print("pandas" in sys.modules, round(resource.getrusage(resource.RUSAGE_SELF).ru_utime - before, 2))
"""
loading = ["pyarrow.parquet.read_table('jobs.parquet')", "pyarrow.array([1])", "pyarrow.scalar(1)", "values.to_numpy()"]
loading += ["pyarrow.compute.greater(values, 1)"]
others = ["pyarrow.json.read_json('jobs.json').to_pylist()", "numpy.from_dlpack(values)", "pyarrow.arange(0, 3)"]
others += ["pyarrow.compute.greater(values, values)", "duckdb.sql('select 1 as loss').to_arrow_table()"]
others += ["pyarrow.parquet.write_table(pyarrow.table([values], ['loss']), 'written.parquet')"]
seen = {}
for call in [*loading, *others]:
    run = subprocess.run([sys.executable, "-c", begin + call + end], capture_output=True, text=True, check=True)
    seen[call], seconds = run.stdout.split()
    print(f"{call}: pandas is {'loaded' if seen[call] == 'True' else 'not loaded'}, {seconds} s of processor time")
import pandas

print(f"pyarrow {pyarrow.__version__}, pandas {pandas.__version__}, numpy {numpy.__version__}, duckdb {duckdb.__version__}")
sys.exit(0 if seen == dict.fromkeys(loading, "True") | dict.fromkeys(others, "False") else 1)
PYTHON
