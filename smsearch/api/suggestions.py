"""GetSearchSuggestions: the property names that begin with a hint.

Knows what a schema can say and the names that the data has; not how either was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch import limits
from smsearch.api.request import check_text, refuse_unknown, resource_of
from smsearch.errors import ShapeError
from smsearch.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from smsearch.schema.names import Schema

_FIRST: Final = ("HyperParameters.", "Metrics.", "Tags.")
"""Families that come before the static names where there is no hint: the API is documented for them."""


@frozen
class SuggestionRequest:
    """A resource, and the beginning of a property's name, or `""`."""

    resource: str
    hint: str = ""


def parse(members: Mapping[str, object]) -> SuggestionRequest:
    """The request that boto3's keyword arguments, or the wire's JSON object, mean.

    Raises:
        ShapeError: An unknown, missing or mistyped member.
        InvalidValueError: A resource that the API does not have.
        LimitExceededError: A hint that is too long.
    """
    refuse_unknown(members, ("Resource", "SuggestionQuery"), "GetSearchSuggestions")
    resource = resource_of(members)
    query = members.get("SuggestionQuery")
    if query is None:
        return SuggestionRequest(resource)
    path = "SuggestionQuery"
    inner = _object(query, path, "PropertyNameQuery").get("PropertyNameQuery")
    if inner is None:
        return SuggestionRequest(resource)
    path += ".PropertyNameQuery"
    hint = _object(inner, path, "PropertyNameHint").get("PropertyNameHint")
    if not isinstance(hint, str):
        word = "Missing required parameter" if hint is None else "Invalid type for parameter"
        raise ShapeError(f"{word}: PropertyNameHint.", path=f"{path}.PropertyNameHint", hint="It must be a string.")
    check_text(hint, 0, limits.HINT_LENGTH_MAX, limits.HINT_PATTERN, f"{path}.PropertyNameHint")
    return SuggestionRequest(resource, hint)


def suggest(hint: str, schema: Schema, dynamic: Iterable[str]) -> dict[str, Any]:
    """The response: at most ten names, those that begin with the hint before those whose key does (row G1).

    Args:
        hint: Any case; `""` asks for the hyperparameters, metrics and tags that the data has before all others.
        schema: The resource's static names.
        dynamic: The names of families' members that the data has.
    """
    templates = [prop.name.partition("<name>") for prop in schema.properties()]
    static = sorted({name for name, placeholder, _ in templates if not placeholder})
    families = {name for name, placeholder, _ in templates if placeholder}
    own = sorted(set(dynamic) - set(static))
    folded = hint.lower()
    if folded:
        first = [name for name in sorted(static + own) if name.lower().startswith(folded)]
        rest = [name for name in own if any(key.lower().startswith(folded) for key in _keys(name, families))]
    else:
        first, rest = [name for name in own if name.startswith(_FIRST)], static + own
    names = list(dict.fromkeys(first + rest))[: limits.SUGGESTIONS_MAX]
    return {"PropertyNameSuggestions": [{"PropertyName": name} for name in names]}


def _keys(name: str, families: Iterable[str]) -> Iterator[str]:
    """The user's own part of a name: what follows its family's prefix."""
    return (name.removeprefix(prefix) for prefix in families if name.startswith(prefix))


def _object(value: object, path: str, member: str) -> dict[str, object]:
    if not isinstance(value, dict):
        message = f"Invalid type for parameter {path}: {type(value).__name__}."
        raise ShapeError(message, path=path, hint="It must be an object.")
    refuse_unknown(value, (member,), path, f"{path}.")
    return value
