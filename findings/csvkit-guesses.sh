#!/bin/sh
# Hyperparameters are text, and JSON has them in quotes. One would expect csvkit's in2csv to write the text of a JSON file as it is.
# It guesses types from it: the layers "64,32" become 6432, rounds of "1" and "0" become True and False, a penalty "none" becomes
# empty, like a missing one, and a window "10:30" becomes 0:10:30. With -I all stay as they were, but "none".
# Seen with csvkit 2.2.0 (agate 1.14.2).
. "$(dirname "$0")/lib"
in_packages 'csvkit==2.2.0 agate==1.14.2' <<'PYTHON'
import csv
import importlib.metadata
import io
import json
import subprocess
import sys
from pathlib import Path

print(f"csvkit {importlib.metadata.version('csvkit')}, agate {importlib.metadata.version('agate')}")
jobs = [
    {"TrainingJobName": "a", "layers": "64,32", "rounds": "1", "penalty": "none", "window": "10:30"},
    {"TrainingJobName": "b", "layers": "128,64", "rounds": "0", "penalty": "l2", "window": "11:00"},
]
Path("jobs.json").write_text(json.dumps(jobs))
changed = {}
for options in ([], ["-I"]):
    command = [str(Path(sys.executable).with_name("in2csv")), *options, "jobs.json"]
    row = next(csv.DictReader(io.StringIO(subprocess.run(command, capture_output=True, text=True, check=True).stdout)))
    changed[" ".join(options)] = {name: row[name] for name in row if row[name] != jobs[0][name]}
    print(f"in2csv {' '.join(options)} changes {changed[' '.join(options)]}")
guessed = {"layers": "6432", "rounds": "True", "penalty": "", "window": "0:10:30"}
sys.exit(0 if changed[""] == guessed else 1)
PYTHON
