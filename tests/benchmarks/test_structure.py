"""What `benchmarks/structure.py` counts, over a small package made up for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import structure

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = {
    "__init__.py": '"""A package."""',
    "a.py": '''
"""Reads.

Two lines.
"""

from smsearch import b


class Filter:  # a comment
    """A filter."""

    x = b.y
''',
    "b.py": """
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsearch import c

class Filter:
    pass
""",
    "c.py": """
# only a comment
def load():
    from smsearch import d, value_kinds
    return value_kinds.BOOLEAN
""",
    "d.py": """
from smsearch.value_kinds import Kind

def later():
    import smsearch.c
""",
    "value_kinds.py": """
class Kind:
    pass

BOOLEAN = Kind()
""",
}


@pytest.fixture
def modules(tmp_path: Path) -> list[structure.Module]:
    package = tmp_path / "smsearch"
    package.mkdir()
    for name, source in SOURCES.items():
        (package / name).write_text(source)
    return structure.modules(tmp_path)


def test_prose_and_blank_lines_are_no_code(modules: list[structure.Module]) -> None:
    assert {module.name: structure.code_lines(module) for module in modules} == {
        "smsearch": 0,
        "smsearch.a": 3,
        "smsearch.b": 5,
        "smsearch.c": 3,
        "smsearch.d": 3,
        "smsearch.value_kinds": 3,
    }


def test_a_circle_may_go_through_functions_and_not_through_types(modules: list[structure.Module]) -> None:
    assert structure.circles(structure.imports(modules)) == [["smsearch.c", "smsearch.d"]]


def test_names_are_counted_by_module(modules: list[structure.Module]) -> None:
    assert structure.shared_class_names(modules) == ["Filter"]
    assert [module.name for module in modules if structure.names_a_kind(module)] == [
        "smsearch.c",
        "smsearch.value_kinds",
    ]
