"""Names of the user's own that no record has: no error (row F7), but often a slip. It knows no query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.messages import nearest
from smsearch.predicate.predicate import Match, Present

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smsearch.engine.engine import Engine
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property


def unseen(props: Iterable[Property], schema: Schema, engine: Engine) -> dict[str, str]:
    """The properties in the user's families (metrics, tags ...) that no record has, each with the nearest name or `""`.

    Args:
        props: Properties that a query names.
        schema: The resource's.
        engine: The records.
    """
    resource, families = schema.resource.name, schema.families()
    own = [prop for prop in props if prop.name.startswith(families)]
    absent = [prop for prop in own if not engine.count(resource, Match(prop, Present()))]
    dynamic = sorted(engine.dynamic_names(resource)) if absent else []
    return {prop.name: nearest(prop.name, dynamic) for prop in absent}


def sentences(resource: str, names: Mapping[str, str]) -> list[str]:
    """Says that no record has the properties, and which name was probably meant; `names` as `unseen` returns them."""
    hints = ((name, f"; did you mean {near}?" if near else "") for name, near in names.items())
    return [f"no {resource} record has {name}{hint}" for name, hint in hints]
