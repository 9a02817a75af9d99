"""Formulas of derived properties as functions that Spark runs in Python, on the workers.

They are the formulas that the reference uses, so that the answers are the same. A worker needs Python and not smsearch:
a function is sent with all that it calls. This module knows no archive and no column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyspark import cloudpickle
from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it
from pyspark.sql.types import DoubleType, StringType, StructField, StructType

from smsearch.schema import decimal_key, formulas
from smsearch.schema.value_kinds import ValueType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smsearch.schema.property import Computed

_CELL = StructType(
    [StructField("text", StringType()), StructField("number", DoubleType()), StructField("key", StringType())]
)
"""A cell of a text or of a number; the fields of the other are null."""


def computing(step: Computed) -> Callable[..., Any]:
    """A function of columns: of the texts of each input, null for one that cannot be read; it returns a cell."""
    for module in (formulas, decimal_key):
        cloudpickle.register_pickle_by_value(module)
    formula, number_of_key, key_of = step.formula, decimal_key.number_of_key, decimal_key.decimal_key
    names = [name for name, _ in step.inputs]
    types = [prop.kind.type.name for _, prop in step.inputs]
    readers: dict[str, Callable[[str], Any]] = {ValueType.TIME.name: int, ValueType.NUMBER.name: number_of_key}

    def compute(*inputs: Sequence[str | None] | None) -> tuple[str | None, float | None, str | None] | None:
        given = [texts or [] for texts in inputs]  # a list that a record does not have is null
        if any(None in texts for texts in given):
            return None
        read = [
            [readers.get(kind, str)(text) for text in texts if text is not None]
            for texts, kind in zip(given, types, strict=True)
        ]
        value = formula(**dict(zip(names, read, strict=True)))
        if value is None or isinstance(value, str):
            return None if value is None else (value, None, None)
        return None, float(value), key_of(value)

    function: Callable[..., Any] = F.udf(compute, _CELL, useArrow=False)  # which would need Arrow on the workers
    return function
