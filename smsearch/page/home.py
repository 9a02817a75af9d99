"""Home: what is in the dump."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsearch.page.addresses import HomeAddress, SearchAddress
from smsearch.page.screen import Screen

if TYPE_CHECKING:
    from smsearch.searcher import Searcher


@dataclass(frozen=True, slots=True)
class KindCard:
    """A kind of records: how many there are, and where they are searched."""

    kind: str
    records: int
    url: str


def home_screen(searcher: Searcher, address: HomeAddress) -> Screen:
    """The cards of the kinds."""
    kinds = searcher.resources()
    cards = [KindCard(kind, count, SearchAddress(kind).url()) for kind, count in kinds.items()]
    return Screen("home.html", "Home", address, {"kinds": kinds, "cards": cards})
