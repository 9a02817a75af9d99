"""Text to query: `TrainingJobStatus = 'Failed' AND Metrics.loss < :best ORDER BY Metrics.loss LIMIT 20`.

The text is looked over, read by the grammar into a sentence, and lowered into the API's expression. It says
nothing that the API cannot, and what it refuses it refuses with the reason, the line and a caret. Names stay as
they were written: what they mean for a resource is the resource's business (`Query.resolve_aliases`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from smsearch.messages import shortened
from smsearch.syntax.names import resource_named
from smsearch.syntax.query import Query
from smsearch.syntax.text import scan
from smsearch.syntax.text.errors import Refusal, TooMuch
from smsearch.syntax.text.grammar import sentence
from smsearch.syntax.text.literals import Literals
from smsearch.syntax.text.lower import Lowering

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.syntax.text.tree import Limit, Name, Sentence, SortKey

_NONE: Final[Mapping[str, object]] = MappingProxyType({})
_EVERY_COLUMN: Final = "*"


def parse(
    text: str,
    parameters: Mapping[str, object] = _NONE,
    *,
    resource: str | None = None,
    extended: bool = False,
    now: datetime | None = None,
) -> Query:
    """The query that a text says.

    Args:
        text: The query; `""` is every record.
        parameters: Values for the text's `:names`: text, numbers, truth values, times, and after IN lists.
        resource: What is asked where the text has no FROM; FROM wins.
        extended: Whether to allow what the engine can do and the API cannot say: any number of Contains, and
            NOT of an order comparison, read as the opposite comparison or absence. `notes` says where that
            was done.
        now: What `ago` counts from; without a zone it is UTC, left out the present.

    Raises:
        TextSyntaxError: No sentence of the language, or one that the API cannot say; a `:name` without value.
        LimitExceededError: The text is too long, too deeply nested, or holds too many conditions.
        ShapeError: A parameter that the text does not mention, or of a type that no value has.
        InvalidValueError: A parameter that no value can hold, such as NaN.
    """
    try:
        scan.check(text)
        literals = Literals(parameters, now or datetime.now(UTC))
        query = _query(sentence(text), literals, resource, extended=extended)
    except TooMuch as too_much:
        raise too_much.limit_error(text) from None
    except Refusal as refusal:
        raise refusal.error(text) from None
    literals.refuse_unused()
    return query


def _query(said: Sentence, literals: Literals, resource: str | None, *, extended: bool) -> Query:
    lowering = Lowering(literals, extended)
    expression = None if said.condition is None else lowering.expression(said.condition)
    key = _sort_key(said.sort_keys)
    return Query(
        expression=expression,
        resource=resource if said.resource is None else resource_named(said.resource.text),
        columns=_columns(said.columns),
        sort_by=None if key is None else key.name.text,
        sort_order=None if key is None else key.order,
        limit=None if said.limit is None else _limit(said.limit, literals),
        extended=extended,
        notes=tuple(lowering.notes),
    )


def _columns(names: tuple[Name, ...]) -> tuple[str, ...]:
    columns = tuple(name.text for name in names)
    return () if _EVERY_COLUMN in columns else columns


def _sort_key(keys: tuple[SortKey, ...]) -> SortKey | None:
    if len(keys) > 1:
        raise Refusal(keys[1].name.at, "The API sorts by one property only.", "Leave out the second sort key.")
    return keys[0] if keys else None


def _limit(limit: Limit, literals: Literals) -> int:
    number = literals.number(limit.value)
    if number is None:
        shown = shortened(literals.text(limit.value))
        raise Refusal(limit.value.at, f"'{shown}' is no number of records.", "LIMIT takes a whole number.")
    return number
