"""The schema of an archive in Spark's types, so that no job is spent on reading it from the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import types

from smsearch.archive.layout import schema_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.schema.catalogue import Resource


def spark_schema(resource: Resource, columns: Sequence[str] = ()) -> types.StructType:
    """All columns of a resource's files, or some."""
    schema = schema_of(resource)
    return types.StructType([_field(schema.field(name)) for name in columns or schema.names])


def _field(field: pa.Field) -> types.StructField:
    return types.StructField(field.name, _type(field.type), nullable=True)


def _type(arrow: pa.DataType) -> types.DataType:
    if pa.types.is_struct(arrow):
        return types.StructType([_field(arrow.field(at)) for at in range(arrow.num_fields)])
    if pa.types.is_map(arrow):
        return types.MapType(types.StringType(), _type(arrow.item_type), valueContainsNull=True)
    if pa.types.is_list(arrow):
        return types.ArrayType(_type(arrow.value_type), containsNull=True)
    return _PLAIN[str(arrow)]


_PLAIN = {
    "string": types.StringType(),
    "large_string": types.StringType(),
    "double": types.DoubleType(),
    "int64": types.LongType(),
    "bool": types.BooleanType(),
    "binary": types.BinaryType(),
    "timestamp[us, tz=UTC]": types.TimestampType(),
}
