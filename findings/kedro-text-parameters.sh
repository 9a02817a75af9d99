#!/bin/sh
# A parameter is given on the command line, and is to become text, as hyperparameters of SageMaker are. One would expect two
# tools of one configuration language, OmegaConf's, to read it alike. `kedro run --params` and OmegaConf's from_dotlist read
# YAML 1.1: window=10:30 becomes 630, seed=007 becomes 7, augment=yes becomes true, mask=0x10 becomes 16. Hydra, which makes an
# OmegaConf of its overrides too, leaves these as text; of layers=64_32 all three make 6432.
# Seen with kedro 1.7.0, hydra-core 1.3.8 and omegaconf 2.3.1.
. "$(dirname "$0")/lib"
in_packages 'kedro==1.7.0 hydra-core==1.3.8 omegaconf==2.3.1' <<'PYTHON'
import importlib.metadata
import logging
import sys
from pathlib import Path

import click.testing
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

logging.disable()
from kedro.framework.cli.project import run as kedro_run

print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("kedro", "hydra-core", "omegaconf")))
texts = {"window": "10:30", "seed": "007", "augment": "yes", "mask": "0x10", "layers": "64_32", "solver": "adam"}
given = [f"{name}={text}" for name, text in texts.items()]
with kedro_run.make_context("run", ["--params", ",".join(given)]) as context:
    kedro = context.params["params"]
with initialize_config_dir(str(Path.cwd()), version_base=None):
    hydra = dict(compose(overrides=["+" + override for override in given]))
read = {"kedro": kedro, "omegaconf": dict(OmegaConf.from_dotlist(given)), "hydra": hydra}
changed = {tool: {name: value for name, value in values.items() if value != texts[name]} for tool, values in read.items()}
for tool, values in changed.items():
    print(f"{tool} reads otherwise: {values}")
yaml = {"window": 630, "seed": 7, "augment": True, "mask": 16, "layers": 6432}
sys.exit(0 if changed == {"kedro": yaml, "omegaconf": yaml, "hydra": {"layers": 6432}} else 1)
PYTHON
