"""The record screen: what became of one record, its numbers among those of others, and what belongs to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.errors import NotFoundError, RequestError
from smsearch.frames import columns as frame_columns
from smsearch.frames.cell_text import seconds_text
from smsearch.frames.summary import status_property, times
from smsearch.frames.table_text import RecordCells
from smsearch.messages import nearest
from smsearch.page import histogram
from smsearch.page.addresses import CompareAddress, RecordAddress, SearchAddress, WhyAddress
from smsearch.page.cells import shown
from smsearch.page.relations import related
from smsearch.page.screen import Screen
from smsearch.page.superseded import superseded_snapshots
from smsearch.schema import notation, read, values
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.text.lexer import write_name, write_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from smsearch.result import Result
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

PLACED_MAX: Final = 40
"""Numbers of a record that are placed among those of the matches; each is a column to count."""
SAMPLE: Final = 20_000
"""Of more matches a sample is counted: a place is then told to within half a hundredth."""
REASONS_MAX: Final = 5_000
"""Different failure reasons up to which those like one are looked for."""
ALIKE_MAX: Final = 20
"""Reasons that a link to the records with one like it names: as many conditions as a list of the API holds."""
_MICROS: Final = 1_000_000
_CHANGING: Final = re.compile(r"[0-9A-Fa-f]{8,}|[0-9]+")
"""What differs from one failure to the next of the same cause: numbers and ids."""
_COST: Final = "Cost"
"""The derived property, which is there where the searcher has prices (row V6)."""
_FAMILIES: Final = ("Metrics", "HyperParameters", "Parameters", "Tags")


@dataclass(frozen=True, slots=True)
class Phase:
    """A status that a record had: how long, and where in a bar it is, from 0 to `histogram.WIDTH`."""

    status: str
    length: str
    message: str
    x: float
    width: float
    tone: int


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A value of a record, and where it stands among those of the matches.

    Attributes:
        name: The property without its family.
        text: The value.
        place: `above 83% of 120`, or `""` where it is no number or was not placed.
        share: The same from 0 to 1.
        url: The records with the same value.
    """

    name: str
    text: str
    place: str
    share: float | None
    url: str


def record_screen(searcher: Searcher, address: RecordAddress) -> Screen:
    """The screen of a record.

    Raises:
        NotFoundError: No record has the name.
    """
    records = searcher.describe(address.name, address.resource or None)
    if not records:
        raise not_found(searcher, address.resource or searcher.default_resource, address.name)
    record = records[0]
    context, is_query_wrong = _context(searcher, record, address)
    sources = searcher.sources(address.name, address.resource or None)
    namesakes = [RecordAddress(other.resource, other.arn, address.query).url() for other in records[1:] if other.arn]
    name = record.name or record.arn
    result_url = SearchAddress(record.resource, "" if is_query_wrong else address.query).url()
    values_shown: dict[str, object] = {
        "kinds": searcher.resources(),
        "resource": record.resource,
        "name": name,
        "arn": record.arn,
        "facts": _facts(record, context),
        "phases": phases(record.document),
        "reason": _text(record.document, "FailureReason"),
        "alike": _alike(searcher.quiet_result("", resource=record.resource), record),
        "families": list(_families(record, context)),
        "matches": context.total,
        "related": related(searcher, record),
        "like_url": _like_url(record),
        "compare_url": CompareAddress(record.resource, (record.arn or name,)).url(),
        "why_url": WhyAddress(record.resource, record.arn or name, address.query).url(),
        "result_url": result_url,
        "source": sources[0] if sources else None,
        "others": superseded_snapshots(searcher, record, address.name, sources[0]) if sources else None,
        "namesakes": namesakes,
        "json": orjson.dumps(notation.exported(record, notation.ISO), option=orjson.OPT_INDENT_2).decode(),
    }
    return Screen("record.html", name, address, values_shown)


def not_found(searcher: Searcher, kind: str, name: str) -> NotFoundError:
    """The error for a name that no record has, with the nearest name that one has."""
    schema = searcher.engine.schema(kind)
    own = schema.property(".".join(schema.resource.name_path))
    near = nearest(name, searcher.engine.spellings(kind, own, name, 2_000))
    return NotFoundError(f"No {kind} is called {name!r}.", hint=f"Did you mean {near}?" if near else "")


def _context(searcher: Searcher, record: Record, address: RecordAddress) -> tuple[Result, bool]:
    """The matches among which the record is placed: all of its kind if the query is none."""
    try:
        return searcher.quiet_result(address.query, resource=record.resource), False
    except RequestError:
        return searcher.quiet_result("", resource=record.resource), True


def _facts(record: Record, context: Result) -> list[tuple[str, str]]:
    """What tells the record from others: status, times, duration, machines, cost."""
    status = status_property(context.schema)
    props = [*([status] if status is not None else []), *times(context.schema)]
    cells = RecordCells(props)(record)
    facts = [(prop.name, shown(raw, prop)) for prop, raw in zip(props, cells, strict=True)]
    duration = _duration(record.document)
    if duration is not None:
        facts.append(("Duration", seconds_text(int(duration))))
    resources = record.document.get("ResourceConfig")
    if isinstance(resources, dict) and resources.get("InstanceType"):
        facts.append(
            ("Instances", f"{resources.get('InstanceCount', 1)} \N{MULTIPLICATION SIGN} {resources['InstanceType']}")
        )
    if context.schema.knows(_COST):
        cost = context.schema.property(_COST)
        (amount,) = RecordCells([cost])(record)
        facts.append((_COST, shown(amount, cost)))
    billable = record.document.get("BillableTimeInSeconds")
    if isinstance(billable, int) and not isinstance(billable, bool):
        facts.append(("Billable", seconds_text(billable)))
    return facts


