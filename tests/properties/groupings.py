"""Hypothesis strategies of groupings: keys and aggregates that fit the records of `strategies.py`.

keys, aggregates = data.draw(groupings("TrainingJob"))
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from smsearch.columnar.property_columns import in_one_column
from smsearch.engine.grouping import Aggregate, Function, GroupKey, takes
from smsearch.facets.periods import UNITS
from smsearch.groups.buckets import Bins, Periods
from tests.properties.strategies import PROFILES, schema_of

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from smsearch.engine.grouping import Buckets
    from smsearch.schema.property import Property

PERIODS: Final = tuple(unit for unit in UNITS if unit.name in {"day", "week", "month", "year"})
WIDTHS: Final = tuple(map(Decimal, ("10", "0.1", "3", "1e30", "0.000001")))


@st.composite
def groupings(draw: st.DrawFn, resource: str) -> tuple[list[GroupKey], list[Aggregate]]:
    """What records of a resource can be grouped by, and what each group can be asked."""
    schema = schema_of(resource)
    every_property = [schema.property(name) for name in PROFILES[resource].names]
    properties = [prop for prop in every_property if in_one_column(prop)]
    valued = st.sampled_from([prop for prop in properties if prop.kind.has_values])
    keys = draw(st.lists(valued.flatmap(_keys), max_size=3))
    every = st.sampled_from(properties).flatmap(_aggregates)
    return keys, draw(st.lists(st.just(Aggregate(Function.COUNT)) | every, max_size=4))


def _keys(prop: Property) -> SearchStrategy[GroupKey]:
    buckets: SearchStrategy[Buckets | None] = st.none()
    if prop.kind.is_time:
        buckets |= st.sampled_from(PERIODS).map(Periods)
    elif takes(Function.SUM, prop.kind):
        buckets |= st.sampled_from(WIDTHS).map(Bins)
    return buckets.map(lambda chosen: GroupKey(prop, chosen))


def _aggregates(prop: Property) -> SearchStrategy[Aggregate]:
    fitting = [function for function in Function if takes(function, prop.kind)]
    return st.sampled_from(fitting).map(lambda function: Aggregate(function, prop))
