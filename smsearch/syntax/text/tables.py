"""The tables of the grammar, kept beside this module: reading them takes less than a millisecond, working them out 80.

`make grammar` writes them: a line of JSON, and a line with a digest of it and of the grammar. Where they are of another
grammar, or not as they were written, they are worked out again; then lark is loaded, and nowhere else. This module
knows no rule.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from smsearch import small_json
from smsearch.blake2 import blake2b
from smsearch.errors import SmsearchError
from smsearch.syntax.text.lalr import ParserTables, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: Final = f"{os.path.split(__file__)[0]}/grammar.tables"
_GRAMMAR: Final = "search.lark"


@cache
def tables() -> ParserTables:
    """The tables of the grammar, read or worked out once a process."""
    kept = _kept()
    if kept is None:
        from smsearch.syntax.text.make_tables import make_tables

        kept = make_tables(grammar())
    rules = [Rule(*rule) for rule in kept["rules"]]
    return ParserTables(**{**kept, "rules": rules})


def _kept() -> Mapping[str, Any] | None:
    """The tables as they are kept; None where they are not those of the grammar."""
    try:
        with open(TABLES, "rb") as file:  # noqa: PTH123 - pathlib takes a short search 4 ms
            written, digest, *_ = file.read().split(b"\n")
    except (OSError, ValueError):
        return None
    if digest != digest_of(written, grammar()):
        return None
    kept: Mapping[str, Any] = small_json.loads(written)
    return kept


def digest_of(written: bytes, grammar: str) -> bytes:
    """What stands below tables that are written: it tells them from damaged ones, and from those of another grammar."""
    return blake2b(written + b"\n" + grammar.encode(), digest_size=16).hexdigest().encode()


def grammar() -> str:
    """The text of the grammar.

    Raises:
        SmsearchError: The installation is not whole.
    """
    folder = os.path.split(os.path.realpath(__file__))[0]
    for above in ("../..", "../../.."):  # a wheel's, a checkout's
        with suppress(FileNotFoundError), open(f"{folder}/{above}/grammar/{_GRAMMAR}", encoding="utf-8") as file:  # noqa: PTH123 - as above
            return file.read()
    raise SmsearchError(f"{_GRAMMAR} is missing from this installation.", hint="Install smsearch again.")
