#!/bin/sh
# A row of ListTransformJobs says when a job was last modified. One would expect DescribeTransformJob, which says more of a job,
# to say so as well; in the service model it has no such member. Whoever merges lists and descriptions by LastModifiedTime, the
# newest winning, lets the row replace the description, and loses all that only the latter has.
# Seen with botocore 1.44.8.
. "$(dirname "$0")/lib"
in_packages 'botocore==1.44.8' <<'PYTHON'
import sys

import botocore
import botocore.session

print(f"botocore {botocore.__version__}")
model = botocore.session.Session().get_service_model("sagemaker")
described = model.operation_model("DescribeTransformJob").output_shape.members
listed = model.operation_model("ListTransformJobs").output_shape.members["TransformJobSummaries"].member.members
in_row, in_description = ("LastModifiedTime" in members for members in (listed, described))
print(f"LastModifiedTime in a row of ListTransformJobs: {in_row}\nin DescribeTransformJob: {in_description}")
print("only in the description:", ", ".join(sorted(described.keys() - listed.keys())))
sys.exit(0 if (in_row, in_description) == (True, False) else 1)
PYTHON
