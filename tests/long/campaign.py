"""Random expressions over random records: the reference, the live collection and stores must give one answer.

A dataset is built once, as records in memory and as stores of one segment and of several, and asked many expressions.
It follows from one seed alone, as its expressions do, so that a failure comes back when its seed is given again. Leaves
of expressions come from the strategies that `make test` uses; trees are grown from them here, because Hypothesis takes
longer to draw a tree than the engines take to answer it.
"""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import orjson
from hypothesis import HealthCheck, Phase, given, seed, settings

import smsearch
from smsearch.frozen import replace
from smsearch.live import reference
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from smsearch.schema import catalogue
from smsearch.syntax import wire
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, SortOrder
from tests.properties.strategies import PROFILES, nested_filters, property_filters, records, sorts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import SearchStrategy

    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

    Drawn = TypeVar("Drawn")

POLICY: Final = replace(DEFAULT, contains_max=None)
"""The engines' own rules: the service's limit of one Contains would refuse most expressions."""
RECORDS: Final = 60
LEAVES: Final = 400
DEPTH_MAX: Final = 2
"""Levels below the first; a whole tree stays within the fifty conditions that the API allows (row E2)."""
WIRE_SHARE: Final = 10
"""One expression in so many is also asked in the wire's JSON, page by page."""


