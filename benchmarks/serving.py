"""Loads the endpoint with boto3's callers: `python -m benchmarks.serving N --seconds S`, or `make bench-serve`.

Callers page through listings of all jobs and compare each page's names with what plain Python made of the dump; a page
that differs ends the run. The server is a process of its own, the callers are threads of a few others. A boto3 caller
needs far more of a processor for a page than the server does, so where they share a machine the throughput is the
callers'; what the server itself needs is the processor's time for a request. moto's server holds a tenth of the jobs
and is asked for those with a tag: it has no pages and no order.
"""

from __future__ import annotations

import argparse
import inspect
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from benchmarks import generate
from benchmarks.run import CACHE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PAGE: Final = 100
PATIENCE_SECONDS: Final = 600
"""How long a caller waits for an answer: moto's of 64 callers take more than boto3's own minute."""
LISTINGS: Final[dict[str, dict[str, Any]]] = {
    "all": {"SortBy": "CreationTime", "SortOrder": "Descending"},
    "failed": {
        "SearchExpression": {"Filters": [{"Name": "TrainingJobStatus", "Value": "Failed"}]},
        "SortBy": "TrainingJobName",
        "SortOrder": "Ascending",
    },
    "tagged": {
        "SearchExpression": {"Filters": [{"Name": "Tags.team", "Operator": "Equals", "Value": "nlp"}]},
        "SortBy": "CreationTime",
        "SortOrder": "Ascending",
    },
}
MEMORY: Final = ("VmRSS", "RssAnon")


@dataclass(slots=True)
class Outcome:
    """What the callers of one process saw: seconds of each page, and records in all."""

    seconds: list[float] = field(default_factory=list)
    records: int = 0


def expected(dump: Path) -> dict[str, list[str]]:
    """The names of each listing, made of the dump without smsearch."""
    jobs = []
    with dump.open("rb") as file:
        for line in file:
            job = orjson.loads(line)
            is_tagged = {"Key": "team", "Value": "nlp"} in job["Tags"]
            moment = datetime.fromisoformat(job["CreationTime"])
            jobs.append((moment, job["TrainingJobName"], job["TrainingJobStatus"], is_tagged))
    jobs.sort()
    return {
        "all": [name for _, name, _, _ in reversed(jobs)],
        "failed": sorted(name for _, name, status, _ in jobs if status == "Failed"),
        "tagged": [name for _, name, _, is_tagged in jobs if is_tagged],
    }


def client_of(url: str) -> Any:  # noqa: ANN401 - boto3's clients have no type
    """boto3's client as it comes, save that it waits longer and does not repeat what failed."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "sagemaker",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="anything",
        aws_secret_access_key="anything",  # noqa: S106 - of no account
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=200, read_timeout=PATIENCE_SECONDS),
    )


def page_through(client: Any, listing: str, names: list[str], until: float, outcome: Outcome) -> None:  # noqa: ANN401
    """Pages through a listing, again and again, and compares each page.

    Raises:
        ValueError: A page does not hold what it should.
    """
    while True:
        at = 0
        token: dict[str, str] = {}
        while True:
            begun = time.perf_counter()
            page = client.search(Resource="TrainingJob", MaxResults=PAGE, **LISTINGS[listing], **token)
            outcome.seconds.append(time.perf_counter() - begun)
            found = [record["TrainingJob"]["TrainingJobName"] for record in page["Results"]]
            if found != names[at : at + PAGE] or page["TotalHits"]["Value"] != len(names):
                raise ValueError(f"{listing}: the page at {at} is wrong")
            at += len(found)
            outcome.records += len(found)
            if time.time() > until:
                return
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        if at != len(names):
            raise ValueError(f"{listing}: it ended at {at} of {len(names)}")


def all_at_once(client: Any, names: list[str], until: float, outcome: Outcome) -> None:  # noqa: ANN401
    """Asks moto for the tagged jobs, which it gives in one answer.

    Raises:
        ValueError: The answer does not hold what it should.
    """
    while time.time() < until:
        begun = time.perf_counter()
        expression = LISTINGS["tagged"]["SearchExpression"]
        page = client.search(Resource="TrainingJob", SearchExpression=expression)
        outcome.seconds.append(time.perf_counter() - begun)
        found = [record["TrainingJob"]["TrainingJobName"] for record in page["Results"]]
        if sorted(found) != sorted(names):
            raise ValueError(f"moto: {len(found)} jobs and not {len(names)}")
        outcome.records += len(found)


def call(url: str, callers: int, until: float, listings: dict[str, list[str]], peer: str) -> Outcome:
    """The callers of one process, a thread each."""
    client, outcome, wrong = client_of(url), Outcome(), []

    def one(number: int) -> None:
        try:
            if peer == "moto":
                all_at_once(client, listings["tagged"], until, outcome)
            else:
                listing = list(LISTINGS)[number % len(LISTINGS)]
                page_through(client, listing, listings[listing], until, outcome)
        except Exception as error:  # noqa: BLE001 - told by the process that began it
            wrong.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return outcome


def memory_of(process: int) -> dict[str, float]:
    """Megabytes of a process: all that is resident, and what of it belongs to no file."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    sizes = dict(line.split(":", 1) for line in lines)
    return {name: int(sizes[name].split()[0]) / 1024 for name in MEMORY}


