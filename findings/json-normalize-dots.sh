#!/bin/sh
# Names of hyperparameters and metrics may hold dots. pandas.json_normalize joins the levels of a record with dots, and one would
# expect it to keep two names apart, or to refuse. A job with the hyperparameter "optimizer.lr" and another whose configuration
# has optimizer: {lr} come out in one column; where one record has both, one of the two values is lost without a word.
# Seen with pandas 3.1.1.
. "$(dirname "$0")/lib"
in_packages 'pandas==3.1.1' <<'PYTHON'
import sys

import pandas as pd

print(f"pandas {pd.__version__}")
record = {"HyperParameters": {"optimizer.lr": "0.1", "optimizer": {"lr": "0.2"}}}
frame = pd.json_normalize([record])
print(f"of {record}\nremains {frame.to_dict('records')}")
sys.exit(0 if frame.shape == (1, 1) else 1)
PYTHON
