"""Splits a stream of bytes into JSON documents, each with the line it begins on.

JSON lines are the fast path. Other documents are gathered line by line until nothing is open, or another one must
begin. Of one that is larger than a record may be, or is broken or cut, the elements that are whole are read one by one
(`streaming_parser.py`). Every byte is looked at a few times, whatever is wrong with the others: what was gathered is
never gathered again. It knows no shape of export but the names of lists.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from smsearch.ingest import streaming_parser, yaml_text
from smsearch.ingest.lines import BOM, Lines
from smsearch.ingest.nesting import Nesting, brackets
from smsearch.ingest.recognition import ParsedDocument
from smsearch.ingest.refusals import other_format, parsed
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.ingest.ahead import Ahead, ListInDocument, Taken
    from smsearch.ingest.recognition import Path

LINE_BYTES: Final = 8 << 20
"""Lines are read in pieces of at most this."""

_BLANKS: Final = b" \t\r\n,"
_SEVERAL: Final = 2
_CUT: Final = "It is cut in the middle: "
_CLOSING: Final = re.compile(rb"[\]}]")
_BETWEEN: Final = _BLANKS + BOM
_HEAD_BYTES: Final = 1 << 16
"""The name of a response's list, and what may stand before it, is looked for in so many bytes."""


def split(stream: io.BufferedReader | Lines, ahead: Ahead | None = None) -> Iterator[ParsedDocument]:
    """The documents of a stream, and the problems between them; a stream that fails is the last problem.

    Args:
        stream: The stream.
        ahead: Takes records before they are parsed here; those that it takes are in no document.
    """
    lines = stream if isinstance(stream, Lines) else Lines(stream, LINE_BYTES)
    while True:
        if ahead is not None:
            yield from _left(lines, ahead)
        line = lines.next()
        if not line:
            break
        line = line.removeprefix(BOM)
        text = line.strip()
        if not text:
            continue
        first = lines.begun
        is_piece = len(line) >= LINE_BYTES and not line.endswith(b"\n")
        value, problem = (None, "It is a piece.") if is_piece else parsed(text.removesuffix(b","))
        if not problem:
            yield ParsedDocument(first, value)
        elif text[:1] in (b"{", b"["):
            lines.are_documents = False
            yield from _gathered(line, lines, ahead)
        elif yaml_text.begins(line):
            lines.are_documents = False
            yield from yaml_text.documents(line, lines)
        else:
            yield _prose(line, problem, lines)
    if lines.error is not None:
        yield ParsedDocument(lines.number, problem=f"The file cannot be read beyond this: {lines.error}.")


def _left(lines: Lines, ahead: Ahead) -> Iterator[ParsedDocument]:
    """What is left of lists whose records were taken, up to a document that is neither such a list nor a record."""
    lines.offer(ahead.documents)
    while (found := _list_ahead(lines, ahead)) is not None:
        data, of_list = found
        first = lines.number
        taken = ahead.elements(data, of_list.begin, (first, of_list.path), 0, is_whole=True)
        if not taken.records:  # perhaps there is no record in it at all, which is for who reads it whole to say
            return
        lines.skip(of_list.end, of_list.lines)
        lines.are_documents = lines.are_documents and of_list.lines <= 1
        yield from _elements(data, of_list.path, first, taken, ahead)
        lines.offer(ahead.documents)


def _list_ahead(lines: Lines, ahead: Ahead) -> tuple[bytes, ListInDocument] | None:
    """The bytes that wait, and the list in the document there, if all of it fits into a record's bytes."""
    size = LINE_BYTES >> 3
    while True:
        data, of_list = lines.look(ahead.list_in)
        if of_list is None:
            return None
        if of_list.end >= 0:
            return data, of_list
        size *= 2
        if size > streaming_parser.RECORD_BYTES_MAX or not lines.read_on(size):
            return None


def _elements(data: bytes, path: Path, first: int, taken: Taken, ahead: Ahead) -> Iterator[ParsedDocument]:
    """The elements of a list that are not taken, as parts of a document that was parsed as a whole."""
    place = taken.records
    while (span := ahead.element_at(data, taken.end)) is not None:
        begin, end = span
        yield ParsedDocument(first, parsed(data[begin:end])[0], path=(*path, place))
        taken = ahead.elements(data, end, (first, path), place + 1, is_whole=True)
        place += 1 + taken.records


def _prose(first_line: bytes, problem: str, lines: Lines) -> ParsedDocument:
    """One problem for all lines in a row on which no record can begin, such as a table or a log."""
    first = last = lines.begun
    text = first_line
    while line := lines.next():
        if len(text) < _HEAD_BYTES:
            text += line
        if line.removeprefix(BOM).lstrip()[:1] in (b"{", b"["):
            lines.put_back(line)
            break
        last = lines.begun
    count = last - first + 1
    problem = other_format(text) or problem
    if count > 1:
        problem = f"{count} lines from here on are not JSON. {problem}"
    return ParsedDocument(first, problem=problem, is_prose=True)


def _gathered(first_line: bytes, lines: Lines, ahead: Ahead | None) -> Iterator[ParsedDocument]:
    """A document of several lines, up to where nothing is open or another one must begin."""
    first = lines.begun
    pieces, size, nesting = [first_line], len(first_line), Nesting()
    nesting.feed(first_line)
    last = first_line.rstrip()[-1:]
    while nesting.is_open or not pieces[-1].endswith(b"\n"):
        if size > streaming_parser.RECORD_BYTES_MAX:
            yield from streaming_parser.elements(b"".join(pieces).lstrip(), first, lines, ahead=ahead)
            return
        more = lines.next()
        if not more:
            break
        if pieces[-1].endswith(b"\n") and _begins_another(more, nesting, last):
            lines.put_back(more)
            break
        pieces.append(more)
        size += len(more)
        nesting.feed(more)
        last = more.rstrip()[-1:] or last
    raw = b"".join(pieces).strip()
    value, problem = parsed(raw)
    if problem:
        yield from _several(raw, first, problem, lines)
    elif (
        len(raw) > streaming_parser.RECORD_BYTES_MAX
    ):  # its last line ended it: one record has the same limit wherever it stands
        yield from streaming_parser.elements(raw + b"\n", first, lines, ahead=ahead)
    else:
        yield ParsedDocument(first, value)


