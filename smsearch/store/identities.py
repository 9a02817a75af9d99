"""What tells snapshots apart, as arrays: what version resolution compares without reading a document.

Writer, reader and check of the structure. It knows neither which snapshots win nor how a record becomes an element.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smsearch.frozen import replace
from smsearch.numpy_later import np
from smsearch.schema import versions
from smsearch.store.footer import damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.versions import Key
    from smsearch.store.directory import ArrayReference
    from smsearch.store.segment import Segment

DIGEST_BYTES: Final = 16
NEVER_MODIFIED: Final = np.iinfo(np.int64).min


def digest_of(key: Key) -> bytes:
    """The digest of a class's key; never zeros alone."""
    return digest("\x00".join(key).encode("utf-8", "surrogatepass"))


def digest(content: bytes | memoryview) -> bytes:
    """BLAKE2b-128."""
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()


class Identity(NamedTuple):
    """One snapshot's element of each array of `Identities`."""

    key: bytes
    aliases: bytes
    modified: int
    full: bool
    contents: bytes
    derived: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Identities:
    """What tells snapshots of one resource apart; element i of each array is snapshot i.

    Attributes:
        keys: uint64, two a snapshot: digest of its class's key.
        aliases: uint64, two for each alias that a snapshot can have: digests of the keys of the classes that may
            belong to its own; zeros where there are fewer.
        modified: int64: LastModifiedTime in microseconds, or the least int64.
        full: Whether it is not a summary.
        contents: uint64, two a snapshot: digest of the stored document; of a derived one, of its parts.
        derived: Whether it is no snapshot but what several of them tell together.
        numbers: int64: its place in the order of arrival, over all snapshots of the resource that a store has had.
    """

    keys: NDArray[np.uint64]
    aliases: NDArray[np.uint64]
    modified: NDArray[np.int64]
    full: NDArray[np.bool_]
    contents: NDArray[np.uint64]
    derived: NDArray[np.bool_]
    numbers: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.modified)

    def of(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Identities:
        """Those of some snapshots."""
        return Identities(*(getattr(self, field.name)[rows] for field in fields(Identities)))

    def numbered_from(self, start: int) -> Identities:
        """The same snapshots, arriving one after another from a number on."""
        return replace(self, numbers=np.arange(start, start + len(self), dtype=np.int64))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name, for a directory's entry."""
        return {field.name: getattr(self, field.name) for field in fields(Identities)}

    def at(self, row: int) -> Identity:
        """One of them."""
        return Identity(
            self.keys[row].tobytes(),
            self.aliases[row].tobytes(),
            int(self.modified[row]),
            bool(self.full[row]),
            self.contents[row].tobytes(),
            bool(self.derived[row]),
            int(self.numbers[row]),
        )


ARRAYS: Final = tuple(field.name for field in fields(Identities))
_TYPES: Final = dict(zip(ARRAYS, ("<u8", "<u8", "<i8", "|b1", "<u8", "|b1", "<i8"), strict=True))


def of_arrays(resource: str, arrays: Sequence[NDArray[Any]]) -> Identities:
    """The identities that some flat arrays hold, in the order of `ARRAYS`."""
    keys, aliases, modified, full, contents, derived, numbers = arrays
    return Identities(
        keys.reshape(-1, 2),
        aliases.reshape(-1, versions.aliases_max(resource), 2),
        modified,
        full.astype(bool, copy=False),
        contents.reshape(-1, 2),
        derived.astype(bool, copy=False),
        numbers,
    )


def _sizes(resource: str) -> dict[str, int]:
    """How many numbers of each array a snapshot has."""
    return dict.fromkeys(ARRAYS, 1) | {"keys": 2, "contents": 2, "aliases": 2 * versions.aliases_max(resource)}


def of_rows(resource: str, rows: Sequence[Identity]) -> Identities:
    """The identities of some snapshots, in their order."""

    def digests(texts: Iterable[bytes]) -> NDArray[np.uint64]:
        return np.frombuffer(b"".join(texts), dtype=np.uint64)

    return of_arrays(
        resource,
        [
            digests(row.key for row in rows),
            digests(row.aliases for row in rows),
            np.array([row.modified for row in rows], np.int64),
            np.array([row.full for row in rows], np.bool_),
            digests(row.contents for row in rows),
            np.array([row.derived for row in rows], np.bool_),
            np.array([row.number for row in rows], np.int64),
        ],
    )


def joined(parts: Sequence[Identities]) -> Identities:
    """The snapshots of all parts, one after another; one part at least."""
    return Identities(*(np.concatenate([getattr(part, name) for part in parts]) for name in ARRAYS))


def read(segment: Segment, resource: str, references: Mapping[str, ArrayReference]) -> Identities:
    """The identities of a segment, or of a file of held snapshots.

    Raises:
        StoreError: An array is of another type, or not of as many snapshots as the others.
    """
    count = references["modified"].length
    for name, size in _sizes(resource).items():
        if references[name].dtype != _TYPES[name] or references[name].length != size * count:
            raise damaged(segment.name, f"what tells its snapshots apart has {name} of another length or type")
    return of_arrays(resource, [segment.array(references[name]).whole() for name in ARRAYS])


def check(segment: Segment, resource: str, rows: int, references: Mapping[str, ArrayReference]) -> Iterator[str]:
    """What is wrong with the arrays, a sentence each; what they hold, documents tell (`ingest/recheck.py`)."""
    for name, size in _sizes(resource).items():
        array = segment.array(references[name])
        if len(array) != size * rows or references[name].dtype != _TYPES[name]:
            yield f"{name} holds {len(array)} numbers for {rows} records."
