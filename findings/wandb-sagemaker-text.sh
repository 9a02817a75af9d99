#!/bin/sh
# On SageMaker, wandb reads a job's hyperparameters, all of which are text, into the run's config. One would expect each name to
# have values of one kind. What consists of digits and a point becomes a number, so of two jobs' learning rates 0.1 is a number and
# 1e-05 text, and they do not compare; the seed 007 becomes 7, the version 1.10 becomes 1.1; true and null stay text.
# Seen with wandb 0.31.0.
. "$(dirname "$0")/lib"
in_packages 'wandb==0.31.0' <<'PYTHON'
import json
import sys
from pathlib import Path

import wandb
from wandb.integration.sagemaker import files
from wandb.integration.sagemaker.config import parse_sm_config

print(f"wandb {wandb.__version__}")
# On SageMaker the file is /opt/ml/input/config/hyperparameters.json.
files.SM_PARAM_CONFIG = "hyperparameters.json"
jobs = [{"lr": "0.1", "seed": "007", "version": "1.10"}, {"lr": "1e-05", "augment": "true", "penalty": "null"}]
read = []
for parameters in jobs:
    Path(files.SM_PARAM_CONFIG).write_text(json.dumps(parameters))
    config = parse_sm_config()
    read.append({name: config[name] for name in parameters})
    print(f"{parameters} is read as {read[-1]}")
sys.exit(0 if read == [{"lr": 0.1, "seed": 7, "version": 1.1}, jobs[1]] else 1)
PYTHON
