"""NumPy, loaded when it is first used: a short search ends before that.

`from smsearch.numpy_later import np` gives a stand-in. At its first use it loads NumPy, and puts NumPy itself in its
place in every module of ours, so that later uses cost what they always do. Once NumPy is loaded there is no stand-in.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
else:

    class _StandIn:
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever NumPy has
            numpy = import_module("numpy")
            for module in [module for key, module in sys.modules.items() if key.startswith(__package__)]:
                if vars(module).get("np") is self:
                    module.np = numpy
            return getattr(numpy, name)

    np = sys.modules.get("numpy") or _StandIn()

__all__ = ["np"]
