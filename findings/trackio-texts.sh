#!/bin/sh
# Trackio keeps runs in a local database, and import_csv brings in those of elsewhere. One would expect a column's numbers to come in,
# and text to stay text. Of a dropout that is 0.5 in one row and "none" in another nothing comes in, without a word, and the layers
# "64_32" are the number 6432. In a run's config the text "NaN" or "Infinity", a parameter's value, comes back as that number.
# Seen with trackio 0.43.0.
. "$(dirname "$0")/lib"
in_packages 'trackio==0.43.0' <<'PYTHON'
import contextlib
import io
import os
import sys
from pathlib import Path

os.environ["TRACKIO_DIR"] = str(Path.cwd() / "runs")
import trackio
from trackio.sqlite_storage import SQLiteStorage

Path("jobs.csv").write_text("step,loss,dropout,layers\n0,0.5,0.5,64_32\n1,0.4,none,128\n")
config = {"fill": "NaN", "limit": "Infinity", "penalty": "none"}
with contextlib.redirect_stdout(io.StringIO()):
    trackio.import_csv("jobs.csv", project="imported", name="run")
    trackio.init(project="logged", name="run", config=config, embed=False)
    trackio.log({"loss": 0.5})
    trackio.finish()
rows = [{name: row.get(name) for name in ("loss", "dropout", "layers")} for row in SQLiteStorage.get_logs("imported", "run")]
read = {name: SQLiteStorage.get_run_config("logged", "run")[name] for name in config}
print(f"trackio {trackio.__version__}")
print(f"imported: {rows}")
print(f"config: {config} is read as {read}")
expected = [{"loss": 0.5, "dropout": None, "layers": 6432}, {"loss": 0.4, "dropout": None, "layers": 128}]
sys.exit(0 if rows == expected and str(read) == "{'fill': nan, 'limit': inf, 'penalty': 'none'}" else 1)
PYTHON
