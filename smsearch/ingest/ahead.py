"""Takes records ahead of Python: what the compiled reader reads of a file, and what is counted of it.

Documents that are a record each are offered where one may begin, elements of a list where one may begin. What is left
comes to Python, in its place. This module knows neither a record nor how one is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from smsearch.ingest import kinds
from smsearch.ingest.shapes import is_of_paging
from smsearch.schema.origin import Origin

if TYPE_CHECKING:
    from smsearch.ingest.recognition import Path
    from smsearch.ingest.report import FileReport, Report

    FoundList = tuple[int, int, int, str | None, list[str]]


class Taken(NamedTuple):
    """How far documents or elements were taken, and the records that they are.

    Attributes:
        end: Where the first line begins that was not taken, or the last element ends that was.
        lines: How many lines are before it.
        kind: What the records are; `""` if there are none.
        records: How many there are.
        naive_times: How many of their times had no offset.
        are_lines: Whether each document stands on one line.
    """

    end: int
    lines: int = 0
    kind: str = ""
    records: int = 0
    naive_times: int = 0
    are_lines: bool = True


class ListInDocument(NamedTuple):
    """A list of records that is a document, or the only list in one.

    Attributes:
        begin: Where it begins, behind its bracket.
        end: Where the document ends, behind its last line; -1 if it goes on behind the data.
        lines: How many newlines are in the document.
        path: What leads to the list.
    """

    begin: int
    end: int
    lines: int
    path: Path


class Taker(Protocol):
    """Who takes records, and keeps them."""

    def take_documents(self, data: bytes, at: int, start: Origin, *, is_last: bool) -> Taken:
        """Takes documents that are a record each.

        Args:
            data: The documents; each ends with its line.
            at: Where a line begins on which one may begin.
            start: The file, and that line.
            is_last: Whether the last document may end with the data.
        """

    def take_elements(self, data: bytes, at: int, start: Origin, place: int) -> Taken:
        """Takes elements of a list that are a record each.

        Args:
            data: The list, or a part of it.
            at: Where an element begins, or the comma before it.
            start: The file, the line of the document, and the path of the list.
            place: The position of the element.
        """

    def list_in(self, data: bytes, at: int, *, is_last: bool) -> FoundList | None:
        """The list of records in a document, as `_reader.list_in`."""

    def element_at(self, data: bytes, at: int) -> tuple[int, int] | None:
        """The next element of that list, as `_reader.element_at`."""


def may_hold(path: Path) -> bool:
    """Whether elements of the list at a path are recognised by themselves, or by the one kind of the list's name."""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return True
    is_list = names == [path[-1]] and kinds.is_page_list(names[0])
    return is_list and len(kinds.of_list(names[0])) <= 1


class Ahead:
    """Takes what it can of a file, and counts it.

    Args:
        taker: Who takes it.
        file: Is told of the records.
        report: Is told of them too.
    """

    def __init__(self, taker: Taker, file: FileReport, report: Report) -> None:
        self._taker = taker
        self._file = file
        self._report = report

    def documents(self, data: bytes, at: int, line: int, is_last: bool) -> Taken:  # noqa: FBT001 - as `Lines.offer` calls
        """Takes documents, as `Taker.take_documents`; the first one may begin on a line."""
        self._file.begin_document(0)
        taken = self._taker.take_documents(data, at, Origin(self._file.short_name, line, ()), is_last=is_last)
        self._count(taken)
        return taken

    def elements(self, data: bytes, at: int, start: tuple[int, Path], place: int, *, is_whole: bool) -> Taken:
        """Takes elements of a list, as `Taker.take_elements`.

        Args:
            data: The list, or a part of it.
            at: Where an element begins, or the comma before it.
            start: The line of the document, and the path of the list.
            place: The position of the element.
            is_whole: Whether the document is whole, and not read element by element.
        """
        line, path = start
        taken = self._taker.take_elements(data, at, Origin(self._file.short_name, line, path), place)
        if taken.records and not is_whole:
            self._file.begin_document(line)
        self._count(taken)
        return taken

    def list_in(self, data: bytes, at: int, is_last: bool) -> ListInDocument | None:  # noqa: FBT001 - as `Lines.look` calls
        """The list of records in the document at a place, if nothing else in that document matters."""
        found = self._taker.list_in(data, at, is_last=is_last)
        if found is None:
            return None
        begin, end, lines, name, others = found
        path = () if name is None else (name,)
        is_page = may_hold(path) and all(map(is_of_paging, others))
        return ListInDocument(begin, end, lines, path) if is_page else None

    def element_at(self, data: bytes, at: int) -> tuple[int, int] | None:
        """The next element of such a list, as `_reader.element_at`."""
        return self._taker.element_at(data, at)

    def _count(self, taken: Taken) -> None:
        if taken.records:
            self._file.records += taken.records
            self._report.kinds[taken.kind] += taken.records
            self._report.naive_times += taken.naive_times
