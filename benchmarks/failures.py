"""Five kinds of failure, each with the numbers and ids that tell one job's reason from another's.

`reason(kind, draw, machine)` is a pure function of its draws. A kind has the teams that meet it and the months in
which it happens, so that not all were first seen at the same time: a missing object while buckets were moved, a
lost peer since an image changed, no capacity at the end of the year. Knows no jobs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SCRIPT: Final = "AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "
_DEEP: Final = frozenset({"vision", "nlp", "speech", "robotics"})
_TABULAR: Final = frozenset({"ranking", "fraud", "forecast", "ads", "growth"})


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of failure.

    Attributes:
        text: The reason, with places for sizes in GiB, an id of 16 hexadecimal digits, whole numbers, and the machine.
        teams: Who meets it.
        first_month: When it begins, 1 to 12.
        last_month: When it ends, that month included.
    """

    text: str
    teams: frozenset[str]
    first_month: int = 1
    last_month: int = 12


FAILURES: Final = {
    "out of memory": Failure(
        _SCRIPT + '"torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate {size:.2f} GiB (GPU {rank}; '
        '15.78 GiB total capacity; {held:.2f} GiB already allocated)"',
        _DEEP,
    ),
    "unreadable rows": Failure(
        "ClientError: Unable to parse csv: rows {row}-{row_end}, file train-{part:05d}.csv: "
        "label column is empty, exit code: 2",
        _TABULAR,
    ),
    "missing object": Failure(
        "ClientError: Data download failed:NoSuchKey (404): The specified key does not exist. "
        "Key: data/part-{part:05d}.parquet, RequestId: {id}, exit code: 1",
        _DEEP | _TABULAR,
        first_month=3,
        last_month=8,
    ),
    "lost peer": Failure(
        _SCRIPT + '"torch.distributed.DistBackendError: [Rank {rank}] Watchdog caught collective operation timeout: '
        'WorkNCCL(SeqNum={row}, OpType=ALLREDUCE, Timeout(ms)=1800000) ran for {ran} milliseconds"',
        frozenset({"nlp", "robotics"}),
        first_month=6,
    ),
    "no capacity": Failure(
        "CapacityError: Unable to provision requested ML compute capacity of {machine} after {tries} attempts "
        "(request {id}). Please retry with another instance type.",
        _DEEP,
        first_month=9,
    ),
}


def kinds(team: str, month: int) -> tuple[str, ...]:
    """The kinds of failure that a team meets in a month, 1 to 12."""
    return tuple(
        kind
        for kind, failure in FAILURES.items()
        if team in failure.teams and failure.first_month <= month <= failure.last_month
    )


def reason(kind: str, draw: Callable[[], float], machine: str) -> str:
    """A FailureReason of a kind.

    Raises:
        KeyError: `kind` is not one of FAILURES.
    """
    row = 1 + 1000 * int(draw() * 90)
    return FAILURES[kind].text.format(
        size=0.25 + draw() * 4,
        held=11 + draw() * 4,
        rank=int(draw() * 8),
        row=row,
        row_end=row + 999,
        part=int(draw() * 400),
        ran=1_800_000 + int(draw() * 9_000),
        tries=2 + int(draw() * 6),
        id=f"{int(draw() * 16**8):08X}{int(draw() * 16**8):08X}",
        machine=machine,
    )
