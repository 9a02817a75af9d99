"""The catalogue of resources and of the shapes of their members, as the service model gives them.

Reads `catalogue.json`, which `grammar/catalogue/generate.py` writes, as far as it is asked. It knows shapes,
not how a name is spelled in a filter (`names.py`) nor how a value is read (`read.py`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from smsearch.errors import InvalidValueError
from smsearch.frozen import field, frozen
from smsearch.schema import value_kinds
from smsearch.schema.lined_json import LinedSection, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsearch.schema.value_kinds import Kind


@frozen
class Scalar:
    """A plain value.

    Attributes:
        kind: How its values compare.
        enum: The allowed spellings, if the service model lists them.
        may_be_empty: Whether `""` is one of its texts; where it is not, `""` is absent (row F5).
        holds_json: Whether the model says that the text is JSON: clients give it as the object that it spells.
    """

    kind: Kind
    enum: tuple[str, ...] = ()
    may_be_empty: bool = True
    holds_json: bool = False


@frozen
class Structure:
    """Named members; the name alone identifies it.

    Attributes:
        name: The shape's name.
        members: The name of each member, and a reference for `shape()`.
        is_union: Whether exactly one member is set; boto3 refuses the whole response otherwise.
    """

    name: str
    members: Mapping[str, str] = field(compare=False)
    is_union: bool = field(default=False, compare=False)

    def member(self, name: str) -> Shape:
        """The shape of a member.

        Raises:
            KeyError: The structure has no such member.
        """
        return shape(self.members[name])

    def spelled(self, name: str) -> str | None:
        """The member that a name means in any case, in snake_case or in camelCase, or None."""
        return name if name in self.members else _folded_members(self.name).get(fold(name))


@frozen
class ListOf:
    """A list; `element` is a reference for `shape()`."""

    element: str


@frozen
class MapOf:
    """A map from the user's own keys; `value` is a reference for `shape()`, and `name` is the map's own."""

    value: str
    name: str


Shape = Scalar | Structure | ListOf | MapOf


@frozen
class Resource:
    """One kind of record.

    Attributes:
        name: The name in a request's `Resource` (`ExperimentTrial`).
        record_key: The key of its records in a result (`Trial`; row R2).
        searchable: Whether Search knows it; the service can only describe and list the others.
        arn: Path to the member that holds the record's ARN.
        name_path: Path to the member that holds the record's own name.
        arn_is_shared: Whether several records carry one ARN (a feature group's features): the name tells them
            apart.
        version: The member that tells apart records of one name and one ARN, or none: versions of a model card, apps
            of one name in two domains; or `""`.
        inner: The member that holds what Describe returns, or `""` when that is the record itself (Model).
        lists: The members under which List operations return its summaries, each with what a summary calls otherwise:
            the summary's member, and the path in a record where that is.
        wrapper: The member of Describe's response that holds the record, or `""` where the response is the record.
        key: Paths to the members that `Id` is made of, in a kind whose name alone says too little.
        arn_type: The type in its ARNs (`training-job`), with that of what follows the name (`pipeline/execution`).
        default_sort: The property that orders results when SortBy is left out (row R6).
        root: The members of a record.
    """

    name: str
    record_key: str
    searchable: bool
    arn: tuple[str, ...]
    name_path: tuple[str, ...]
    arn_is_shared: bool
    version: str
    inner: str
    lists: Mapping[str, Mapping[str, str]] = field(compare=False)
    wrapper: str
    key: tuple[tuple[str, ...], ...]
    arn_type: str
    default_sort: str
    root: Structure

    @property
    def identity(self) -> tuple[tuple[str, ...], ...]:
        """Paths to what tells two records apart, and what equal ones are ordered by (row S4): ARN, name, version."""
        return (self.arn, self.name_path, *(((self.version,),) if self.version else ()))

    @property
    def described(self) -> Structure:
        """The members of a record that Describe returns."""
        reached = self.root.member(self.inner) if self.inner else self.root
        return reached if isinstance(reached, Structure) else self.root

    def described_members(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """What Describe returns of a record's document."""
        members = document.get(self.inner) if self.inner else document
        return members if isinstance(members, dict) else {}

    @property
    def list_keys(self) -> tuple[str, ...]:
        """The members under which List operations return its summaries."""
        return tuple(self.lists)


def fold(name: str) -> str:
    """A name without case and underscores, as `training_job_name` and `trainingJobName` share it."""
    return name.replace("_", "").lower()


@cache
def _data() -> Mapping[str, Mapping[str, Any]]:
    text = read(__file__, "catalogue.json")
    return {section: LinedSection(text, section) for section in ("resources", "shapes")}


_SCALARS = {
    **{kind.name: Scalar(kind) for kind in value_kinds.OF_MODEL},
    "filled": Scalar(value_kinds.TEXT, may_be_empty=False),
    "json": Scalar(value_kinds.TEXT, may_be_empty=False, holds_json=True),
}


@cache
def shape(reference: str) -> Shape:
    """The shape that a reference stands for."""
    if reference in _SCALARS:
        return _SCALARS[reference]
    entry = _data()["shapes"][reference]
    if "enum" in entry:
        return Scalar(value_kinds.TEXT, tuple(entry["enum"]), may_be_empty=False)
    if "members" in entry:
        return Structure(reference, entry["members"], entry.get("union", False))
    if "list" in entry:
        return ListOf(entry["list"])
    return MapOf(entry["map"], reference)


@cache
def _folded_members(structure: str) -> dict[str, str]:
    resources = _data()["resources"]
    name = structure.removeprefix(_ROOT)
    entry = resources[name] if structure.startswith(_ROOT) else _data()["shapes"][structure]
    return {fold(member): member for member in entry["members"]}


_ROOT = "resource:"


def _hyphenated(name: str) -> str:
    """A kind in ARNs: `TrainingJob` is `training-job`, `AIBenchmarkJob` is `ai-benchmark-job`."""
    letters = [
        f"-{letter}" if letter.isupper() and (before.islower() or (before.isupper() and after.islower())) else letter
        for before, letter, after in zip(f" {name}", name, f"{name[1:]} ", strict=False)
    ]
    return "".join(letters).lower()


@cache
def resource(name: str) -> Resource:
    """The resource or other record kind of a name, exactly spelled.

    Raises:
        KeyError: The catalogue has no such kind.
    """
    entry = _data()["resources"][name]
    return Resource(
        name=name,
        record_key=entry["record_key"],
        searchable=entry["searchable"],
        arn=tuple(entry["arn"].split(".")),
        name_path=tuple(entry["name"].split(".")),
        arn_is_shared=entry["arn_is_shared"],
        version=entry.get("version", ""),
        inner=entry["inner"],
        lists=entry["lists"],
        wrapper=entry.get("wrapper", ""),
        key=tuple(tuple(path.split(".")) for path in entry.get("key", ())),
        arn_type=entry.get("arn_type") or _hyphenated(name),
        default_sort=entry["sort"],
        root=Structure(_ROOT + name, entry["members"]),
    )


@cache
def kinds() -> tuple[str, ...]:
    """Every record kind, the resources of Search first."""
    return tuple(_data()["resources"])


def called(word: str, kinds_allowed: Sequence[str]) -> str | None:
    """The kind that a word names in any case, by itself or by the key of its records (`Trial`); None if it is none."""
    names = {fold(key): name for key, name in by_record_key().items() if name in kinds_allowed}
    names |= {fold(name): name for name in kinds_allowed}
    return names.get(fold(word))


def kind_named(word: str) -> str:
    """The kind that a word means in any case: its name, the name without `Job` (`processing`), or its beginning.

    Raises:
        InvalidValueError: There is none, or several kinds begin so.
    """
    every = kinds()
    if word in every:
        return word
    kind = called(word, every) or (called(f"{word}Job", every) if word else None)
    if kind is not None:
        return kind
    beginning = [name for name in every if word and fold(name).startswith(fold(word))]
    if len(beginning) == 1:
        return beginning[0]
    if beginning:
        message = f"Several kinds of records begin with '{word}': {', '.join(beginning)}."
        raise InvalidValueError(message, path="Resource", hint="Write more of the name.", row="K1")
    import difflib  # most words are right

    folded = {fold(name): name for name in every}
    near = difflib.get_close_matches(fold(word), folded, n=1)
    hint = f"Did you mean {folded[near[0]]}?" if near else "It is a kind of the service, such as ProcessingJob."
    raise InvalidValueError(f"There is no kind of record '{word}'.", path="Resource", hint=hint, row="K1")


@cache
def searchable() -> tuple[str, ...]:
    """The resources of Search, in the service model's order (row R1)."""
    return tuple(name for name, entry in _data()["resources"].items() if entry["searchable"])


@cache
def by_record_key() -> Mapping[str, str]:
    """Record key in a result to resource name (`Trial` to `ExperimentTrial`)."""
    return {entry["record_key"]: name for name, entry in _data()["resources"].items()}
