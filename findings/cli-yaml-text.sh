#!/bin/sh
# AWS CLI 2 writes YAML (--output yaml). One would expect PyYAML, the usual reader, to give what --output json gives. The CLI puts
# quotes where YAML 1.2 needs them, and PyYAML reads YAML 1.1: the hyperparameters yes, NO and on become true and false, 12:30:45
# becomes 45045 and 10:30 becomes 630; the other way round, the metric 1e-05, a number, becomes the text "1e-05".
# Seen with awscli 2.9.19 (of Debian) and PyYAML 6.0.3.
. "$(dirname "$0")/lib"
from_debian 'awscli=2.9.19-1'
in_packages 'PyYAML==6.0.3 awscrt==0.16.8 colorama==0.4.6 cryptography==46.0.7 distro==1.5.0 docutils==0.19 jmespath==1.0.1
    prompt-toolkit==3.0.28 python-dateutil==2.8.2 ruamel.yaml==0.17.21 urllib3==1.26.20' <<'PYTHON'
import json
import os
import subprocess
import sys

import yaml
from stand_in import serve

parameters = {"augment": "yes", "bias": "NO", "cache": "on", "warmup": "12:30:45", "window": "10:30", "lr": "1e-05", "seed": "0123"}
job = {"TrainingJobName": "a", "HyperParameters": parameters, "FinalMetricDataList": [{"MetricName": "loss", "Value": 1e-05}]}
aws = [sys.executable, "-c", "from awscli.clidriver import main; raise SystemExit(main())"]
environment = os.environ | {"PYTHONPATH": "debian/usr/lib/python3/dist-packages"}


def run(*arguments):
    return subprocess.run([*aws, *arguments], capture_output=True, text=True, check=True, env=environment).stdout


print(run("--version").split()[0], "PyYAML", yaml.__version__)
describe = ["sagemaker", "describe-training-job", "--training-job-name", "a", "--endpoint-url", serve(job), "--output"]
read = {"json": json.loads(run(*describe, "json")), "yaml": yaml.safe_load(run(*describe, "yaml"))}
print("json read as what was sent:", read["json"] == job)
changed = {name: value for name, value in read["yaml"]["HyperParameters"].items() if value != parameters[name]}
metric = read["yaml"]["FinalMetricDataList"][0]["Value"]
print(f"yaml read otherwise: {changed}, the metric {metric!r}")
guessed = {"augment": True, "bias": False, "cache": True, "warmup": 45045, "window": 630}
sys.exit(0 if read["json"] == job and changed == guessed and metric == "1e-05" else 1)
PYTHON
