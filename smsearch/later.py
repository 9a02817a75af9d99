"""Libraries that are loaded when they are first used: a command that answers a short question ends before that.

A stand-in takes a library's place. At its first use it loads the library, and puts the library itself in its place in
every module of ours, so that later uses cost what they always do. Once a library is loaded there is no stand-in.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

_PACKAGE: Final = __name__.partition(".")[0]


class Later:
    """Stands for a library until it is used.

    Args:
        library: Its name.
        alias: What our modules call it.
    """

    def __init__(self, library: str, alias: str) -> None:
        self._library = library
        self._alias = alias

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the library has
        library = import_module(self._library)
        for module in [module for key, module in sys.modules.items() if key.startswith(_PACKAGE)]:
            if vars(module).get(self._alias) is self:
                setattr(module, self._alias, library)
        return getattr(library, name)
