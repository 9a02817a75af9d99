"""What tells a record apart: how it becomes an element of each array of `store/identities.py`.

It knows neither which snapshots win nor where they lie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.schema import versions
from smsearch.store.identities import DIGEST_BYTES, NEVER_MODIFIED, Identity, digest_of

if TYPE_CHECKING:
    from smsearch.schema.catalogue import Resource
    from smsearch.schema.record import Record
    from smsearch.schema.versions import Key


def identity(record: Record, contents: bytes) -> Identity:
    """What tells a snapshot apart; its number is not known yet.

    Args:
        record: The snapshot.
        contents: The digest of its stored document.
    """
    modified = NEVER_MODIFIED if record.modified is None else record.modified
    key, aliases = versions.key_and_aliases(record)
    return Identity(digest_of(key), _digests_of(aliases, record.resource), modified, not record.is_partial, contents)


def identity_of_read(
    resource: Resource, own: tuple[str, str, str], modified: int, contents: bytes, *, is_full: bool
) -> Identity:
    """The same for a snapshot that the compiled reader read.

    Args:
        resource: Its resource.
        own: Its ARN, its name and its version, or `""` for each.
        modified: As in `Identities`.
        contents: The digest of its stored document.
        is_full: Whether it is no summary.
    """
    key, aliases = versions.keys_of(resource, *own)
    return Identity(digest_of(key), _digests_of(aliases, resource.name), modified, is_full, contents)


def alias_digests(record: Record) -> bytes:
    """The digests of a record's aliases, padded with zeros to as many as its resource can have."""
    return _digests_of(versions.aliases(record), record.resource)


def _digests_of(aliases: tuple[Key, ...], resource: str) -> bytes:
    return b"".join(map(digest_of, aliases)).ljust(DIGEST_BYTES * versions.aliases_max(resource), b"\x00")


def without_time(modified: int) -> int | None:
    """LastModifiedTime as a record has it."""
    return None if modified == NEVER_MODIFIED else modified
