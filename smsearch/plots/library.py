"""The libraries of the extra `plots`, imported where a figure needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from smsearch.errors import MissingLibraryError

EXTRA: Final = "pip install 'smsearch-offline[plots]'"
_DISTRIBUTIONS: Final = {"vl_convert": "vl-convert-python"}


def library(name: str) -> Any:  # noqa: ANN401 - a module of the extra
    """A library of the extra.

    Raises:
        MissingLibraryError: It is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingLibraryError(f"{_DISTRIBUTIONS.get(name, name)} is not installed.", hint=EXTRA) from None
