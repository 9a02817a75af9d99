"""The kinds of values: each specification by itself, and that a kind is told from others in few modules."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import structure
from smsearch.schema import value_kinds
from smsearch.schema.value_kinds import JsonType, Kind, ValueType
from smsearch.schema.values import UNREADABLE, SpelledNumber

if TYPE_CHECKING:
    from pathlib import Path

NAMED_MAX = 12
"""Modules that may name a kind; whatever else differs by kind asks the specification."""
PYTHON_TYPES: dict[ValueType, tuple[type, ...]] = {
    ValueType.TEXT: (str,),
    ValueType.NUMBER: (),
    ValueType.TIME: (int,),
    ValueType.BOOLEAN: (bool,),
    ValueType.TEXT_OR_NUMBER: (str, SpelledNumber),
    ValueType.PRESENCE: (),
}


def test_few_modules_name_a_kind(repository: Path) -> None:
    named = [module.name for module in structure.modules(repository) if structure.names_a_kind(module)]
    assert "smsearch.schema.value_kinds" in named
    assert len(named) <= NAMED_MAX, named


def test_a_kind_is_told_from_others_by_its_name() -> None:
    names = [kind.name for kind in value_kinds.ALL]
    assert len(set(names)) == len(names) == len(set(value_kinds.ALL))


@pytest.mark.parametrize("kind", value_kinds.ALL, ids=lambda kind: kind.name)
def test_the_row_of_a_kind_is_in_the_decision_table(kind: Kind, repository: Path) -> None:
    table = (repository / "docs" / "semantics.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| {kind.row} \|", table, re.MULTILINE)


@pytest.mark.parametrize("kind", value_kinds.ALL, ids=lambda kind: kind.name)
def test_what_a_text_reads_as_is_of_the_type(kind: Kind) -> None:
    for raw in ("", "text", "007", "true", "2024-01-31"):
        value = kind.read(raw)
        if kind.holds_text:
            assert value == raw
        else:
            assert value is UNREADABLE or type(value) in PYTHON_TYPES[kind.type] or kind.is_number


@pytest.mark.parametrize("kind", value_kinds.OF_MODEL, ids=lambda kind: kind.name)
def test_a_kind_of_the_model_has_a_json_type(kind: Kind) -> None:
    assert kind.json is not JsonType.ANY


@pytest.mark.parametrize("kind", value_kinds.ALL, ids=lambda kind: kind.name)
def test_another_process_has_the_same_kind(kind: Kind) -> None:
    copy = pickle.loads(pickle.dumps(kind))  # noqa: S301 - ours
    assert copy == kind
    assert (copy.type, copy.json, copy.read, copy.numerals) == (kind.type, kind.json, kind.read, kind.numerals)


def test_the_kinds_are_cheap_to_import() -> None:
    code = "import sys, smsearch.schema.catalogue; print(sorted({'numpy', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
