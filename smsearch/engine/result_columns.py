"""The matches of a query as columns, for an engine that holds records as columns.

Only the contract: it knows neither how columns are stored nor what a frame makes of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.schema.property import Property
    from smsearch.schema.record import Record


class ResultColumn(Protocol):
    """The values of one property in the matches."""

    @property
    def spellings(self) -> Sequence[object] | None:
        """The distinct values as JSON has them, of a property that may hold text or numbers; else None."""

    def array(self, start: int, stop: int, spelled: Any = None) -> Any:  # noqa: ANN401 - Arrow ships no types
        """The values of the matches from `start` to before `stop`, as an Arrow array.

        Args:
            start: The first match.
            stop: The match after the last.
            spelled: Where there are `spellings`, an Arrow array of what each of `spellings` became.
        """


class ResultColumns(Protocol):
    """The matches, in order; `len` is their number."""

    def __len__(self) -> int: ...

    def records(self, start: int, stop: int) -> Sequence[Record]:
        """The matches from `start` to before `stop` as records."""

    def has(self, prop: Property) -> bool:
        """Whether a match has the property."""

    def column(self, prop: Property) -> ResultColumn | None:
        """The values of a property, or None where only the records tell them exactly."""
