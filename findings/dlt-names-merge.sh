#!/bin/sh
# dlt turns names into snake_case for the table that it loads. One would expect it to refuse two names that become one, or to
# number them. It loads the last: of the hyperparameters LR and lr, batch-size and batch_size, and of the metrics
# validation:accuracy and validation_accuracy, one value each is lost, and the load reports success.
# Seen with dlt 1.31.0 and duckdb 2.0.1.
. "$(dirname "$0")/lib"
in_packages 'dlt==1.31.0 duckdb==2.0.1' <<'PYTHON'
import sys

import dlt

print(f"dlt {dlt.__version__}")
job = {
    "TrainingJobName": "a",
    "HyperParameters": {"LR": "0.1", "lr": "0.2", "batch-size": "3", "batch_size": "4"},
    "Metrics": {"validation:accuracy": 0.9, "validation_accuracy": 0.1},
}
pipeline = dlt.pipeline("jobs", destination=dlt.destinations.duckdb("jobs.duckdb"), dataset_name="dump", pipelines_dir="pipelines")
load = pipeline.run([job], table_name="jobs")
with pipeline.sql_client() as client, client.execute_query("select * from jobs") as rows:
    loaded = {name: value for (name, *_), value in zip(rows.description, rows.fetchone()) if not name.startswith("_dlt")}
print(f"failed jobs of the load: {load.has_failed_jobs}\nof {job}\nremains {loaded}")
lost = {"0.1", "3", 0.9} - set(loaded.values())
sys.exit(0 if len(loaded) == 4 and lost == {"0.1", "3", 0.9} and not load.has_failed_jobs else 1)
PYTHON
