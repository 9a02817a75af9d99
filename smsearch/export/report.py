"""What an export has fetched, and what it has not and why; it adds up."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBLEMS_KEPT: Final = 20
"""Different reasons that are kept of a kind; more of them are counted."""
_OTHERS: Final = "other reasons"


@dataclass(slots=True)
class KindReport:
    """What became of the records of one kind; `found` is the sum of the four after it.

    Attributes:
        kind: The kind.
        found: Records that were listed, each counted once.
        written: Records in the file.
        older: Records left out because they were not changed since the time that was asked for.
        gone: Records that were deleted after they were listed.
        failed: Records that are there and could not be had.
        before: How many of those written were there before the last break.
        accounts: Whose records were found, as far as ARNs tell.
        untagged: How many of those written are without their tags, because the endpoint would not give them.
        problems: Why something is missing: each reason once, with how often it came.
        is_complete: Whether everything was listed, and nothing failed or lacks its tags.
        is_there: Whether there is a file of the kind.
    """

    kind: str
    found: int = 0
    written: int = 0
    older: int = 0
    gone: int = 0
    failed: int = 0
    before: int = 0
    accounts: list[str] = field(default_factory=list)
    untagged: int = 0
    problems: dict[str, int] = field(default_factory=dict)
    is_complete: bool = True
    is_there: bool = True

    def problem(self, reason: str, *, is_loss: bool = True) -> None:
        """Notes a reason why something is missing."""
        if reason not in self.problems and len(self.problems) >= PROBLEMS_KEPT:
            reason = _OTHERS
        self.problems[reason] = self.problems.get(reason, 0) + 1
        self.is_complete = self.is_complete and not is_loss


@dataclass(slots=True)
class ExportReport:
    """What became of every kind that was asked for."""

    kinds: list[KindReport] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing but what was deleted meanwhile or was not asked for."""
        return all(kind.is_complete for kind in self.kinds)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        return {**self._sums(), "complete": self.is_complete, "kinds": [asdict(kind) for kind in self.kinds]}

    def _sums(self) -> dict[str, int]:
        names = ("found", "written", "older", "gone", "failed")
        return {name: sum(getattr(kind, name) for kind in self.kinds) for name in names}

    def to_text(self) -> str:
        """The report for a reader: the sum, each kind, and what is missing."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"exported {_sum(self._sums())}"
        for kind in self.kinds:
            if kind.found or kind.is_there:
                counts = _sum({name: getattr(kind, name) for name in ("found", "written", "older", "gone", "failed")})
                before = f"; {kind.before:,} of them before the break" if kind.before else ""
                yield f"  {kind.kind}: {counts}{before}"
            else:
                yield f"  {kind.kind}: could not be listed"
            if kind.untagged:
                yield f"    {kind.untagged:,} of them are without their tags"
            for reason, count in kind.problems.items():
                yield f"    {f'{count:,} times ' if count > 1 else ''}{reason}"


def _sum(counts: dict[str, int]) -> str:
    parts = [f"{counts['written']:,} written"]
    parts += [f"{counts[name]:,} {word}" for name, word in _WORDS.items() if counts[name]]
    return f"{counts['found']:,} found = " + " + ".join(parts)


_WORDS = {"older": "older", "gone": "deleted meanwhile", "failed": "failed"}
