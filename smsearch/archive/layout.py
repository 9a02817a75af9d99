"""The columns of an archive: one Arrow schema for each resource, made of the service model alone.

A document keeps its shape: structures are structs, lists are lists, maps are maps. Only its plain values change, into
**cells** that hold what comparisons need:

    text            {text}
    number          {number, key}           a double for people; the exact decimal as `schema/decimal_key.py` spells it
    timestamp       {time}                  microseconds, UTC
    boolean         {truth}
    text map        {text, key}             `key` if it spells a number
    hyperparameter  {text, key, whole}      `key` if it spells a number; `whole` keys its truncation (row F14)
    parameter,      {text, key, is_number}  `key` if it is or spells a number; `is_number` if it was one in JSON, and
    unknown                                 `text` is then its spelling

One rule says what is there (row F5): null is absent, and a cell without a value is there and cannot be read, as NaN. A
list of the user's own pairs has a map of its entries beside it. This module knows no record and no file.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from smsearch.schema import value_kinds
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.families import entry_kind, keyed_family, pairs_of, targets
from smsearch.schema.value_kinds import Numerals, ValueType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.schema.catalogue import Resource, Shape
    from smsearch.schema.families import Family
    from smsearch.schema.value_kinds import Kind

ARN: Final = "record_arn"
NAME: Final = "record_name"
CREATED: Final = "record_created"
"""When the record was created, which the rows of a file are sorted by."""
MODIFIED: Final = "record_modified"
PARTIAL: Final = "record_partial"
DIGEST: Final = "record_digest"
VERSION: Final = "record_version"
"""What tells apart the versions that share one ARN and one name, or `""`."""
DERIVED: Final = "record_derived"
"""Whether several snapshots tell the record together."""
NUMBER: Final = "record_number"
"""The record's place in the order of arrival."""
EXTRAS: Final = "record_extras"
"""A map of the fields that the service model does not know, by `extra_key` of their path."""
EXTRA_KIND: Final = value_kinds.UNKNOWN
"""How such fields compare."""
DOCUMENT: Final = "record_document"
"""The record as a response holds it, `{"TrainingJob":{...}}`, in the wire's JSON."""
EXPORTED: Final = "record_exported"
"""The JSON of the members that the export had in other types (`notation.other_types_of`); null where there are none."""

BY_KEY: Final = "_by_key"
"""Ends the name of the map that stands beside a list of pairs: `Tags`, and `Tags_by_key`."""
TIME: Final = pa.timestamp("us", "UTC")

_FIELDS: Final = {
    "text": pa.string(),
    "number": pa.float64(),
    "key": pa.string(),
    "whole": pa.string(),
    "is_number": pa.bool_(),
    "time": TIME,
    "truth": pa.bool_(),
}
_CELLS: Final = {
    (ValueType.TEXT, Numerals.TEXT): ("text",),
    (ValueType.TEXT, Numerals.ORDERED): ("text", "key"),
    (ValueType.NUMBER, Numerals.TEXT): ("number", "key"),
    (ValueType.TIME, Numerals.TEXT): ("time",),
    (ValueType.BOOLEAN, Numerals.TEXT): ("truth",),
    (ValueType.TEXT_OR_NUMBER, Numerals.NUMBER): ("text", "key", "whole"),
    (ValueType.TEXT_OR_NUMBER, Numerals.ORDERED): ("text", "key", "is_number"),
}
"""The fields of a cell, by what its values are and how those that spell numbers compare."""
_NOTHING_KNOWN: Final = pa.struct([("there", pa.bool_())])
"""Of a structure without members, since Parquet has no empty struct; its field is never filled."""


def fields_of(kind: Kind) -> tuple[str, ...]:
    """The fields of a plain value's cell.

    Raises:
        KeyError: A structure is no plain value.
    """
    return _CELLS[kind.type, kind.numerals]


def cell(kind: Kind) -> pa.StructType:
    """The type of a plain value's cell.

    Raises:
        KeyError: A structure is no plain value.
    """
    return pa.struct([(name, _FIELDS[name]) for name in fields_of(kind)])


@cache
def schema_of(resource: Resource) -> pa.Schema:
    """The columns of a resource's files: what identifies a record, its members, its document."""
    return pa.schema(
        [
            pa.field(ARN, pa.string(), nullable=False),
            pa.field(NAME, pa.string(), nullable=False),
            pa.field(CREATED, TIME),
            pa.field(MODIFIED, TIME),
            pa.field(PARTIAL, pa.bool_(), nullable=False),
            pa.field(DIGEST, pa.binary(), nullable=False),
            pa.field(VERSION, pa.string(), nullable=False),
            pa.field(DERIVED, pa.bool_(), nullable=False),
            pa.field(NUMBER, pa.int64(), nullable=False),
            *_fields(resource.root),
            pa.field(EXTRAS, pa.map_(pa.string(), cell(EXTRA_KIND))),
            pa.field(DOCUMENT, pa.large_string(), nullable=False),
            pa.field(EXPORTED, pa.large_string()),
        ]
    )


@cache
def told_by_documents(resource: Resource) -> frozenset[str]:
    """The columns that a document tells by itself: what it names and holds, and not how it was read."""
    return frozenset({ARN, NAME, VERSION, EXTRAS, *(field.name for field in _fields(resource.root))})


def type_of(reached: Shape) -> pa.DataType:
    """The type of a member of a shape."""
    match reached:
        case Scalar(kind):
            return cell(kind)
        case Structure():
            fields = list(_fields(reached))
            return pa.struct(fields) if fields else _NOTHING_KNOWN
        case ListOf(element):
            return pa.list_(type_of(shape(element)))
        case MapOf():
            return pa.map_(pa.string(), _type_of_entry(reached))


def _fields(structure: Structure) -> Iterator[pa.Field]:
    for name in structure.members:
        reached = structure.member(name)
        yield pa.field(name, type_of(reached))
        keyed = pairs_of(reached)
        if keyed is not None:
            yield pa.field(name + BY_KEY, pa.map_(pa.string(), family_type(*keyed)))


def _type_of_entry(reached: MapOf) -> pa.DataType:
    kind, value = entry_kind(reached), shape(reached.value)
    if kind is not None:
        return cell(kind)
    family = keyed_family(value)
    return family_type(value, family) if family is not None and isinstance(value, Structure) else type_of(value)


def family_type(structure: Structure, family: Family) -> pa.StructType:
    """The type of what stands under a user's key: the members that a name after the key may mean."""
    return pa.struct([(target_name(names), cell(kind)) for names, kind in targets(structure, family).items()])


def target_name(names: tuple[str, ...]) -> str:
    """The field that holds the first of some members that is there."""
    return "_or_".join(names)


def extra_key(path: tuple[str, ...]) -> str:
    """The key of a field that the service model does not know; two paths never share one."""
    return "/".join(name.replace("~", "~0").replace("/", "~1") for name in path)
