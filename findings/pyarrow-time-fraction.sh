#!/bin/sh
# The AWS CLI writes times as 2024-01-05T10:00:00+00:00, or with .603000 where there are milliseconds. One would expect pyarrow.json to
# take both for times, or neither. Whole seconds become timestamp[s], without a zone; one fraction in the file, and the whole column
# is text. So two files of one export have two types, and tables of them do not join.
# Seen with pyarrow 26.0.1.
. "$(dirname "$0")/lib"
in_packages 'pyarrow==26.0.1' <<'PYTHON'
import sys
from pathlib import Path

import pyarrow
import pyarrow.json

print(f"pyarrow {pyarrow.__version__}")
tables = []
for file, times in {"monday": ["10:00:00+00:00", "11:00:00+00:00"], "tuesday": ["10:00:00+00:00", "11:00:00.603000+00:00"]}.items():
    Path(file).write_text("".join(f'{{"CreationTime": "2024-01-05T{time}"}}\n' for time in times))
    tables.append(pyarrow.json.read_json(file))
    print(f"{file}, {', '.join(times)}: {tables[-1]['CreationTime'].type}")
try:
    pyarrow.concat_tables(tables, promote_options="permissive")
except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError) as error:
    print("together:", error)
    kinds = [table["CreationTime"].type for table in tables]
    sys.exit(0 if kinds == [pyarrow.timestamp("s"), pyarrow.string()] else 1)
sys.exit(1)
PYTHON
