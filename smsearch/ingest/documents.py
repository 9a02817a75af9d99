"""Splits a stream of bytes into JSON documents, each with the line it begins on.

JSON lines are the fast path. Other documents are gathered line by line until nothing is open. One that grows large and
is an array, or a response that pages were joined into, is taken apart element by element, so that memory does not grow
with it; so is a small one that is broken, for the sake of its whole elements. A broken document is a problem with its
line, and reading goes on at the next line on which one can begin. It knows no shape of export but the names of lists.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from smsearch.ingest.lines import Lines
from smsearch.ingest.nesting import BRACKET, Nesting
from smsearch.schema import catalogue
from smsearch.schema.decode import DecodeError, loads

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_BYTES: Final = 8 << 20
"""Lines are read in pieces of at most this; a document that is larger and can be taken apart is."""
DOCUMENT_BYTES_MAX: Final = 256 << 20
"""A single document larger than this is reported and not held in memory."""

_BOM: Final = b"\xef\xbb\xbf"
_HEAD_BYTES: Final = 1 << 16
"""The name of a response's list, and what may stand before it, is looked for in so many bytes."""
_CHUNK_BYTES: Final = 1 << 20
_EXCERPT_BYTES: Final = 60
_PYTHON_TEXT: Final = (
    "It is the text of a Python object, not JSON. Export it with json.dumps(response, default=str) "
    "and not with print or str."
)


@dataclass(frozen=True, slots=True)
class Found:
    """A document, or what stands in its place.

    Attributes:
        line: The line it begins on, counted from 1.
        value: The parsed document; None where there is a problem.
        problem: Why it cannot be read, or `""`.
        path: The members and positions that lead to it in a document that was taken apart, or `()`.
        is_prose: Whether the problem is that no document begins here at all.
    """

    line: int
    value: object = None
    problem: str = ""
    path: tuple[str | int, ...] = ()
    is_prose: bool = False


@dataclass(frozen=True, slots=True)
class _List:
    """Where the elements of a document that is a list, or a response with one, begin; `key` is its member."""

    at: int
    key: str


def split(stream: io.BufferedReader | Lines) -> Iterator[Found]:
    """The documents of a stream, and the problems between them; a stream that fails is the last problem."""
    lines = stream if isinstance(stream, Lines) else Lines(stream, LINE_BYTES)
    while line := lines.next():
        if lines.begun == 1:
            line = line.removeprefix(_BOM)
        text = line.strip()
        if not text:
            continue
        first = lines.begun
        try:
            value = loads(text)
        except DecodeError as error:
            if text[:1] in (b"{", b"["):
                lines.are_documents = False
                yield from _gathered(line, lines)
            else:
                yield _prose(_explained(text, error), lines)
        else:
            yield Found(first, value)
    if lines.error is not None:
        yield Found(lines.number, problem=f"The file cannot be read beyond this: {lines.error}.")


def _prose(problem: str, lines: Lines) -> Found:
    """One problem for all lines in a row on which no record can begin, such as a table or a log."""
    first = last = lines.begun
    while line := lines.next():
        if line.lstrip()[:1] in (b"{", b"["):
            lines.put_back(line)
            break
        last = lines.begun
    count = last - first + 1
    told = problem if count == 1 else f"{count} lines from here on are not JSON. {problem}"
    return Found(first, problem=told, is_prose=True)


def _parsed(raw: bytes) -> tuple[object, str]:
    try:
        return loads(raw), ""
    except DecodeError as error:
        return None, _explained(raw, error)


def _explained(raw: bytes, error: DecodeError) -> str:
    """What is wrong with a document, and what would be right."""
    if b"datetime.datetime(" in raw or raw.lstrip().startswith((b"{'", b"[{'")):
        return _PYTHON_TEXT
    return f"It is {error}. It begins with {_excerpt(raw)}."


def _excerpt(raw: bytes) -> str:
    return repr(raw[:_EXCERPT_BYTES].decode("utf-8", "backslashreplace").replace("\x00", "\\0"))


def _gathered(begun: bytes, lines: Lines) -> Iterator[Found]:
    """A document of several lines, up to where nothing is open or another one must begin."""
    first = lines.begun
    parts, size, nesting = [begun], len(begun), Nesting()
    nesting.feed(begun)
    last = begun.rstrip()[-1:]
    while nesting.is_open or not parts[-1].endswith(b"\n"):
        if size > LINE_BYTES:
            if len(parts[0]) < _HEAD_BYTES:
                parts = [b"".join(parts)]
            if (head := _list_in(parts[0])) is not None:
                yield from _elements(b"".join(parts), head, first, lines)
                return
        if size > DOCUMENT_BYTES_MAX:
            megabytes = DOCUMENT_BYTES_MAX >> 20
            yield Found(first, problem=f"The document is larger than {megabytes} MB and is no list of records.")
            _skip_to_beginning(lines)
            return
        more = lines.next()
        if not more:
            break
        if more[:1] in (b"{", b"[") and parts[-1].endswith(b"\n") and not nesting.may_hold(last):
            lines.put_back(more)
            break
        parts.append(more)
        size += len(more)
        nesting.feed(more)
        last = more.rstrip()[-1:] or last
    yield from _of_parts(parts, first, lines, is_cut=nesting.is_open)


