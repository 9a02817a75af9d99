"""Splits a stream of bytes into JSON documents, each with the line it begins on.

JSON lines are the fast path. Other documents are gathered line by line until they are balanced: a string holds no raw
newline, so depth can be told a line at a time. A document that grows large and is an array, or a response that pages
were joined into, is taken apart element by element, so that memory does not grow with it. A broken document is a
problem with its line, and reading goes on at the next line on which one can begin. It knows no shape of export.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.schema.decode import DecodeError, loads

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

LINE_BYTES: Final = 8 << 20
"""Lines are read in pieces of at most this; a document that is larger and can be taken apart is."""
DOCUMENT_BYTES_MAX: Final = 256 << 20
"""A single document larger than this is reported and not held in memory."""

_BOM: Final = b"\xef\xbb\xbf"
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}"]', re.DOTALL)
"""Texts, brackets, and the quote of a text that does not end."""
_ENVELOPE: Final = re.compile(rb'\s*\{\s*"(Results|[A-Za-z]+(?:Summaries|SummaryList|s))"\s*:\s*\[')
_ARRAY: Final = re.compile(rb"\s*\[")
_EXCERPT_BYTES: Final = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A document, or what stands in its place.

    Attributes:
        line: The line it begins on, counted from 1.
        value: The parsed document; None where there is a problem.
        problem: Why it cannot be read, or `""`.
        key: The member of a response that the document is one element of, or `""`.
        is_prose: Whether the problem is that no document begins here at all.
    """

    line: int
    value: object = None
    problem: str = ""
    key: str = ""
    is_prose: bool = False


def split(stream: io.BufferedReader) -> Iterator[Found]:
    """The documents of a stream, and the problems between them.

    Raises:
        What reading the stream raises; what came before was yielded.
    """
    lines = _Lines(stream)
    while (line := lines.next()) is not None:
        text = line.strip()
        if lines.number == 1:
            text = text.removeprefix(_BOM)
        if not text:
            continue
        first = lines.number
        value, problem = _parsed(text)
        if not problem:
            yield Found(first, value)
        elif text[:1] not in (b"{", b"["):
            yield _prose(problem, lines)
        elif _balance(text) > 0 or not line.endswith(b"\n"):
            yield from _gathered(text + line[len(line.rstrip()) :], first, lines)
        else:
            yield from _several(text, first, problem)


def _prose(problem: str, lines: _Lines) -> Found:
    """One problem for all lines in a row on which no record can begin, such as a table or a log."""
    first = lines.number
    while (line := lines.next()) is not None:
        if line.lstrip()[:1] in (b"{", b"["):
            lines.put_back(line)
            break
    count = lines.number - first + 1
    told = problem if count == 1 else f"{count} lines from here on are not JSON. {problem}"
    return Found(first, problem=told, is_prose=True)


