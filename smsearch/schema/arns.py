"""What an ARN says: `arn:partition:service:region:account:resource`."""

from __future__ import annotations

_PARTS = 6


def account_of(arn: str) -> str:
    """The account that an ARN names, or `""`."""
    parts = arn.split(":", _PARTS - 1)
    return parts[4] if len(parts) == _PARTS and parts[0] == "arn" else ""


def region_of(arn: str) -> str:
    """The region that an ARN names, or `""`."""
    parts = arn.split(":", _PARTS - 1)
    return parts[3] if len(parts) == _PARTS and parts[0] == "arn" else ""
