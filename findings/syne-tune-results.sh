#!/bin/sh
# Syne Tune, a tuner that runs trials locally or on SageMaker, writes the trials with their configurations as they end. One would
# expect load_experiment to give the configurations that were tried. It lets pandas guess: the penalty "None" of a trial is missing,
# the seed "007" is the number 7. The tuner's own best_config has the text, load_experiment(...).best_config not.
# Seen with syne-tune 0.16.0.
. "$(dirname "$0")/lib"
in_packages 'syne-tune==0.16.0' <<'PYTHON'
import contextlib
import importlib.metadata
import io
import logging
import os
import sys
from pathlib import Path

os.environ["SYNETUNE_FOLDER"] = str(Path.cwd())
from syne_tune import StoppingCriterion, Tuner
from syne_tune.backend import LocalBackend
from syne_tune.config_space import choice
from syne_tune.experiments import load_experiment
from syne_tune.optimizer.baselines import RandomSearch

logging.disable()
Path("train.py").write_text("from syne_tune import Reporter\n\nReporter()(loss=0.5)\n")
tried = {"penalty": "None", "seed": "007", "layers": "64_32"}
space = {"penalty": choice(["None"]), "seed": choice(["007"]), "layers": choice(["64_32"])}
tuner = Tuner(
    trial_backend=LocalBackend("train.py"),
    scheduler=RandomSearch(space, metrics=["loss"]),
    stop_criterion=StoppingCriterion(max_num_trials_finished=1),
    n_workers=1,
    sleep_time=1,
)
with contextlib.redirect_stdout(io.StringIO()):
    tuner.run()
    best = tuner.best_config()[1]
loaded = load_experiment(tuner.name).best_config()
read = {name: loaded[f"config_{name}"] for name in tried}
print(f"syne-tune {importlib.metadata.version('syne-tune')}")
print(f"the tuner's best configuration: {best}")
print(f"that of load_experiment: {read}")
seen = {name: str(value) for name, value in read.items()}
sys.exit(0 if best == tried and seen == {"penalty": "nan", "seed": "7", "layers": "64_32"} else 1)
PYTHON
