"""Recognises the records in a parsed document, by their content.

One rule: an object that is no record is searched. Its members may be objects, lists, and texts that hold JSON; what is
recognised in them is taken, to a depth of 8, never inside a record nor inside a map of the user's own keys. A member's
name helps: under a key of Search's results, or of a List operation's page, stand records of one kind. Envelopes whose
members mean something only together are opened in `envelopes.py`. What is null or empty is not there.

The spelling of members is `normalise.py`'s business, rows of data frames are `rows.py`'s, and which kind has which
members is `kinds.py`'s. It knows no file and no line.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from smsearch.errors import ExportError
from smsearch.ingest import envelopes, kinds, rows, summaries
from smsearch.ingest.recognition import DEPTH_MAX, Inside, Recognised, Unrecognised
from smsearch.schema import catalogue
from smsearch.schema.catalogue import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from smsearch.ingest.recognition import Path

    Outcome = Recognised | ExportError | Unrecognised

_SHOWN_KEYS: Final = 8
_PAGING: Final = kinds.METADATA | {"nexttoken", "totalhits"}
"""Members of responses that say nothing of records, folded."""
_NAMES_REMEMBERED: Final = 256
"""What an object of more members is, is not remembered: one of very many is rarely met twice."""
_TOO_DEEP: Final = f"It is nested too deep: records are looked for {DEPTH_MAX} members deep."
_HINT: Final = "A record has its own ARN or name, such as TrainingJobArn or TrainingJobName."


def recognise(value: object, path: Path = ()) -> Iterator[Outcome]:
    """The records in a parsed document; what is no record; and the members in which there is none.

    An `ExportError` stands in the place of a record: of a document, an element of an array or of a page, that is none.
    An `Unrecognised` tells of a member of an object of which other members hold records.

    Args:
        value: The document, or an element of one.
        path: The members and positions that lead to it, of a document that is read element by element.
    """
    if not path and value.__class__ is dict:  # on the shortest way, for it is most of what there is
        record = _plain_record(cast("dict[str, Any]", value), path)
        if record is not None:
            yield record
            return
    if isinstance(value, list) and not any(isinstance(step, str) for step in path):
        for at, element in enumerate(value):
            yield from recognise(element, (*path, at))
        return
    if path and is_of_paging(str(path[-1])):
        return
    outcomes = _member(value, path) if path else _walk(value, path)
    yield from _settled(outcomes) if _is_of_page(path) else outcomes


def is_of_paging(name: str) -> bool:
    """Whether a member of a response says nothing of records."""
    return fold(name) in _PAGING


def _is_of_page(path: Path) -> bool:
    """Whether records are expected at a path: documents, elements of arrays and of pages."""
    names = [step for step in path if isinstance(step, str)]
    return not names or (not isinstance(path[-1], str) and kinds.is_page_list(names[-1]))


def _member(value: object, path: Path) -> Iterator[Outcome]:
    """What stands under a member, or as an element of it."""
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if isinstance(value, dict) and name:
        record = _result(name, value, path) if isinstance(path[-1], str) else _summary(name, value, path)
        if record is not None:
            yield record
            return
    yield from _walk(value, path)


def _result(name: str, value: dict[str, Any], path: Path) -> Recognised | None:
    """The record under a key of Search's results; a model's stands in a member that has the same name."""
    kind = kinds.of_record_key(name)
    if kind is None or kinds.of_inner(name) is not None or not kinds.has_identity(kind, value):
        return None
    return Recognised(kind, kinds.as_record(kind, value), path=path)


def _summary(name: str, value: dict[str, Any], path: Path) -> Recognised | None:
    """The record that an element of a List operation's page is, if it has its ARN or name."""
    kind = kinds.of_element(name, value)
    return None if kind is None else _listed(kind, value, path)


def _listed(kind: str, value: dict[str, Any], path: Path) -> Recognised:
    is_partial = summaries.is_summary(kind, value)
    return Recognised(kind, kinds.as_record(kind, rows.with_tuned(value)), is_partial=is_partial, path=path)


def _page(name: str, elements: list[Any], path: Path) -> Iterator[Outcome]:
    """The records of a page of Search or of a List operation; the usual ones on the shortest way."""
    listed = kinds.of_list(name)
    sole = listed[0] if len(listed) == 1 else ""
    for at, element in enumerate(elements):
        below = (*path, at)
        record = None
        if element.__class__ is dict:
            if sole:
                record = _listed(sole, element, below) if kinds.has_identity(sole, element) else None
            elif listed:
                record = _summary(name, element, below)
            elif len(element) == 1:
                ((key, inner),) = element.items()
                record = (
                    _result(key, inner, (*below, key)) if inner.__class__ is dict and key.__class__ is str else None
                )
        if record is not None:
            yield record
        else:
            yield from _settled(_member(element, below))


def _walk(value: object, path: Path) -> Iterator[Outcome]:
    if isinstance(value, dict):
        yield from _object(value, path)
    elif isinstance(value, list):
        for at, element in enumerate(value):
            yield from _member(element, (*path, at))
    elif isinstance(value, str) and isinstance(inner := envelopes.parsed_text(value), dict | list):
        yield from _member(inner, path)
    else:
        yield Unrecognised(path, f"It is {_word(value)} and not a record.", "A record is a JSON object.")


def _word(value: object) -> str:
    words = {str: "a text", bool: "a truth value", type(None): "null", int: "a number", float: "a number"}
    return words.get(type(value), f"a {type(value).__name__}")


