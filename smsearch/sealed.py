"""Manifests: a line of JSON, and a line with its checksum, so that a change that nobody meant is noticed.

A manifest is believed, so each of its members is checked when it is read: that it is there, of the right type and in
its range, and that there is no other. This module does not know what the members mean.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, Final

from smsearch import small_json
from smsearch.errors import StoreError
from smsearch.orjson_later import orjson
from smsearch.regular import open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from smsearch.regular import StrPath

COUNT_MAX: Final = (1 << 63) - 1
_ANY: Final = ".*"
_BYTES_MAX: Final = 64 << 20
"""Far beyond a manifest of 100,000 files."""


def replace(path: Path, members: Mapping[str, object]) -> None:
    """Makes some members a manifest's, at once or not at all."""
    from smsearch import durable  # who only reads does without

    body = orjson.dumps(members)
    durable.replace(path, body + b"\n%d\n" % zlib.crc32(body))


def begins(path: StrPath, head: bytes) -> bool:
    """Whether a file is there and begins with some bytes."""
    try:
        with open_file(path) as file:
            return file.read(len(head)) == head
    except OSError:
        return False


def read(path: StrPath) -> bytes:
    """The bytes of a manifest.

    Raises:
        FileNotFoundError: It is not there.
        OSError: It cannot be read, or is no regular file.
    """
    with open_file(path) as file:
        return file.read(_BYTES_MAX + 1)


def parse(raw: bytes, where: str, format_of: str, versions: Collection[int], again: str) -> Members:
    """The members of a manifest.

    Args:
        raw: Its bytes.
        where: What errors call it.
        format_of: The member that holds the version of its format.
        versions: Those that this smsearch reads.
        again: How it is made anew, for who has another version or a damaged one.

    Raises:
        StoreError: It is damaged, or of another version.
    """
    body, _, check = raw.removesuffix(b"\n").rpartition(b"\n")
    try:
        written = small_json.loads(body or check)  # older formats were one line
        written_version = written[format_of]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise StoreError(f"{where} is damaged.", hint=again) from None
    if type(written_version) is not int:
        raise StoreError(f"{where} is damaged: {format_of} is no version.", hint=again)
    if written_version not in versions:
        read = " and ".join(map(str, versions))
        message = f"{where} is of format version {written_version}; this smsearch reads version {read}."
        raise StoreError(message, hint=again)
    if len(raw) > _BYTES_MAX or check != b"%d" % zlib.crc32(body):
        raise StoreError(f"{where} is damaged: it is not as it was written.", hint=again)
    return Members(written, where, "", again)


class Members:
    """A JSON object of a manifest, from which each member is taken by its name and type.

    Every method raises StoreError, with the member's path, for a member that is missing or is not what it should be.
    """

    def __init__(self, written: object, where: str, path: str, again: str) -> None:
        self._where = where
        self._path = path
        self._again = again
        if not isinstance(written, dict):
            raise self._wrong("", "is no JSON object")
        self._written: dict[str, Any] = written

    def only(self, names: Collection[str]) -> None:
        """Passes an object that has no other members.

        Raises:
            StoreError: It has another one.
        """
        for name in self._written:
            if name not in names:
                raise self._wrong(name, "is not a member of this format")

    def count(self, name: str, least: int = 0, most: int = COUNT_MAX) -> int:
        """A whole number from `least` to `most`."""
        value = self._member(name)
        if type(value) is not int or not least <= value <= most:
            raise self._wrong(name, f"is no whole number from {least:,} to {most:,}")
        return value

    def truth(self, name: str) -> bool:
        """True or false."""
        value = self._member(name)
        if not isinstance(value, bool):
            raise self._wrong(name, "is neither true nor false")
        return value

    def text(self, name: str, pattern: str = _ANY, meaning: str = "a text") -> str:
        """A text that a pattern matches as a whole; `meaning` says in an error what it should be."""
        value = self._member(name)
        if not isinstance(value, str) or (
            pattern != _ANY and re.fullmatch(pattern, value, re.ASCII | re.DOTALL) is None
        ):
            raise self._wrong(name, f"is not {meaning}")
        return value

    def one_of(self, name: str, choices: Collection[str], meaning: str) -> str:
        """One of some texts."""
        value = self._member(name)
        if not isinstance(value, str) or value not in choices:
            raise self._wrong(name, f"is not {meaning}")
        return value

    def counts(self, name: str) -> dict[str, int]:
        """An object whose members are all whole numbers."""
        inner = self._inner(name)
        return {key: inner.count(key) for key in inner._written}  # noqa: SLF001 - its own class

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        value = self._member(name)
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise self._wrong(name, "is no list of texts")
        return value

    def texts_by_name(self, name: str) -> dict[str, list[str]]:
        """An object whose members are all lists of texts."""
        inner = self._inner(name)
        return {key: inner.texts(key) for key in inner._written}  # noqa: SLF001 - its own class

    def objects(self, name: str) -> Iterator[Members]:
        """The objects of a list."""
        value = self._member(name)
        if not isinstance(value, list):
            raise self._wrong(name, "is no list")
        for at, written in enumerate(value):
            yield Members(written, self._where, f"{self._full(name)}[{at}]", self._again)

    def fields_of(self, cls: type) -> dict[str, Any]:
        """The members that a frozen class has, each of its field's type; fields of other types are left out.

        A field is of whole numbers, truth values, texts, a tuple of texts, or a dict of whole numbers.
        """
        readers: dict[str, Callable[[str], object]] = {
            "int": self.count,
            "bool": self.truth,
            "str": self.text,
            "tuple[str, ...]": lambda name: tuple(self.texts(name)),
            "dict[str, int]": self.counts,
        }
        return {name: readers[kind](name) for name, kind in cls.__annotations__.items() if kind in readers}

    def refused(self, name: str, what: str) -> StoreError:
        """The error for a member that contradicts others, for the caller to raise."""
        return self._wrong(name, what)

    def _inner(self, name: str) -> Members:
        return Members(self._member(name), self._where, self._full(name), self._again)

    def _member(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        if name not in self._written:
            raise self._wrong(name, "is missing")
        return self._written[name]

    def _full(self, name: str) -> str:
        return f"{self._path}.{name}".strip(".")

    def _wrong(self, name: str, what: str) -> StoreError:
        where = self._full(name) or "it"
        return StoreError(f"{self._where} is damaged: {where} {what}.", hint=self._again)
