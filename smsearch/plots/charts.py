"""`result.plot`: the figures of a result as Altair charts, which notebooks show and users go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.plots.bars import COUNT
from smsearch.plots.library import library
from smsearch.plots.request import FigureRequest, draw

if TYPE_CHECKING:
    from smsearch.plots.figure import Figure
    from smsearch.plots.matches import PlottedMatches


class Charts:
    """Figures of all matches of a result, whatever its LIMIT; each method returns an `altair.Chart` or a layer of them.

    `figure` gives the same as a value, and needs no further library.

    Args:
        matches: The matches.
    """

    def __init__(self, matches: PlottedMatches) -> None:
        self._matches = matches

    def figure(self, kind: str, *names: str, color: str = "", direction: str = "", measure: str = COUNT) -> Figure:
        """A figure as a value: its data, its specification and its notes; see `FigureRequest`.

        Raises:
            InvalidValueError: There is no such kind, or a property is none that it draws.
            UnknownPropertyError: A name that the resource does not have.
        """
        return draw(self._matches, FigureRequest(kind, names, color, direction, measure))

    def scatter(self, x: str, y: str, *, color: str = "") -> Any:  # noqa: ANN401 - Altair's own
        """A point a match, with the rank correlation: `scatter("HyperParameters.lr", "Metrics.acc")`."""
        return chart(self.figure("scatter", x, y, color=color))

    def histogram(self, name: str, *, color: str = "") -> Any:  # noqa: ANN401 - Altair's own
        """How many matches have each value, in bins or periods; parted by `color`."""
        return chart(self.figure("histogram", name, color=color))

    def box(self, name: str, group: str) -> Any:  # noqa: ANN401 - Altair's own
        """Least, quartiles, median and greatest of a number in each group."""
        return chart(self.figure("box", name, group))

    def timeline(self, group: str = "") -> Any:  # noqa: ANN401 - Altair's own
        """When each job waited, ran and ended, in a row for each group."""
        return chart(self.figure("timeline", *([group] if group else [])))

    def best_so_far(self, metric: str, *, direction: str = "") -> Any:  # noqa: ANN401 - Altair's own
        """A metric over the jobs in the order of their creation, and the best until then."""
        return chart(self.figure("best-so-far", metric, direction=direction))

    def importance(self, metric: str, *parameters: str) -> Any:  # noqa: ANN401 - Altair's own
        """How much of the order of a metric each hyperparameter explains."""
        return chart(self.figure("importance", metric, *parameters))

    def parallel(self, metric: str, *axes: str) -> Any:  # noqa: ANN401 - Altair's own
        """A line a match across an axis for each property, coloured by the metric."""
        return chart(self.figure("parallel", metric, *axes))

    def bars(self, key: str, part: str = "", *, measure: str = COUNT) -> Any:  # noqa: ANN401 - Altair's own
        """What is asked of each group, by one key, parted by another."""
        return chart(self.figure("bars", *filter(None, (key, part)), measure=measure))


def chart(figure: Figure) -> Any:  # noqa: ANN401 - Altair's own
    """A figure as an Altair chart.

    Raises:
        MissingLibraryError: The extra `plots` is not installed.
    """
    return library("altair").Chart.from_dict(figure.spec())
