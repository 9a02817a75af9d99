"""A standalone cluster on loopback: a master and workers as processes of their own, as an operator would start them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import pyspark

if TYPE_CHECKING:
    from types import TracebackType

START_SECONDS: Final = 60
_HOME: Final = Path(pyspark.__file__).parent
_MASTER: Final = "org.apache.spark.deploy.master.Master"
_WORKER: Final = "org.apache.spark.deploy.worker.Worker"
_LOCAL: Final = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")


class Standalone:
    """One master and some workers of one core each; ports are the system's choice.

    Attributes:
        url: The master's.
        workers: The workers' processes, each the leader of a group with its executors.
    """

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder = folder
        self._master = self._start("master", _MASTER, *_LOCAL)
        self.workers: list[subprocess.Popen[bytes]] = []
        try:
            self.url = self._said("master", self._master, r"Starting Spark master at (spark://\S+)")
            for _ in range(workers):
                self.add_worker()
        except BaseException:
            self.stop()
            raise

    def add_worker(self) -> None:
        """Starts one more worker and waits until the master knows it."""
        name = f"worker-{len(self.workers)}"
        work = str(self._folder / name)
        arguments = (*_LOCAL, "--cores", "1", "--memory", "768m", "--work-dir", work, self.url)
        process = self._start(name, _WORKER, *arguments)
        self.workers.append(process)
        self._said(name, process, r"(Successfully registered with master)")

    def kill_worker(self) -> None:
        """Ends the last worker that runs, and its executor, without a word."""
        process = next(process for process in reversed(self.workers) if process.poll() is None)
        _end(process, signal.SIGKILL)

    def stop(self) -> None:
        """Ends every process that was started here."""
        for process in (*getattr(self, "workers", ()), self._master):
            _end(process, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "SPARK_HOME": str(_HOME),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_NO_DAEMONIZE": "1",
        }
        with (self._folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [str(_HOME / "bin" / "spark-class"), *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _said(self, name: str, process: subprocess.Popen[bytes], pattern: str) -> str:
        """What a process writes into its log, once it has."""
        log = self._folder / f"{name}.log"
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and process.poll() is None:
            found = re.search(pattern, log.read_text(encoding="utf-8", errors="replace"))
            if found:
                return found[1]
            time.sleep(0.1)
        raise RuntimeError(f"The {name} did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Ends a process group, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    process.wait()
