"""Classes of frozen values that cost little to define: what `dataclass(frozen=True, slots=True)` makes, made later.

`dataclasses` compiles eight functions for a class while its module is imported, half a millisecond in all, and loads
`inspect` before. A command that answers one question pays that for each class on its way, and uses few of them. Here
only `__init__` is compiled, after the first few instances; the other methods are shared.

A field without a default, or with a plain one, is an annotation as in a dataclass; `field` says more. A method that the
class has itself is kept, and `__post_init__` is called. Fields are not inherited. Values are copied by their fields.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Class = TypeVar("_Class", bound=type)
_Value = TypeVar("_Value")

_MISSING: Final = object()
_FIELDS: Final = "__frozen_fields__"
_FEW: Final = 8
"""Instances of a class that are made field by field: compiling `__init__` takes as long as so many."""


class _Field:
    """What is known of a field beside its name."""

    __slots__ = ("default", "default_factory", "in_init", "is_compared", "is_hashed")

    def __init__(
        self, default: object, default_factory: object, *, in_init: bool, is_compared: bool, is_hashed: bool
    ) -> None:
        self.default = default
        self.default_factory = default_factory
        self.in_init = in_init
        self.is_compared = is_compared
        self.is_hashed = is_hashed


def field(
    *,
    default: Any = _MISSING,  # noqa: ANN401 - the field's own type
    default_factory: Callable[[], Any] | None = None,
    init: bool = True,
    compare: bool = True,
    hash: bool = True,  # noqa: A002 - the same
) -> Any:  # noqa: ANN401 - the same
    """A field as `dataclasses.field` describes it.

    Args:
        default: The value if none is given.
        default_factory: Makes the value if none is given.
        init: Whether the class can be called with it; if not, it has a default factory, and is not shown.
        compare: Whether equal values have it in common.
        hash: Whether it is part of the hash, if it is compared.
    """
    return _Field(default, default_factory, in_init=init, is_compared=compare, is_hashed=hash and compare)


@overload
def frozen(cls: _Class, /) -> _Class: ...
@overload
def frozen(*, eq: bool = True) -> Callable[[_Class], _Class]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type | None = None, /, *, eq: bool = True) -> Any:
    """Makes a class one of frozen values; with `eq=False` each of them equals itself alone."""
    return _frozen(cls, eq=eq) if cls is not None else lambda cls: _frozen(cls, eq=eq)


def _frozen(cls: type, *, eq: bool) -> type:
    """The class again, with slots and the methods that it does not have itself."""
    namespace = dict(vars(cls))
    fields = {
        name: default if isinstance(default, _Field) else _plain(default)
        for name in namespace.get("__annotations__", ())
        for default in (namespace.pop(name, _MISSING),)
    }
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    methods: dict[str, Any] = {"__repr__": _repr, "__setattr__": _refuse, "__delattr__": _refuse, "__reduce__": _reduce}
    if eq:
        methods |= _comparison(fields)
    shown = tuple(name for name, field in fields.items() if field.in_init)
    namespace = (
        methods | namespace | {"__slots__": tuple(fields), "__match_args__": shown, _FIELDS: fields, "__init__": None}
    )
    if eq and "__hash__" in namespace and namespace["__hash__"] is None:
        namespace["__hash__"] = methods["__hash__"]  # Python puts None beside an `__eq__` of the class
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__

    instances = 0

    def first_init(self: object, *values: object, **named: object) -> None:
        nonlocal instances
        instances += 1
        if instances > _FEW or not _set_fields(self, fields, values, named):
            made.__init__ = _compiled_init(made, fields)  # type: ignore[misc]
            made.__init__(self, *values, **named)  # type: ignore[misc]

    made.__init__ = first_init  # type: ignore[misc]
    return made


def _set_fields(
    self: Any,  # noqa: ANN401
    fields: Mapping[str, _Field],
    values: tuple[object, ...],
    named: dict[str, object],
) -> bool:
    """Sets the fields of a new value; returns whether the arguments are right, since `__init__` says what is wrong."""
    shown = self.__match_args__
    given = dict(zip(shown, values, strict=False)) | named
    if len(values) > len(shown) or len(given) < len(values) + len(named):
        return False
    for name, field in fields.items():
        if field.in_init and name in given:
            value = given.pop(name)
        elif callable(field.default_factory):
            value = field.default_factory()
        else:
            value = field.default
        if value is _MISSING:
            return False
        object.__setattr__(self, name, value)
    if given:
        return False
    if hasattr(self, "__post_init__"):
        self.__post_init__()
    return True


def _plain(default: object) -> _Field:
    return _Field(default, None, in_init=True, is_compared=True, is_hashed=True)


def _comparison(fields: Mapping[str, _Field]) -> dict[str, Any]:
    """`__eq__` and `__hash__` over some fields."""
    compared = _values_of([name for name, field in fields.items() if field.is_compared])
    hashed = _values_of([name for name, field in fields.items() if field.is_hashed])

    def __eq__(self: object, other: object) -> Any:  # noqa: ANN401, N807 - NotImplemented or a truth value
        return compared(self) == compared(other) if type(other) is type(self) else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(hashed(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _values_of(names: list[str]) -> Callable[[object], object]:
    """Reads some fields: one alone, several as a tuple."""
    return attrgetter(*names) if names else type


def _compiled_init(cls: type, fields: Mapping[str, _Field]) -> Any:  # noqa: ANN401
    """The `__init__` of a class: it sets each slot, which is quicker than `object.__setattr__`."""
    names: dict[str, object] = {"_missing": _MISSING}
    parameters, lines = ["self"], []
    for name, field in fields.items():
        names[f"_set_{name}"] = vars(cls)[name].__set__
        value = name
        if field.default_factory is not None:
            names[f"_make_{name}"] = field.default_factory
            value = f"_make_{name}() if {name} is _missing else {name}" if field.in_init else f"_make_{name}()"
        if field.in_init:
            names[f"_default_{name}"] = field.default
            has_default = field.default is not _MISSING or field.default_factory is not None
            parameters.append(f"{name}=_default_{name}" if has_default else name)
        lines.append(f" _set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or [" pass"]), names)  # noqa: S102 - its own text
    return names["__init__"]


def _repr(self: Any) -> str:  # noqa: ANN401
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.__match_args__)})"


def _refuse(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__} is immutable: {name}")


def _reduce(self: Any) -> tuple[type, tuple[object, ...]]:  # noqa: ANN401
    return type(self), tuple(getattr(self, name) for name in self.__match_args__)


def replace(value: _Value, /, **changes: object) -> _Value:
    """The same value but for some fields, as `dataclasses.replace` makes it; of a dataclass too."""
    return type(value)(**(field_values(value) | changes))


def field_values(value: object) -> dict[str, Any]:
    """The fields of a value by their names; those within its fields stay values."""
    return {name: getattr(value, name) for name in type(value).__match_args__}  # type: ignore[attr-defined]
