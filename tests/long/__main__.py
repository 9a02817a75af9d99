"""`python -m tests.long --seconds 600 --seed 1`: the laws of answers for as long as it is told."""

from __future__ import annotations

import argparse
import sys
import time

from tests.long.campaign import ask

EXPRESSIONS_A_DATASET = 1_000


def main() -> None:
    """Asks one dataset after another until the time is over; the last line before a failure is its seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="when to begin no further dataset (60)")
    parser.add_argument("--seed", type=int, default=1, help="the first dataset's seed; the next one's is one more (1)")
    parser.add_argument("--expressions", type=int, default=EXPRESSIONS_A_DATASET, help="asked of each dataset (1,000)")
    arguments = parser.parse_args()
    end = time.monotonic() + arguments.seconds
    seed, asked, compared = arguments.seed, 0, 0
    while time.monotonic() < end:
        try:
            compared += ask(seed, arguments.expressions)
        except BaseException:
            print(f"ended: python -m tests.long --seed {seed} asks this dataset again", file=sys.stderr)
            raise
        asked += arguments.expressions
        print(f"seed {seed}: {asked:,} expressions, {compared:,} answers compared, no difference", flush=True)
        seed += 1


if __name__ == "__main__":
    main()
