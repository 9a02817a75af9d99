"""Every campaign, in the order in which they are run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchmarks.campaigns import (
    damage,
    flipped_bytes,
    forged_stores,
    full_disks,
    fuzzed_requests,
    kills,
    load,
    malformed_http,
    mutated_exports,
    new_names,
    readers,
    signals,
    signed_requests,
)

if TYPE_CHECKING:
    from benchmarks.campaigns.campaign import Campaign

CAMPAIGNS: Final[tuple[Campaign, ...]] = (
    mutated_exports.CAMPAIGN,
    damage.CAMPAIGN,
    flipped_bytes.STORE,
    flipped_bytes.ARCHIVE,
    forged_stores.SEGMENTS,
    forged_stores.MANIFESTS,
    kills.INDEX,
    kills.ADD,
    kills.ARCHIVE,
    kills.EXPORT,
    full_disks.CAMPAIGN,
    readers.CAMPAIGN,
    new_names.CAMPAIGN,
    fuzzed_requests.CAMPAIGN,
    signed_requests.CAMPAIGN,
    malformed_http.CAMPAIGN,
    load.CAMPAIGN,
    signals.CAMPAIGN,
)
