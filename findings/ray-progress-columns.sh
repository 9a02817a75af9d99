#!/bin/sh
# A Ray Tune trial reports its loss after the first epoch, and its loss and accuracy after the second. One would expect its
# progress.csv to have what its result.json has. The columns of the CSV are those of the first report, and the accuracy is nowhere
# in it, silently; the JSON and the trial's dataframe have it. In that of all trials a parameter `optimizer/lr` beside `optimizer:
# {lr}` is lost too.
# Seen with ray 2.60.0.
. "$(dirname "$0")/lib"
in_packages 'ray[tune]==2.60.0' <<'PYTHON'
import csv
import json
import logging
import os
import sys
from pathlib import Path

os.environ |= {"RAY_AIR_NEW_OUTPUT": "0", "RAY_USAGE_STATS_ENABLED": "0"}
logging.disable()
import ray
from ray import tune


def train(_):
    tune.report({"loss": 0.5})
    tune.report({"loss": 0.4, "accuracy": 0.9})


ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, configure_logging=False)
parameters = {"optimizer": {"lr": 0.1}, "optimizer/lr": 0.2}
place = tune.RunConfig(storage_path=str(Path.cwd()), name="tuned", verbose=0)
results = tune.Tuner(train, param_space=parameters, run_config=place).fit()
trial = Path(results[0].path)
reports = [json.loads(line) for line in (trial / "result.json").read_text().splitlines()]
with (trial / "progress.csv").open() as table:
    rows = list(csv.DictReader(table))
has_accuracy = {
    "result.json": reports[-1].get("accuracy") == 0.9,
    "dataframe": results[0].metrics_dataframe["accuracy"].tolist()[-1] == 0.9,
    "progress.csv": "accuracy" in rows[0],
}
rates = {name: value for name, value in results.get_dataframe().iloc[0].items() if name.startswith("config/")}
print(f"ray {ray.__version__}: {len(rows)} reports; accuracy is in", ", ".join(door for door, has in has_accuracy.items() if has))
print(f"of {parameters} the table of all trials has {rates}")
ray.shutdown()
whole = {"result.json": True, "dataframe": True, "progress.csv": False}
sys.exit(0 if has_accuracy == whole and rates == {"config/optimizer/lr": 0.1} else 1)
PYTHON
