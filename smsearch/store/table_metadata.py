"""What a segment's directory says of its tables: typed, as it is read.

The names of the members are those of `docs/store-format.md`. This module needs no NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.frozen import frozen
from smsearch.store.directory import ROWS, UNSIGNED
from smsearch.store.manifest import ROWS_MAX

if TYPE_CHECKING:
    from smsearch.store.directory import ArrayReference, DirectoryEntry, TextArrays

IDENTITIES: Final = ("keys", "aliases", "modified", "full", "contents", "derived", "numbers")
"""The arrays of `identities.py`."""


@frozen
class ExportedMetadata:
    """What exports had in other types than the service model's (`exported.py`).

    Attributes:
        rows: uint32, ascending: the rows that have any.
        texts: JSON of those members, for each of `rows`.
    """

    rows: ArrayReference
    texts: TextArrays[ArrayReference]


@frozen
class RecordsMetadata:
    """The table of records, or of held snapshots, which have neither an order nor columns.

    Attributes:
        rows: How many records there are.
        resource: What they are.
        documents: uint64: where each document begins, and the end.
        checksums: uint32: the CRC-32 of what is stored of each document; None of a store of smsearch 0.2.0.
        dictionary: uint8: what compressed documents have in common; None if they are not compressed.
        identities: The arrays that tell snapshots apart, by name.
        exported: What exports had in other types; None if there is nothing.
        tiebreak_order: uint32: all rows by ARN, name and version (row S4).
        tiebreak_rank: uint32: the place of each row in `tiebreak_order`.
        extras: Dotted names of the plain fields that the service model does not know, to their paths.
    """

    rows: int
    resource: str
    documents: ArrayReference
    checksums: ArrayReference | None
    dictionary: ArrayReference | None
    identities: dict[str, ArrayReference]
    exported: ExportedMetadata | None
    tiebreak_order: ArrayReference | None
    tiebreak_rank: ArrayReference | None
    extras: dict[str, list[str]]


@frozen
class ListMetadata:
    """The table of a list.

    Attributes:
        rows: How many elements there are.
        parents: uint32, ascending: the row above of each element.
        bounds: unsigned: where the elements of each row above begin, and the end.
    """

    rows: int
    parents: ArrayReference
    bounds: ArrayReference


def read_records(entry: DirectoryEntry) -> RecordsMetadata:
    """The metadata of the table of records.

    Raises:
        StoreError: A member is missing, or is not what it should be.
    """
    rows = entry.count("rows", most=ROWS_MAX)
    return RecordsMetadata(
        rows=rows,
        resource=entry.text("resource"),
        documents=entry.sized_array("documents", ("<u8",), rows + 1),
        checksums=entry.sized_array("checksums", ROWS, rows) if entry.has("checksums") else None,
        dictionary=entry.array("dictionary") if entry.has("dictionary") else None,
        identities={name: entry.array(name) for name in IDENTITIES},
        exported=_read_exported(entry, rows) if entry.has("exported") else None,
        tiebreak_order=entry.sized_array("ties_order", ROWS, rows) if entry.has("ties_order") else None,
        tiebreak_rank=entry.sized_array("ties_rank", ROWS, rows) if entry.has("ties_rank") else None,
        extras=_read_extras(entry) if entry.has("extras") else {},
    )


def _read_exported(entry: DirectoryEntry, rows: int) -> ExportedMetadata:
    exported = ExportedMetadata(*entry.array_and_texts("exported"))
    count = exported.rows.length
    if not 0 < count <= rows or exported.rows.dtype not in ROWS or exported.texts.offsets.length != count + 1:
        raise entry.refused("exported", "does not hold a text for each of its rows")
    return exported


def _read_extras(entry: DirectoryEntry) -> dict[str, list[str]]:
    extras = entry.texts_by_name("extras")
    for name, path in extras.items():
        if ".".join(path) != name or not path:
            raise entry.refused("extras", f"says that {name!r} stands at {path!r}")
    return extras


def read_list(entry: DirectoryEntry, rows_above: int) -> ListMetadata:
    """The metadata of the table of a list, given how many rows there are above.

    Raises:
        StoreError: A member is missing, or is not what it should be.
    """
    rows = entry.count("rows", most=ROWS_MAX)
    parents = entry.sized_array("parents", ROWS, rows)
    return ListMetadata(rows, parents, entry.sized_array("bounds", UNSIGNED, rows_above + 1))
