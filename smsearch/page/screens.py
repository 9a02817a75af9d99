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
from smsearch.page.compare import compare_screen
from smsearch.page.home import home_screen
from smsearch.page.record import record_screen
from smsearch.page.schema_screen import schema_screen
from smsearch.page.search import search_screen
from smsearch.page.why_screen import why_screen

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
        case HomeAddress():
            return home_screen(searcher, address)
        case RecordAddress():
            return record_screen(searcher, address)
        case CompareAddress():
            return compare_screen(searcher, address)
        case SchemaAddress():
            return schema_screen(searcher, address)
        case WhyAddress():
            return why_screen(searcher, address)
    assert_never(address)
