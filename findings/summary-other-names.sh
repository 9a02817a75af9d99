#!/bin/sh
# A row of a list is a part of what is described. One would expect a member of both to have one name. The service model calls where
# a trial component comes from TrialComponentSource in a row and Source in a description (experiments and trials likewise), and the
# failure of a pipeline's execution PipelineExecutionFailureReason and FailureReason; such a row has StartTime alone, where the
# description has CreationTime alone. A merge by names keeps both or finds neither, and Search has the description's names.
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import sys

import botocore
import botocore.session

PAIRS = {
    "Experiment": {"ExperimentSource": "Source"},
    "Trial": {"TrialSource": "Source"},
    "TrialComponent": {"TrialComponentSource": "Source"},
    "PipelineExecution": {"PipelineExecutionFailureReason": "FailureReason", "StartTime": "CreationTime"},
}
print(f"botocore {botocore.__version__}")
model = botocore.session.Session().get_service_model("sagemaker")
same = []
for kind, names in PAIRS.items():
    row = model.shape_for(f"{kind}Summary").members
    whole = model.operation_model(f"Describe{kind}").output_shape.members
    searched = model.shape_for("SearchRecord").members[kind].members
    for of_row, of_whole in names.items():
        print(f"{kind}: {of_row} in a row alone, {of_whole} alone in the description")
        right = of_row in row and of_whole not in row and of_whole in whole and of_row not in whole and of_row not in searched
        same.append(right and row[of_row].type_name == whole[of_whole].type_name)
sys.exit(0 if all(same) else 1)
PYTHON
