"""`frozen`: what a frozen, slotted dataclass does, though it is made otherwise."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass as library_dataclass
from dataclasses import field as library_field

import pytest

from smsearch.frozen import field, field_values, frozen, replace


@frozen
class Point:
    """A value with a field of each sort."""

    x: int
    y: int = 0
    label: str = field(default="", compare=False)
    tags: list[str] = field(default_factory=list, hash=False)
    seen: list[int] = field(default_factory=list, init=False, compare=False)


@library_dataclass(frozen=True, slots=True)
class LibraryPoint:
    """The same, made by the library."""

    x: int
    y: int = 0
    label: str = library_field(default="", compare=False)
    tags: list[str] = library_field(default_factory=list, hash=False)
    seen: list[int] = library_field(default_factory=list, init=False, compare=False, repr=False)


@frozen
class Other:
    """Another class."""

    x: int


@frozen
class Empty:
    """A value without fields."""


@frozen(eq=False)
class Itself:
    """A value that equals itself alone."""

    x: int


def test_it_is_shown_as_the_dataclass_is() -> None:
    assert repr(Point(1, label="a")) == repr(LibraryPoint(1, label="a")).removeprefix("Library")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"x": 1}, {"x": 1}),
        ({"x": 1}, {"x": 2}),
        ({"x": 1, "label": "a"}, {"x": 1, "label": "b"}),
        ({"x": 1, "tags": ["a"]}, {"x": 1, "tags": ["b"]}),
    ],
)
def test_values_are_equal_where_those_of_the_dataclass_are(one: dict[str, object], other: dict[str, object]) -> None:
    expected = LibraryPoint(**one) == LibraryPoint(**other)  # type: ignore[arg-type]
    assert (Point(**one) == Point(**other)) is expected  # type: ignore[arg-type]
    assert not expected or hash(Point(**one)) == hash(Point(**other))  # type: ignore[arg-type]


def test_values_of_two_classes_differ() -> None:
    values: list[object] = [Other(1), Point(1), Empty()]
    assert [values.index(value) for value in (Empty(), Point(1), Other(1))] == [2, 1, 0]


def test_what_is_compared_and_not_hashed_may_be_a_list() -> None:
    assert hash(Point(1, tags=["a"])) == hash(Point(1, tags=["b"]))


def test_a_class_without_equality_compares_by_identity() -> None:
    value = Itself(1)
    assert value == value  # noqa: PLR0124 - which is the point
    assert value != Itself(1)
    assert len({value, Itself(1)}) == 2


def test_nothing_can_be_set_or_added() -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match="Point is immutable: x"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Point is immutable: z"):
        point.z = 2  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="Point is immutable: x"):
        del point.x
    assert not hasattr(point, "__dict__")


def test_each_value_has_a_default_of_its_own() -> None:
    one, other = Point(1), Point(1)
    one.tags.append("a")
    one.seen.append(1)
    assert (other.tags, other.seen) == ([], [])


def test_a_wrong_call_is_refused_from_the_first_one_on() -> None:
    @frozen
    class Pair:
        one: int
        other: int

    for _ in range(2):
        with pytest.raises(TypeError, match="other"):
            Pair(1)  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="third"):
            Pair(1, 2, third=3)  # type: ignore[call-arg]
    assert (Pair(1, 2).one, Pair(other=3, one=1).other) == (1, 3)


def test_replace_changes_some_fields() -> None:
    point = Point(1, 2, "a", ["b"])
    assert field_values(replace(point, y=3)) == {"x": 1, "y": 3, "label": "a", "tags": ["b"]}
    with pytest.raises(TypeError, match="z"):
        replace(point, z=1)


def test_patterns_take_it_apart() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301
def test_it_is_copied_and_pickled(copied: object) -> None:
    point = Point(1, 2, "a", ["b"])
    assert field_values(copied(point)) == field_values(point)  # type: ignore[operator]


def test_a_method_of_the_class_is_kept() -> None:
    @frozen
    class Named:
        name: str

        def __repr__(self) -> str:
            return self.name

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and self.name.lower() == other.name.lower()

        def __hash__(self) -> int:
            return 7

    assert (repr(Named("a")), Named("a") == Named("A"), hash(Named("a"))) == ("a", True, 7)


def test_a_value_is_looked_over_when_it_is_made() -> None:
    @frozen
    class Positive:
        number: int

        def __post_init__(self) -> None:
            if self.number < 1:
                raise ValueError(self.number)

    assert Positive(1).number == 1
    with pytest.raises(ValueError, match="0"):
        Positive(0)
