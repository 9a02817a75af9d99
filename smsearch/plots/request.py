"""A figure that is asked for: its kind and the names of properties, as a command or an address says them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.errors import InvalidValueError
from smsearch.messages import counted, nearest
from smsearch.plots.bars import COUNT, bars
from smsearch.plots.best_so_far import best_so_far
from smsearch.plots.box import box
from smsearch.plots.histogram import histogram
from smsearch.plots.importance import importance
from smsearch.plots.parallel import parallel
from smsearch.plots.scatter import scatter
from smsearch.plots.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsearch.plots.figure import Figure
    from smsearch.plots.matches import PlottedMatches


@dataclass(frozen=True, slots=True)
class FigureRequest:
    """A figure that is asked for.

    Attributes:
        kind: One of `KINDS`.
        names: Properties, in the order of the kind's `words`.
        color: The property that marks are coloured or parted by; `""` for none.
        direction: Of `best-so-far`: `min` or `max`; `""` for what the metric's name tells.
        measure: Of `bars`: what is asked of each group.
        seed: Of samples.
    """

    kind: str
    names: tuple[str, ...] = ()
    color: str = ""
    direction: str = ""
    measure: str = COUNT
    seed: int = 0


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A kind of figure.

    Attributes:
        words: What its names are, for people; the last of them in brackets if it may be missing or repeated.
        least: At least how many names it takes.
        most: At most how many; None for any number.
        draw: Makes the figure.
    """

    words: str
    least: int
    most: int | None
    draw: Callable[[PlottedMatches, FigureRequest], Figure]


KINDS: Final[dict[str, FigureKind]] = {
    "scatter": FigureKind("X Y", 2, 2, lambda matches, of: scatter(matches, *of.names, color=of.color, seed=of.seed)),
    "histogram": FigureKind(
        "PROPERTY", 1, 1, lambda matches, of: histogram(matches, *of.names, color=of.color, seed=of.seed)
    ),
    "box": FigureKind("NUMBER GROUP", 2, 2, lambda matches, of: box(matches, *of.names, seed=of.seed)),
    "timeline": FigureKind("[GROUP]", 0, 1, lambda matches, of: timeline(matches, *of.names, seed=of.seed)),
    "best-so-far": FigureKind(
        "METRIC", 1, 1, lambda matches, of: best_so_far(matches, *of.names, direction=of.direction, seed=of.seed)
    ),
    "importance": FigureKind(
        "METRIC [PARAMETER...]",
        1,
        None,
        lambda matches, of: importance(matches, of.names[0], of.names[1:], seed=of.seed),
    ),
    "parallel": FigureKind(
        "METRIC [AXIS...]", 1, None, lambda matches, of: parallel(matches, of.names[0], of.names[1:], seed=of.seed)
    ),
    "bars": FigureKind("KEY [PART]", 1, 2, lambda matches, of: bars(matches, of.names, of.measure)),
}
"""The kinds of figures by name, in the order in which they are offered."""


def draw(matches: PlottedMatches, request: FigureRequest) -> Figure:
    """The figure that is asked for.

    Raises:
        InvalidValueError: As `kind_of`; or a property is none that the kind draws.
        UnknownPropertyError: A name that the resource does not have.
    """
    return kind_of(request).draw(matches, request)


def kind_of(request: FigureRequest) -> FigureKind:
    """The kind of the figure that is asked for.

    Raises:
        InvalidValueError: There is no such kind, or it takes more or fewer names.
    """
    kind = KINDS.get(request.kind)
    if kind is None:
        near = nearest(request.kind, KINDS)
        raise InvalidValueError(
            f"There is no figure {request.kind!r}.",
            hint=f"Did you mean {near}?" if near else f"There are {', '.join(KINDS)}.",
        )
    count = len(request.names)
    if count < kind.least or (kind.most is not None and count > kind.most):
        raise InvalidValueError(
            f"{request.kind} takes {kind.words}, and {counted(count, 'name')} {'is' if count == 1 else 'are'} given."
        )
    return kind
