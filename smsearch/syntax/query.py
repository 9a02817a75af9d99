"""A whole query: conditions, the columns to show, the order, and how many records.

Both notations, text and JSON, become a `Query`. Its names are as the caller wrote them. `resolve_aliases` replaces
aliases, with a function that knows the properties of the resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.frozen import field, frozen, replace
from smsearch.syntax.condition import renamed, renamed_nested
from smsearch.syntax.names import expand_alias

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from smsearch.errors import RequestError
    from smsearch.syntax.ast import SearchExpression, SortOrder
    from smsearch.syntax.condition import Rename, WiderCondition
    from smsearch.syntax.grouping import Grouping


@frozen
class Query:
    """A query over one resource.

    Attributes:
        expression: The conditions where the API can say them, or None; with `wider`, None for every record (row R3).
        resource: The resource that the query itself names, or None.
        columns: Names to show, `*` standing for any run of characters; `()` for all.
        sort_by: The property to order by, or None for the default (row R6).
        sort_order: The direction, or None for the default.
        limit: How many records, or groups, at most, or None for all.
        wider: The conditions where the API cannot say them; then `expression` is None.
        headings: For each of the columns the name that AS gives it, or `""`; `()` if none has one.
        is_distinct: Whether of records that are equal in all columns the first one counts (row T5).
        grouping: What is asked of groups of the records, and not of each; None where records are asked for.
        then_by: What records that are equal in `sort_by` are ordered by, one after another.
        now: What the times of a text count from; None for JSON, whose values are spelled as the API has them.
        words: Values of a text that stood without quotes, which may be properties; no part of equality.
        refusals: Why the API cannot say the query, one error a place of the text; no part of equality.
        notes: Sentences about how a part of the text was read; for `explain`.
        aliases: Names that were expanded, each with the property; for `explain`, and no part of equality.
        bare_names: Bare names, each with the property that it stands for in the records; no part of equality.
    """

    expression: SearchExpression | None = None
    resource: str | None = None
    columns: tuple[str, ...] = ()
    sort_by: str | None = None
    sort_order: SortOrder | None = None
    limit: int | None = None
    wider: WiderCondition | None = None
    headings: tuple[str, ...] = ()
    is_distinct: bool = False
    grouping: Grouping | None = None
    then_by: tuple[tuple[str, SortOrder], ...] = ()
    now: datetime | None = field(default=None, compare=False)
    words: frozenset[str] = field(default=frozenset(), compare=False)
    refusals: tuple[RequestError, ...] = field(default=(), compare=False)
    notes: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    bare_names: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def condition(self) -> SearchExpression | WiderCondition | None:
        """The conditions, whichever tree holds them; None for every record."""
        return self.expression if self.wider is None else self.wider

    def resolve_aliases(self, is_property: Callable[[str], bool], resource: str | None = None) -> Query:
        """The same query with the property of the resource in the place of every alias.

        Args:
            is_property: Whether the resource has a property of this name; such a name is never an alias.
            resource: The resource that is searched; left out, the query's own.
        """
        searched = resource or self.resource
        if searched is None:
            return self

        aliases: dict[str, str] = {}

        def expand(name: str, container: str = "") -> str:
            return name if container else _noted(name, expand_alias(name, searched, is_property), aliases)

        columns = tuple(expand(column) for column in self.columns)
        return replace(self._renamed(expand), columns=columns, aliases=(*self.aliases, *aliases.items()))

    def resolve_bare_names(self, full_name: Callable[[str, str], str]) -> Query:
        """The same query with a property in the place of every bare name, save of columns, which may be several.

        Args:
            full_name: The property that a name stands for, and a property's own name for itself; its second argument is
                the list inside whose brackets the name stands, or `""`.

        Raises:
            RequestError: What the function raises.
        """
        bare_names: dict[str, str] = {}

        def expand(name: str, container: str) -> str:
            return _noted(name, full_name(name, container), bare_names)

        return replace(self._renamed(expand), bare_names=(*self.bare_names, *bare_names.items()))

    def _renamed(self, rename: Rename) -> Query:
        return replace(
            self,
            expression=self.expression and _renamed(self.expression, rename),
            wider=self.wider and renamed(self.wider, rename),
            sort_by=self.sort_by and rename(self.sort_by, ""),
            then_by=tuple((rename(name, ""), order) for name, order in self.then_by),
        )


def _noted(name: str, full_name: str, notes: dict[str, str]) -> str:
    """The full name, which is noted if it is another one."""
    if full_name != name:
        notes[name] = full_name
    return full_name


def _renamed(expression: SearchExpression, rename: Rename) -> SearchExpression:
    return replace(
        expression,
        filters=tuple(replace(condition, name=rename(condition.name, "")) for condition in expression.filters),
        nested_filters=tuple(renamed_nested(nested, rename) for nested in expression.nested_filters),
        sub_expressions=tuple(_renamed(child, rename) for child in expression.sub_expressions),
    )
