"""Reads a stream line by line, counts the lines, and takes back what was read too far.

Very long lines come in pieces. A stream that fails ends there, and `error` says why when its end is asked again: what
was read before it is not lost. It knows no JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    from smsearch.ingest.ahead import Taken

_T = TypeVar("_T")

BOM: Final = b"\xef\xbb\xbf"
"""A byte order mark. It begins a file, so where files were put one behind another it stands between two documents."""
_BLOCK_BYTES: Final = 1 << 20
"""Bytes that are read at a time for whoever takes many lines at once."""


class Lines:
    """The lines of a stream; one longer than `piece_bytes` comes in pieces of as many.

    Attributes:
        begun: The line on which what was read last begins, counted from 1.
        number: The line on which the next byte stands; when all is read, one more than the newlines there were.
        error: Why the stream ended before its end, or None.
        are_documents: Whether every line so far was a document by itself, or no part of one; told by who reads them.
    """

    def __init__(self, stream: io.BufferedReader, piece_bytes: int) -> None:
        self._stream = stream
        self._piece_bytes = piece_bytes
        self._back = b""
        self._at = 0
        self.begun = 1
        self.number = 1
        self.error: OSError | None = None
        self._is_ended = False
        self.are_documents = True

    def next(self) -> bytes:
        """The next line with its newline, or a piece of one; nothing at the end."""
        line = self._from_back() if self._back else self._read_line(self._piece_bytes)
        self.begun = self.number
        self.number += line.endswith(b"\n")
        return line

    def offer(self, take: Callable[[bytes, int, int, bool], Taken]) -> None:
        """Offers whole documents to somebody who takes as many as they can; what they leave comes next.

        Args:
            take: Is given bytes, the place where a line begins in them, the line's number, and whether the stream ends
                with them. A document that it leaves is offered again with more bytes, if it may go on in them.
        """
        while self._at < len(self._back) or self.read_on(_BLOCK_BYTES):
            taken = take(self._back, self._at, self.number, self._is_ended)
            self.are_documents = self.are_documents and taken.are_lines
            if taken.end > self._at:
                self.skip(taken.end, taken.lines)
            elif len(self._back) - self._at >= _BLOCK_BYTES or not self.read_on(_BLOCK_BYTES):
                return

    def look(self, find: Callable[[bytes, int, bool], _T]) -> tuple[bytes, _T]:
        """The bytes that wait, and what somebody finds at the next one; as `offer`."""
        return self._back, find(self._back, self._at, self._is_ended)

    def skip(self, end: int, lines: int) -> None:
        """Goes to a place in the bytes that wait, before which are so many newlines."""
        self.begun = self.number
        self._at = end
        self.number += lines

    def read_on(self, size: int) -> bool:
        """Reads on until so many bytes wait, a block at least; returns whether anything was learned of what comes.

        Nothing is if they are a line that comes in pieces.
        """
        waiting = len(self._back) - self._at
        if self._is_ended or waiting + _BLOCK_BYTES > max(size, self._piece_bytes):
            return False
        size = max(size - waiting, _BLOCK_BYTES)
        try:
            data = self._stream.read(size) or self._stream.read(size)
        except OSError as error:
            self.error, data = error, b""
        self._is_ended = not data
        self._back, self._at = self._back[self._at :] + data, 0
        return bool(self._back)

    def chunk(self, size: int) -> bytes:
        """About as many bytes as asked for, whatever lines they hold; nothing at the end."""
        data, self._back, self._at = self._back[self._at :], b"", 0
        if not data and self.error is None:
            try:
                data = self._stream.read(size) or self._stream.read(size)
            except OSError as error:
                self.error = error
        self.begun = self.number
        self.number += data.count(b"\n")
        return data

    def put_back(self, data: bytes) -> None:
        """Makes what was read last the next to be read again."""
        begin = self._at - len(data)
        if begin >= 0 and self._back[begin : self._at] == data:  # so that a long rest is not copied for every line
            self._at = begin
        else:
            self._back, self._at = data + self._back[self._at :], 0
        self.number -= data.count(b"\n")

    def _from_back(self) -> bytes:
        end = self._back.find(b"\n", self._at) + 1
        if end:
            line = self._back[self._at : end]
            self._at = end
            if end == len(self._back):
                self._back, self._at = b"", 0
            return line
        rest, self._back, self._at = self._back[self._at :], b"", 0
        size = self._piece_bytes - len(rest)
        return rest + self._read_line(size if size > 0 else self._piece_bytes)

    def _read_line(self, size: int) -> bytes:
        if self.error is not None:
            return b""
        try:
            return self._stream.readline(size) or self._stream.readline(size)
        except OSError as error:
            self.error = error
            return b""
