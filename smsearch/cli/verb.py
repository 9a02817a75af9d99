"""How a verb declares its arguments and options, and how it receives their values.

A verb is a class whose instances are immutable. Each field made by `positionals`, `positional`, `option` or `flag` is
one parameter of the command line; the docstring of the class is the verb's help; `run` does the work and returns an
exit code. A class in `options.py` declares the parameters that several verbs share, and a verb inherits from it.

This module does not know click. `group.py` makes click's commands from the declarations, and completion reads them
without click, because it runs at every press of TAB.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform

from smsearch.cli.usage import UsageError
from smsearch.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Choices = tuple[str, ...] | Callable[[], Sequence[str]]


@frozen
class VerbParameter:
    """One parameter of the command line.

    Attributes:
        names: The spellings of an option (`-n`, `--limit`); `()` of an argument.
        placeholder: What the help shows for its value (`N`, `SOURCE... [QUERY]`). Completion offers what the
            placeholder names: see `completion/complete.py`.
        help_text: What the help says of an option.
        choices: The fixed names that its value is one of, or a function that returns them.
        convert: Reads the value; raises UsageError for a wrong one. None leaves the text as it is.
        is_repeated: Whether it may be given several times; the value is then a tuple.
        is_required: Whether it has to be given.
        default: The value if it is not given.
    """

    names: tuple[str, ...] = ()
    placeholder: str = ""
    help_text: str = ""
    choices: Choices = ()
    convert: Callable[[str], object] | None = None
    is_repeated: bool = False
    is_required: bool = False
    default: object = None

    @property
    def is_flag(self) -> bool:
        """Whether it is an option without a value."""
        return bool(self.names) and not self.placeholder and not self.choices

    def fixed_names(self) -> Sequence[str]:
        """The fixed names that its value is one of."""
        return self.choices() if callable(self.choices) else self.choices


def positionals(placeholder: str) -> Any:  # noqa: ANN401 - the field's own type
    """A field for all arguments, a `tuple[str, ...]`."""
    return VerbParameter(placeholder=placeholder, is_repeated=True, default=())


def positional(placeholder: str, choices: Choices = ()) -> Any:  # noqa: ANN401 - the field's own type
    """A field for the only argument, a `str`; in brackets (`[SOURCE]`) it may be missing, and is None then."""
    return VerbParameter(placeholder=placeholder, choices=choices, is_required=not placeholder.startswith("["))


def option(  # noqa: PLR0913 - what a declaration may say, each with a name
    spelling: str,
    help_text: str,
    *,
    choices: Choices = (),
    convert: Callable[[str], object] | None = None,
    is_repeated: bool = False,
    is_required: bool = False,
    default: object = None,
) -> Any:  # noqa: ANN401 - the field's own type
    """A field for an option with a value.

    Args:
        spelling: Its names and its placeholder: `-n --limit N`. With choices the placeholder may be missing.
        help_text: What the help says.
        choices: See `VerbParameter`, as for the other arguments.
        convert: Reads the value.
        is_repeated: Whether it may be given several times.
        is_required: Whether it has to be given.
        default: The value if it is not given; shown in the help.
    """
    words = spelling.split()
    names = tuple(word for word in words if word.startswith("-"))
    return VerbParameter(
        names=names,
        placeholder="" if words[-1] in names else words[-1],
        help_text=help_text,
        choices=choices,
        convert=convert,
        is_repeated=is_repeated,
        is_required=is_required,
        default=() if is_repeated else default,
    )


def flag(spelling: str, help_text: str) -> Any:  # noqa: ANN401 - the field's own type
    """A field for an option without a value, a `bool`: `flag("-q --quiet", ...)`."""
    return VerbParameter(names=tuple(spelling.split()), help_text=help_text, default=False)


def whole(least: int | None = None, most: int = sys.maxsize) -> Callable[[str], int]:
    """Makes a reader of whole numbers; it raises UsageError for any other text, and below `least` or above `most`."""

    def convert(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise UsageError(f"{text!r} is not a whole number") from None
        if least is not None and number < least:
            raise UsageError(f"{number} is less than {least}")
        if number > most:
            raise UsageError(f"{number} is more than {most}")
        return number

    return convert


def zero_or_more(text: str) -> float:
    """A number that is not negative, of any unit.

    Raises:
        UsageError: The text is no such number.
    """
    try:
        number = float(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a number") from None
    if not number >= 0:
        raise UsageError(f"{text} is not 0 or more")
    return number


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(positionals, positional, option, flag)
)
class Verb:
    """A verb with the values of its parameters.

    To a reader and to mypy it is a frozen dataclass. `dataclasses` does not make it, because it compiles code for each
    class, and a completion has no time for that.
    """

    examples: ClassVar[tuple[str, ...]] = ()
    """Lines that its help shows, without the command's own name."""

    debug: bool = flag("--debug", "Show the traceback of a bug.")

    def __init__(self, **values: object) -> None:
        parameters = self.declared()
        for name in values:
            if name not in parameters:
                raise TypeError(f"{type(self).__name__} has no parameter {name!r}")
        for name, parameter in parameters.items():
            object.__setattr__(self, name, values.get(name, parameter.default))
        self.check()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name}")

    def check(self) -> None:
        """Refuses options that contradict each other.

        Raises:
            UsageError: They do.
        """

    def run(self) -> int:
        """Does the work and returns the exit code.

        Raises:
            UsageError: The values of the parameters are wrong or contradict each other.
            SmsearchError: The query or the data is wrong.
        """
        raise NotImplementedError

    @classmethod
    def declared(cls) -> dict[str, VerbParameter]:
        """The parameters by the names of their fields: the verb's own first, then those of each class it inherits."""
        members = ((name, value) for base in cls.__mro__ for name, value in vars(base).items())
        return {name: value for name, value in members if isinstance(value, VerbParameter)}
