"""Where the records of a file of the store were read: writer, reader and check of that structure.

Each record has a file, a line, a path and an element. The path of `{"Results":[{"TrainingJob":{…}}]}` is kept as
`["Results",null,"TrainingJob"]`, once for all elements of all pages, and the element is the position at the null:

    row    file          line   path                             element
    0      page-1.json   1      ["Results",null,"TrainingJob"]   0
    1      page-1.json   1      ["Results",null,"TrainingJob"]   1
    2      jobs.jsonl    7      []                               0

The four columns are arrays, or a single number where all rows have the same. So a record of JSON lines takes the bytes
of its line's number. This module knows no document; how many snapshots a record superseded is `counts.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from smsearch.numpy_later import np
from smsearch.schema.origin import NOWHERE, Origin
from smsearch.store.directory import UNSIGNED
from smsearch.store.footer import damaged
from smsearch.store.texts import joined_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.store.directory import ArrayReference, DirectoryEntry, TextArrays
    from smsearch.store.segment import Segment
    from smsearch.store.texts import Texts

KEY: Final = "s"
"""The directory key of the structure."""
_COLUMNS: Final = ("file", "line", "path", "element")


@dataclass(frozen=True, slots=True)
class Origins:
    """Where some snapshots were read; element i of each array is snapshot i.

    Attributes:
        files: Names of files.
        paths: Paths as JSON, the last position of each replaced by null.
        file: int64: a place in `files`.
        line: int64: the line on which the document begins.
        path: int64: a place in `paths`.
        element: int64: the position that stands for the null, or 0.
    """

    files: tuple[str, ...]
    paths: tuple[bytes, ...]
    file: NDArray[np.int64]
    line: NDArray[np.int64]
    path: NDArray[np.int64]
    element: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.line)

    def of(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Origins:
        """Those of some snapshots."""
        columns = (getattr(self, name)[rows] for name in _COLUMNS)
        return Origins(self.files, self.paths, *columns)

    def at(self, row: int) -> Origin:
        """One of them."""
        path = _path(self.paths[int(self.path[row])], int(self.element[row]))
        return Origin(self.files[int(self.file[row])], int(self.line[row]), path)

    def after(self, lines: int) -> Origins:
        """The same, in a piece of a file before which so many lines stand."""
        return Origins(self.files, self.paths, self.file, self.line + lines, self.path, self.element)


def of_origins(every: Sequence[Origin]) -> Origins:
    """The arrays of some origins."""
    files: dict[str, int] = {}
    paths: dict[tuple[str | int | None, ...], int] = {}
    rows = []
    for file, line, path in every:
        place, element = _without_element(path) if path else ((), 0)
        rows.append((files.setdefault(file, len(files)), line, paths.setdefault(place, len(paths)), element))
    columns = np.array(rows, np.int64).reshape(-1, len(_COLUMNS)).T
    return Origins(tuple(files), tuple(map(orjson.dumps, paths)), *(np.ascontiguousarray(one) for one in columns))


def nowhere(count: int) -> Origins:
    """The origins of records that were made and not read."""
    nothing = np.zeros(count, np.int64)
    return Origins((NOWHERE.file,), (b"[]",), nothing, nothing, nothing, nothing)


def joined(parts: Sequence[Origins]) -> Origins:
    """All of some origins, one after another."""
    files: dict[str, int] = {}
    paths: dict[bytes, int] = {}
    columns: list[list[NDArray[np.int64]]] = [[], [], [], []]
    for part in parts:
        of_file = np.array([files.setdefault(file, len(files)) for file in part.files], np.int64)
        of_path = np.array([paths.setdefault(path, len(paths)) for path in part.paths], np.int64)
        for column, values in zip(
            columns, (of_file[part.file], part.line, of_path[part.path], part.element), strict=True
        ):
            column.append(values)
    nothing = np.empty(0, np.int64)
    return Origins(tuple(files), tuple(paths), *(np.concatenate([*column, nothing]) for column in columns))


def entry(origins: Origins) -> dict[str, object]:
    """The directory's entry of some origins: only names and paths that a record has, in order."""
    files, file = _used([name.encode("utf-8", "backslashreplace") for name in origins.files], origins.file)
    paths, path = _used(list(origins.paths), origins.path)
    return {
        "files": joined_texts(files),
        "paths": joined_texts(paths),
        "file": _narrow(file),
        "line": _narrow(origins.line),
        "path": _narrow(path),
        "element": _narrow(origins.element),
    }


def _without_element(path: tuple[str | int, ...]) -> tuple[tuple[str | int | None, ...], int]:
    """A path with its last position replaced by None, and that position; 0 if it has none."""
    for at in range(len(path) - 1, -1, -1):
        step = path[at]
        if isinstance(step, int):
            return (*path[:at], None, *path[at + 1 :]), step
    return path, 0


