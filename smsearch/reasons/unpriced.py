"""The records that have no Cost because a price is missing (row V6), by the instance type that has none.

It knows no query: what is not priced is so whatever is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.predicate.predicate import Match, Present, all_of, negation
from smsearch.schema.derived import COST, INSTANCE_SECONDS
from smsearch.schema.property import Computed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.engine.engine import Engine
    from smsearch.schema.names import Schema


def unpriced(names: Iterable[str], schema: Schema, engine: Engine) -> dict[str, int]:
    """How many records ran on each instance type without a price; empty unless a query names Cost.

    Args:
        names: The properties that the query names.
        schema: The resource's.
        engine: The records.
    """
    derived = {prop.name: prop for prop in schema.derived.values()}
    if COST not in derived or COST not in names:
        return {}
    without = all_of([Match(derived[INSTANCE_SECONDS], Present()), negation(Match(derived[COST], Present()))])
    (step,) = derived[COST].steps
    inputs = dict(step.inputs) if isinstance(step, Computed) else {}
    types = [inputs[name] for name in ("type", "group_type") if name in inputs]
    tallies = engine.value_counts(schema.resource.name, without, types)
    return {str(value): count for tally in tallies for value, count in tally.items()}
