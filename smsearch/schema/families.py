"""The user's own keys: which lists and maps hold them, and how the values under them compare (rows F14 to F19).

It knows shapes, no document and no name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.frozen import frozen
from smsearch.schema import value_kinds
from smsearch.schema.catalogue import ListOf, Scalar, Structure, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.schema.catalogue import MapOf, Shape
    from smsearch.schema.value_kinds import Kind


@frozen
class Family:
    """How the user's own keys reach a value through a structure: a list's pair, or a map's value.

    Attributes:
        key: The member that holds the key, in a list of pairs.
        value: The members that may hold the value, the first that is there.
        kind: How the values compare.
        suffixes: Members that may be named after the key (`Metrics.loss.Max`).
        latest_by: The member that orders several values of one key.
        hides_members: Whether a name after the list's is always a key, never a member of the pair
            (`Tags.Key`).
    """

    key: str
    value: tuple[str, ...]
    kind: Kind
    suffixes: tuple[str, ...] = ()
    latest_by: str = ""
    hides_members: bool = False


FAMILIES: Final[Mapping[str, Family]] = {
    "Tag": Family("Key", ("Value",), value_kinds.TEXT_MAP, hides_members=True),  # row F19
    "MetricData": Family("MetricName", ("Value",), value_kinds.NUMBER, latest_by="Timestamp"),  # row F16
    "TrialComponentMetricSummary": Family(  # row F17
        "MetricName",
        ("Last",),
        value_kinds.NUMBER,
        suffixes=("Max", "Min", "Avg", "Last", "Count", "StdDev"),
        latest_by="TimeStamp",
        hides_members=True,
    ),
    "TrialComponentParameterValue": Family(  # row F18
        "", ("NumberValue", "StringValue"), value_kinds.PARAMETER, suffixes=("NumberValue", "StringValue")
    ),
    "TrialComponentArtifact": Family("", ("Value",), value_kinds.TEXT_MAP, suffixes=("Value", "MediaType")),
}
"""Families by the name of their structure; other lists of pairs are found by their members (`family_of`)."""

_PAIR_KEYS = ("Key", "MetricName", "Name")
_HYPERPARAMETERS: Final = "HyperParameters"
METRICS: Final = "Metrics"
METRICS_LIST: Final = "FinalMetricDataList"


def family_of(element: Shape | None) -> Family | None:
    """The family that a list of such elements is, or None if it holds no pairs of the user's own keys."""
    if not isinstance(element, Structure):
        return None
    if element.name in FAMILIES:
        return FAMILIES[element.name]
    key = next((name for name in _PAIR_KEYS if name in element.members), None)
    value = shape(element.members["Value"]) if "Value" in element.members else None
    if key is None or not isinstance(value, Scalar):
        return None
    return Family(key, ("Value",), _under_a_key(value.kind))


def pairs_of(reached: Shape | None) -> tuple[Structure, Family] | None:
    """The structure and the family of a list of the user's own pairs; None for any other shape."""
    element = shape(reached.element) if isinstance(reached, ListOf) else None
    family = family_of(element)
    return (element, family) if isinstance(element, Structure) and family is not None and family.key else None


def keyed_family(value: Shape | None) -> Family | None:
    """The family of a map's values, if they hold a value of the user's own key; else None."""
    family = family_of(value)
    return family if family is not None and not family.key else None


def entry_kind(reached: MapOf) -> Kind | None:
    """How the plain values of a map's keys compare; None if its values are not plain.

    Hyperparameters are the maps whose shape the service model calls so: `HyperParameters`, which a tuning job's static
    and tuned ones are too, and `TextGenerationHyperParameters` (row F14).
    """
    value = shape(reached.value)
    if not isinstance(value, Scalar):
        return None
    if value.kind == value_kinds.TEXT and reached.name.endswith(_HYPERPARAMETERS):
        return value_kinds.HYPERPARAMETER
    return _under_a_key(value.kind)


def targets(structure: Structure, family: Family) -> dict[tuple[str, ...], Kind]:
    """The members that a name after a user's key may mean, each with how its values compare."""
    kinds = {family.value: family.kind}
    for suffix in family.suffixes:
        member = structure.member(suffix)
        kinds.setdefault((suffix,), _under_a_key(member.kind) if isinstance(member, Scalar) else family.kind)
    return kinds


def metrics_alias(path: str) -> str:
    """The path of a list, which for metrics is `Metrics`, whatever their list is called (row F16)."""
    return path.removesuffix(METRICS_LIST) + METRICS if path.endswith(METRICS_LIST) else path


def _under_a_key(kind: Kind) -> Kind:
    """How values of a kind compare under a key of the user's own."""
    return value_kinds.TEXT_MAP if kind == value_kinds.TEXT else kind
