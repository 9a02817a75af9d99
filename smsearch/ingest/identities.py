"""What tells snapshots apart, as arrays: what version resolution compares without reading a document.

It says how a record becomes an element of each array, and knows neither which snapshots win nor where they lie.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from smsearch.schema import versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.record import Record
    from smsearch.schema.versions import Key

NEVER_MODIFIED: Final = np.iinfo(np.int64).min
_DIGEST_BYTES: Final = 16


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


def identity(record: Record, contents: bytes) -> Identity:
    """What tells a snapshot apart; its number is not known yet.

    Args:
        record: The snapshot.
        contents: The digest of its stored document.
    """
    modified = NEVER_MODIFIED if record.modified is None else record.modified
    key, aliases = versions.key_and_aliases(record)
    return Identity(digest_of(key), _digests_of(aliases, record.resource), modified, not record.is_partial, contents)


def alias_digests(record: Record) -> bytes:
    """The digests of a record's aliases, padded with zeros to as many as its resource can have."""
    return _digests_of(versions.aliases(record), record.resource)


def _digests_of(aliases: tuple[Key, ...], resource: str) -> bytes:
    return b"".join(map(digest_of, aliases)).ljust(_DIGEST_BYTES * versions.aliases_max(resource), b"\x00")


def digest_of(key: Key) -> bytes:
    """The digest of a class's key; never zeros alone."""
    return digest("\x00".join(key).encode("utf-8", "surrogatepass"))


def digest(content: bytes) -> bytes:
    """BLAKE2b-128."""
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()


def without_time(modified: int) -> int | None:
    """LastModifiedTime as a record has it."""
    return None if modified == NEVER_MODIFIED else modified
