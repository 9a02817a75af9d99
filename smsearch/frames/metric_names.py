"""What the name of a metric tells of it."""

from __future__ import annotations

import re
from typing import Final

_LESS_IS_BETTER: Final = re.compile(r"loss|err|rmse|mae|mse|perplexity|wer\b|latency|logloss", re.IGNORECASE)
"""What the name of a metric holds that is to be small. Nothing in a dump says so, but for a tuning job's objective."""


def is_less_better(name: str) -> bool:
    """Whether the smallest number of a metric is the best, as far as its name tells."""
    return _LESS_IS_BETTER.search(name) is not None
