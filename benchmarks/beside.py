"""Times Search while people look at screens: `python -m benchmarks.beside STORE --seconds S`.

One caller sends Search as boto3 does and notes how long each answer takes: first alone, then while ten people page
through screens, each a screen a second, and then while somebody downloads every match as CSV as well. The server is a
process of its own; the caller is one too, and the people are threads of a third.
"""

from __future__ import annotations

import argparse
import http.client
import random
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

import orjson

import smsearch
from benchmarks.screens import addresses
from benchmarks.serving import LISTINGS, PAGE, processor_seconds_of, running
from smsearch.page.addresses import SearchAddress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

PEOPLE: Final = 10
READING_SECONDS: Final = 1.0
"""How long a person looks at a screen before the next."""
PAUSE_SECONDS: Final = 0.02
"""Between two requests of the caller."""
_SCREENS: Final = ("Search, all jobs", "Search, a query", "Record")
_COLUMNS: Final = ("name", "status", "created", "Metrics.accuracy", "HyperParameters.learning_rate", "Tags.team")
_SERVING: Final = "export AWS_ENDPOINT_URL_SAGEMAKER="


def call(url: str, seconds: float) -> list[float]:
    """Seconds of each answer to Search, page after page of the listings."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    until, took = time.monotonic() + seconds, []
    for listing in cycle(LISTINGS.values()):
        body = orjson.dumps({"Resource": "TrainingJob", "MaxResults": PAGE, **listing})
        begun = time.perf_counter()
        connection.request("POST", "/", body, {"X-Amz-Target": "SageMaker.Search"})
        answer = orjson.loads(connection.getresponse().read())
        took.append(time.perf_counter() - begun)
        if len(answer["Results"]) != PAGE:
            raise ValueError(f"{len(answer['Results'])} records in a page of {PAGE}")
        if time.monotonic() > until:
            return took
        time.sleep(PAUSE_SECONDS)
    raise AssertionError


class People:
    """People at screens, and one who downloads, until they are told to stop."""

    def __init__(self, url: str, names: Sequence[str], *, is_downloading: bool) -> None:
        self._netloc = urlsplit(url).netloc
        self._names = names
        self._over = threading.Event()
        self.seconds: list[float] = []
        self.bytes = 0
        self._threads = [threading.Thread(target=self._look, args=(seed,)) for seed in range(PEOPLE)]
        self._threads += [threading.Thread(target=self._download)] if is_downloading else []

    def __enter__(self) -> Self:
        """They begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """They end, each with what was begun."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _look(self, seed: int) -> None:
        screens = addresses(self._names, seed)
        chance = random.Random(seed)
        while not self._over.wait(READING_SECONDS * chance.uniform(0.5, 1.5)):
            url = next(screens[chance.choice(_SCREENS)]).url()
            begun = time.perf_counter()
            connection = http.client.HTTPConnection(self._netloc)
            connection.request("GET", url)
            connection.getresponse().read()
            self.seconds.append(time.perf_counter() - begun)

    def _download(self) -> None:
        while not self._over.is_set():
            connection = http.client.HTTPConnection(self._netloc)
            connection.request("GET", SearchAddress("TrainingJob", columns=_COLUMNS).download("csv"))
            answer = connection.getresponse()
            while not self._over.is_set() and (content := answer.read(1 << 16)):
                self.bytes += len(content)
            connection.close()


def main(argv: Sequence[str] | None = None) -> None:
    """The command line; `argv` is without the program's name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.beside", description=__doc__.partition("\n")[0])
    parser.add_argument("store", type=Path, help="a store of training jobs")
    parser.add_argument("--seconds", type=float, default=20, help="how long each of the three parts takes")
    arguments = parser.parse_args(argv)
    names = list(islice(smsearch.open(arguments.store).query("Tags.team EXISTS").names(), 200))
    with running(["smsearch", "serve", str(arguments.store), "--port", "0"], _SERVING) as (process, url):
        call(url, 2)
        print(f"{'Search':<34}{'p50':>8}{'p99':>8}{'most':>8} ms   screens: p50, p99 ms")
        for label, people in (
            ("alone", nullcontext()),
            (f"{PEOPLE} people at screens", People(url, names, is_downloading=False)),
            ("and a download of everything", People(url, names, is_downloading=True)),
        ):
            _measure(label, people, url, process.pid, arguments.seconds)


def _measure(label: str, people: AbstractContextManager[People | None], url: str, process: int, seconds: float) -> None:
    used, begun = processor_seconds_of(process), time.perf_counter()
    with people as present, ProcessPoolExecutor(1, get_context("spawn")) as pool:
        took = pool.submit(call, url, seconds).result()
    share = (processor_seconds_of(process) - used) / (time.perf_counter() - begun)
    line = f"{label:<34}" + "".join(f"{_share(took, share) * 1e3:>8.1f}" for share in (0.5, 0.99, 1.0))
    if present is not None and present.seconds:
        line += f"      {len(present.seconds)}: " + ", ".join(
            f"{_share(present.seconds, share) * 1e3:,.0f}" for share in (0.5, 0.99)
        )
        line += f"; {present.bytes / 1e6:,.0f} MB" if present.bytes else ""
    print(f"{line}   {share:.0%} of a processor", flush=True)


def _share(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


if __name__ == "__main__":
    main()
