"""What a text says of groups: keys, columns, HAVING and the order; names are as they were written.

It knows neither which functions there are nor which properties: `smsearch/groups/` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.frozen import frozen

if TYPE_CHECKING:
    from smsearch.syntax.ast import BooleanOperator, SortOrder
    from smsearch.syntax.operators import Operator


@frozen
class Term:
    """A name, or a function of one.

    Attributes:
        name: A property, an alias, the label of another term, or `*`.
        function: The function in small letters, or `""`.
        argument: What stands after the name, or `""`.
        is_distinct: Whether DISTINCT stands before the name.
        label: The name that AS gives it, or `""`.
    """

    name: str
    function: str = ""
    argument: str = ""
    is_distinct: bool = False
    label: str = ""

    @property
    def text(self) -> str:
        """The term as people write it, without its label."""
        if not self.function:
            return self.name
        distinct, argument = "DISTINCT " if self.is_distinct else "", f", {self.argument}" if self.argument else ""
        return f"{self.function}({distinct}{self.name}{argument})"


@frozen
class GroupTest:
    """A test of a term: EXISTS, NOT EXISTS, or a comparison with a value."""

    term: Term
    operator: Operator
    value: str | None = None


@frozen
class GroupNot:
    """Groups that do not pass a test."""

    test: GroupCondition


@frozen
class GroupJunction:
    """Groups that pass all of some tests, or any."""

    operator: BooleanOperator
    tests: tuple[GroupCondition, ...]


GroupCondition = GroupTest | GroupNot | GroupJunction


@frozen
class GroupOrder:
    """A term to sort by, or the number of a column, and a direction."""

    term: Term
    order: SortOrder


@frozen
class Grouping:
    """What is asked of groups.

    Attributes:
        keys: What records are grouped by.
        columns: What is shown of each group; `()` for the keys and how many records there are.
        having: Which groups are shown; None for all.
        order: What they are sorted by, the first term first; `()` for the keys.
    """

    keys: tuple[Term, ...] = ()
    columns: tuple[Term, ...] = ()
    having: GroupCondition | None = None
    order: tuple[GroupOrder, ...] = ()
