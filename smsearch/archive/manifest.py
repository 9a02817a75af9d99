"""The manifest of an archive: which files it consists of, and what is in them that no job should have to find out.

It is written beside the old one and renamed over it, so an archive is always the old one or the new one. This module
reads and writes that one file; who holds the lock is the writer's business.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch import durable
from smsearch.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT_VERSION: Final = 2
MANIFEST: Final = "archive.json"
_AGAIN: Final = "Make it again with `smsearch archive`."


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One Parquet file.

    Attributes:
        file: Its name in the archive's folder, with its resource's folder; it says the content.
        resource: What its records are.
        rows: How many there are.
        size: Its length in bytes.
        accounts: How many of them each account has; those without an ARN count under `""`.
        extras: Dotted names of the plain fields that the service model does not know, to their paths.
        names: The dynamic names that they have (`Metrics.loss`), in order.
    """

    file: str
    resource: str
    rows: int
    size: int
    accounts: dict[str, int] = field(default_factory=dict)
    extras: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive is: its files, those of a resource oldest first."""

    files: tuple[FileEntry, ...] = ()

    @property
    def snapshot(self) -> str:
        """A name for the content: two archives of the same files have the same one."""
        listed = orjson.dumps([entry.file for entry in self.files])
        return hashlib.blake2b(listed, digest_size=16).hexdigest()

    def of(self, resource: str) -> list[FileEntry]:
        """The files of a resource."""
        return [entry for entry in self.files if entry.resource == resource]


def parse(raw: bytes, where: str) -> Manifest:
    """The manifest that some bytes spell.

    Raises:
        StoreError: It is damaged, or of another version.
    """
    try:
        written = orjson.loads(raw)
        version = written["smsearch_archive"]
        listed = written["files"]
        sealed = written["check"] == _check(listed)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise StoreError(f"{where} is damaged.", hint=_AGAIN) from None
    if version != FORMAT_VERSION:
        message = f"{where} is of format version {version}; this smsearch reads version {FORMAT_VERSION}."
        raise StoreError(message, hint=_AGAIN)
    if not sealed:
        raise StoreError(f"{where} is damaged: it is not as it was written.", hint=_AGAIN)
    return Manifest(tuple(FileEntry(**entry) for entry in listed))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an archive in a folder.

    Raises:
        StoreError: There is no archive, it is of another version, or its manifest is damaged.
    """
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise StoreError(
            f"{folder} is not an archive: {error.strerror}.", hint="Make one with `smsearch archive`."
        ) from None
    return parse(raw, str(folder / MANIFEST))


def is_archive(folder: Path) -> bool:
    """Whether a folder holds an archive's manifest."""
    return (folder / MANIFEST).is_file()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Makes a manifest the archive's, at once or not at all."""
    listed = [asdict(entry) for entry in manifest.files]
    written = {"smsearch_archive": FORMAT_VERSION, "files": listed, "check": _check(listed)}
    durable.replace(folder / MANIFEST, orjson.dumps(written))


def _check(listed: Any) -> str:  # noqa: ANN401 - what JSON holds
    return hashlib.blake2b(orjson.dumps(listed), digest_size=8).hexdigest()
