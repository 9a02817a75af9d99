"""Follows what is open in JSON that comes line by line: which lists and objects, and whether a text is broken.

A text holds no raw newline, so a line that ends inside one is broken, and the next begins outside. It parses nothing.
"""

from __future__ import annotations

import re
from typing import Final

TEXT: Final = re.compile(rb'"(?:[^"\\\n]++|\\[^\n])*+"')
BRACKET: Final = re.compile(rb'(?:[^"\[\]{}]++|' + TEXT.pattern + rb')*+([\[\]{}"])')
"""Up to the next bracket that is in no text, or the quote of a text that does not end on its line."""
_NO_BRACKET: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")
_OPENING: Final = frozenset(b"[{")


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
        bare = TEXT.sub(b"", data)
        quote = bare.find(b'"')
        self.is_broken, self._begun = False, b""
        if quote >= 0:
            bare = bare[:quote]
            if piece.endswith(b"\n"):
                self.is_broken = True
            else:
                self._begun = data[next(token.start(1) for token in BRACKET.finditer(data) if token[1] == b'"') :]
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
