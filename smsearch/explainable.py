"""What a query that is bound can say of its answer: why a record is in it, and why nothing is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsearch.reasons.bound_query import BoundQuery
    from smsearch.reasons.cross_element import CrossElementConditions
    from smsearch.reasons.diagnosis import Diagnosis
    from smsearch.reasons.why import WhyEach


class Explainable(ABC):
    """An answer whose query is known."""

    @property
    @abstractmethod
    def _bound_query(self) -> BoundQuery:
        """The query, and the engine that answers it."""

    def why(self, name: str) -> WhyEach:
        """Why a record is in the result, or is not: the query as a truth tree over what the record has.

        Args:
            name: Its name or ARN.

        Returns:
            A tuple, one `Why` for each record of that name, since accounts and regions may share it; `print` and a
            notebook show the trees.

        Raises:
            NotFoundError: No record of the resource has this name or ARN; the hint is the nearest name.
        """
        from smsearch.reasons import why

        return why.why_of(self._bound_query, name)

    def diagnose(self) -> Diagnosis:
        """What each condition matches by itself, what the query matches without it, and what it may have meant.

        For a query that finds nothing, mostly. At most 20 conditions are looked into, for about a second.
        """
        from smsearch.reasons import diagnosis

        return diagnosis.diagnose(self._bound_query)

    def cross_element_conditions(self) -> tuple[CrossElementConditions, ...]:
        """Conditions that different elements of one list may meet, each with the brackets that bind them (row E6)."""
        from smsearch.reasons import cross_element

        return tuple(cross_element.cross_element_conditions(self._bound_query.bound, self._bound_query.schema))
