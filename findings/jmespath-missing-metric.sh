#!/bin/sh
# A job that failed early has no metric. One would expect `[?loss < `0.5`]` to pass it over, as jmespath.py (the AWS CLI's
# --query) does: null is compared with no number. jmespath.js takes null for 0, and shows the failed job among those with the
# smallest losses.
# Seen with jmespath 1.1.0 (PyPI) and jmespath 0.16.0 (npm).
. "$(dirname "$0")/lib"
in_packages 'jmespath==1.1.0' <<'PYTHON' || exit
import sys

import jmespath

jobs = [{"name": "good", "loss": 0.2}, {"name": "poor", "loss": 0.9}, {"name": "failed"}]
kept = jmespath.search("[?loss < `0.5`].name", jobs)
print(f"jmespath.py {jmespath.__version__} keeps {kept}")
sys.exit(0 if kept == ["good"] else 1)
PYTHON
in_npm 'jmespath@0.16.0' <<'NODE'
import jmespath from "jmespath";

const jobs = [{ name: "good", loss: 0.2 }, { name: "poor", loss: 0.9 }, { name: "failed" }];
const kept = JSON.stringify(jmespath.search(jobs, "[?loss < `0.5`].name"));
console.log(`jmespath.js keeps ${kept}`);
process.exit(kept === '["good","failed"]' ? 0 : 1);
NODE
