"""Which property says how a record has fared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsearch.result import Result
    from smsearch.schema.property import Property


def status_property(result: Result) -> Property | None:
    """The status of a record, or None for a kind that has none."""
    names = (f"{result.resource}Status", "Status.PrimaryStatus", "Status", "ModelPackageStatus", "EndpointStatus")
    return next((result.property(name) for name in names if result.schema.knows(name)), None)
