#!/bin/sh
# ijson reads members of a large JSON file by a prefix such as item.HyperParameters.lr. One would expect a prefix to name one member.
# Its parts are joined with dots and names are not quoted, so item.HyperParameters.optimizer.lr is the member `optimizer.lr` as well
# as `lr` within `optimizer`: both come, one after the other. And item.losses.item is each element of the list `losses`, but also the
# member `item` of an object of that name.
# Seen with ijson 3.6.0.
. "$(dirname "$0")/lib"
in_packages 'ijson==3.6.0' <<'PYTHON'
import importlib.metadata
import json
import sys

import ijson

jobs = [{"HyperParameters": {"optimizer.lr": "0.1"}}, {"HyperParameters": {"optimizer": {"lr": "0.2"}}}]
metrics = [{"losses": [0.5, 0.25]}, {"losses": {"item": 0.125}}]
print(f"ijson {importlib.metadata.version('ijson')}")
rates = list(ijson.items(json.dumps(jobs).encode(), "item.HyperParameters.optimizer.lr"))
print("item.HyperParameters.optimizer.lr of", jobs, "is", rates)
losses = [float(value) for value in ijson.items(json.dumps(metrics).encode(), "item.losses.item")]
print("item.losses.item of", metrics, "is", losses)
sys.exit(0 if rates == ["0.1", "0.2"] and losses == [0.5, 0.25, 0.125] else 1)
PYTHON
