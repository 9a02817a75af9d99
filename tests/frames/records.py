"""Records for the tests of frames."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.schema.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping


def jobs(*documents: dict[str, Any], extras: tuple[tuple[str, ...], ...] = ()) -> list[Record]:
    """Training jobs with these members; those without a name are numbered."""
    return [
        Record("TrainingJob", "", document.get("TrainingJobName", f"job-{number}"), document, extras=extras)
        for number, document in enumerate(documents)
    ]


def schema(resource: str = "TrainingJob", extras: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> Schema:
    """What can be asked of a resource, with plain fields that only the data has."""
    return Schema(catalogue.resource(resource), extras)


def components(*documents: dict[str, Any]) -> list[Record]:
    """Trial components with these members."""
    return [Record("ExperimentTrialComponent", "", f"part-{at}", document) for at, document in enumerate(documents)]