class _Lines:
    """The lines of a stream, in pieces where they are very long; one can be put back."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._back: bytes | None = None
        self._in_line = False
        self.number = 0

    def next(self) -> bytes | None:
        """The next line or piece of one, or None at the end."""
        if self._back is not None:
            line, self._back = self._back, None
        else:
            line = self._stream.readline(LINE_BYTES)
        if not line:
            return None
        if not self._in_line:
            self.number += 1
        self._in_line = not line.endswith(b"\n")
        return line

    def put_back(self, line: bytes) -> None:
        """Makes a whole line the next one again."""
        self._back = line
        self._in_line = False
        self.number -= 1


def _parsed(raw: bytes) -> tuple[object, str]:
    try:
        return loads(raw), ""
    except DecodeError as error:
        return None, _explained(raw, str(error))


def _explained(raw: bytes, complaint: str) -> str:
    """What is wrong with a document, and what would be right."""
    if b"datetime.datetime(" in raw or raw.lstrip().startswith((b"{'", b"[{'")):
        return (
            "It is the text of a Python object, not JSON. Export it with json.dumps(response, default=str) "
            "and not with print or str."
        )
    excerpt = raw[:_EXCERPT_BYTES].decode("utf-8", "backslashreplace").replace("\x00", "\\0")
    return f"It is {complaint}. It begins with {excerpt!r}."


def _balance(line: bytes) -> int:
    """How many lists and objects a line opens and does not close; texts do not count."""
    bare = _STRING.sub(b"", line)
    return bare.count(b"{") + bare.count(b"[") - bare.count(b"}") - bare.count(b"]")


def _gathered(begun: bytes, first: int, lines: _Lines) -> Iterator[Found]:
    """A document of several lines, up to where it is balanced or another one begins in the first column."""
    parts, size, depth = [begun], len(begun), _balance(begun)
    is_array = _ARRAY.match(begun) is not None
    while depth > 0 or not parts[-1].endswith(b"\n"):
        if size > LINE_BYTES and (head := _ARRAY.match(begun) or _ENVELOPE.match(begun)):
            key = head[1].decode() if head.re is _ENVELOPE else ""
            yield from _elements(b"".join(parts), head.end(), key, first, lines)
            return
        if size > DOCUMENT_BYTES_MAX:
            megabytes = DOCUMENT_BYTES_MAX >> 20
            yield Found(first, problem=f"The document is larger than {megabytes} MB and is no list of records.")
            _skip_to_beginning(lines)
            return
        line = lines.next()
        if line is None:
            break
        if not is_array and line.startswith(b"{") and parts[-1].endswith(b"\n") and depth > 0:
            lines.put_back(line)
            break
        parts.append(line)
        size += len(line)
        depth += _balance(line)
    raw = b"".join(parts).strip()
    value, problem = _parsed(raw)
    if not problem:
        yield Found(first, value)
    elif depth > 0:
        yield Found(first, problem=problem if "Python object" in problem else f"It is cut in the middle: {problem}")
    else:
        yield from _several(raw, first, problem)


def _skip_to_beginning(lines: _Lines) -> None:
    """Passes over what cannot belong to a new document."""
    while (line := lines.next()) is not None:
        if line.startswith(b"{"):
            lines.put_back(line)
            return


def _several(raw: bytes, line: int, problem: str) -> Iterator[Found]:
    """Documents one after another without a line between them; else the problem."""
    spans = _top_level(raw)
    if len(spans) < 2:  # noqa: PLR2004 - one document, and it is broken
        yield Found(line, problem=problem)
        return
    for start, end in spans:
        value, broken = _parsed(raw[start:end])
        yield Found(line + raw.count(b"\n", 0, start), value, broken)


def _top_level(raw: bytes) -> list[tuple[int, int]]:
    """Where the balanced lists and objects of some bytes stand; nothing if anything else stands between them."""
    spans: list[tuple[int, int]] = []
    depth = start = end = 0
    for token in _TOKEN.finditer(raw):
        if token[0] in b"{[":
            if depth == 0:
                start = token.start()
                if raw[end:start].strip(b" \t\r\n,"):
                    return []
            depth += 1
        elif token[0] in b"}]":
            depth -= 1
            if depth == 0:
                end = token.end()
                spans.append((start, end))
        elif token[0] == b'"':
            return []
    return spans if depth == 0 and not raw[end:].strip() else []


def _elements(buffer: bytes, at: int, key: str, first: int, lines: _Lines) -> Iterator[Found]:
    """The elements of a list that is too large to hold, given its beginning and where its first element stands."""
    line = first + buffer.count(b"\n", 0, at)
    depth = 0
    start = scanned = at
    while True:
        for token in _TOKEN.finditer(buffer, scanned):
            scanned = token.end()
            if token[0] in b"{[":
                if depth == 0:
                    line += buffer.count(b"\n", start, token.start())
                    start = token.start()
                depth += 1
            elif token[0] in b"}]":
                depth -= 1
                if depth == 0:
                    value, problem = _parsed(buffer[start:scanned])
                    yield Found(line, value, problem, key)
                    line += buffer.count(b"\n", start, scanned)
                    start = scanned
                elif depth < 0:
                    _finish(buffer[scanned:], 1 if key else 0, lines)
                    return
            elif token[0] == b'"':  # the text goes on in the next piece
                scanned = token.start()
                break
        buffer, problem = _with_more(buffer[start:], lines)
        if problem:
            yield Found(line, problem=problem)
            _skip_to_beginning(lines)
            return
        scanned, start = scanned - start, 0


def _with_more(begun: bytes, lines: _Lines) -> tuple[bytes, str]:
    """The beginning of an element with the piece that follows it, or why there is none."""
    if len(begun) > DOCUMENT_BYTES_MAX:
        return begun, f"An element is larger than {DOCUMENT_BYTES_MAX >> 20} MB."
    more = lines.next()
    if more is None:
        return begun, "The list is cut in the middle: the file ends before it does."
    return begun + more, ""


def _finish(rest: bytes, depth: int, lines: _Lines) -> None:
    """Passes over what follows the list in its response."""
    depth += _balance(rest)
    while depth > 0 and (line := lines.next()) is not None:
        depth += _balance(line)
