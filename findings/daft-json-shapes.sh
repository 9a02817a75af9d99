#!/bin/sh
# A hyperparameter's value is text in one record and a list or an object in another, as trackers export them. One would expect a
# reader to refuse that, or to keep both. Daft's read_json decides on a type for the column, and what is of another shape is null,
# silently: of "adam" and {"lr": 1} the text is left, of 1 and [2] the list, of {"a": 1} and 2 the number. pyarrow refuses all of
# these, Polars keeps both as text or refuses.
# Seen with daft 0.7.26, polars 2.1.0, pyarrow 25.0.1.
. "$(dirname "$0")/lib"
in_packages 'daft==0.7.26 polars==2.1.0 pyarrow==25.0.1' <<'PYTHON'
import json
import sys
from pathlib import Path

import daft
import polars
import pyarrow
import pyarrow.json

print(f"daft {daft.__version__}, polars {polars.__version__}, pyarrow {pyarrow.__version__}")
readers = {
    "daft": lambda: daft.read_json("jobs.jsonl").to_pydict()["value"],
    "polars": lambda: polars.read_ndjson("jobs.jsonl")["value"].to_list(),
    "pyarrow": lambda: pyarrow.json.read_json("jobs.jsonl")["value"].to_pylist(),
}
seen = {}
for values in [["adam", {"lr": 1}], ["adam", [1]], [1, [2]], [{"a": 1}, 2]]:
    Path("jobs.jsonl").write_text("".join(json.dumps({"value": value}) + "\n" for value in values))
    for reader, read in readers.items():
        try:
            seen[reader, str(values)] = read()
        except Exception as error:
            seen[reader, str(values)] = " ".join(str(error).split())[:60]
        print(f"{values} by {reader}: {seen[reader, str(values)]}")
by_daft = [answer for (reader, _), answer in seen.items() if reader == "daft"]
sys.exit(0 if by_daft == [["adam", None], ["adam", None], [None, [2]], [None, "2"]] else 1)
PYTHON
