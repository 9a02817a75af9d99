"""The matches of a question as columns, where the records are kept as columns: what a store gives and a frame takes.

Only the contract: it knows neither how columns are stored nor what a frame makes of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.schema.property import Property
    from smsearch.schema.record import Record


class Values(Protocol):
    """The values of one property in the matches."""

    @property
    def spellings(self) -> Sequence[object] | None:
        """Of a property that may hold text or numbers: the distinct ones, as JSON has them; else None."""

    def array(self, start: int, stop: int, spelled: Any = None) -> Any:  # noqa: ANN401 - Arrow ships no types
        """The values of the matches from `start` to before `stop`, as an Arrow array.

        Args:
            start: The first match.
            stop: The one after the last.
            spelled: Where there are `spellings`, an Arrow array of what each of `spellings` became.
        """


class Chosen(Protocol):
    """The matches, in order."""

    def __len__(self) -> int: ...

    def records(self, start: int, stop: int) -> Sequence[Record]:
        """The matches from `start` to before `stop` as records."""

    def has(self, prop: Property) -> bool:
        """Whether a match has the property."""

    def values(self, prop: Property) -> Values | None:
        """The values of a property, or None where only the records say them exactly."""
