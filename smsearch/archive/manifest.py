"""The manifest of an archive: which files it consists of, and what is in them that no job should have to find out.

It is written beside the old one and renamed over it, so an archive is always the old one or the new one. This module
reads and writes that one file; who holds the lock is the writer's business.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import orjson

from smsearch import occupied, sealed
from smsearch.frozen import field, field_values, frozen
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from pathlib import Path

FORMAT_VERSION: Final = 3
MANIFEST: Final = "archive.json"
_HEAD: Final = b'{"smsearch_archive":'
AGAIN: Final = "Restore it, or make it again with `smsearch archive`."


@frozen
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


@frozen
class HeldEntry:
    """A file of held snapshots, which no search reads: what a later addition may need (row D3).

    Attributes:
        file: Its name in the archive's folder.
        resource: What they are snapshots of.
        rows: How many there are.
        size: Its length in bytes.
    """

    file: str
    resource: str
    rows: int
    size: int


@frozen
class ArchiveManifest:
    """What an archive is.

    Attributes:
        files: Its files, those of a resource oldest first.
        held: Its files of held snapshots, in the same order.
        next_number: The number of the next record to arrive.
    """

    files: tuple[FileEntry, ...] = ()
    held: tuple[HeldEntry, ...] = ()
    next_number: int = 0

    @property
    def snapshot(self) -> str:
        """A name for the content: two archives of the same files have the same one."""
        listed = orjson.dumps([entry.file for entry in self.files])
        return hashlib.blake2b(listed, digest_size=16).hexdigest()

    def of(self, resource: str) -> list[FileEntry]:
        """The files of a resource."""
        return [entry for entry in self.files if entry.resource == resource]


def parse(raw: bytes, where: str) -> ArchiveManifest:
    """The manifest that some bytes spell.

    Raises:
        StoreError: It is damaged, of another version, or does not hold what it should.
    """
    members = sealed.parse(raw, where, "smsearch_archive", (FORMAT_VERSION,), AGAIN)
    members.only(("smsearch_archive", "files", "held", "next_number"))
    files = tuple(_file(entry) for entry in members.objects("files"))
    held = tuple(_held(entry) for entry in members.objects("held"))
    for name, entries in (("files", files), ("held", held)):
        if len({entry.file for entry in entries}) != len(entries):
            raise members.refused(name, "names a file twice")
    return ArchiveManifest(files, held, members.count("next_number"))


def _held(members: sealed.Members) -> HeldEntry:
    members.only(("file", "resource", "rows", "size"))
    return HeldEntry(
        members.text("file", r"held-[0-9a-f]{24}\.smseg", "the name of a file of held snapshots"),
        members.one_of("resource", catalogue.kinds(), "a kind of record"),
        members.count("rows", 1),
        members.count("size", 1),
    )


def _file(members: sealed.Members) -> FileEntry:
    members.only(("file", "resource", "rows", "size", "accounts", "extras", "names"))
    resource = members.one_of("resource", catalogue.kinds(), "a kind of record")
    return FileEntry(
        members.text("file", rf"{resource}/part-[0-9a-f]{{32}}\.parquet", f"the name of a file of {resource}"),
        resource,
        members.count("rows", 1),
        members.count("size", 1),
        members.counts("accounts"),
        members.texts_by_name("extras"),
        members.texts("names"),
    )


def read_manifest(folder: Path) -> ArchiveManifest:
    """The manifest of an archive in a folder.

    Raises:
        StoreError: There is no archive, it is unfinished or of another version, or its manifest is damaged.
    """
    raw = occupied.manifest_of(folder, MANIFEST, "an archive", "Make one with `smsearch archive`.")
    return parse(raw, str(folder / MANIFEST))


def is_archive(folder: Path) -> bool:
    """Whether a folder holds an archive's manifest; other people call files `archive.json` too."""
    return sealed.begins(folder / MANIFEST, _HEAD)


def write_manifest(folder: Path, manifest: ArchiveManifest) -> None:
    """Makes a manifest the archive's, at once or not at all."""
    written = {
        "smsearch_archive": FORMAT_VERSION,
        "files": [field_values(entry) for entry in manifest.files],
        "held": [field_values(entry) for entry in manifest.held],
        "next_number": manifest.next_number,
    }
    sealed.replace(folder / MANIFEST, written)
