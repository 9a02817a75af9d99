"""Groups asked for by a program: `result.group_by("Tags.team").agg(seconds="sum(BillableTimeInSeconds)")`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from smsearch.errors import InvalidValueError
from smsearch.syntax.text.lexer import write_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smsearch.groups.table import GroupTable
    from smsearch.syntax.grouping import Grouping

    Ask = Callable[[Grouping, int | None], GroupTable]
    """Gives the table of a grouping with at most so many groups."""


_WRITTEN: Final = r"[\"`(]|\s(?ai:as)\s"
"""What a name without quotes does not hold: quotes, a bracket, AS."""


class Groups:
    """Records in groups, of which nothing has been asked yet.

    Args:
        ask: Gives the answer.
        keys: What the records are grouped by.
    """

    def __init__(self, ask: Ask, keys: Sequence[str]) -> None:
        self._ask = ask
        self._keys = keys

    def agg(
        self, *columns: str, having: str = "", order_by: str = "", limit: int | None = None, **named: str
    ) -> GroupTable:
        """The table of the groups: their keys, then what is asked of each.

        Args:
            columns: `count(*)`, `sum(name)`, `count(DISTINCT name)`, `best(name, min) AS least`.
            having: Which groups are shown: `count(*) > 5`.
            order_by: What they are sorted by: `seconds DESC, 1`; left out, by their keys.
            limit: At most how many groups.
            named: The same as `columns`, with the name of each.

        Raises:
            TextSyntaxError: A text that is none of these.
            InvalidValueError: A function that there is not, or that a property does not take.
            UnknownPropertyError: A name that the resource does not have.
            LimitExceededError: There are more groups than an answer may have.
        """
        labelled = [f"{column} AS {write_name(label)}" for label, column in named.items()]
        every = [*self._keys, *(columns or () if labelled else columns or ["count(*)"]), *labelled]
        return self._ask(said(self._keys, every, having, order_by), limit)


def said(keys: Sequence[str], columns: Sequence[str], having: str = "", order_by: str = "") -> Grouping:
    """What clauses say of groups; a name needs no quotes, whatever it holds.

    Args:
        keys: What the records are grouped by, as `columns` begin with.
        columns: What is shown of each group.
        having: Which groups are shown.
        order_by: What they are sorted by.

    Raises:
        TextSyntaxError: One of them is no text of the language.
        InvalidValueError: They ask nothing of groups.
    """
    from smsearch.syntax.text.parser import parse  # loaded only for those who write text

    text = f"SELECT {', '.join(map(written, columns))}"
    text += f" GROUP BY {', '.join(str(place + 1) for place in range(len(keys)))}" if keys else ""
    text += f" HAVING {having}" if having else ""
    text += f" ORDER BY {order_by}" if order_by else ""
    grouping = parse(text).grouping
    if grouping is None:
        raise InvalidValueError("A name alone says nothing of groups.", hint=f"Write count({columns[0]}).")
    return grouping


def written(name: str) -> str:
    """A name as a text has it; what is already written as one, or as a function, is left as it is."""
    return name if re.search(_WRITTEN, name) else write_name(name)
