"""JSON without white space, indented as `orjson.OPT_INDENT_2` does: its values need not be parsed for that."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_BACKSLASH, _QUOTE, _OBJECT, _ARRAY = "\0", "\1", "\2", "\3"
"""Stand for two backslashes, a quote in a text, and what is empty: JSON has no control characters."""
_HIDDEN: Final = (("\\\\", _BACKSLASH), ('\\"', _QUOTE))
_EMPTY: Final = (("{}", _OBJECT), ("[]", _ARRAY))
_PARTS_MAX: Final = 4_096
"""Parts between texts that are remembered: almost all are a colon, a comma or brackets."""


def indented(compact: str, depth: int = 0) -> str:
    """A JSON text with a line for each member and element.

    Args:
        compact: The text, as `orjson.dumps` gives it.
        depth: How deep it stands in another one; its first line is not indented.
    """
    for spelled, hidden in _HIDDEN:
        compact = compact.replace(spelled, hidden)
    parts = compact.split('"')  # by turns between texts and in a text
    between = parts[::2]
    depths = accumulate(map(_deeper, between), initial=depth)
    parts[::2] = map(_spaced, between, depths)
    written = '"'.join(parts)
    for spelled, hidden in (*_EMPTY, *_HIDDEN):
        written = written.replace(hidden, spelled)
    return written


def write_array(stream: BinaryIO, elements: Iterable[bytes]) -> None:
    """An indented array, written element by element; each is a JSON text, perhaps with a line break behind it."""
    separator = b"["
    for element in elements:
        stream.write(separator + b"\n  " + indented(element.decode().rstrip(), 1).encode())
        separator = b","
    stream.write(b"[]\n" if separator == b"[" else b"\n]\n")


@lru_cache(_PARTS_MAX)
def _deeper(part: str) -> int:
    """How much deeper the text behind a part is than that before it."""
    return part.count("{") + part.count("[") - part.count("}") - part.count("]")


@lru_cache(_PARTS_MAX)
def _spaced(part: str, depth: int) -> str:
    """What stands between two texts, spaced; the first one is so deep."""
    for spelled, hidden in _EMPTY:
        part = part.replace(spelled, hidden)
    pieces = []
    for char in part:
        depth += (char in "{[") - (char in "}]")
        line = "\n" + "  " * depth
        match char:
            case "{" | "[" | ",":
                pieces.append(char + line)
            case "}" | "]":
                pieces.append(line + char)
            case ":":
                pieces.append(": ")
            case _:
                pieces.append(char)
    return "".join(pieces)
