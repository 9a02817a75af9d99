"""Parses a document that is too large to hold, or broken: its elements one after another, in bounded memory.

A container is entered, member by member, when it is larger than a record may be, or cannot be parsed, or is cut. A
record is never entered: it is whole or lost. Nor is anything deeper than records are looked for. So the elements of
`{"Results":[{a},{b},{c` are:

    path              value   problem
    ("Results", 0)    {a}
    ("Results", 1)    {b}
    ("Results", 2)            the list is cut in the middle

What is complete and can be parsed is never entered: recognition searches it later.

Invariant: `_levels` are the containers entered so far, each inside the one before. `_depth` counts the brackets that
are open below the last of them. `_start` is where the current element begins, or the text between two elements;
everything before it was emitted. Bytes are looked at once a level, and no more than a record's are in memory. It knows
no kind of record but by the names of members.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from smsearch.ingest import kinds
from smsearch.ingest.ahead import may_hold
from smsearch.ingest.nesting import BRACKET, TEXT, WITHIN_TEXT, brackets
from smsearch.ingest.recognition import DEPTH_MAX, ParsedDocument, Recognised
from smsearch.ingest.refusals import excerpt, parsed
from smsearch.ingest.shapes import recognise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.ingest.ahead import Ahead
    from smsearch.ingest.lines import Lines
    from smsearch.ingest.recognition import Path

RECORD_BYTES_MAX: Final = 16 << 20
"""One record may have so many bytes, as may any part of a document that is in memory at once. It is our own limit: the
service's records have a few hundred kilobytes. A file may have any size."""
LEVELS_MAX: Final = 2 * DEPTH_MAX
"""Lists and objects within one another that are entered: members, and lists under them."""
_CHUNK_BYTES: Final = 1 << 20
_BLANKS: Final = b" \t\r\n,"
_OPENING: Final = frozenset(b"[{")
_QUOTE: Final = ord('"')
_NEWLINE: Final = ord("\n")
_LOOK_BACK: Final = 256
_KEY: Final = re.compile(rb'"(' + WITHIN_TEXT + rb')"\s*:')
_LAST_KEY: Final = re.compile(_KEY.pattern + rb"\s*\Z")
_REST_OF_TEXT: Final = re.compile(WITHIN_TEXT)
_TOO_LARGE: Final = f"It is larger than {RECORD_BYTES_MAX >> 20} MiB, and a record or nested too deep."
_UP_TO_COMMA: Final = re.compile(rb'[^",]*+(?>(?:' + TEXT + rb'[^",]*+)*)(,?)')
_REST_OF_LINE: Final = re.compile(rb"[ \t,]*(?=[\[{])")
_CUT: Final = "The list is cut in the middle: the file ends before it does."


class _Event(Enum):
    OPEN = auto()
    CLOSE = auto()
    END = auto()
    MORE = auto()
    ANOTHER = auto()


@dataclass(slots=True)
class _Level:
    """A container that was entered.

    Attributes:
        path: Where it stands.
        line: The line it begins on.
        is_object: Whether it is an object, and no list.
        problem: Why it could not be parsed, or `""`.
        pending: The elements of a broken one, until it ends; None for one that is only large.
        count: How many elements it had so far.
        is_reported: Whether there is a problem already for the values here that are no records.
    """

    path: Path
    line: int
    is_object: bool = False
    problem: str = ""
    pending: list[ParsedDocument] | None = None
    count: int = 0
    is_reported: bool = False


def elements(
    pending: bytes, first: int, lines: Lines, problem: str = "", ahead: Ahead | None = None
) -> Iterator[ParsedDocument]:
    """The elements of a document, and the problems among them.

    Args:
        pending: Its bytes so far; it begins with a bracket.
        first: The line it begins on.
        lines: Where more of it comes from; takes back what follows the document.
        problem: Why it cannot be parsed, or `""` if it is only large. If nothing in it is whole, this is all.
        ahead: Takes records of lists that are only large before they are parsed here.
    """
    return _StreamingParser(pending, first, lines, problem, ahead).parts()


