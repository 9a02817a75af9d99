#!/bin/sh
# A training job in a Search result has Tags, which its description has not. One would expect it to have all else that the
# description has. In the service model it lacks ten members, among them BillableTokenCount, by which serverless jobs are billed,
# and ProfilingStatus; an endpoint lacks AsyncInferenceConfig, a trial component Sources. A dump of Search pages cannot be asked
# for them, and a Search page that replaces a description as the newer record loses them.
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import sys

import botocore
import botocore.session

print(f"botocore {botocore.__version__}")
model = botocore.session.Session().get_service_model("sagemaker")
records = model.shape_for("SearchRecord").members
lacking = {}
for kind in ("TrainingJob", "Endpoint", "TrialComponent", "PipelineExecution", "FeatureGroup"):
    described = model.operation_model(f"Describe{kind}").output_shape.members
    lacking[kind] = described.keys() - records[kind].members.keys() - {"NextToken"}
    print(f"{kind}: only in the description: {', '.join(sorted(lacking[kind]))}")
known = {"TrainingJob": {"BillableTokenCount", "ProfilingStatus"}, "Endpoint": {"AsyncInferenceConfig"}, "TrialComponent": {"Sources"}}
sys.exit(0 if all(members <= lacking[kind] for kind, members in known.items()) and len(lacking["TrainingJob"]) == 10 else 1)
PYTHON
