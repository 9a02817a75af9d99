"""Follows what is open in JSON that comes line by line: which lists and objects, and whether a text is broken.

A text holds no raw newline, so a line that ends inside one is broken, and the next begins outside. It parses nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHIN_TEXT: Final = rb'[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+'
"""Up to the end of a text, or of its line. Here and below no repetition goes back, so time is linear. One of a group
that offers a choice, or holds another repetition of a group, is atomic, `(?>(?:…)*)`, and not `(?:…)*+`, by which
Python before 3.11.5 matches too little. That takes memory for each time, which is why this one is not."""
TEXT: Final = rb'"' + WITHIN_TEXT + rb'"'
_TEXTS: Final = re.compile(TEXT)
BRACKET: Final = re.compile(rb'[^"\[\]{}]*+(?>(?:' + TEXT + rb'[^"\[\]{}]*+)*)(?:([\[\]{}"])|\Z)')
"""Up to the next bracket that is in no text, or the quote of a text that does not end on its line, or the end; so that
a search for all of them never looks at a byte twice."""
_WHOLE_TEXTS: Final = re.compile(rb'[^"]*+(?>(?:' + TEXT + rb'[^"]*+)*)')
"""Up to a text that does not end on its line, so that what is before it is searched in linear time."""
_NO_BRACKET: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")
_OPENING: Final = frozenset(b"[{")
_QUOTE: Final = ord('"')


def brackets(raw: bytes, at: int = 0) -> Iterator[tuple[int, int]]:
    """The brackets of some bytes: 1 or -1 for a level in or out, and where each stands; a broken text ends its line."""
    while at < len(raw):
        for token in BRACKET.finditer(raw, at):
            if token.lastindex is None:
                return
            begin = token.start(1)
            if raw[begin] == _QUOTE:
                at = raw.find(b"\n", begin)
                if at < 0:
                    return
                break
            yield 1 if raw[begin] in _OPENING else -1, begin


class Nesting:
    """The lists and objects that are open after the lines so far.

    Attributes:
        is_broken: Whether the last line ended inside a text.
    """

    __slots__ = ("_begun", "_open", "is_broken")

    def __init__(self) -> None:
        self._open = bytearray()
        self._begun = b""  # a text that goes on in the next piece of its line
        self.is_broken = False

    @property
    def is_open(self) -> bool:
        """Whether a list or an object is open."""
        return bool(self._open)

    def feed(self, piece: bytes) -> None:
        """Goes on with a line, or a piece of one."""
        data = self._begun + piece
        match = _WHOLE_TEXTS.match(data)
        end = match.end() if match else 0
        bare = _TEXTS.sub(b"", data[:end])
        self.is_broken, self._begun = False, b""
        if end < len(data):
            if piece.endswith(b"\n"):
                self.is_broken = True
            else:
                self._begun = data[end:]
        for bracket in bare.translate(None, _NO_BRACKET):
            if bracket in _OPENING:
                self._open.append(bracket)
            elif self._open:
                self._open.pop()

    def may_hold(self, last: bytes) -> bool:
        """Whether a list or object may begin here, inside what is open, after a last byte that is no blank."""
        if self.is_broken or not self._open:
            return False
        return last in (b"[", b",") if self._open[-1:] == b"[" else last == b":"
