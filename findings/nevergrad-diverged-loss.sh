#!/bin/sh
# Nevergrad's ParametersLogger writes each trial and its loss as a line of JSON. One would expect the loss of a trial that diverged,
# NaN or infinite, to be written so, or as null. It is written as 5e+20, a number that no trial had, the same for both: a table
# made of the log has a finite worst loss, a mean of 1e+20, and no way to tell which trials diverged.
# Seen with nevergrad 1.0.12.
. "$(dirname "$0")/lib"
in_packages 'nevergrad==1.0.12' <<'PYTHON'
import importlib.metadata
import json
import math
import sys
import warnings
from pathlib import Path

import nevergrad

warnings.simplefilter("ignore")
print(f"nevergrad {importlib.metadata.version('nevergrad')}")
losses = [0.5, math.nan, math.inf, 0.25]
optimizer = nevergrad.optimizers.OnePlusOne(nevergrad.p.Instrumentation(lr=nevergrad.p.Log(lower=1e-5, upper=1.0)), budget=len(losses))
optimizer.register_callback("tell", nevergrad.callbacks.ParametersLogger("trials.jsonl", append=False))
coming = iter(losses)
optimizer.minimize(lambda **_: next(coming))
written = [json.loads(line)["#loss"] for line in Path("trials.jsonl").read_text().splitlines()]
print(f"of the losses {losses} the log has {written}")
sys.exit(0 if written == [0.5, 5e20, 5e20, 0.25] else 1)
PYTHON