def _object(value: dict[str, Any], path: Path) -> Iterator[Outcome]:
    """An object: a record, an envelope, or something to be searched."""
    record = _plain_record(value, path)
    if record is not None:
        yield record
        return
    if sum(isinstance(step, str) for step in path) > DEPTH_MAX:
        yield Unrecognised(path, _TOO_DEEP, _HINT)
        return
    members = {name: member for name, member in value.items() if kinds.is_there(member)}
    parts = envelopes.opened(members, path)
    if parts is not None:
        yield from _opened(parts)
        return
    kind = kinds.of_object(members)
    if kind is not None and _is_record(kind, members, path):
        yield _record(kind, rows.unflattened(kind, value), path)
    elif members and (table := envelopes.by_columns(members, path)) is not None:
        yield from _opened(table)
    else:
        yield from _searched(value, members, path)


def _plain_record(value: dict[str, Any], path: Path) -> Recognised | None:
    """An object as a record, if the names of its members alone say that it is one, and it has an identity."""
    kind = kind_of_names(tuple(value))
    return _record(kind, value, path) if kind is not None and kinds.has_identity(kind, value) else None


def kind_of_names(names: tuple[object, ...], arn: str | None = None) -> str | None:
    """The kind of an object, if the names of its members alone say that it is a record.

    Args:
        names: The names of its members.
        arn: Its ARN, if that may say the kind too: of kinds that share the name of their ARNs. Then every member has to
            hold something.
    """
    kind = _usual(names) if len(names) <= _NAMES_REMEMBERED else None
    if kind is None or not kinds.shares_arn_member(kind):
        return kind
    return None if arn is None else kinds.kind_by_arn(kind, arn)


def stands_under_key(kind: str) -> bool:
    """Whether what stands under the key of Search's results is a record of a kind, if an object has nothing else."""
    key = catalogue.resource(kind).record_key
    if kinds.of_record_key(key) != kind or kinds.of_inner(key) is not None or kinds.is_users_own(key):
        return False
    return not (is_of_paging(key) or envelopes.may_open((key,)) or kinds.of_owned((key,)))


@lru_cache(maxsize=4096)
def _usual(names: tuple[object, ...]) -> str | None:
    """The kind of an object with a record's members and none of an envelope or a page; they alone say so."""
    kind = kinds.of_members(names)
    if kind is None or envelopes.may_open(names):
        return None
    if any(not isinstance(name, str) or "." in name for name in names):
        return None
    members: dict[str, object] = {str(name): [] for name in names}
    return kind if _is_record(kind, members, ("",)) else None


def _is_record(kind: str, members: Mapping[str, Any], path: Path) -> bool:
    """Whether an object is a record itself, not a page that has a name, nor a mere mention of a record."""
    nested = [name for name, member in members.items() if isinstance(member, dict | list)]
    if kinds.is_page(kind, tuple(members), nested):
        return False
    return not (any(isinstance(step, str) for step in path) and kinds.is_reference(kind, members))


def _opened(parts: Iterable[Recognised | Inside | Unrecognised]) -> Iterator[Outcome]:
    """The records in the parts of an envelope."""
    for part in parts:
        if not isinstance(part, Inside):
            yield part
            continue
        unrecognised: list[Unrecognised] = []
        is_taken = False
        for one in _member(part.value, part.path):
            if isinstance(one, Unrecognised):
                unrecognised.append(one)
            else:
                is_taken = True
                yield one
        yield from unrecognised if is_taken or part.otherwise is None else (part.otherwise,)


def _searched(value: dict[str, Any], members: dict[str, Any], path: Path) -> Iterator[Outcome]:
    """The records in the members of an object that is none; of the whole object if there are none."""
    own = [member for name, member in members.items() if not is_of_paging(str(name))]
    is_page = sum(isinstance(member, dict | list) for member in own) <= 1
    is_taken = any(
        member.__class__ is list and not member and kinds.is_page_list(str(name)) for name, member in value.items()
    )
    unrecognised: list[Unrecognised] = []
    for name, member in members.items():
        below = (*path, str(name))
        for one in _of_member(str(name), member, below, is_page=is_page):
            if isinstance(one, Unrecognised):
                unrecognised.append(one)
            else:
                is_taken = True
                yield one
    if is_taken:
        yield from unrecognised
    elif any(one.reason == _TOO_DEEP for one in unrecognised):
        yield Unrecognised(path, _TOO_DEEP, _HINT)
    else:
        keys = ", ".join(map(str, list(value)[:_SHOWN_KEYS])) + (", ..." if len(value) > _SHOWN_KEYS else "")
        yield Unrecognised(path, f"It is no record: its members are {keys or 'none'}.", _HINT)


def _of_member(name: str, member: object, path: Path, *, is_page: bool) -> Iterator[Outcome]:
    """The records under one member of an object that is searched."""
    if is_of_paging(name):
        return
    if isinstance(member, dict | list | str) and not kinds.is_users_own(name):
        if is_page and isinstance(member, list) and kinds.is_page_list(name):
            yield from _page(name, member, path)
        else:
            yield from _member(member, path)
    else:
        yield Unrecognised(path, "")


def _settled(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """What was found in the place of a record: if that is none, an error for it."""
    unrecognised: list[Unrecognised] = []
    is_taken = False
    for one in outcomes:
        if isinstance(one, Unrecognised):
            unrecognised.append(one)
        else:
            is_taken = True
            yield one
    yield from unrecognised if is_taken else (ExportError(one.reason, hint=one.hint) for one in unrecognised)


def _record(kind: str, value: dict[str, Any], path: Path) -> Recognised:
    """A record itself: what Describe returns, a row of a table, a row of a data frame."""
    if rows.is_frame_row(kind, value):
        return Recognised(kind, rows.of_frame(kind, value), is_partial=True, path=path)
    row = rows.with_own_names(catalogue.resource(kind), value)
    return Recognised(kind, kinds.as_record(kind, rows.with_tuned(row)), is_partial=rows.TUNED in row, path=path)