def _duration(document: dict[str, Any]) -> float | None:
    """Seconds from the record's start to its end, if it has both."""
    for stem in ("Training", "Processing", "Transform", ""):
        begin, finish = _micros(document.get(f"{stem}StartTime")), _micros(document.get(f"{stem}EndTime"))
        if begin is not None and finish is not None:
            return (finish - begin) / _MICROS
    return None


def phases(document: dict[str, Any]) -> tuple[Phase, ...]:
    """The statuses that a record went through, as parts of a bar."""
    transitions = document.get("SecondaryStatusTransitions")
    spans = []
    for one in transitions if isinstance(transitions, list) else []:
        if not isinstance(one, dict):
            continue
        begin, end = _micros(one.get("StartTime")), _micros(one.get("EndTime"))
        if begin is not None and end is not None and end >= begin:
            spans.append((str(one.get("Status", "")), (end - begin) / _MICROS, str(one.get("StatusMessage", ""))))
    total = sum(seconds for _, seconds, _ in spans) or 1.0
    parts, x = [], 0.0
    for tone, (status, seconds, message) in enumerate(spans):
        width = round(histogram.WIDTH * seconds / total, 2)
        parts.append(Phase(status, seconds_text(int(seconds)), message, round(x, 2), width, tone % 5))
        x += width
    return tuple(parts)


def _micros(raw: object) -> int | None:
    micros = values.timestamp_of(raw)
    return micros if isinstance(micros, int) else None


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""


def masked(reason: str) -> str:
    """A reason without what differs from one failure to the next."""
    return _CHANGING.sub("#", reason)


def _alike(everything: Result, record: Record) -> tuple[int, str] | None:
    """How many records failed for a reason like this one's, and where they are; None if that is not told."""
    reason = _text(record.document, "FailureReason")
    if not reason or not everything.schema.knows("FailureReason"):
        return None
    (counts,) = everything.value_counts([everything.property("FailureReason")])
    if counts.distinct > REASONS_MAX:
        return None
    alike = [(str(text), number) for text, number in counts.items() if masked(str(text)) == masked(reason)]
    conditions = [f"FailureReason = {write_value(text)}" for text, _ in alike]
    query = " OR ".join(conditions) if len(conditions) <= ALIKE_MAX else ""
    return sum(number for _, number in alike), SearchAddress(record.resource, query).url() if query else ""


def _families(record: Record, context: Result) -> Iterator[tuple[str, list[PlacedValue], int]]:
    """The record's metrics, hyperparameters and tags, numbers placed among those of so many of the matches."""
    props = [prop for prop in frame_columns.present([record], context.schema) if "." in prop.name]
    by_family = {family: [prop for prop in props if prop.name.startswith(f"{family}.")] for family in _FAMILIES}
    places_left = PLACED_MAX
    for family, own in by_family.items():
        if own:
            cells = RecordCells(own)(record)
            places, number = _places(record, own[:places_left] if family != "Tags" else [], context)
            places_left -= len(places)
            values = [_placed(prop, raw, record.resource, places) for prop, raw in zip(own, cells, strict=True)]
            yield family, values, number


def _places(record: Record, props: Sequence[Property], context: Result) -> tuple[dict[str, tuple[float, int]], int]:
    """For each number, the share of the counted matches' numbers that are less, and how many those are.

    Returns:
        These, and how many matches were counted.
    """
    numbers = {prop.name: _number(record, prop) for prop in props}
    numeric = [prop for prop in props if numbers[prop.name] is not None]
    places, matches = {}, context.total
    for prop, counts in zip(numeric, context.value_counts(numeric, SAMPLE), strict=True):
        number, matches = numbers[prop.name], min(matches, counts.matching)
        if number is not None and counts.number_count > 1:
            places[prop.name] = (counts.below(number) / (counts.number_count - 1), counts.number_count)
    return places, matches


def _number(record: Record, prop: Property) -> Decimal | None:
    if prop.kind.type not in {ValueType.NUMBER, ValueType.TEXT_OR_NUMBER}:
        return None
    raws = read.raw_values(record.document, prop.steps)
    number = values.parse_number(str(raws[0])) if len(raws) == 1 and not isinstance(raws[0], bool) else None
    return number if number is not None and number.is_finite() else None


def _placed(prop: Property, raw: object, resource: str, places: dict[str, tuple[float, int]]) -> PlacedValue:
    text = shown(raw, prop)
    is_single = raw is not None and not isinstance(raw, list)
    condition = f"{write_name(prop.name)} = {write_value(text)}" if is_single else ""
    url = SearchAddress(resource, condition).url() if condition else ""
    name = prop.name.partition(".")[2]
    if prop.name not in places:
        return PlacedValue(name, text, "", None, url)
    share, number = places[prop.name]
    share = min(share, 1.0)
    return PlacedValue(name, text, f"above {share:.0%} of {number:,}", share, url)


def _like_url(record: Record) -> str:
    """The records of the same image and with the same names of hyperparameters, or `""`."""
    image = record.document.get("AlgorithmSpecification")
    image = image.get("TrainingImage") if isinstance(image, dict) else None
    names = record.document.get("HyperParameters")
    conditions = [f"AlgorithmSpecification.TrainingImage = {write_value(image)}"] if isinstance(image, str) else []
    keys = sorted(names)[:10] if isinstance(names, dict) else []
    conditions += [f"{write_name(f'HyperParameters.{key}')} EXISTS" for key in keys if key]
    return SearchAddress(record.resource, " AND ".join(conditions)).url() if conditions else ""