class _StreamingParser:
    """The parser of one document."""

    def __init__(self, pending: bytes, first: int, lines: Lines, problem: str, ahead: Ahead | None) -> None:
        self._ahead = ahead
        self._buffer = pending
        self._lines = lines
        self._first = self._line = first
        self._problem = problem
        self._start = self._scanned = self._depth = 0
        self._key: str | int = 0
        self._levels = [_Level((), first)]
        self._out: list[ParsedDocument] = []
        self._is_dropped = False  # the current element, or the text before it, is too large
        self._is_in_text = False  # so is a text, of which the end is still to come

    def parts(self) -> Iterator[ParsedDocument]:
        """The elements and the problems."""
        while True:
            event = self._next()
            if event is _Event.OPEN:
                self._open_element()
            elif event is _Event.CLOSE:
                self._close_element()
            elif event is _Event.END:
                self._close_level()
            elif event is _Event.ANOTHER or not self._read_on():
                problem = "" if self._lines.error else self._cut()
                if self._depth and self._enter(len(self._buffer), problem, is_cut=True):
                    continue
                self._end_early()
                self._scanned = self._scanned if event is _Event.ANOTHER else len(self._buffer)
                break
            yield from self._out
            self._out.clear()
            if event is _Event.OPEN and self._ahead is not None:
                self._take_ahead(self._ahead)
            if len(self._levels) == 1 and self._depth <= 0 and event in (_Event.CLOSE, _Event.END):
                break
        yield from self._out
        self._lines.put_back(self._buffer[self._scanned :])

    def _next(self) -> _Event:
        """Looks on to where an element or a level begins or ends, or bytes are missing."""
        buffer, depth, at = self._buffer, self._depth, self._scanned
        if self._is_in_text:
            at = self._scanned = self._past_text()
            if self._is_in_text:
                return _Event.MORE
        while at < len(buffer):
            for token in BRACKET.finditer(buffer, at):
                at = begin = token.start(1) if token.lastindex else len(buffer)
                if begin == len(buffer) or buffer[begin] == _QUOTE:
                    break
                is_opening = buffer[begin] in _OPENING
                if is_opening and begin and buffer[begin - 1] == _NEWLINE and self._begins_another(begin):
                    self._depth, self._scanned = depth, begin
                    return _Event.ANOTHER
                depth += 1 if is_opening else -1
                if depth <= 0 or (is_opening and depth == 1):
                    self._depth, self._scanned = depth, begin + 1
                    return _Event.OPEN if is_opening else _Event.END if depth else _Event.CLOSE
            newline = buffer.find(b"\n", at)
            if newline < 0:
                break
            at = newline  # a broken text ends with its line
        self._depth, self._scanned = depth, at
        return _Event.MORE

    def _goes_on(self) -> bool:
        """Whether another document follows on the same line, as far as there are bytes: so many may follow."""
        rest = _REST_OF_LINE.match(self._buffer, self._scanned)
        if rest is None:
            return False
        self._advance(rest.end())
        self._scanned, self._first, self._problem = rest.end(), self._line, ""
        return True

    def _past_text(self) -> int:
        """Where the rest of a text that is too large ends, as far as there are bytes."""
        match = _REST_OF_TEXT.match(self._buffer, self._scanned)
        end = match.end() if match else self._scanned
        after = self._buffer[end : end + 1]
        self._is_in_text = after not in (b'"', b"\n")
        return end + (after == b'"')

    def _begins_another(self, begin: int) -> bool:
        """Whether a bracket at the beginning of a line can be nothing but the beginning of another document."""
        before = self._buffer[max(0, begin - _LOOK_BACK) : begin].rstrip()
        return before[-1:] not in (b"", b"[", b",", b":")

    def _advance(self, to: int) -> None:
        self._line += self._buffer.count(b"\n", self._start, to)
        self._start = to

    def _read_on(self) -> bool:
        """Reads more; of what is too large only its end is looked for."""
        if not self._depth and not self._is_dropped and len(self._buffer) - self._start > _CHUNK_BYTES:
            self._emit_plain_elements()
        if len(self._buffer) - self._start > RECORD_BYTES_MAX and not self._is_in_text:
            if self._depth and self._enter(len(self._buffer), ""):
                return True
            if not self._depth and not self._is_dropped and not self._levels[-1].is_reported:
                self._emit(self._levels[-1].path, problem="What stands here is too large, and no record.")
            self._is_dropped = True
            if self._scanned < len(self._buffer):
                self._is_in_text = True
                self._scanned += 1
        if self._is_dropped:
            self._advance(self._scanned)
        more = self._lines.chunk(_CHUNK_BYTES)
        self._buffer = self._buffer[self._start :] + more
        self._scanned -= self._start
        self._start = 0
        return bool(more)

    def _emit_plain_elements(self) -> None:
        """Emits the whole ones among many elements that are neither list nor object, such as texts that hold JSON."""
        level, cut = self._levels[-1], self._start
        for element in _UP_TO_COMMA.finditer(self._buffer, self._start, self._scanned):
            cut = element.end() if element[1] else cut
        if cut > self._start and len(self._levels) > 1:
            self._between(level, self._buffer[self._start : cut], has_next=False)
            level.is_reported = not level.is_object
            self._advance(cut)

    def _open_element(self) -> None:
        """An element begins: the text before it is emitted, and its key is read."""
        begin = self._scanned - 1
        level = self._levels[-1]
        if self._is_dropped:
            self._is_dropped, self._key = False, "" if level.is_object else level.count
        else:
            self._key = self._between(level, self._buffer[self._start : begin], has_next=True)
        level.count += 1
        level.is_reported = False
        self._advance(begin)

    def _take_ahead(self, ahead: Ahead) -> None:
        """Has the element that begins, and those behind it, taken ahead, if they are of a list that is only large."""
        level, key = self._levels[-1], self._key
        if not isinstance(key, int) or level.is_object or len(self._levels) == 1:
            return
        if self._receiver() is not self._out or not may_hold(level.path):
            return
        taken = ahead.elements(self._buffer, self._start, (self._first, level.path), key, is_whole=False)
        if taken.records:
            level.count = key + taken.records
            self._depth, self._scanned = 0, taken.end
            self._advance(taken.end)

    def _close_element(self) -> None:
        """An element is complete."""
        end = self._scanned
        is_large = self._is_dropped or end - self._start > RECORD_BYTES_MAX
        value, problem = None, _TOO_LARGE if is_large else self._problem if len(self._levels) == 1 else ""
        if not problem:
            value, problem = parsed(self._buffer[self._start : end])
        if problem and self._enter(end, "" if is_large else problem):
            return
        self._is_dropped = False
        self._emit(self._path(), value, problem)
        self._advance(end)

    def _path(self) -> Path:
        return () if len(self._levels) == 1 else (*self._levels[-1].path, self._key)

    def _enter(self, end: int, problem: str, *, is_cut: bool = False) -> bool:
        """Enters the current element, if it is no record and not too deep; it reaches to `end` at least."""
        if self._is_dropped or len(self._levels) > LEVELS_MAX:
            return False
        is_object = self._buffer[self._start] == ord("{")
        if is_object and _is_record(self._buffer[self._start : end]):
            return False
        pending: list[ParsedDocument] | None = [] if problem or is_cut else None
        self._levels.append(_Level(self._path(), self._line, is_object, problem, pending))
        self._depth = 0
        self._start = self._scanned = self._start + 1
        return True

    def _cut(self) -> str:
        """The problem of the current element if it is cut."""
        return (self._problem or _CUT) if len(self._levels) == 1 else _CUT

    def _close_level(self) -> None:
        """A level ends, with what stands after its last element."""
        if not self._is_dropped:
            self._between(self._levels[-1], self._buffer[self._start : self._scanned - 1], has_next=False)
        self._is_dropped = False
        self._release(self._levels.pop())
        self._depth = 0
        self._advance(self._scanned)

    def _end_early(self) -> None:
        """The document ends before its levels do."""
        if not self._lines.error:
            self._emit(self._path(), problem=_TOO_LARGE if self._is_dropped else self._cut())
        while len(self._levels) > 1:
            self._release(self._levels.pop())

    def _release(self, level: _Level) -> None:
        """Emits the elements of a broken level that has ended; only its problem, if nothing in it is whole."""
        if level.pending is None:
            return
        if any(_is_worth_more(element, level) for element in level.pending):
            self._receiver().extend(level.pending)
        elif level.problem:
            self._receiver().append(ParsedDocument(level.line, None, level.problem, level.path, self._first))

    def _emit(self, path: Path, value: object = None, problem: str = "") -> None:
        self._receiver().append(ParsedDocument(self._line, value, problem, path, self._first))

    def _receiver(self) -> list[ParsedDocument]:
        """What takes an element: the innermost broken level, until it ends, or the output."""
        return next((level.pending for level in reversed(self._levels) if level.pending is not None), self._out)

    def _between(self, level: _Level, gap: bytes, *, has_next: bool) -> str | int:
        """Emits the members between two elements that are neither; returns the key of the next one, if there is one."""
        text = gap.strip(_BLANKS)
        if not level.is_object:
            if text and len(self._levels) > 1:
                self._plain_elements(level, text)
            return level.count
        key, value = "", None
        problem = "" if text.endswith(b":") or not has_next else "no key"
        if not problem:
            value, problem = parsed(b"{" + text + b"null}" if has_next else b"{" + text + b"}")
        if isinstance(value, dict):
            if has_next:
                key, _ = value.popitem()
            for name, member in value.items():
                if kinds.is_there(member):
                    self._emit((*level.path, name), member)
        elif text:
            match = _LAST_KEY.search(text)
            key = match[1].decode("utf-8", "replace") if match else ""
            self._emit(level.path, problem=f"It is no record but {excerpt(text)}.")
        return key

    def _plain_elements(self, level: _Level, text: bytes) -> None:
        """Emits the elements of a list that are neither list nor object: texts that may hold JSON, or no records."""
        values, problem = parsed(b"[" + text + b"]")
        elements = values if isinstance(values, list) else []
        texts = [element for element in elements if isinstance(element, str) and element.lstrip()[:1] in ("{", "[")]
        for element in texts:
            self._emit((*level.path, level.count), element)
            level.count += 1
        if (problem or len(texts) < len(elements)) and not level.is_reported:
            self._emit(level.path, problem=f"It is no record but {excerpt(text)}.")


