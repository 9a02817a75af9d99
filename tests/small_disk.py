"""A limit on the size of files, which stands for a disk that is full."""

from __future__ import annotations

import os
import resource
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT: Final = 100
"""Bytes that a file may have."""
WITHOUT_BYTECODE: Final = {"PYTHONDONTWRITEBYTECODE": "1"}
"""The environment of processes under such a limit: Python may keep half of a module's bytecode, and fail ever after."""


@contextmanager
def small_disk() -> Iterator[None]:
    """Limits files while a test writes, and no longer: pytest's own output may go to a file. Processes inherit it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with patch.object(sys, "dont_write_bytecode", True), patch.dict(os.environ, WITHOUT_BYTECODE):  # noqa: FBT003
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
