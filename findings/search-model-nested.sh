#!/bin/sh
# A Search result holds the record under its kind: result["TrainingJob"]["TrainingJobName"]. One would expect a model's name at
# result["Model"]["ModelName"]. The service model puts a row of the model dashboard there, whose own member Model is the model, beside
# its endpoints and its last transform job: result["Model"]["Model"]["ModelName"]. No other kind is so.
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import sys

import botocore
import botocore.session
from stand_in import serve

session = botocore.session.Session()
print(f"botocore {botocore.__version__}")
records = session.get_service_model("sagemaker").shape_for("SearchRecord").members
nested = {kind: records[kind].name for kind in records if kind in records[kind].members}
print(f"kinds whose record has a member of that name: {nested}")
page = {"Results": [{"Model": {"ModelName": "a"}}, {"Model": {"Model": {"ModelName": "a"}}}]}
results = session.create_client("sagemaker", endpoint_url=serve(page)).search(Resource="Model")["Results"]
print(f"of {page['Results']} boto3 gives {results}")
sys.exit(0 if nested == {"Model": "ModelDashboardModel"} and results == [{"Model": {}}, page["Results"][1]] else 1)
PYTHON
