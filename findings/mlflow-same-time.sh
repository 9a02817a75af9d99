#!/bin/sh
# The final metrics of a job come with a time of whole seconds and without a step. One would expect the run's metric to be the value
# that was logged last. Of values with one step and one time, MLflow's tracking server on a database takes the largest: a loss that
# fell from 0.9 to 0.1 is 0.9, and a filter for a loss below 0.5 does not find the run. The history has them sorted by value, so it
# does not tell which was last either. With a later time the last value wins.
# Seen with mlflow-skinny 3.17.2.
. "$(dirname "$0")/lib"
in_packages 'mlflow-skinny==3.17.2 sqlalchemy==2.1.9 alembic==1.20.1' <<'PYTHON'
import logging
import sys

logging.disable()
import mlflow

print(f"mlflow {mlflow.__version__}")
client = mlflow.MlflowClient("sqlite:///runs.db")
experiment = client.create_experiment("jobs")
seen = {}
for name, later in {"one time": 0, "a second later": 1000}.items():
    run = client.create_run(experiment).info.run_id
    for number, loss in enumerate((0.5, 0.9, 0.1)):
        client.log_metric(run, "loss", loss, timestamp=1_700_000_000_000 + number * later)
    history = [metric.value for metric in client.get_metric_history(run, "loss")]
    small = run in [each.info.run_id for each in client.search_runs([experiment], "metrics.loss < 0.5")]
    seen[name] = client.get_run(run).data.metrics["loss"], history, small
    print(f"losses 0.5, 0.9 and 0.1, {name}: the metric is {seen[name][0]}, the history {history}, found by loss < 0.5: {small}")
expected = {"one time": (0.9, [0.1, 0.5, 0.9], False), "a second later": (0.1, [0.5, 0.9, 0.1], True)}
sys.exit(0 if seen == expected else 1)
PYTHON
