"""Standard output and standard error on a terminal: what a terminal would obey is written as an escape.

Here alone it is decided whether standard output is a terminal. All that the command writes there passes a
`TerminalStream`, so that no format and no message can let a record set the title, fill the clipboard or turn the
direction of writing. Files and pipes get the data as it is. This module knows no record.
"""

from __future__ import annotations

import io
import re
import sys
from typing import BinaryIO, Final, TextIO, cast

_OBEYED: Final = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
"""Controls of C0 but for tab and line feed, DEL, those of C1, separators of lines, and marks that turn the writing."""
_OBEYED_BUT_STYLES: Final = rf"(\x1b\[[0-9;]*m)|{_OBEYED}"


class TerminalStream(io.BufferedIOBase):
    """A stream of UTF-8 in front of a terminal; controls in it become escapes as JSON has them.

    A piece that is written holds whole characters. Bytes that are no UTF-8 become escapes too.

    Args:
        beneath: The terminal's own stream.
        encoding: The terminal's encoding; characters that it does not have become escapes.
        keeps_styles: Whether colours and bold pass: for a table, whose writer has escaped what records hold.
    """

    def __init__(self, beneath: BinaryIO, encoding: str, *, keeps_styles: bool = False) -> None:
        self.beneath = beneath
        self.encoding = encoding
        self._pattern = re.compile(_OBEYED_BUT_STYLES if keeps_styles else _OBEYED)
        self._replace = _escaped_but_style if keeps_styles else _escaped

    def write(self, content: object) -> int:
        """Writes bytes, and returns how many they were."""
        piece = bytes(cast("bytes", content))
        text = self._pattern.sub(self._replace, piece.decode("utf-8", "backslashreplace"))
        self.beneath.write(text.encode(self.encoding, "backslashreplace"))
        return len(piece)

    @property
    def name(self) -> str:
        """What Python calls the terminal's stream, `<stdout>` for instance."""
        return self.beneath.name

    def writable(self) -> bool:
        """It is."""
        return True

    def flush(self) -> None:
        """Brings what was written to the terminal."""
        self.beneath.flush()

    def isatty(self) -> bool:
        """A terminal it is."""
        return True

    def fileno(self) -> int:
        """The descriptor of the terminal."""
        return self.beneath.fileno()


def _escaped(control: re.Match[str]) -> str:
    return f"\\u{ord(control[0]):04x}"


def _escaped_but_style(control: re.Match[str]) -> str:
    return control[0] if control[1] else _escaped(control)


def install() -> None:
    """Puts a guard before standard output and standard error, each if it is a terminal."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        is_new = isinstance(stream, io.TextIOWrapper) and not isinstance(stream.buffer, TerminalStream)
        if is_new and stream.isatty():
            guard = TerminalStream(cast("BinaryIO", stream.buffer), stream.encoding)
            setattr(sys, name, io.TextIOWrapper(guard, "utf-8", "backslashreplace", line_buffering=True))


def in_front_of(stream: BinaryIO, *, keeps_styles: bool = False) -> BinaryIO:
    """The stream itself, or the guard in front of it if it is a terminal."""
    if isinstance(stream, TerminalStream):
        return cast("BinaryIO", TerminalStream(stream.beneath, stream.encoding, keeps_styles=keeps_styles))
    return cast("BinaryIO", TerminalStream(stream, "utf-8", keeps_styles=keeps_styles)) if stream.isatty() else stream


def has_controls(text: str) -> bool:
    """Whether a text holds what a terminal would obey."""
    return re.search(_OBEYED, text) is not None


def is_output() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def width() -> int | None:
    """The columns of the terminal that standard output is; None if it is none."""
    if not is_output():
        return None
    import shutil  # it loads what unpacks archives

    return shutil.get_terminal_size().columns


def encoding_of(stream: TextIO) -> str:
    """The encoding in which a text stream reaches its reader."""
    guard = getattr(stream, "buffer", None)
    return guard.encoding if isinstance(guard, TerminalStream) else stream.encoding or ""


def draw(text: str) -> None:
    """Writes a text of our own to standard error that a terminal there shall obey: nothing that a record holds."""
    guard = getattr(sys.stderr, "buffer", None)
    if isinstance(guard, TerminalStream):
        sys.stderr.flush()
        guard.beneath.write(text.encode(guard.encoding, "backslashreplace"))
    else:
        sys.stderr.write(text)
    sys.stderr.flush()
