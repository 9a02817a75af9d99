#!/bin/sh
# A hyperparameter may be the empty text. deltalake writes it into a Delta table and reads it as the empty text; one would expect the
# same when the table is partitioned by it. There it is read as null, as a job without the hyperparameter is: jobs that were told
# apart are no more.
# Seen with deltalake 1.6.6 and pyarrow 25.0.1.
. "$(dirname "$0")/lib"
in_packages 'deltalake==1.6.6 pyarrow==25.0.1' <<'PYTHON'
import importlib.metadata
import os
import sys

import deltalake
import pyarrow

print(f"deltalake {importlib.metadata.version('deltalake')}, pyarrow {pyarrow.__version__}")
jobs = pyarrow.table({"job": ["a", "b", "c"], "prefix": ["", None, "x"]})
read = {}
for partitions in [[], ["prefix"]]:
    folder = f"jobs{len(partitions)}"
    deltalake.write_deltalake(folder, jobs, partition_by=partitions)
    table = pyarrow.table(deltalake.DeltaTable(folder).to_pyarrow_table()).sort_by("job")
    read[len(partitions)] = table["prefix"].to_pylist()
    print(f"partitioned by {partitions or 'nothing'}: {read[len(partitions)]}")
sys.stdout.flush()
# deltalake's threads may abort an interpreter that ends in the usual way.
os._exit(0 if read == {0: ["", None, "x"], 1: [None, None, "x"]} else 1)
PYTHON