def _of_parts(parts: list[bytes], first: int, lines: Lines, *, is_cut: bool) -> Iterator[Found]:
    """The document that some lines are; of a broken list its whole elements, else the problem."""
    raw = b"".join(parts).rstrip()
    value, problem = _parsed(raw)
    head = _list_in(raw)
    if not problem:
        yield Found(first, value)
    elif len(spans := _top_level(raw)) > 1:
        for start, end in spans:
            value, problem = _parsed(raw[start:end])
            yield Found(first + raw.count(b"\n", 0, start), value, problem)
    elif problem is _PYTHON_TEXT or not (is_cut or head):
        yield Found(first, problem=problem)
    elif whole := _salvaged(raw, first, lines, is_cut=is_cut):
        yield from whole
    else:
        if lines.error is None:
            yield Found(first, problem=f"It is cut in the middle: {problem}" if is_cut else problem)
        again = next((at for at in range(1, len(parts)) if _begins_document(parts[at])), len(parts))
        lines.put_back(b"".join(parts[again:]))


def _salvaged(raw: bytes, first: int, lines: Lines, *, is_cut: bool) -> list[Found]:
    """The elements of a broken list and its problems; nothing if it is no list, or is cut in its first element."""
    head = _list_in(raw)
    if head is None:
        return []
    end = Lines(io.BufferedReader(io.BytesIO()), LINE_BYTES)
    end.error = lines.error
    found = list(_elements(raw, head, first, end))
    return [] if is_cut and all(one.problem for one in found) else found


def _begins_document(line: bytes) -> bool:
    """Whether a document may begin on a line that was taken for a part of the one before."""
    if line[:1] in (b"{", b"["):
        return True
    return line[:1] not in (b" ", b"\t", b"\r", b"\n", b"}", b"]", b",") and not _parsed(line.strip())[1]


def _skip_to_beginning(lines: Lines) -> None:
    """Passes over what cannot belong to a new document."""
    while line := lines.next():
        if line.startswith(b"{"):
            lines.put_back(line)
            return


def _top_level(raw: bytes) -> list[tuple[int, int]]:
    """Where the balanced lists and objects of some bytes stand; nothing if anything else stands between them."""
    spans: list[tuple[int, int]] = []
    depth = start = end = 0
    for token in BRACKET.finditer(raw):
        if token[1] in b"{[":
            if depth == 0:
                start = token.start(1)
                if raw[end:start].strip(b" \t\r\n,"):
                    return []
            depth += 1
        elif token[1] in b"}]":
            depth -= 1
            if depth == 0:
                end = token.end()
                spans.append((start, end))
        elif token[1] == b'"':
            return []
    return spans if depth == 0 and not raw[end:].strip() else []


@cache
def _list_pattern() -> re.Pattern[bytes]:
    """An array, or an object whose first member of any size is the list of a Search or List operation."""
    names = {"Results", *(key for kind in catalogue.kinds() for key in catalogue.resource(kind).list_keys)}
    plain = rb'"[^"\\]*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)\s*,\s*'
    named = rb"\{\s*(?:" + plain + rb')*"(' + "|".join(sorted(names)).encode() + rb')"\s*:\s*\['
    return re.compile(rb"\s*(?:\[|" + named + rb")")


def _list_in(raw: bytes) -> _List | None:
    match = _list_pattern().match(raw[:_HEAD_BYTES])
    return None if match is None else _List(match.end(), (match[1] or b"").decode())


def _elements(buffer: bytes, head: _List, first: int, lines: Lines) -> Iterator[Found]:
    """The elements of a list that is too large to hold or is broken, given its beginning."""
    line = first + buffer.count(b"\n", 0, head.at)
    depth = 0
    start = scanned = head.at
    while True:
        for step, begin, end in _brackets(buffer, scanned):
            scanned = end
            if depth == 0 and step:
                yield from _between(buffer[start:begin], line)
                line += buffer.count(b"\n", start, begin)
                start = begin
            depth += step
            if depth < 0:
                _finish(buffer[scanned:], lines, is_in_object=bool(head.key))
                return
            if depth == 0 and step:
                value, problem = _parsed(buffer[start:scanned])
                yield Found(line, value, problem, (head.key, 0) if head.key else ())
                line += buffer.count(b"\n", start, scanned)
                start = scanned
        more, problem = _more(len(buffer) - start, lines)
        if problem:
            yield Found(line, problem=problem)
        if not more:
            return
        buffer, scanned, start = buffer[start:] + more, scanned - start, 0


def _brackets(buffer: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The brackets from a place on: 1 or -1 for one level in or out, and where it begins and ends.

    The last one is none (0) and says from where to look again when there is more. A text that does not end on its line
    is broken and ends with it.
    """
    while token := BRACKET.match(buffer, at):
        mark, begin, end = token[1], token.start(1), token.end()
        if mark != b'"':
            yield 1 if mark in b"{[" else -1, begin, end
            at = end
            continue
        at = buffer.find(b"\n", begin)
        if at < 0:
            at = begin
            break
    yield 0, at, at


def _between(gap: bytes, line: int) -> Iterator[Found]:
    """What stands between two elements and is neither list nor object."""
    text = gap.strip(b" \t\r\n,")
    if text:
        yield Found(line, problem=f"It is no record but {_excerpt(text)}.")


def _more(held: int, lines: Lines) -> tuple[bytes, str]:
    """The bytes that follow those held of an element, or why there are none; a failing stream is told by `split`."""
    if held > DOCUMENT_BYTES_MAX:
        _skip_to_beginning(lines)
        return b"", f"An element is larger than {DOCUMENT_BYTES_MAX >> 20} MB."
    more = lines.chunk(max(held, _CHUNK_BYTES))
    return more, "" if more or lines.error else "The list is cut in the middle: the file ends before it does."


def _finish(rest: bytes, lines: Lines, *, is_in_object: bool) -> None:
    """Gives back what follows the list, or passes over what follows it in its response."""
    lines.put_back(rest)
    if not is_in_object:
        return
    nesting = Nesting()
    nesting.feed(b"{")
    while nesting.is_open and (line := lines.next()):
        nesting.feed(line)
