"""Version resolution over everything that arrived at once, as rows D1 and D2 tell it: the judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.schema import versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.schema.record import Record
    from smsearch.schema.versions import Key


def groups(arrived: Sequence[Record]) -> list[tuple[set[Key], Record]]:
    """The groups of some snapshots of one resource: the keys of each, and the record that it is."""
    classes: dict[Key, list[Record]] = {}
    for record in arrived:
        classes.setdefault(versions.key(record), []).append(record)
    owners = versions.owners({key: versions.aliases(versions.merged(of)) for key, of in classes.items()})
    members: dict[Key, set[Key]] = {}
    for key in classes:
        members.setdefault(owners.get(key, key), set()).add(key)
    needed = {of[place] for of in classes.values() for place in versions.needed(of)}
    return [
        (keys, versions.merged([record for record in arrived if record in needed and versions.key(record) in keys]))
        for keys in members.values()
    ]


def content(record: Record) -> tuple[object, ...]:
    """What is compared of a record: a merged one is another object each time. NaN equals itself here."""
    exported = repr(sorted(record.exported.items()))
    return (record.arn, record.name, repr(sorted(record.document.items())), exported, record.is_partial)