def _path(written: bytes, element: int) -> tuple[str | int, ...]:
    return tuple(element if step is None else step for step in orjson.loads(written))


def _used(texts: list[bytes], codes: NDArray[np.int64]) -> tuple[list[bytes], NDArray[np.int64]]:
    """The texts that have a code, sorted, and the codes among them."""
    there = np.unique(codes).tolist()
    ordered = sorted({texts[code] for code in there})
    place = {text: at for at, text in enumerate(ordered)}
    new = np.zeros(len(texts), np.int64)
    for code in there:
        new[code] = place[texts[code]]
    return ordered, new[codes]


def _narrow(values: NDArray[np.int64]) -> int | NDArray[Any]:
    """The one number that all rows have, or the numbers in as few bytes as they need."""
    if not len(values) or (values == values[0]).all():
        return int(values[0]) if len(values) else 0
    return values.astype(np.min_scalar_type(int(values.max())))


class SourcesMetadata(NamedTuple):
    """What the directory says of the structure.

    Attributes:
        files: The names of the files, in order.
        paths: The paths, in order.
        columns: By name each of the four columns, or the one number that all rows have.
    """

    files: TextArrays[ArrayReference]
    paths: TextArrays[ArrayReference]
    columns: dict[str, ArrayReference | int]


def read_metadata(entry: DirectoryEntry) -> SourcesMetadata:
    """The metadata of an entry.

    Raises:
        StoreError: A member is missing, or is not what it should be.
    """
    columns = {name: entry.array_or_number(name) for name in _COLUMNS}
    return SourcesMetadata(entry.text_arrays("files"), entry.text_arrays("paths"), columns)


class Sources:
    """Where the records of a segment, or of a file of held snapshots, were read.

    Args:
        segment: The file.
        rows: How many records it has.

    Raises:
        StoreError: The file does not say it.
    """

    def __init__(self, segment: Segment, rows: int) -> None:
        entry = segment.metadata(KEY)
        if entry is None:
            raise damaged(segment.name, "it does not say where its records came from")
        self._segment = segment
        self._rows = rows
        self._metadata = read_metadata(entry)
        for column in self._metadata.columns.values():
            if not isinstance(column, int) and (column.length != rows or column.dtype not in UNSIGNED):
                raise damaged(segment.name, "it does not say of each record where it came from")

    @cached_property
    def _files(self) -> Texts:
        return self._segment.texts(self._metadata.files)

    @cached_property
    def _paths(self) -> Texts:
        return self._segment.texts(self._metadata.paths)

    def of(self, rows: NDArray[Any]) -> list[Origin]:
        """The origins of some rows; touches no other row."""
        columns = (self._column(name, rows) for name in _COLUMNS)
        return [
            Origin(self._files[file], line, _path(self._paths.encoded(path), element))
            for file, line, path, element in zip(*columns, strict=True)
        ]

    def _column(self, name: str, rows: NDArray[Any]) -> list[int]:
        written = self._metadata.columns[name]
        if isinstance(written, int):
            return [written] * len(rows)
        numbers: list[int] = self._segment.array(written).take(rows).tolist()
        return numbers

    def whole(self) -> Origins:
        """The origins of all rows."""
        files = tuple(self._files[at] for at in range(len(self._files)))
        paths = tuple(self._paths.encoded(at) for at in range(len(self._paths)))
        return Origins(files, paths, *(self._whole(name) for name in _COLUMNS))

    def _whole(self, name: str) -> NDArray[np.int64]:
        written = self._metadata.columns[name]
        if isinstance(written, int):
            return np.full(self._rows, written, np.int64)
        return self._segment.array(written).whole().astype(np.int64)

    def check(self) -> Iterator[str]:
        """What is wrong with the structure, a sentence each."""
        for name, stored in (("files", self._files), ("paths", self._paths)):
            offsets, joined_utf8 = stored.arrays()
            if offsets[0] or offsets[-1] != len(joined_utf8) or (offsets[1:] < offsets[:-1]).any():
                yield f"the {name} do not fill their bytes."
                return
        origins = self.whole()
        for texts, codes, what in (
            ([name.encode() for name in origins.files], origins.file, "files"),
            (list(origins.paths), origins.path, "paths"),
        ):
            if texts != sorted(set(texts)):
                yield f"the {what} are not in order, each once."
            elif not np.array_equal(np.unique(codes), np.arange(len(texts))):
                yield f"the {what} are not those that its records have."
        if (origins.line < 0).any() or (origins.element < 0).any():
            yield "a line or an element is before the first."
        if not all(_is_path(orjson.loads(path)) for path in origins.paths):
            yield "a path is no list of members and positions with one null at most."


def _is_path(steps: object) -> bool:
    if not isinstance(steps, list) or steps.count(None) > 1:
        return False
    return all(step is None or isinstance(step, str) or (type(step) is int and step >= 0) for step in steps)
