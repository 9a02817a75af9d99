"""NumPy, loaded when it is first used: `from smsearch.numpy_later import np`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
else:
    from smsearch.later import Later

    np = sys.modules.get("numpy") or Later("numpy", "np")

__all__ = ["np"]
