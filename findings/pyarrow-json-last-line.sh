#!/bin/sh
# A folder has a file for each job, as json.dump writes it: one line, with no newline at its end. One would expect a dataset of
# pyarrow to read what pyarrow's read_json reads. It has a row for each file and the right columns, and all of their values are null;
# a filter finds nothing. With a newline at the end, or with a second line, the values are there.
# Seen with pyarrow 26.0.1.
. "$(dirname "$0")/lib"
in_packages 'pyarrow==26.0.1' <<'PYTHON'
import json
import pathlib
import sys

import pyarrow as pa
import pyarrow.dataset
import pyarrow.json

JOBS = [{"TrainingJobName": name, "TrainingJobStatus": "Failed"} for name in "ab"]


def read(folder, texts):
    pathlib.Path(folder).mkdir()
    for number, text in enumerate(texts):
        pathlib.Path(folder, f"{number}.json").write_text(text)
    dataset = pa.dataset.dataset(folder, format="json")
    failed = dataset.to_table(filter=pa.dataset.field("TrainingJobStatus") == "Failed").num_rows
    seen = [row["TrainingJobName"] for row in dataset.to_table().to_pylist()], failed
    alone = [pa.json.read_json(file)["TrainingJobName"].to_pylist() for file in sorted(pathlib.Path(folder).iterdir())]
    print(f"{folder}: the dataset has the names {seen[0]} and {failed} failed jobs, read_json {alone}")
    return seen


print(f"pyarrow {pa.__version__}")
lines = [json.dumps(job) for job in JOBS]
bare = read("as json.dump writes", lines)
ended = read("with a newline at the end", [f"{line}\n" for line in lines])
two = read("two lines, no newline at the end", ["\n".join(lines)])
sys.exit(0 if bare == ([None, None], 0) and ended == two == (["a", "b"], 2) else 1)
PYTHON
