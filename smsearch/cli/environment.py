"""The sources that the environment names. It loads nothing, because completion reads it too."""

from __future__ import annotations

import os
from typing import Final

DATA_VARIABLE: Final = "SMSEARCH_DATA"


def from_environment() -> tuple[str, ...]:
    """The sources of SMSEARCH_DATA, separated as the folders of PATH are."""
    return tuple(source for source in os.environ.get(DATA_VARIABLE, "").split(os.pathsep) if source)