def _begins_another(line: bytes, nesting: Nesting, last: bytes) -> bool:
    """Whether a line begins another document, whatever is open."""
    return line.startswith(BOM) or (line[:1] in (b"{", b"[") and not nesting.may_hold(last))


def _several(raw: bytes, first: int, problem: str, lines: Lines) -> Iterator[ParsedDocument]:
    """The documents that stand one after another in what was gathered, of which the last may be cut."""
    spans, rest = _top_level(raw)
    if len(spans) < _SEVERAL and rest is None:
        yield from _broken(raw, first, problem, lines)
        return
    line, before = first, 0
    for start, end in spans:
        line += raw.count(b"\n", before, start)
        yield from _whole(raw[start:end], line, lines)
        line += raw.count(b"\n", start, end)
        before = end
    if rest is not None:
        line += raw.count(b"\n", before, rest)
        yield from _cut(raw[rest:], line, parsed(raw[rest:])[1] if spans else problem, lines)


def _whole(raw: bytes, first: int, lines: Lines) -> Iterator[ParsedDocument]:
    """A document that is complete, if not parsed yet."""
    value, problem = parsed(raw)
    if problem:
        yield from _broken(raw, first, problem, lines)
    else:
        yield ParsedDocument(first, value)


def _broken(raw: bytes, first: int, problem: str, lines: Lines) -> Iterator[ParsedDocument]:
    """What is whole in a document that cannot be parsed, and its problems; the text of another language is one."""
    if not _CLOSING.search(raw) or other_format(raw):  # nothing ends, so nothing is whole
        if not (lines.error and problem.startswith(_CUT)):
            yield ParsedDocument(first, problem=problem)
        return
    end = Lines(io.BufferedReader(io.BytesIO()), LINE_BYTES)
    end.error = lines.error
    yield from streaming_parser.elements(raw, first, end, problem)


def _cut(raw: bytes, first: int, problem: str, lines: Lines) -> Iterator[ParsedDocument]:
    """What is whole in a document that is cut, then in what it seems to hold.

    A line that is cut may seem to hold the lines after it. So if it is no list with anything whole in it, each line of
    it that begins with a bracket at its very beginning begins a document of its own:

        {"a": [{"b":        cut: it would hold the next line
        {"c": 1}            a document of its own
        {"d": [             cut too
    """
    if other_format(raw):
        yield ParsedDocument(first, problem=problem)
        return
    if _list_pattern().match(raw[:_HEAD_BYTES]):
        element = list(_broken(raw, first, f"{_CUT}{problem}", lines))
        if any(streaming_parser.holds_object(one.value) for one in element):
            yield from element
            return
    line = first
    beginnings = _beginnings(raw)
    for (start, end), following in zip(beginnings, [*(start for start, _ in beginnings[1:]), len(raw)], strict=True):
        if end is None:
            piece = raw[start:following].rstrip()
            yield from _broken(piece, line, f"{_CUT}{parsed(piece)[1]}", lines)
        else:
            yield from _whole(raw[start:end], line, lines)
            rest = Lines(io.BufferedReader(io.BytesIO(raw[end:following])), LINE_BYTES)
            rest.number = line + raw.count(b"\n", start, end)
            yield from split(rest)
        line += raw.count(b"\n", start, following)


def _beginnings(raw: bytes) -> list[tuple[int, int | None]]:
    """Where brackets at the beginning of a line stand and end, but those inside such that end; None if they do not."""
    opened: list[int] = []
    spans: list[tuple[int, int | None]] = []
    for step, begin in brackets(raw):
        if step > 0:
            opened.append(begin)
        elif opened and _begins_line(raw, start := opened.pop()):
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, begin + 1))
    spans += [(start, None) for start in opened if _begins_line(raw, start)]
    return sorted(spans, key=lambda span: span[0])


def _begins_line(raw: bytes, at: int) -> bool:
    return at == 0 or raw[at - 1 : at] == b"\n"


def _top_level(raw: bytes) -> tuple[list[tuple[int, int]], int | None]:
    """Where the lists and objects of some bytes stand, and where one begins that does not end, or None.

    No spans if anything else stands between them.
    """
    spans: list[tuple[int, int]] = []
    depth = start = end = 0
    for step, begin in brackets(raw):
        if depth == 0 and step > 0:
            start = begin
            if raw[end:start].strip(_BETWEEN):
                return [], None
        depth += step
        if depth == 0:
            end = begin + 1
            spans.append((start, end))
        if depth < 0:
            return [], None
    if depth == 0 and raw[end:].strip(_BETWEEN):
        return [], None
    return spans, start if depth else None


@cache
def _list_pattern() -> re.Pattern[bytes]:
    """An array, or an object whose first member of any size is the list of a Search or List operation."""
    names = {"Results", *(key for kind in catalogue.kinds() for key in catalogue.resource(kind).list_keys)}
    plain_member = rb'"[^"\\]*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)\s*,\s*'
    named = rb"\{\s*(?:" + plain_member + rb')*"(' + "|".join(sorted(names)).encode() + rb')"\s*:\s*\['
    return re.compile(rb"\s*(?:\[|" + named + rb")")
