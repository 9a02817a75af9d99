"""The compiled reader: reads records that are in order already, in C++, and leaves every other one to Python.

It is optional. `build_hook.py` compiles `source/` where there is a compiler; where there is none, or SMSEARCH_PURE is
set, Python reads everything. What is read is the same either way, byte for byte: the Python path is the definition of
correct. `layout.py` says for one kind what may stand where in a record; `source/walk.cpp` walks along that.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from smsearch.ingest.ahead import FoundList
    from smsearch.ingest.compiled._reader import Reader
    from smsearch.ingest.compiled.layout import Layout

PURE: Final = "SMSEARCH_PURE"
"""The environment variable that leaves the compiled reader out, of an installation and of a run."""
VERSION: Final = 2
"""What the sources beside this file have: a reader that was compiled of others is left out until it is compiled."""


def reader_of(layout: Layout) -> Reader | None:
    """A reader of a layout's records, or None where Python is to read everything."""
    from smsearch.ingest.compiled.layout import is_usual  # who asks for the version does without

    reader, resource = reader_class(), layout.resource
    if reader is None:
        return None
    return reader(layout.described(), f'{{"{resource.record_key}":', partial(is_usual, resource.name))


def list_in(data: bytes, at: int, *, is_last: bool) -> FoundList | None:
    """The list of the document at a place, as `_reader.list_in`; None where Python is to read everything."""
    if reader_class() is None:
        return None
    from smsearch.ingest.compiled import _reader

    return _reader.list_in(data, at, is_last)


def element_at(data: bytes, at: int) -> tuple[int, int] | None:
    """The next element of such a list, as `_reader.element_at`."""
    from smsearch.ingest.compiled import _reader

    return _reader.element_at(data, at)


def described() -> str:
    """Who reads exports, for people."""
    return "exports are read by Python" if reader_class() is None else "exports are read by the compiled reader"


def reader_class() -> type[Reader] | None:
    """The compiled reader, or None where Python is to read everything."""
    if os.environ.get(PURE, "") not in ("", "0"):
        return None
    try:
        from smsearch.ingest.compiled._reader import VERSION as VERSION_COMPILED
        from smsearch.ingest.compiled._reader import Reader
    except ImportError:  # no compiler, when it was installed
        return None
    return Reader if VERSION_COMPILED == VERSION else None
