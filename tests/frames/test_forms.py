"""Which Arrow type holds a column, and that none loses a value."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.frames import forms
from smsearch.schema import value_kinds, values
from smsearch.schema.values import UNREADABLE

if TYPE_CHECKING:
    from smsearch.schema.value_kinds import Kind

TIMESTAMP = pa.timestamp("us", tz="UTC")


@pytest.mark.parametrize(
    ("kind", "raws", "arrow_type", "expected"),
    [
        (value_kinds.INTEGER, [1, "2", 3.0], pa.int64(), [1, 2, 3]),
        (value_kinds.INTEGER, [2**63 - 1, -(2**63)], pa.int64(), [2**63 - 1, -(2**63)]),
        (value_kinds.INTEGER, [2**63, 1], pa.decimal128(19, 0), [Decimal(2**63), Decimal(1)]),
        (value_kinds.INTEGER, [1, 2.5], pa.decimal128(2, 1), [Decimal(1), Decimal("2.5")]),
        (value_kinds.INTEGER, [1, "many"], pa.string(), ["1", "many"]),
        (value_kinds.INTEGER, [10**37, 1], pa.decimal128(38, 0), [Decimal(10**37), Decimal(1)]),
        (value_kinds.INTEGER, [10**38, 1], pa.string(), [str(10**38), "1"]),
        (value_kinds.NUMBER, [10**20 + 1, Decimal(f"0.{1:018}")], pa.string(), [str(10**20 + 1), "1E-18"]),
        (value_kinds.NUMBER, [1, 0.5, "0.25"], pa.float64(), [1.0, 0.5, 0.25]),
        (value_kinds.NUMBER, [2**53 + 1], pa.decimal128(16, 0), [Decimal(2**53 + 1)]),
        (value_kinds.NUMBER, [2**70], pa.float64(), [float(2**70)]),
        (
            value_kinds.NUMBER,
            [Decimal("0.12345678901234567890")],
            pa.decimal128(20, 20),
            [Decimal("0.12345678901234567890")],
        ),
        (
            value_kinds.NUMBER,
            [math.inf, Decimal("0.1234567890123456789")],
            pa.string(),
            ["Infinity", "0.1234567890123456789"],
        ),
        (value_kinds.NUMBER, ["Infinity", 1], pa.float64(), [math.inf, 1.0]),
        (value_kinds.NUMBER, [True], pa.string(), ["true"]),
        (value_kinds.NUMBER, ["1e999999999999999999"], pa.string(), ["1e999999999999999999"]),
        (value_kinds.TIMESTAMP, [0, "1970-01-01T00:00:01Z", 0.5], TIMESTAMP, [0, 1_000_000, 500_000]),
        (value_kinds.TIMESTAMP, [0, "soon"], pa.string(), ["0", "soon"]),
        (value_kinds.BOOLEAN, [True, "False"], pa.bool_(), [True, False]),
        (value_kinds.BOOLEAN, [True, "maybe"], pa.string(), ["true", "maybe"]),
        (value_kinds.TEXT, ["a", 1, True, 0.5], pa.string(), ["a", "1", "true", "0.5"]),
        (value_kinds.PARAMETER, ["1", "-2", 3], pa.int64(), [1, -2, 3]),
        (value_kinds.HYPERPARAMETER, ["1", "0.5", "1e-05"], pa.float64(), [1.0, 0.5, 1e-05]),
        (value_kinds.HYPERPARAMETER, ["1", "sgd"], pa.string(), ["1", "sgd"]),
        (value_kinds.HYPERPARAMETER, ["007"], pa.string(), ["007"]),
        (value_kinds.HYPERPARAMETER, ["00.5"], pa.string(), ["00.5"]),
        (value_kinds.HYPERPARAMETER, ["+5"], pa.float64(), [5.0]),
        (value_kinds.HYPERPARAMETER, ["NaN", "1"], pa.string(), ["NaN", "1"]),
        (value_kinds.HYPERPARAMETER, ["9223372036854775808", "1"], pa.float64(), [9223372036854775808.0, 1.0]),
        (value_kinds.HYPERPARAMETER, ["9223372036854775809", "1"], pa.string(), ["9223372036854775809", "1"]),
        (value_kinds.HYPERPARAMETER, ["1", "true"], pa.string(), ["1", "true"]),
        (value_kinds.HYPERPARAMETER, [""], pa.string(), [""]),
        (value_kinds.TEXT_MAP, ["1", "2"], pa.string(), ["1", "2"]),
        (value_kinds.STRUCTURE, [[{"a": 1}], {}], pa.string(), ['[{"a":1}]', "{}"]),
    ],
)
def test_the_first_form_that_holds_every_value(
    kind: Kind, raws: list[object], arrow_type: pa.DataType, expected: list[object]
) -> None:
    form = forms.form_of(kind, raws)
    assert form.type == arrow_type
    assert [form.read(raw) for raw in raws] == expected


@pytest.mark.parametrize(
    ("kind", "arrow_type"),
    [
        (value_kinds.INTEGER, pa.int64()),
        (value_kinds.NUMBER, pa.float64()),
        (value_kinds.TIMESTAMP, TIMESTAMP),
        (value_kinds.BOOLEAN, pa.bool_()),
        (value_kinds.TEXT, pa.string()),
        (value_kinds.HYPERPARAMETER, pa.string()),
        (value_kinds.STRUCTURE, pa.string()),
    ],
)
def test_a_column_without_values_has_its_kinds_own_type(kind: Kind, arrow_type: pa.DataType) -> None:
    assert forms.form_of(kind, []).type == arrow_type


def test_json_text_keeps_every_digit() -> None:
    raw = {"a": [2**80, Decimal("0.1234567890123456789"), math.nan, True, None, "x"]}
    written = '{"a":[1208925819614629174706176,0.1234567890123456789,"NaN",true,null,"x"]}'
    assert forms.json_text(raw) == written


RAWS = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, places=5),
    st.from_regex(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,4})?", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs"])),
)


@given(st.sampled_from([kind for kind in value_kinds.ALL if kind.has_values]), st.lists(RAWS, min_size=1, max_size=6))
def test_no_form_loses_a_value(kind: Kind, raws: list[Any]) -> None:
    form = forms.form_of(kind, raws)
    array = pa.array([form.read(raw) for raw in raws], type=form.type)
    back = array.cast(pa.int64()).to_pylist() if form.type == TIMESTAMP else array.to_pylist()
    for raw, value in zip(raws, back, strict=True):
        assert value is not None
        if form.type == pa.string():
            assert value == values.text_of(raw)
        elif form.type == TIMESTAMP:
            assert value == values.timestamp_of(raw)
        elif form.type == pa.bool_():
            assert value is values.boolean_of(raw)
        elif values.number_of(raw) is UNREADABLE:
            assert math.isnan(value)
        else:
            assert values.number_of(raw) in (Decimal(value), values.number_of(value))


@given(st.recursive(RAWS, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner), max_leaves=8))
def test_json_text_is_json(raw: object) -> None:
    json.loads(forms.json_text(raw))
