#!/bin/sh
# --output text is for cut and awk: a column for each member, in the order of their names. One would expect a job's hyperparameters
# to come with theirs, since each job may have others. Only the values are printed, so two jobs that differ by which parameter they
# have are one and the same line, and a column holds another parameter from job to job. Tags, a list of key and value, keep theirs.
# Seen with awscli 1.46.3.
. "$(dirname "$0")/lib"
in_packages 'awscli==1.46.3' <<'PYTHON'
import subprocess
import sys
from pathlib import Path

from stand_in import serve

JOBS = {
    "a": {"HyperParameters": {"depth": "6", "lr": "0.1"}, "Tags": [{"Key": "team", "Value": "vision"}]},
    "b": {"HyperParameters": {"lr": "6", "momentum": "0.1"}},
}
page = {"Results": [{"TrainingJob": {"TrainingJobName": name, **job}} for name, job in JOBS.items()]}
aws = [sys.executable, str(Path(sys.executable).with_name("aws"))]
print(subprocess.run([*aws, "--version"], capture_output=True, text=True, check=True).stdout.split()[0])
search = [*aws, "sagemaker", "search", "--resource", "TrainingJob", "--endpoint-url", serve(page), "--output", "text"]
lines = subprocess.run(search, capture_output=True, text=True, check=True).stdout.splitlines()
print("\n".join(lines))
parameters = [line for line in lines if line.startswith("HYPERPARAMETERS")]
sys.exit(0 if parameters == ["HYPERPARAMETERS\t6\t0.1"] * 2 and "TAGS\tteam\tvision" in lines else 1)
PYTHON
