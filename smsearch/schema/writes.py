"""The operations that change something, as `grammar/catalogue/writes.py` reads them from the service model.

Reads `writes.json` when it is first asked. It knows what an input may be and which members a change sets; not how a
record is changed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from smsearch.frozen import frozen
from smsearch.schema import operations
from smsearch.schema.lined_json import LinedSection, read

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen
class Write:
    """An operation that makes, stops, removes or tags a record.

    Attributes:
        name: Its name on the wire, without the service's.
        does: `create`, `stop`, `delete`, `tag` or `untag`.
        kind: The kind of record, or `""` for any (tags).
        describe: The operation that describes the record that the input names, or `""` for one that makes it.
        inputs: Its input's members by name.
        takes: The members of the input that a new record has.
        output: The members of its output.
        sets: The members that say how far the record is afterwards, and what they say.
        times: The members that become the time of the change.
        errors: The errors that the service model declares.
    """

    name: str
    does: str
    kind: str
    describe: str
    inputs: Mapping[str, operations.InputMember]
    takes: tuple[str, ...]
    output: tuple[str, ...]
    sets: Mapping[str, str]
    times: tuple[str, ...]
    errors: tuple[str, ...]


@cache
def _data() -> Mapping[str, Mapping[str, Any]]:
    text = read(__file__, "writes.json")
    return {section: LinedSection(text, section) for section in ("writes", "readings")}


def is_write(name: str) -> bool:
    """Whether the service has an operation of a name that changes something."""
    return name in _data()["writes"]


def is_operation(name: str) -> bool:
    """Whether the service has an operation of a name, exactly spelled."""
    return any(
        name in names
        for names in ({"Search", "GetSearchSuggestions"}, operations.names(), _data()["writes"], _data()["readings"])
    )


@cache
def write(name: str) -> Write | None:
    """How an operation changes a record; None if the service model does not say enough of it."""
    entry = _data()["writes"].get(name)
    if not entry:
        return None
    return Write(
        name=name,
        does=entry["does"],
        kind=entry.get("kind", ""),
        describe=entry.get("describe", ""),
        inputs=operations.inputs_of(entry["input"]),
        takes=tuple(entry.get("takes", ())),
        output=tuple(entry["output"]),
        sets=entry.get("sets", {}),
        times=tuple(entry.get("times", ())),
        errors=tuple(entry.get("errors", ())),
    )
