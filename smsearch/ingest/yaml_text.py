"""Reads what the AWS CLI writes with `--output yaml` and `yaml-stream`, in bounded memory.

A stream is a list of responses, one after another; a document is one response, of which a page's records are taken one
by one, as in JSON. Words are what YAML 1.2 makes of them, for the CLI writes that: `yes` is a text, and so is a time.
PyYAML tells the events, without recursion; aliases are followed as long as what they stand for stays small.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from smsearch.ingest import kinds, streaming_parser
from smsearch.ingest.lines import BOM
from smsearch.ingest.recognition import ParsedDocument, Recognised
from smsearch.ingest.shapes import recognise
from smsearch.schema import catalogue
from smsearch.schema.catalogue import fold
from smsearch.schema.decode import DEPTH_MAX, DecodeError, loads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.ingest.lines import Lines

_KEY: Final = re.compile(rb"(?:- )?([A-Za-z$]\w*):(?:[ \r\n]|\Z)")
_START: Final = re.compile(rb"---(?:\s|\Z)")
_ITEM: Final = b"- "
_NUMBER: Final = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?)?")
"""Numbers as both YAML 1.1 and 1.2 have them, and every dumper writes them: `1e3` is a text to the one."""
_WORDS: Final[dict[str, object]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_NODES_MAX: Final = 1_000_000
"""Values of one piece, those counted again that aliases stand for."""
_MISSING: Final = "It is YAML, which takes PyYAML to read: install smsearch-offline[yaml], or use --output json."


def begins(line: bytes) -> bool:
    """Whether a line is the beginning of a response in YAML: a member that the service has."""
    match = _KEY.match(line)
    return _START.match(line) is not None or (match is not None and _is_known(match[1].decode()))


def _is_known(name: str) -> bool:
    is_of_page = kinds.is_page_list(name) or name in ("NextToken", "ResponseMetadata")
    return is_of_page or any(fold(name) in kinds.folded_members(kind) for kind in catalogue.kinds())


def documents(first_line: bytes, lines: Lines) -> Iterator[ParsedDocument]:
    """The responses from a line on, and the elements of those that are pages; up to where JSON begins."""
    reading = _Reading(lines.begun)
    line = first_line
    while line:
        if line[:1] in (b"{", b"[") or line.startswith(BOM):
            lines.put_back(line)
            break
        yield from reading.take(line, lines.begun)
        line = lines.next()
    yield from reading.end()


class _Reading:
    """The piece that is being gathered: an element of a list, or what a response has besides.

    Invariant: `_item` holds the lines of the element at hand, `_rest` all others of the document.
    """

    def __init__(self, line: int) -> None:
        self._rest: list[bytes] = []
        self._item: list[bytes] = []
        self._size = 0
        self._begin(line)

    def _begin(self, line: int) -> None:
        self._line = self._item_line = line
        self._key = ""
        self._keys: set[str] = set()
        self._count = 0
        self._rest.clear()

    def take(self, line: bytes, number: int) -> Iterator[ParsedDocument]:
        """Goes on with a line."""
        match = _KEY.match(line)
        is_item = line.startswith(_ITEM)
        name = match[1].decode() if match and not is_item else ""
        if _START.match(line) or (name and name in self._keys):
            yield from self.end()
            self._begin(number)
        if name:
            yield from self._end_item()
            self._key = name
            self._keys.add(name)
        if is_item and (not self._keys or kinds.is_page_list(self._key)):
            yield from self._end_item()
            self._item_line = number
            self._gather(line, self._item)
        elif not _START.match(line):
            self._gather(line, self._item or self._rest)

    def _gather(self, line: bytes, piece: list[bytes]) -> None:
        if self._size <= streaming_parser.RECORD_BYTES_MAX:
            piece.append(line)
        self._size += len(line)

    def _end_item(self) -> Iterator[ParsedDocument]:
        if not self._item:
            return
        value, problem = self._value(self._item)
        element = value[0] if isinstance(value, list) and value else None
        path = (self._key, self._count) if self._keys else ()
        document = self._line if self._keys else 0
        yield ParsedDocument(self._item_line, element, problem, path, document)
        self._count += 1
        self._item.clear()

    def end(self) -> Iterator[ParsedDocument]:
        """The last element, and what the document has besides its elements."""
        yield from self._end_item()
        if not any(line.strip() for line in self._rest):
            self._rest.clear()
            return
        value, problem = self._value(self._rest)
        self._rest.clear()
        if not self._count:
            if not problem and not any(isinstance(one, Recognised) for one in recognise(value)):
                problem = "It is YAML that holds no record."
            yield ParsedDocument(self._line, value, problem, is_prose=bool(problem))
        elif problem:
            yield ParsedDocument(self._line, problem=problem, document=self._line)
        elif isinstance(value, dict):
            for name, member in value.items():
                if kinds.is_there(member):
                    yield ParsedDocument(self._line, member, "", (name,), self._line)

    def _value(self, piece: list[bytes]) -> tuple[Any, str]:
        size, self._size = self._size, 0
        if size > streaming_parser.RECORD_BYTES_MAX:
            return None, f"It is YAML of more than {streaming_parser.RECORD_BYTES_MAX >> 20} MiB without an end."
        try:
            return parsed(b"".join(piece)), ""
        except DecodeError as error:
            return None, str(error)


def parsed(raw: bytes) -> object:
    """The value that some YAML spells.

    Raises:
        DecodeError: It is none, or nested too deep, or PyYAML is not installed.
    """
    try:
        import yaml  # needed by few exports, and an extra
    except ImportError:
        raise DecodeError(_MISSING) from None
    try:
        return _built(yaml.parse(raw.decode("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except UnicodeDecodeError as error:
        raise DecodeError(f"It is not UTF-8: byte {error.start} is {raw[error.start]:#04x}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f" on line {mark.line + 1} of this piece"
        raise DecodeError(f"It is not YAML: {getattr(error, 'problem', error)}{where}.") from None


def _built(events: Iterable[Any]) -> object:
    """The value that events tell of."""
    building = _Building()
    for event in events:
        match type(event).__name__:
            case "SequenceStartEvent":
                building.begin([], event.anchor)
            case "MappingStartEvent":
                building.begin({}, event.anchor)
            case "SequenceEndEvent" | "MappingEndEvent":
                building.end()
            case "ScalarEvent":
                is_plain = not event.style and event.implicit[0]
                building.scalar(_word(event.value) if is_plain else event.value, event.anchor)
            case "AliasEvent":
                building.alias(event.anchor)
    return building.root[0] if building.root else None


class _Building:
    """A value while it is built; `_opened` holds the lists and mappings that are open, each with the key at hand."""

    def __init__(self) -> None:
        self.root: list[Any] = []
        self._opened: list[tuple[Any, list[str], str | None, int]] = [(self.root, [], None, 0)]
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0

    def begin(self, value: Any, anchor: str | None) -> None:  # noqa: ANN401 - a list or a mapping
        """Opens a list or a mapping."""
        self._put(value, 1)
        self._opened.append((value, [], anchor, self._nodes - 1))
        if len(self._opened) > DEPTH_MAX + 1:
            raise DecodeError(f"It is nested deeper than {DEPTH_MAX} levels.")

    def end(self) -> None:
        """Closes the innermost one."""
        value, _, anchor, before = self._opened.pop()
        if anchor:
            self._anchors[anchor] = value, self._nodes - before

    def scalar(self, value: Any, anchor: str | None) -> None:  # noqa: ANN401 - any plain value
        """A plain value."""
        self._put(value, 1)
        if anchor:
            self._anchors[anchor] = value, 1

    def alias(self, anchor: str) -> None:
        """What an anchor stands for, once more."""
        if anchor not in self._anchors:
            raise DecodeError("It is not YAML that can be read: an alias stands for what it is a part of.")
        self._put(*self._anchors[anchor])

    def _put(self, value: Any, nodes: int) -> None:  # noqa: ANN401 - any YAML value
        """Puts a value into the innermost list or mapping: as an element, a key, or what a key stands for."""
        inner, key, _, _ = self._opened[-1]
        if isinstance(inner, list):
            inner.append(value)
        elif not key:
            key.append(str(value))
        else:
            inner[key.pop()] = value
        self._nodes += nodes
        if self._nodes > _NODES_MAX:
            raise DecodeError(f"It is YAML of more than {_NODES_MAX:,} values in one piece.")


def _word(text: str) -> object:
    """What a plain scalar says, as YAML 1.2 has it."""
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        try:
            return loads(text.removeprefix("+").encode())
        except DecodeError:
            return text
    return text
