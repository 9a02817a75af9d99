"""Which function makes which screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from smsearch.page.addresses import (
    CompareAddress,
    HomeAddress,
    RecordAddress,
    SchemaAddress,
    SearchAddress,
    WhyAddress,
)
from smsearch.page.home import home_screen
from smsearch.page.search import search_screen

if TYPE_CHECKING:
    from smsearch.page.addresses import ScreenAddress
    from smsearch.page.screen import Screen
    from smsearch.searcher import Searcher


def screen_of(searcher: Searcher, address: ScreenAddress) -> Screen:
    """The screen at an address.

    Raises:
        SmsearchError: There is nothing at the address, or the records cannot be read.
    """
    match address:
        case SearchAddress():
            return search_screen(searcher, address)
        case HomeAddress() | RecordAddress() | CompareAddress() | SchemaAddress() | WhyAddress():
            return home_screen(searcher, HomeAddress())
    assert_never(address)
