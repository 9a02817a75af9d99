"""Writes generated records: a million training jobs for a benchmark, or the small exports of `data/`.

    python -m benchmarks.generate 1000000 -o jobs.jsonl [--seed 1] [--resource TrainingJob]
    python -m benchmarks.generate --data data/exports

It opens the files; what a record is stands in `training_job.py`, `companions.py` and `deployments.py`, and
what an export of it looks like in `shapes.py` and `exports.py`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from benchmarks import companions, exports
from benchmarks.skewed_job import skewed_job
from benchmarks.training_job import training_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.training_job import Record

MAKERS: Final[dict[str, Callable[[int, int], Record]]] = {
    "TrainingJob": training_job,
    "ExperimentTrialComponent": lambda seed, index: companions.trial_component(training_job(seed, index)),
}
"""For each resource, what makes a record of it from a seed and an index."""


def lines(count: int, *, seed: int = 1, resource: str = "TrainingJob", is_skewed: bool = False) -> Iterator[bytes]:
    """The first `count` records of a collection, each as one line of JSON with its line feed.

    Args:
        count: How many.
        seed: Which of the many possible collections.
        resource: What is made.
        is_skewed: Whether training jobs are those of a skewed account.

    Raises:
        KeyError: `resource` is not one of MAKERS.
    """
    make = skewed_job if is_skewed else MAKERS[resource]
    for index in range(count):
        yield orjson.dumps(make(seed, index), option=orjson.OPT_APPEND_NEWLINE)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__.partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, help="how many records")
    parser.add_argument("-o", "--output", type=Path, help="the JSON lines to write; standard output if left out")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same records (default: 1)")
    parser.add_argument("--resource", choices=tuple(MAKERS), default="TrainingJob")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="write the exports of data/ there instead")
    arguments = parser.parse_args(argv)
    if (arguments.count is None) == (arguments.data is None):
        parser.error("give either a count or --data")
    return arguments


def main(argv: Sequence[str] | None = None) -> None:
    """The command line; `argv` is without the program's name."""
    arguments = _arguments(argv)
    if arguments.data is not None:
        exports.write(arguments.data)
        return
    records = lines(arguments.count, seed=arguments.seed, resource=arguments.resource)
    if arguments.output is None:
        sys.stdout.buffer.writelines(records)
        return
    with arguments.output.open("wb") as file:
        file.writelines(records)


if __name__ == "__main__":
    main()
