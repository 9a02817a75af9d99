"""Measures how the source is laid out: `python -m benchmarks.structure [CHECKOUT ...]`.

It counts what a reader meets: lines of code, modules that a change touches, names that mean two things, circles of
imports; and the Python calls of a request. Given several checkouts, it prints one column for each, so that a
redesign is compared with what was there before. It reads source files and knows nothing about records.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PACKAGE: Final = "smsearch"
_KINDS: Final = "value_kinds"
"""The module that has the kinds of values."""
CALLS: Final = """
import sys, tempfile, pathlib, subprocess
import smsearch
with tempfile.TemporaryDirectory() as folder:
    store = pathlib.Path(folder) / "jobs.store"
    subprocess.run([sys.executable, "-m", "smsearch", "index", "data/exports", "-o", str(store)], check=True,
                   capture_output=True)
    searcher = smsearch.open(str(store))
    body = ('{"Resource":"TrainingJob","SortBy":"LastModifiedTime","MaxResults":100,"SearchExpression":{"Filters":'
            '[{"Name":"TrainingJobStatus","Operator":"Equals","Value":"%s"}]}}')
    searcher.search_json((body % "Failed").encode())  # imports and the schema are not the request's
    for _ in range(2):
        calls = 0
        def count(frame, event, argument):
            global calls
            calls += event == "call"
        sys.setprofile(count)
        searcher.search_json((body % "Completed").encode())
        sys.setprofile(None)
        print(calls)
"""
"""Prints the Python calls of a request that is new, and of the same request again, over a store of `data/exports`."""


@dataclass(frozen=True, slots=True)
class Change:
    """A sort of change, and the words by which its modules are found.

    Attributes:
        title: What changes.
        words: Identifiers, attributes or whole texts; a module that has one of them would have to be read.
    """

    title: str
    words: frozenset[str]


CHANGES: Final = (
    Change("an operator (Contains)", frozenset({"Operator.CONTAINS", "TextContains", "Contains", "CONTAINS"})),
    Change(
        "a type of value (boolean)",
        frozenset({"Kind.BOOLEAN", "ValueType.BOOLEAN", "JsonType.BOOLEAN", "BooleanIs", "booleans", "boolean_of"}),
    ),
    Change("an index (trigrams)", frozenset({"trigrams", "Trigrams", "TrigramIndex"})),
    Change("a verb (facet)", frozenset({"facet"})),
    Change("an export shape (CloudTrail)", frozenset({"requestparameters", "responseelements"})),
)


@dataclass(frozen=True, slots=True)
class Module:
    """A source file of the package: its dotted name and its syntax tree."""

    name: str
    source: str
    tree: ast.Module


def modules(checkout: Path) -> list[Module]:
    """The modules of a checkout."""
    package = []
    for path in sorted((checkout / PACKAGE).rglob("*.py")):
        name = ".".join(path.relative_to(checkout).with_suffix("").parts).removesuffix(".__init__")
        source = path.read_text(encoding="utf-8")
        package.append(Module(name, source, ast.parse(source)))
    return package


def code_lines(module: Module) -> int:
    """Lines that hold code: no blank lines, comments, docstrings or texts that stand alone."""
    prose: set[int] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            prose.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(module.source.splitlines(), 1)
    return sum(1 for number, line in lines if number not in prose and line.strip() and not line.strip().startswith("#"))


def words(module: Module) -> set[str]:
    """Identifiers, `Name.attribute` pairs and whole texts of a module."""
    identifiers: set[str] = set()
    for node in ast.walk(module.tree):
        match node:
            case ast.Attribute(ast.Name(owner), attribute):
                identifiers |= {f"{owner}.{attribute}", attribute, owner}
            case ast.Attribute(_, attribute):
                identifiers.add(attribute)
            case ast.Name(name) | ast.alias(name) | ast.arg(name) | ast.Constant(str(name)):
                identifiers.add(name)
            case ast.FunctionDef(name) | ast.ClassDef(name):
                identifiers.add(name)
    return identifiers


def names_a_kind(module: Module) -> bool:
    """Whether a module defines a kind of value, or takes one from `value_kinds` (`Kind` in old checkouts)."""
    if module.name.endswith(f".{_KINDS}"):
        return True
    return any(map(_is_a_kind, ast.walk(module.tree)))


def _is_a_kind(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(ast.Name(owner), name):
            return owner in {_KINDS, "Kind"} and name.isupper()
        case ast.ImportFrom(module=str(source), names=aliases):
            return source.endswith(f".{_KINDS}") and any(alias.name.isupper() for alias in aliases)
        case _:
            return False


def shared_class_names(package: Iterable[Module]) -> list[str]:
    """Names of classes that several modules define."""
    owners: dict[str, set[str]] = defaultdict(set)
    for module in package:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                owners[node.name].add(module.name)
    return sorted(name for name, places in owners.items() if len(places) > 1)


def imports(package: list[Module]) -> dict[str, set[str]]:
    """The modules that each module imports when it runs, in functions too; imports for types alone are left out."""
    names = {module.name for module in package}
    graph: dict[str, set[str]] = {}
    for module in package:
        targets = {target for node in _run(module.tree) for target in _targets(node, names)}
        graph[module.name] = (targets & names) - {module.name}
    return graph


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below a node that run, `if TYPE_CHECKING:` left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from _run(child)


def _targets(node: ast.AST, names: set[str]) -> Iterator[str]:
    match node:
        case ast.Import(aliases):
            yield from (alias.name for alias in aliases)
        case ast.ImportFrom(module=str(source), names=aliases):
            for alias in aliases:  # what is imported is a module, or a name that its package defines
                inner = f"{source}.{alias.name}"
                yield inner if inner in names else source


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import one another, directly or not."""
    reach = {name: _reachable(name, graph) for name in graph}
    groups = {
        frozenset(other for other in reach[name] if name in reach[other]) for name in graph if name in reach[name]
    }
    return sorted(sorted(group) for group in groups)


def _reachable(name: str, graph: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    pending = list(graph[name])
    while pending:
        target = pending.pop()
        if target not in seen:
            seen.add(target)
            pending += graph[target]
    return seen


def calls(checkout: Path) -> tuple[int, int]:
    """Python calls of a first and of a repeated request over a store of `data/exports`."""
    command = [sys.executable, "-c", CALLS]
    done = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
    first, again = map(int, done.stdout.split())
    return first, again


def measure(checkout: Path) -> dict[str, int]:
    """Every number of a checkout, by its title."""
    package = modules(checkout)
    vocabulary = [words(module) for module in package]
    first, again = calls(checkout)
    return {
        "lines of code": sum(map(code_lines, package)),
        "modules": len(package),
        "modules that name a kind": sum(map(names_a_kind, package)),
        "class names in several modules": len(shared_class_names(package)),
        "circles of imports": len(circles(imports(package))),
        **{
            f"modules for {change.title}": sum(not change.words.isdisjoint(own) for own in vocabulary)
            for change in CHANGES
        },
        "Python calls of a first request": first,
        "Python calls of the same again": again,
    }


def main(checkouts: list[str]) -> None:
    """Prints a table with a column for each checkout; left out, for this one."""
    columns = [measure(Path(checkout)) for checkout in checkouts or ["."]]
    for title in columns[0]:
        print(f"{title:42}" + "".join(f"{column[title]:>8,}" for column in columns))


if __name__ == "__main__":
    main(sys.argv[1:])
