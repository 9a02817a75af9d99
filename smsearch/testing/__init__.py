"""Lets boto3's SageMaker clients answer from records in memory, for tests: no network, no server, no account.

```python
with smsearch.testing.stub(records) as jobs:
    boto3.client("sagemaker").search(Resource="TrainingJob")
    jobs.upsert(another)
```

For pytest there is the fixture `sagemaker_records`. Neither boto3 nor botocore is imported before a stub is entered.
"""

from __future__ import annotations

from smsearch.testing.stub import Stub, stub

__all__ = ["Stub", "stub"]
