#!/bin/sh
# ModelTrainer of SageMaker's Python SDK 3 sends a hyperparameter that is text as it is. One would expect the training script to get
# that text. The driver that ModelTrainer puts into the container reads each value as JSON where it can, for SM_HPS once and for the
# command line twice, and writes it anew: the version "1.10" arrives as 1.1, the tag "1e5" as 100000.0. Quotes as SDK 2 sent them,
# "\"1.10\"", save the text in SM_HPS, and not on the command line.
# Seen with sagemaker-train 1.27.0.
. "$(dirname "$0")/lib"
in_packages '--no-deps sagemaker-train==1.27.0' <<'PYTHON'
import importlib.metadata
import json
import logging
import os
import shlex
import sys
import sysconfig
from pathlib import Path

logging.disable()
# ModelTrainer copies this folder to the job's instances, and runs there scripts/environment.py, what that has written, and a driver.
sys.path.insert(0, str(Path(sysconfig.get_path("purelib"), "sagemaker/train/container_drivers")))
from distributed_drivers.basic_script_driver import create_commands
from scripts.environment import set_env

os.environ["TRAINING_JOB_NAME"] = "a"
resources = {"current_host": "algo-1", "current_instance_type": "ml.m5.large", "hosts": ["algo-1"], "network_interface_name": "eth0"}
sent = {"version": "1.10", "tag": "1e5", "layers": "64_32", "quoted": '"1.10"'}
set_env(resources, {}, sent, "job.env")
exports = (line.removeprefix("export ").partition("=") for line in Path("job.env").read_text().splitlines())
environment = {name: "".join(shlex.split(value)) for name, _, value in exports}
os.environ |= {"SM_HPS": environment["SM_HPS"], "SM_ENTRY_SCRIPT": "train.py"}
arguments = create_commands()[2:]
line = dict(zip((name.removeprefix("--") for name in arguments[::2]), arguments[1::2], strict=True))
variable = json.loads(environment["SM_HPS"])
print(f"sagemaker-train {importlib.metadata.version('sagemaker-train')}")
print(f"sent:         {sent}\nSM_HPS:       {variable}\ncommand line: {line}")
values = {"version": 1.1, "tag": 100000.0, "layers": "64_32", "quoted": "1.10"}
texts = {"version": "1.1", "tag": "100000.0", "layers": "64_32", "quoted": "1.1"}
sys.exit(0 if variable == values and line == texts else 1)
PYTHON
