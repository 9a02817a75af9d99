"""Which function makes which screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.page.addresses import (
    ChartsAddress,
    CompareAddress,
    FailuresAddress,
    GroupsAddress,
    HomeAddress,
    RecordAddress,
    SchemaAddress,
    SearchAddress,
    TuningAddress,
    WhyAddress,
)
from smsearch.page.charts import charts_screen
from smsearch.page.compare import compare_screen
from smsearch.page.failures import failures_screen
from smsearch.page.grouped import grouped_screen
from smsearch.page.home import home_screen
from smsearch.page.record import record_screen
from smsearch.page.schema_screen import schema_screen
from smsearch.page.search import search_screen
from smsearch.page.tuning import tuning_screen
from smsearch.page.why_screen import why_screen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smsearch.page.addresses import ScreenAddress
    from smsearch.page.screen import Screen
    from smsearch.searcher import Searcher


_MAKERS: Final[Mapping[type, Callable[[Searcher, Any], Screen]]] = {
    HomeAddress: home_screen,
    SearchAddress: search_screen,
    RecordAddress: record_screen,
    CompareAddress: compare_screen,
    SchemaAddress: schema_screen,
    WhyAddress: why_screen,
    ChartsAddress: charts_screen,
    GroupsAddress: grouped_screen,
    FailuresAddress: failures_screen,
    TuningAddress: tuning_screen,
}


def screen_of(searcher: Searcher, address: ScreenAddress) -> Screen:
    """The screen at an address.

    Raises:
        SmsearchError: There is nothing at the address, or the records cannot be read.
    """
    return _MAKERS[type(address)](searcher, address)  # pyright: ignore[reportArgumentType]
