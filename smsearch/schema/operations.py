"""The operations that describe and list records, as the service model has them.

Reads `operations.json`, which `grammar/catalogue/operations.py` writes, as far as it is asked. It knows what an input
may be and where in a record each member of an output lies; not how a record is found.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from smsearch.frozen import frozen
from smsearch.schema.lined_json import LinedSection, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@frozen
class InputMember:
    """A member of an operation's input, and its constraints.

    Attributes:
        type: `string`, `integer`, `timestamp`, `boolean`, `list`, `map` or `structure`.
        is_required: Whether the operation is nothing without it.
        enum: The values that it may have, or `()` for any.
        least: The least length of a text, or the least number.
        most: The greatest length of a text, or the greatest number.
        pattern: What the whole of a text must match, or `""`.
    """

    type: str
    is_required: bool
    enum: tuple[str, ...]
    least: int | None
    most: int | None
    pattern: str


@frozen
class Question:
    """What an input member asks of a record.

    Attributes:
        property: The property's name, within what Describe shows.
        test: `equals`, `contains`, `after`, `before`, `prefix`; `owner`: it holds the ARN of the record that is
            named; or another of `service/questions.py`.
        owner: The kind of that record, or `""`.
        otherwise: The properties that stand for it in records that do not have it.
    """

    property: str
    test: str
    owner: str = ""
    otherwise: tuple[str, ...] = ()


@frozen
class Operation:
    """One Describe or List operation.

    Attributes:
        name: Its name on the wire, without the service's.
        kind: The kind of records that it shows, or `""` (ListTags).
        inputs: Its input's members by name.
        questions: What each input member asks; those of paging and order ask nothing.
        errors: The errors that the service model declares.
        output: The members that Describe shows of a record; `()` for a List.
        wrapper: The member of Describe's output that holds the record, or `""` where the output is the record.
        outer: The members of a record that Describe shows beside the wrapper.
        list_member: The member of a record whose elements the operation lists (the tags of ListTags), or `""`.
        batch: The member of the input that holds the ARNs of several records to describe at once, or `""`.
        results: The member of a List's output that holds the records, or `""`.
        summary: The members of a List's element, and the path in a record where each comes from.
        cut_to: The members of a List's element that have some members only of a record's structure, and which.
        unrecorded: The members of a List's element that only records of the operation itself have, and their shapes.
        empty: What members of the output, or of a List's element, are that the model demands and a record lacks.
        sorts: The properties that SortBy's values mean.
        sort_by: What SortBy is when it is left out, or `""`.
        is_ascending: Whether SortOrder, left out, is ascending.
        page_size: What MaxResults is when it is left out.
    """

    name: str
    kind: str
    inputs: Mapping[str, InputMember]
    questions: Mapping[str, Question]
    errors: tuple[str, ...]
    output: tuple[str, ...]
    wrapper: str
    outer: tuple[str, ...]
    list_member: str
    batch: str
    results: str
    summary: Mapping[str, tuple[str, ...]]
    cut_to: Mapping[str, Sequence[str]]
    unrecorded: Mapping[str, str]
    empty: Mapping[str, Any]
    sorts: Mapping[str, str]
    sort_by: str
    is_ascending: bool
    page_size: int


@cache
def _data() -> LinedSection:
    return LinedSection(read(__file__, "operations.json"), "operations")


@cache
def names() -> tuple[str, ...]:
    """Every operation that the catalogue's records can answer, in order."""
    return tuple(_data())


def summaries() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The kind that each List operation lists, and the members of a summary; without making the operations."""
    for entry in _data().values():
        if "results" in entry and "batch" not in entry:
            yield entry["kind"], (*entry["summary"], *entry.get("unrecorded", ()))


@cache
def operation(name: str) -> Operation:
    """The operation of a name, exactly spelled.

    Raises:
        KeyError: There is no such operation, or its input asks for what no record has.
    """
    entry = _data()[name]
    return Operation(
        name=name,
        kind=entry["kind"],
        inputs=inputs_of(entry["input"]),
        questions={member: _question(*question) for member, question in entry.get("filters", {}).items()},
        errors=tuple(entry.get("errors", ())),
        output=tuple(entry.get("output", ())),
        wrapper=entry.get("wrapper", ""),
        outer=tuple(entry.get("outer", ())),
        list_member=entry.get("list_member", ""),
        batch=entry.get("batch", ""),
        results=entry.get("results", ""),
        summary={member: tuple(path.split(".")) for member, path in entry.get("summary", {}).items()},
        cut_to=entry.get("cut_to", {}),
        unrecorded=entry.get("unrecorded", {}),
        empty=entry.get("empty", {}),
        sorts=entry.get("sorts", {}),
        sort_by=entry.get("sort_by", ""),
        is_ascending=entry.get("sort_order", "").lower() == "ascending",
        page_size=entry.get("page_size", 0),
    )


def _question(name: str, test: str, owner: str = "", otherwise: Sequence[str] = ()) -> Question:
    return Question(name, test, owner, tuple(otherwise))


def inputs_of(entry: Mapping[str, Mapping[str, Any]]) -> dict[str, InputMember]:
    """The members of an input as the generated file has them."""
    return {name: _input(member) for name, member in entry.items()}


def _input(member: Mapping[str, Any]) -> InputMember:
    return InputMember(
        type=member["type"],
        is_required=member.get("required", False),
        enum=tuple(member.get("enum", ())),
        least=member.get("min"),
        most=member.get("max"),
        pattern=member.get("pattern", ""),
    )