def _is_worth_more(element: ParsedDocument, level: _Level) -> bool:
    """Whether an element of a broken level is to be emitted, and not only the problem of the level.

    The elements of a list are documents of their own; the members of an object only if a record is or should be there.
    """
    if not level.is_object or element.problem:
        return holds_object(element.value)
    if holds_object(element.value) and kinds.is_page_list(str(element.path[len(level.path)])):
        return True
    return any(isinstance(one, Recognised) for one in recognise(element.value, element.path))


def holds_object(value: object) -> bool:
    """Whether a value is an object or a list that has one in it, so that a record may be there."""
    while isinstance(value, list):
        if any(isinstance(element, dict) for element in value):
            return True
        value = next((element for element in value if isinstance(element, list)), None)
    return isinstance(value, dict)


def _is_record(raw: bytes) -> bool:
    """Whether an object has the members of a record, as far as its bytes are there."""
    names = tuple(_member_names(raw))
    kind = kinds.of_owned(names)
    return kind is not None and not kinds.is_page(kind, names, names)


def _member_names(raw: bytes) -> Iterator[str]:
    """The names of an object's own members."""
    depth = at = 0
    for step, begin in brackets(raw):
        if depth == 1:
            yield from (name.decode("utf-8", "replace") for name in _KEY.findall(raw, at, begin))
        depth += step
        at = begin + 1
        if depth <= 0:
            return
    if depth == 1:
        yield from (name.decode("utf-8", "replace") for name in _KEY.findall(raw, at))