def processor_seconds_of(process: int) -> float:
    """Seconds that a process has had of the processors."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(arguments: list[str], until: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server, and what it printed behind some words when it began to listen."""
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603 - ourselves
        try:
            found = (line.removeprefix(until).strip() for line in process.stdout or () if line.startswith(until))
            where = next(found, None)
            if where is None:
                raise SystemExit(f"{' '.join(arguments)} did not begin")
            yield process, where
        finally:
            process.terminate()


def measure(process: int, begin: Callable[[float], list[Outcome]], seconds: float) -> dict[str, Any]:
    """Runs callers until the time is over, and samples the server's memory once a second."""
    samples = [memory_of(process)]
    over = threading.Event()

    def sample() -> None:
        while not over.wait(1):
            samples.append(memory_of(process))

    sampler = threading.Thread(target=sample)
    sampler.start()
    begun, used = time.perf_counter(), processor_seconds_of(process)
    try:
        outcomes = begin(time.time() + seconds)
    finally:
        over.set()
        sampler.join()
    took = time.perf_counter() - begun
    times = sorted(second for outcome in outcomes for second in outcome.seconds)
    return {
        "requests": len(times),
        "requests_per_second": len(times) / took,
        "records_per_second": sum(outcome.records for outcome in outcomes) / took,
        "server_processor_ms_per_request": (processor_seconds_of(process) - used) / len(times) * 1e3,
        "p50_ms": times[len(times) // 2] * 1e3,
        "p99_ms": times[len(times) * 99 // 100] * 1e3,
        "memory_mb": {name: [round(sample[name], 1) for sample in samples] for name in MEMORY},
    }


def loaded(url: str, process: int, listings: dict[str, list[str]], arguments: argparse.Namespace, peer: str) -> Any:  # noqa: ANN401
    """What the callers measured of a server."""
    shares = [arguments.callers // arguments.processes] * arguments.processes

    def begin(until: float) -> list[Outcome]:
        with ProcessPoolExecutor(arguments.processes, get_context("spawn")) as pool:
            tasks = [pool.submit(call, url, share, until, listings, peer) for share in shares]
            return [task.result() for task in tasks]

    return measure(process, begin, arguments.seconds)


def serve_moto(dump: Path, count: int) -> None:
    """Moto's server with the first jobs of a dump; the child's part."""
    from moto.core.utils import camelcase_to_underscores
    from moto.sagemaker.models import sagemaker_backends
    from moto.server import ThreadedMotoServer

    backend = sagemaker_backends["123456789012"]["us-east-1"]
    parameters = inspect.signature(backend.create_training_job).parameters
    with dump.open("rb") as file:
        for line in islice(file, count):
            members = {camelcase_to_underscores(name): value for name, value in orjson.loads(line).items()}
            backend.create_training_job(**{name: members.get(name) for name in parameters})
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    print(f"moto http://{host}:{port}", flush=True)
    threading.Event().wait()


def arguments_of(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line's arguments; `argv` is without the program's name."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=100_000, help="how many training jobs")
    parser.add_argument("--seconds", type=float, default=60, help="how long each server is loaded")
    parser.add_argument("--callers", type=int, default=64)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="that the callers are divided among")
    parser.add_argument("--folder", type=Path, default=CACHE, help="where dumps and stores are kept")
    parser.add_argument("--without-moto", action="store_true")
    parser.add_argument("--moto", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def main() -> None:
    """Runs the load and prints what was measured, as JSON."""
    arguments = arguments_of()
    if arguments.moto:
        serve_moto(Path(arguments.moto[0]), int(arguments.moto[1]))
        return
    print(orjson.dumps(run(arguments), option=orjson.OPT_INDENT_2).decode())


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Loads the endpoint, then moto's server."""
    import smsearch

    place = arguments.folder / str(arguments.count)
    place.mkdir(parents=True, exist_ok=True)
    dump, store = place / "jobs.jsonl", place / "served"
    if not dump.exists():
        generate.main([str(arguments.count), "-o", str(dump)])
    smsearch.build([dump], store)
    listings = expected(dump)
    found: dict[str, Any] = {"count": arguments.count, "callers": arguments.callers, "seconds": arguments.seconds}
    serve = ["smsearch", "serve", str(store), "--port", "0"]
    with running(serve, "export AWS_ENDPOINT_URL_SAGEMAKER=") as (process, url):
        found["smsearch"] = loaded(url, process.pid, listings, arguments, "smsearch")
    print(f"smsearch: {found['smsearch']['requests']} pages, all as expected", file=sys.stderr, flush=True)
    if not arguments.without_moto:
        count = arguments.count // 10
        with dump.open("rb") as file:
            jobs = [orjson.loads(line) for line in islice(file, count)]
        tagged = [job["TrainingJobName"] for job in jobs if {"Key": "team", "Value": "nlp"} in job["Tags"]]
        with running(["benchmarks.serving", "--moto", str(dump), str(count)], "moto ") as (process, url):
            found["moto"] = {"count": count, **loaded(url, process.pid, {"tagged": tagged}, arguments, "moto")}
    return found


if __name__ == "__main__":
    main()
