"""Where periods of the calendar begin, in UTC: the finest unit that spans some times in few periods."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Final

from smsearch.frozen import frozen
from smsearch.schema import values

PERIODS_MAX: Final = 40
"""Periods that a facet has at most, a century apart excepted: enough for a month of days or three years of months."""
_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND
_MONDAY: Final = 4 * _DAY
"""1970 began on a Thursday."""
_MONTHS: Final = 12


@frozen
class Unit:
    """A unit of the calendar.

    Attributes:
        name: As people say it.
        micros: How long it is; 0 for a number of months.
        months: How many months it is; 0 for a length of time.
        begin: Microseconds since 1970 from which equal lengths are counted.
        length: How much of `2024-05-06 13:00:00` names a period of it.
        filling: What follows that.
    """

    name: str
    micros: int
    months: int = 0
    begin: int = 0
    length: int = len("2024-05-06")
    filling: str = ""

    def number_of(self, time: int) -> int:
        """The number of the period in which a time is."""
        if not self.months:
            return (time - self.begin) // self.micros
        moment = values.datetime_of(time)
        return (moment.year * _MONTHS + moment.month - 1) // self.months

    def beginning(self, number: int) -> int:
        """When a period begins, cut to the times that can be said; one beyond them is after them all."""
        if not self.months:
            return number * self.micros + self.begin
        year, month = divmod(number * self.months, _MONTHS)
        if year > MAXYEAR:
            return LAST + 1
        return _micros(datetime(max(year, MINYEAR), month + 1, 1, tzinfo=UTC))

    def name_of(self, beginning: int) -> str:
        """What people call the period that begins then: `2024-05`, `2024-05-06 13:00`."""
        spelling = values.datetime_of(min(max(beginning, _FIRST), LAST)).isoformat(" ")
        return spelling[: self.length] + self.filling


def _micros(moment: datetime) -> int:
    micros = values.timestamp_of(moment)
    if not isinstance(micros, int):  # pragma: no cover - every datetime in UTC is in range
        raise TypeError
    return micros


LAST: Final = _micros(datetime.max.replace(tzinfo=UTC))
"""The last time that can be said."""
_FIRST: Final = _micros(datetime.min.replace(tzinfo=UTC))
UNITS: Final = (
    Unit("second", _SECOND, length=len("2024-05-06 13:00:00")),
    Unit("minute", 60 * _SECOND, length=len("2024-05-06 13:00")),
    Unit("hour", 3_600 * _SECOND, length=len("2024-05-06 13"), filling=":00"),
    Unit("day", _DAY),
    Unit("week", 7 * _DAY, begin=_MONDAY),
    Unit("month", 0, 1, length=len("2024-05")),
    Unit("year", 0, _MONTHS, length=len("2024")),
    Unit("decade", 0, 10 * _MONTHS, length=len("2024")),
    Unit("century", 0, 100 * _MONTHS, length=len("2024")),
)


def edges(least: int, greatest: int) -> tuple[Unit, list[int]]:
    """A unit, and the beginnings of its periods: the first no later than `least`, the last after `greatest`.

    Args:
        least: Microseconds since 1970.
        greatest: Microseconds since 1970, no less.
    """
    unit = next((unit for unit in UNITS if _count(unit, least, greatest) <= PERIODS_MAX), UNITS[-1])
    first = unit.number_of(least)
    return unit, [unit.beginning(first + at) for at in range(_count(unit, least, greatest) + 1)]


def _count(unit: Unit, least: int, greatest: int) -> int:
    return unit.number_of(greatest) - unit.number_of(least) + 1
