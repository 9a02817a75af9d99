#!/bin/sh
# `aws ... --generate-cli-skeleton output` prints a sample of what a command answers, to write a reader against before there is an
# account. One would expect it to work for `sagemaker search` and `describe-training-job`. It makes up values of 0 and short text,
# refuses them itself by the model's limits for requests, and prints some dozens of lines of "Parameter validation failed" instead
# of a sample.
# Seen with awscli 1.46.3.
. "$(dirname "$0")/lib"
in_packages 'awscli==1.46.3' <<'PYTHON'
import subprocess
import sys
from pathlib import Path

aws = [sys.executable, str(Path(sys.executable).with_name("aws"))]
print(subprocess.run([*aws, "--version"], capture_output=True, text=True, check=True).stdout.split()[0])
refused = []
for command in ("search --resource TrainingJob", "describe-training-job --training-job-name a", "describe-pipeline --pipeline-name a"):
    run = subprocess.run(
        [*aws, "sagemaker", *command.split(), "--generate-cli-skeleton", "output"], capture_output=True, text=True, check=False
    )
    refused.append("Parameter validation failed" in run.stderr and not run.stdout)
    print(f"{command.split()[0]}: exit {run.returncode}, {run.stderr.count('Invalid')} values of its own refused")
sys.exit(0 if refused[:2] == [True, True] else 1)
PYTHON
