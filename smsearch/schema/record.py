"""One exported resource: what a record is to everything above.

It knows where it was read, and not how it is searched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.frozen import field, frozen
from smsearch.schema.origin import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.schema.origin import Origin


@frozen(eq=False)
class Record:
    """A record, compared by identity.

    Attributes:
        resource: The resource's name in a request (`ExperimentTrial`), or another kind's (`CompilationJob`).
        arn: Its ARN, or `""`.
        name: Its own name, or `""`; it has an ARN or a name.
        document: Its members in the service model's spelling, as parsed JSON: numbers are `int`, `float`, or
            `Decimal` where a float would lose digits; times keep the spelling they came in. Never changed
            once made.
        modified: LastModifiedTime in microseconds since 1970, or None; it decides what several snapshots of one
            resource tell together (`versions.py`).
        is_partial: Whether it came from a List operation or another source that leaves members out.
        extras: Paths of the plain fields that the service model does not know.
        exported: The members that an export had in other types than the service model has (row R13), under their names
            in the document: of each the whole value as exported, as parsed JSON. Such a member may be missing in the
            document, or have other values in it. Most records have none.
        origin: Where it was read.
    """

    resource: str
    arn: str
    name: str
    document: dict[str, Any]
    modified: int | None = None
    is_partial: bool = False
    extras: tuple[tuple[str, ...], ...] = field(default=())
    exported: Mapping[str, object] = field(default_factory=dict)
    origin: Origin = NOWHERE

    @property
    def called(self) -> str:
        """Its name; the ARN if it has no name."""
        return self.name or self.arn
