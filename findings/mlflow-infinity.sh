#!/bin/sh
# A loss that diverged to infinity is a metric that MLflow's client logs without complaint. One would expect to read infinity
# again. From a tracking server on a database (SQLite here) comes the largest finite double, 1.797e308, which is equal to a real
# metric of that value; NaN beside it comes back as NaN. Who moves jobs to MLflow and compares both sides finds a difference in
# the worst runs alone.
# Seen with mlflow-skinny 3.17.2.
. "$(dirname "$0")/lib"
in_packages 'mlflow-skinny==3.17.2 sqlalchemy==2.1.9 alembic==1.20.1' <<'PYTHON'
import logging
import math
import sys

logging.disable()
import mlflow

print(f"mlflow {mlflow.__version__}")
client = mlflow.MlflowClient("sqlite:///runs.db")
run = client.create_run(client.create_experiment("jobs")).info.run_id
for name, value in {"diverged": math.inf, "undefined": math.nan}.items():
    client.log_metric(run, name, value)
read = client.get_run(run).data.metrics
print(f"logged inf and nan, read {read}")
sys.exit(0 if read["diverged"] == sys.float_info.max and math.isnan(read["undefined"]) else 1)
PYTHON
