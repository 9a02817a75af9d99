"""A store: a folder of immutable segments and the manifest that lists them.

Opening reads the manifest and the lists of superseded rows, and maps the segments. After that no file is opened, so a
reader keeps its snapshot whatever writers do: files that are mapped stay mapped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.errors import MissingFileError, StoreError
from smsearch.store.manifest import read_manifest
from smsearch.store.segment_reader import SegmentReader

if TYPE_CHECKING:
    from smsearch.regular import StrPath
    from smsearch.store.build_reports import BuildReport
    from smsearch.store.manifest import Manifest, SegmentEntry

OPENINGS_MAX: Final = 20
"""How often the manifest is read again because a file that it named was gone."""


class Store:
    """An open store, a snapshot that does not change.

    Args:
        folder: The store's.
        like: An earlier snapshot, with which it shares the segments that both have.

    Raises:
        StoreError: There is no store, it is of another version, or a segment is missing or damaged.
    """

    def __init__(self, folder: StrPath, like: Store | None = None) -> None:
        self.folder = folder
        self.manifest: Manifest
        self.parts: list[SegmentReader]
        self.manifest, self.parts = _opened(folder, [] if like is None else like.parts)

    def of(self, resource: str) -> list[SegmentReader]:
        """The segments of a resource, oldest first."""
        return [part for part in self.parts if part.entry.resource == resource]

    def reports(self) -> tuple[BuildReport, ...]:
        """The reports of the builds that made it, oldest first; read now.

        Raises:
            StoreError: One is damaged, or was removed by a build after this snapshot was opened.
        """
        from smsearch.store import build_reports  # no search reads it

        return tuple(build_reports.read(self.folder, entry) for entry in self.manifest.reports)

    def held_of(self, resource: str) -> list[SegmentReader]:
        """The files of held snapshots of a resource, oldest first; only a writer opens them."""
        return [SegmentReader(self.folder, entry) for entry in self.manifest.held if entry.resource == resource]


def _opened(folder: StrPath, earlier: list[SegmentReader]) -> tuple[Manifest, list[SegmentReader]]:
    """A manifest, and its segments opened.

    Between the two, a writer may put another manifest in its place and remove files. Then the new one is read.
    """
    known = {part.entry.file: part for part in earlier if part.plain.is_still_there()}
    manifest = read_manifest(folder)
    for _ in range(OPENINGS_MAX):
        try:
            return manifest, [_part(folder, entry, known.get(entry.file)) for entry in manifest.segments]
        except MissingFileError:
            before, manifest = manifest, read_manifest(folder)
            if manifest == before:
                raise
    raise StoreError(f"{folder} changes faster than it can be opened.", hint="Try again when its writers are done.")


def _part(folder: StrPath, entry: SegmentEntry, known: SegmentReader | None) -> SegmentReader:
    return known if known is not None and known.entry == entry else SegmentReader(folder, entry, known)
