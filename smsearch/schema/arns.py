"""What an ARN says: `arn:partition:service:region:account:resource`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS = 6


def account_of(arn: str) -> str:
    """The account that an ARN names, or `""`."""
    parts = arn.split(":", _PARTS - 1)
    return parts[4] if len(parts) == _PARTS and parts[0] == "arn" else ""


def region_of(arn: str) -> str:
    """The region that an ARN names, or `""`."""
    parts = arn.split(":", _PARTS - 1)
    return parts[3] if len(parts) == _PARTS and parts[0] == "arn" else ""


def main_account(counts: Mapping[str, int]) -> str:
    """The account that most records name, or `""`; of several, the first in order.

    Args:
        counts: How many records name each account; those that name none count under `""`.
    """
    ranked = [(-count, account) for account, count in counts.items() if account and count > 0]
    return min(ranked)[1] if ranked else ""
