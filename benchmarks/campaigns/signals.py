"""Signals to a server that is asked: it ends as done, and no answer that was begun is half an answer."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException, IncompleteRead
from typing import TYPE_CHECKING, Final

import orjson

from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.malformed_http import PATIENCE_SECONDS
from benchmarks.campaigns.samples import make_store
from benchmarks.serving import running

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_BODY: Final = b'{"Resource":"TrainingJob","MaxResults":100}'
_SECONDS_MAX: Final = 0.5
"""When the signal comes, at the latest, after the server has begun to listen."""


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    store = str(make_store(folder))

    def attempt(chance: random.Random) -> float:
        serve = ["smsearch", "serve", store, "--port", "0", "-q"]
        with running(serve, "export AWS_ENDPOINT_URL_SAGEMAKER=http://") as (process, address):
            halves: list[str] = []
            threads = [threading.Thread(target=_ask, args=(address, halves)) for _ in range(chance.randrange(4))]
            for thread in threads:
                thread.start()
            time.sleep(chance.random() * _SECONDS_MAX)
            begun = time.perf_counter()
            process.send_signal(chance.choice(_SIGNALS))
            code = process.wait(PATIENCE_SECONDS)
            seconds = time.perf_counter() - begun
            for thread in threads:
                thread.join()
        if code or halves:
            raise BrokenLawError(f"it ended with {code}; {halves}")
        return seconds

    yield attempt


def _ask(address: str, halves: list[str]) -> None:
    """Asks until the server has gone; notes an answer that is not whole."""
    with closing(HTTPConnection(address, timeout=PATIENCE_SECONDS)) as connection:
        while True:
            try:
                connection.request("POST", "/", _BODY, {"X-Amz-Target": "SageMaker.Search"})
                response = connection.getresponse()
                answer = orjson.loads(response.read())
            except (IncompleteRead, ValueError) as error:
                halves.append(repr(error))
                return
            except (HTTPException, OSError):
                return
            if response.status not in (200, 503):
                halves.append(f"{response.status} {answer}")


CAMPAIGN: Final = Campaign(
    name="signals",
    law="a server that gets SIGINT, SIGTERM or SIGHUP while it is asked ends as done, after whole answers",
    tries=200,
    tested=2,
    prepare=_prepare,
    unit="s to its end",
)
