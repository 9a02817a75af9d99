"""The documents about the code name what is in the code: files, functions, and the words of the glossary."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks import structure

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "smsearch"
CODE = re.compile(r"`([^`]+)`")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines()
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()


@cache
def definitions(path: Path) -> frozenset[str]:
    """The classes, functions, attributes, constants and aliases of a module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name) | ast.ClassDef(name):
                names.add(name)
            case ast.Name(name, ast.Store()) | ast.Attribute(_, name, ast.Store()):
                names.add(name)
    return frozenset(names)


def package() -> frozenset[str]:
    """The names that any module of the package defines."""
    return frozenset().union(*map(definitions, PACKAGE.rglob("*.py")))


def paragraphs() -> list[str]:
    """The rows of tables, the items of lists and the paragraphs that have code."""
    text = "\n".join(ARCHITECTURE)
    return [part for part in re.split(r"\n(?=\s*\n|\||- |\d\. )", text) if CODE.search(part)]


def files(paragraph: str) -> Iterator[tuple[str, list[Path]]]:
    """The paths that a paragraph names, and where each is: in the repository, the package, or beside an earlier one."""
    folders = [ROOT, PACKAGE]
    for token in CODE.findall(paragraph):
        if re.fullmatch(r"[\w/.]+(\.(py|lark|toml|md|json)|/)", token):
            places = [folder / token for folder in folders if (folder / token).exists()]
            yield token, places
            folders += [folder for place in places for folder in (place, place.parent)]


def questions() -> list[tuple[str, str]]:
    """Files and functions of the section of twenty questions."""
    start = ARCHITECTURE.index("## Twenty questions")
    rows = [line for line in ARCHITECTURE[start:] if line.startswith("| Where ")][:20]
    answers = [answer for row in rows for answer in row.split("|")[2].split(";")]
    return [(path, name) for path, *names in map(CODE.findall, answers) for name in names]


def words(lines: list[str], column: int) -> list[str]:
    """The identifiers in a column of the tables."""
    cells = (line.split("|")[column] for line in lines if line.startswith("| "))
    return [token for cell in cells for token in CODE.findall(cell) if IDENTIFIER.fullmatch(token)]


def drawn_layers() -> list[set[str]]:
    """The layers as the document draws them: names in lines, what they are for behind two spaces or more."""
    start = ARCHITECTURE.index("```text") + 1
    lines = ARCHITECTURE[start : ARCHITECTURE.index("```", start)]
    drawn = [re.match(r"(?:\w+(?: {2,}|$))*", line) for line in lines]
    return [set(match[0].split()) for match in drawn if match is not None and match[0]]


@cache
def modules() -> list[structure.Module]:
    """The modules of the package, read once."""
    return structure.modules(ROOT)


def test_the_layers_that_are_drawn_are_those_that_are_held() -> None:
    (contract,) = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert drawn_layers() == [set(layer.split(" | ")) for layer in contract["layers"]]


def test_no_two_modules_import_each_other() -> None:
    assert structure.circles(structure.imports(modules())) == []


def test_no_two_classes_have_one_name() -> None:
    assert structure.shared_class_names(modules()) == []


def test_few_modules_name_a_kind_of_value() -> None:
    assert len([module.name for module in modules() if structure.names_a_kind(module)]) <= 12


@pytest.mark.parametrize("paragraph", paragraphs())
def test_every_file_that_the_architecture_names_exists(paragraph: str) -> None:
    assert [token for token, places in files(paragraph) if not places] == []


def test_twenty_questions_are_answered_by_functions_of_the_files() -> None:
    assert len({path for path, _ in questions()}) > 25
    missing = [(path, name) for path, name in questions() if name not in definitions(PACKAGE / path)]
    assert missing == []


def test_every_type_that_the_architecture_names_exists() -> None:
    own = package() | definitions(ROOT / "tests" / "engines" / "contract.py")
    text = [line for line in ARCHITECTURE if not line.startswith("| Where ")]
    names = [token for line in text for token in CODE.findall(line) if re.fullmatch(r"[A-Z][a-z]+[A-Za-z]*", token)]
    assert {"Predicate", "SearchRequest", "EngineContract"} <= set(names)
    assert [name for name in names if name not in own] == []


def test_every_word_of_code_in_the_glossary_is_in_the_package() -> None:
    assert len(words(GLOSSARY, 2)) > 40
    assert [word for word in words(GLOSSARY, 2) if word not in package()] == []


def test_no_word_of_the_glossary_has_two_meanings() -> None:
    terms = [term.strip() for line in GLOSSARY if line.startswith("| ") for term in line.split("|")[1].split(",")]
    own = [term for term in terms if term not in {"word", "---"}]
    assert sorted(set(own)) == sorted(own)