class DisagreementError(AssertionError):
    """Two engines gave different answers."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Records of one resource behind several doors.

    Attributes:
        resource: What the records are.
        searchers: A searcher for each door, by the door's name; the first is live.
        records: The live collection's records, for the reference.
    """

    resource: str
    searchers: dict[str, Searcher]
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An expression with its order and the size of its pages."""

    expression: SearchExpression
    sort_by: str | None
    sort_order: SortOrder | None
    size: int


def draw(strategy: SearchStrategy[Drawn], count: int, number: int) -> list[Drawn]:
    """Examples of a strategy that follow from a seed alone."""
    drawn: list[Drawn] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(example: Drawn) -> None:
        drawn.append(example)

    keep()
    return drawn


def ask(number: int, expressions: int) -> int:
    """Builds the dataset of a seed and asks it some expressions.

    Returns:
        How many answers were compared with the reference's.

    Raises:
        DisagreementError: With the seed, the expression and what each door answered.
    """
    chance = random.Random(number)
    resource = chance.choice(sorted(PROFILES))
    leaves: list[Filter | NestedFilters] = [
        *draw(property_filters(resource), LEAVES, number),
        *draw(nested_filters(resource), LEAVES // 4, number),
    ]
    orders = draw(sorts(resource), 40, number)
    with tempfile.TemporaryDirectory() as folder:
        dataset = build(resource, draw(records(resource), RECORDS, number), Path(folder), chance)
        compared = 0
        for _ in range(expressions):
            sort_by, sort_order = chance.choice(orders)
            question = Question(grow(chance, leaves, DEPTH_MAX), sort_by, sort_order, chance.randint(1, 20))
            try:
                compared += compare(dataset, question, in_pages=chance.randrange(WIRE_SHARE) == 0)
            except DisagreementError as error:
                asked = json.dumps(wire.to_json(question.expression))
                message = f"seed {number}, {resource}, {asked}, sorted by {sort_by} {sort_order}:\n{error}"
                raise DisagreementError(message) from None
        return compared


def grow(chance: random.Random, leaves: Sequence[Filter | NestedFilters], depth: int) -> SearchExpression:
    """An expression of up to six conditions a level; half of them have no level below."""
    chosen = [chance.choice(leaves) for _ in range(chance.choice((1, 1, 2, 2, 3)))]
    below = chance.choice((0, 0, 0, 1, 1, 2)) if depth else 0
    return SearchExpression(
        tuple(leaf for leaf in chosen if isinstance(leaf, Filter)),
        tuple(leaf for leaf in chosen if isinstance(leaf, NestedFilters)),
        tuple(grow(chance, leaves, depth - 1) for _ in range(below)),
        chance.choice(list(BooleanOperator)),
    )


def build(resource: str, drawn: Sequence[Record], folder: Path, chance: random.Random) -> Dataset:
    """The records as an export, in memory, as one store, and as a store that was added to twice."""
    key = catalogue.resource(resource).record_key
    documents = [record.document for record in drawn]
    documents += [_with_extra(resource, path) for path in PROFILES[resource].extras.values()]
    lines = [_json({key: document}) for document in documents]
    cuts = sorted(chance.sample(range(1, len(lines)), 2))
    parts = {"all": lines, "first": lines[: cuts[0]], "second": lines[cuts[0] : cuts[1]], "third": lines[cuts[1] :]}
    for name, part in parts.items():
        (folder / f"{name}.jsonl").write_bytes(b"".join(line + b"\n" for line in part))
    smsearch.build([folder / "all.jsonl"], folder / "once")
    for name in ("first", "second", "third"):
        smsearch.build([folder / f"{name}.jsonl"], folder / "added", add=name != "first")
    live = smsearch.open(folder / "all.jsonl", policy=POLICY)
    searchers = {
        "live": live,
        "one store": smsearch.open(folder / "once", policy=POLICY),
        "added one by one": smsearch.open(folder / "added", policy=POLICY),
    }
    schema = live.engine.schema(resource)
    whole = live.engine.records(resource, bind(None, schema, POLICY), bind_sort(None, None, schema))
    return Dataset(resource, searchers, tuple(whole))


def _with_extra(resource: str, path: tuple[str, ...]) -> dict[str, Any]:
    """A record that has a field which the service model does not know, so that every expression may name it."""
    value: object = "x"
    for name in reversed(path):
        value = {name: value}
    return {catalogue.resource(resource).name_path[-1]: "-".join(path), **cast("dict[str, Any]", value)}


def _json(document: object) -> bytes:
    """A document as an export has it; digits that a double would lose are kept."""
    return json.dumps(_spelled(document)).replace('"\\u0000', "").replace('\\u0000"', "").encode("ascii")


def _spelled(value: object) -> object:
    """Decimals between marks that `_json` takes away with the quotes, since `json` writes none."""
    if isinstance(value, Decimal):
        return f"\x00{value}\x00"
    if isinstance(value, dict):
        return {name: _spelled(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_spelled(element) for element in value]
    return value


def compare(dataset: Dataset, question: Question, *, in_pages: bool) -> int:
    """Asks every door; returns how many answers were compared.

    Raises:
        DisagreementError: One differs from the reference's.
    """
    compared = 0
    for door, searcher in dataset.searchers.items():
        schema = searcher.engine.schema(dataset.resource)
        predicate = bind(question.expression, schema, POLICY)
        key = bind_sort(question.sort_by, question.sort_order, schema)
        expected = [_identity(record) for record in reference.select(dataset.records, predicate, key)]
        _same(door, expected, _walked(searcher, dataset.resource, predicate, key, question.size))
        compared += 1
        if in_pages:
            _same(f"{door}, in the wire's JSON", expected, _searched(searcher, dataset.resource, question))
            compared += 1
    return compared


def _same(door: str, expected: list[tuple[str, str]], answered: list[tuple[str, str]]) -> None:
    if expected != answered:
        raise DisagreementError(f"the reference: {expected}\n{door}: {answered}")


def _identity(record: Record) -> tuple[str, str]:
    return record.arn, record.name


def _walked(searcher: Searcher, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[tuple[str, str]]:
    """Every match by pages of an engine, whose total must be their number."""
    identities: list[tuple[str, str]] = []
    page = searcher.engine.page(resource, predicate, key, b"", size, None)
    while True:
        identities += [_identity(record) for record in page.records]
        if page.next_cursor is None:
            break
        page = searcher.engine.page(resource, predicate, key, page.next_cursor, size, page.total)
    if page.total != len(identities):
        raise DisagreementError(f"{len(identities)} records were given and {page.total} were counted")
    return identities


def _searched(searcher: Searcher, resource: str, question: Question) -> list[tuple[str, str]]:
    """Every match by the API's own pages and tokens."""
    kind = catalogue.resource(resource)
    identities: list[tuple[str, str]] = []
    request: dict[str, Any] = {
        "Resource": resource,
        "SearchExpression": wire.to_json(question.expression),
        "MaxResults": question.size,
    }
    if question.sort_by is not None:
        request["SortBy"] = question.sort_by
    if question.sort_order is not None:
        request["SortOrder"] = question.sort_order.value
    while True:
        page = json.loads(searcher.search_json(orjson.dumps(request)))  # orjson refuses a number beyond all doubles
        for result in page["Results"]:
            document = result[kind.record_key]
            identities.append((document.get(kind.arn[-1]) or "", str(document.get(kind.name_path[-1], ""))))
        if "NextToken" not in page:
            return identities
        request["NextToken"] = page["NextToken"]
