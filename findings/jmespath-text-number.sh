#!/bin/sh
# Hyperparameters are text ("0.3"). A JMESPath filter such as `aws sagemaker search --query 'Results[?lr > `0.1`]'` compares them
# with a number. One would expect what the JMESPath specification says: no such comparison, null, so nothing is kept. That is what
# jmespath-community does. jmespath.py, which the AWS CLI and boto3 use, raises TypeError, which is not an error of its own, and
# the whole page is lost; jmespath.js converts, and finds the job.
# Seen with jmespath 1.1.0 (PyPI), jmespath 0.16.0 and @jmespath-community/jmespath 1.3.0 (npm).
. "$(dirname "$0")/lib"
in_packages 'jmespath==1.1.0' <<'PYTHON' || exit
import sys

import jmespath

jobs = [{"name": "a", "lr": "0.3"}, {"name": "b", "lr": "0.01"}]
print(f"jmespath.py {jmespath.__version__}")
try:
    print("finds", jmespath.search("[?lr > `0.1`].name", jobs))
except jmespath.exceptions.JMESPathError as error:
    print("refuses in its own words:", error)
except TypeError as error:
    print("TypeError:", error)
    sys.exit(0)
sys.exit(1)
PYTHON
in_npm 'jmespath@0.16.0 @jmespath-community/jmespath@1.3.0' <<'NODE'
import js from "jmespath";
import * as community from "@jmespath-community/jmespath";

const jobs = [{ name: "a", lr: "0.3" }, { name: "b", lr: "0.01" }];
const query = "[?lr > `0.1`].name";
const [first, second] = [js, community].map((library) => JSON.stringify(library.search(jobs, query)));
console.log(`jmespath.js finds ${first}\njmespath-community finds ${second}`);
process.exit(first === '["a"]' && second === "[]" ? 0 : 1);
NODE
