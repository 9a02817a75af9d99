"""Reads a stream line by line, counts the lines, and takes back what was read too far.

Very long lines come in pieces. A stream that fails ends there, and `error` says why when its end is asked again: what
was read before it is not lost. It knows no JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import io


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
        self.are_documents = True

    def next(self) -> bytes:
        """The next line with its newline, or a piece of one; nothing at the end."""
        line = self._from_back() if self._back else self._read_line()
        self.begun = self.number
        self.number += line.endswith(b"\n")
        return line

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
        return rest + self._read_line()

    def _read_line(self) -> bytes:
        if self.error is not None:
            return b""
        try:
            return self._stream.readline(self._piece_bytes) or self._stream.readline(self._piece_bytes)
        except OSError as error:
            self.error = error
            return b""
