#!/bin/sh
# A training script of SageMaker finds its hyperparameters in SM_HPS, all of them as JSON, and one by one in SM_HP_NAME. One would
# expect the same from both. The names are made of capitals, in sagemaker-training (the toolkit of SageMaker's framework containers)
# and in the drivers that ModelTrainer of SDK 3 puts into any container: of LR and lr, two hyperparameters, SM_HP_LR has the one that
# came last. For batch-size beside batch_size they differ: the first has two variables, the second one.
# Seen with sagemaker-training 5.1.4 and sagemaker-train 1.27.0.
. "$(dirname "$0")/lib"
in_packages '--no-deps sagemaker-training==5.1.4 sagemaker-train==1.27.0 boto3==1.44.8 botocore==1.44.8 jmespath==1.1.0 psutil==7.2.2
    python-dateutil==2.9.0.post0 retrying==1.4.2 s3transfer==0.19.3 six==1.17.0 urllib3==2.8.0' <<'PYTHON'
import importlib.metadata
import json
import logging
import os
import shlex
import sys
import sysconfig
from pathlib import Path

logging.disable()
config = Path("ml/input/config")
config.mkdir(parents=True)
parameters = {"LR": "0.1", "lr": "0.2", "batch-size": "32", "batch_size": "64"}
(config / "hyperparameters.json").write_text(json.dumps(parameters))
resources = {"current_host": "algo-1", "current_instance_type": "ml.m5.large", "hosts": ["algo-1"], "network_interface_name": "eth0"}
(config / "resourceconfig.json").write_text(json.dumps(resources))
(config / "inputdataconfig.json").write_text("{}")
os.environ |= {"SAGEMAKER_BASE_DIR": str(Path("ml").resolve()), "TRAINING_JOB_NAME": "a"}
from sagemaker_training.environment import Environment

# ModelTrainer copies this folder to the job's instances, and runs it there.
sys.path.insert(0, str(Path(sysconfig.get_path("purelib"), "sagemaker/train/container_drivers")))
from scripts.environment import set_env

set_env(resources, {}, parameters, "env.sh")
exports = (line.removeprefix("export ").partition("=") for line in Path("env.sh").read_text().splitlines())
doors = {
    "sagemaker-training": Environment().to_env_vars(),
    "sagemaker-train": {name: "".join(shlex.split(value)) for name, _, value in exports},
}
variables = {}
for package, environment in doors.items():
    variables[package] = {name: value for name, value in environment.items() if name.startswith("SM_HP_")}
    print(f"{package} {importlib.metadata.version(package)}: SM_HPS {environment['SM_HPS']}, {variables[package]}")
toolkit = {"SM_HP_LR": "0.2", "SM_HP_BATCH-SIZE": "32", "SM_HP_BATCH_SIZE": "64"}
drivers = {"SM_HP_LR": "0.2", "SM_HP_BATCH_SIZE": "64"}
whole = all(len(json.loads(environment["SM_HPS"])) == len(parameters) for environment in doors.values())
sys.exit(0 if whole and variables == {"sagemaker-training": toolkit, "sagemaker-train": drivers} else 1)
PYTHON
