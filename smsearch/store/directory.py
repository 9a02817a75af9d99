"""The entries of a segment's directory, read member by member: each is there and of its type, or the file is damaged.

A structure's metadata is a NamedTuple: it cannot change, and it costs less than a dataclass to define, which every
start of the command pays. Before it is written, metadata holds arrays; once it is read, references to them. This module
knows no structure, and needs no NumPy.

Its annotations are no texts: `typing` compiles those of a NamedTuple, and what Python makes for the first compilation
of a process takes a millisecond.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final, Generic, NamedTuple, TypeVar

from smsearch import sealed
from smsearch.errors import StoreError
from smsearch.store.footer import AGAIN, damaged

Stored = TypeVar("Stored")
"""What metadata holds for an array: the array itself while a segment is written, a reference once it is read."""


_SIZES: Final = {"|b1": 1, "|u1": 1, "|i1": 1, "<u2": 2, "<i2": 2, "<u4": 4, "<i4": 4, "<u8": 8, "<i8": 8, "<f8": 8}
"""The types of arrays, and the bytes of an element."""
UNSIGNED: Final = ("|u1", "<u2", "<u4", "<u8")
"""Of codes, groups, and places in an order: as few bytes as the greatest needs."""
ROWS: Final = ("<u4",)
OFFSETS: Final = ("<u4", "<i8")
"""Of where texts begin."""
NUMBERS: Final = ("<i8", "<f8")


class ArrayReference(NamedTuple):
    """Where in a segment an array lies: `[offset in bytes, length, dtype]`."""

    offset: int
    length: int
    dtype: str


class TextArrays(NamedTuple, Generic[Stored]):
    """Texts one after another.

    Attributes:
        encoded: Their UTF-8, joined.
        offsets: Where each begins, and where the last one ends.
    """

    encoded: Stored
    offsets: Stored


def checked_reference(reference: object, file: str, end: int) -> ArrayReference:
    """A reference to an array that lies in a file.

    Args:
        reference: What a directory holds.
        file: The name of the file.
        end: Where the bytes end that an array may have.

    Raises:
        StoreError: It is no reference, or one to bytes outside of what the checksums cover.
    """
    match reference:
        case [int() as offset, int() as length, str() as dtype] if dtype in _SIZES:
            if offset >= 0 and length >= 0 and offset + length * _SIZES[dtype] <= end:
                return ArrayReference(offset, length, dtype)
    shown = list(reference) if isinstance(reference, tuple) else reference
    raise damaged(file, f"{shown!r} is no array of it")


class DirectoryEntry(sealed.Members):
    """An entry of a directory, or an object in it.

    Args:
        written: The JSON.
        file: The name of the segment's file.
        path: What errors call it.
    """

    def __init__(self, written: object, file: str, path: str) -> None:
        super().__init__(written, file, path, AGAIN)

    def has(self, name: str) -> bool:
        """Whether it has a member, null or not."""
        return name in self._written

    def array(self, name: str) -> ArrayReference:
        """A reference to an array.

        Raises:
            StoreError: The member is none.
        """
        return self._reference(self._member(name), name)

    def sized_array(self, name: str, types: Collection[str], length: int) -> ArrayReference:
        """A reference to an array of one of some types and of a length.

        Raises:
            StoreError: The member is none.
        """
        array = self.array(name)
        if array.dtype not in types or array.length != length:
            raise self.refused(
                name, f"has {array.length:,} elements of {array.dtype}, where there should be {length:,}"
            )
        return array

    def optional_array(self, name: str) -> ArrayReference | None:
        """A reference to an array, or None for null.

        Raises:
            StoreError: The member is neither, or missing.
        """
        member = self._member(name)
        return None if member is None else self._reference(member, name)

    def array_or_number(self, name: str) -> ArrayReference | int:
        """A reference to an array, or the one number that all of its elements are.

        Raises:
            StoreError: The member is neither.
        """
        return self.count(name, -sealed.COUNT_MAX) if isinstance(self._member(name), int) else self.array(name)

    def text_arrays(self, name: str) -> TextArrays[ArrayReference]:
        """Two references, to texts.

        Raises:
            StoreError: The member is something else.
        """
        match self._member(name):
            case [encoded, offsets]:
                return TextArrays(self._reference(encoded, name), self._reference(offsets, name))
        raise self._no_reference(name)

    def array_and_texts(self, name: str) -> tuple[ArrayReference, TextArrays[ArrayReference]]:
        """Three references: to an array, and to texts.

        Raises:
            StoreError: The member is something else.
        """
        match self._member(name):
            case [array, encoded, offsets]:
                texts = TextArrays(self._reference(encoded, name), self._reference(offsets, name))
                return self._reference(array, name), texts
        raise self._no_reference(name)

    def names(self) -> list[str]:
        """The names of all members."""
        return list(self._written)

    def truths(self, name: str) -> list[bool]:
        """A list of truth values.

        Raises:
            StoreError: The member is something else.
        """
        member = self._member(name)
        if not isinstance(member, list) or not all(isinstance(truth, bool) for truth in member):
            raise self.refused(name, "is no list of truth values")
        return member

    def inner(self, name: str) -> "DirectoryEntry":
        """The object that a member is.

        Raises:
            StoreError: The member is something else.
        """
        return DirectoryEntry(self._member(name), self._where, self._full(name))

    def _reference(self, member: object, name: str) -> ArrayReference:
        match member:
            case [int() as offset, int() as length, str() as dtype]:
                return ArrayReference(offset, length, dtype)
        raise self._no_reference(name)

    def _no_reference(self, name: str) -> StoreError:
        return self.refused(name, "is no reference to an array")


def without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that are there."""
    return {name: member for name, member in members.items() if member is not None}
