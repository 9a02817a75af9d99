"""The report of an export: the records of each kind, fetched or missing, and the reasons."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROBLEMS_KEPT: Final = 20
"""Different reasons that are kept of a kind; all further ones are counted together."""
_OTHERS: Final = "other reasons"
_OUTCOMES: Final = {"written": "written", "older": "older", "gone": "deleted meanwhile", "failed": "failed"}
"""The outcomes of a listed record, and the words for them."""


@dataclass(slots=True)
class KindReport:
    """The records of one kind; `found` is the sum of the four numbers after it.

    Attributes:
        kind: The kind.
        found: Records that were listed, each counted once.
        written: Records in the file.
        older: Records left out because they were not changed since the earliest time of the export.
        gone: Records that were deleted after they were listed.
        failed: Records that exist and could not be fetched.
        before: Those of the written records that an interrupted export had written.
        accounts: The accounts of the records, as far as ARNs tell.
        untagged: Those of the written records whose tags the endpoint refused.
        problems: The reasons why something is missing, and the number of times of each.
        is_complete: Whether everything was listed, nothing failed, and no tags are missing.
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
    """The reports of all kinds of an export."""

    kinds: list[KindReport] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing but records that were deleted meanwhile or are out of scope."""
        return all(kind.is_complete for kind in self.kinds)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        return {**_sums(self.kinds), "complete": self.is_complete, "kinds": [asdict(kind) for kind in self.kinds]}

    def to_text(self) -> str:
        """The report for a reader: the sum, each kind, and the reasons why something is missing."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"exported {_sentence(self.kinds)}"
        for kind in self.kinds:
            if kind.found or kind.is_there:
                before = f"; {kind.before:,} of them before the break" if kind.before else ""
                yield f"  {kind.kind}: {_sentence([kind])}{before}"
            else:
                yield f"  {kind.kind}: could not be listed"
            if kind.untagged:
                yield f"    {kind.untagged:,} of them are without their tags"
            for reason, count in kind.problems.items():
                yield f"    {f'{count:,} times ' if count > 1 else ''}{reason}"


def _sums(kinds: Sequence[KindReport]) -> dict[str, int]:
    return {name: sum(getattr(kind, name) for kind in kinds) for name in ("found", *_OUTCOMES)}


def _sentence(kinds: Sequence[KindReport]) -> str:
    counts = _sums(kinds)
    terms = [f"{counts[name]:,} {word}" for name, word in _OUTCOMES.items() if counts[name] or name == "written"]
    return f"{counts['found']:,} found = {' + '.join(terms)}"
