"""What helps while a query is typed: the names and values that may follow, with counts, and what is wrong so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import RequestError, TextSyntaxError
from smsearch.facets.wording import text_of
from smsearch.page.table import family_of_name
from smsearch.predicate.predicate import ALWAYS
from smsearch.schema import catalogue
from smsearch.syntax.text import unfinished
from smsearch.syntax.text.lexer import write_name, write_value
from smsearch.syntax.text.unfinished import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.result import Result
    from smsearch.schema.property import Property
    from smsearch.searcher import Searcher

CHOICES_MAX: Final = 12
SEARCHED_MAX: Final = 20_000
"""Values of a property that are looked through for those that hold what is typed."""
TEXT_LENGTH_MAX: Final = 10_000
_OWN: Final = ("Metrics", "HyperParameters", "Tags", "Parameters")


def completion(searcher: Searcher, resource: str, text: str) -> dict[str, Any]:
    """What may stand at the end of a text.

    Returns:
        `start`, where what is typed of it begins, and `choices`, each with its `text`, and `records` if it was counted.

    Raises:
        RequestError: There is no such kind.
    """
    text = text[:TEXT_LENGTH_MAX]
    end = unfinished.end_of(text)
    part = text[end.start :]
    result = searcher.quiet_result("", resource=resource or None)
    match end.wanted:
        case Wanted.NAME:
            choices = list(_names(searcher, result, end.name, part))
        case Wanted.VALUE:
            choices = list(_values(result, end.name, part))
        case Wanted.RESOURCE:
            kinds = [kind for kind in catalogue.kinds() if kind.lower().startswith(part.lower())]
            choices = [{"text": kind} for kind in kinds]
        case _:
            words = unfinished.FIXED.get(end.wanted, ())
            choices = [{"text": word} for word in words if word.startswith(part.upper())]
    return {"start": end.start, "choices": choices[:CHOICES_MAX]}


def checked(searcher: Searcher, resource: str, text: str) -> dict[str, Any]:
    """What is wrong with a text, or how many records it matches.

    Returns:
        `message`, `hint` and `excerpt`, or `records` alone.
    """
    try:
        result = searcher.quiet_result(text[:TEXT_LENGTH_MAX], resource=resource or None)
    except RequestError as error:
        excerpt = error.excerpt if isinstance(error, TextSyntaxError) else ""
        return {"message": error.message, "hint": error.hint, "excerpt": excerpt}
    return {"records": result.total}


def _names(searcher: Searcher, result: Result, container: str, part: str) -> Iterator[dict[str, Any]]:
    """Properties whose names hold what is typed, those that begin so first, then own ones.

    Derived ones are among them, and are not counted: that would compute them of every record.
    """
    prefix = f"{container}." if container else ""
    plain = part.replace('"', "").lower()
    observed = searcher.engine.observed_properties(result.resource)
    coverage = observed if observed is not None else result.coverage()
    props = [
        prop
        for prop in (*coverage, *result.schema.derived.values())
        if prop.name.startswith(prefix) and plain in prop.name[len(prefix) :].lower()
    ]

    def rank(prop: Property) -> tuple[bool, bool, int, str]:
        name = prop.name[len(prefix) :].lower()
        is_own = family_of_name(prop.name) in _OWN
        return (not name.startswith(plain), not is_own, name.count("."), name)

    first = sorted(props, key=rank)[: 4 * CHOICES_MAX]
    single = [prop for prop in first if not prop.is_many and not prop.is_derived]
    counts = dict(zip(single, searcher.engine.presence_counts(result.resource, ALWAYS, single), strict=True))
    for prop in first:
        if counts.get(prop, 1):
            records = {"records": counts[prop]} if prop in counts else {}
            yield {"text": write_name(prop.name[len(prefix) :]), **records}


def _values(result: Result, name: str, part: str) -> Iterator[dict[str, Any]]:
    """Values of a property that hold what is typed, most records first."""
    plain = part.strip("'\"").lower()
    try:
        prop = result.property(name)
    except RequestError:
        return
    (counts,) = result.value_counts([prop])
    if not prop.kind.has_values:
        return
    if not plain:
        pairs = counts.top(CHOICES_MAX)
    else:
        few = counts.top(SEARCHED_MAX)
        pairs = [(value, number) for value, number in few if plain in text_of(value, prop.kind).lower()]
    for value, number in pairs:
        yield {"text": write_value(text_of(value, prop.kind)), "records": number}
