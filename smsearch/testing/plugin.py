"""The fixture `sagemaker_records` for pytest, which finds it by itself where smsearch is installed.

It is called after what a test handles, and not `sagemaker_search`: Search is one of the operations that are answered.
The prefix keeps it apart from a project's own `records`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.testing.stub import Stub


@pytest.fixture
def sagemaker_records() -> Iterator[Stub]:
    """Records that boto3's SageMaker clients answer from during a test; none at first: `upsert` adds them."""
    from smsearch.testing.stub import stub

    with stub() as records:
        yield records
