"""A standalone cluster on loopback: a master and workers as processes of their own, as an operator would start them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import pyspark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

START_SECONDS: Final = 180
_HOME: Final = Path(pyspark.__file__).parent
_MASTER: Final = "org.apache.spark.deploy.master.Master"
_CONNECT: Final = "org.apache.spark.sql.connect.service.SparkConnectServer"
_WORKER: Final = "org.apache.spark.deploy.worker.Worker"
_LOCAL: Final = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
_QUIET: Final = {"spark.ui.enabled": "false"}


class Daemons:
    """Spark's processes, each the leader of a group of its own, with a log in a folder.

    Args:
        folder: Where the logs go.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self, name: str, *command: str, memory: str = "256m") -> subprocess.Popen[bytes]:
        """Starts one of Spark's classes, or another program of Spark's `bin`."""
        environment = {
            **os.environ,
            "SPARK_HOME": str(_HOME),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": memory,
            "SPARK_NO_DAEMONIZE": "1",
        }
        with (self._folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [str(_HOME / "bin" / command[0]), *command[1:]],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def logged(self, name: str, process: subprocess.Popen[bytes], pattern: str) -> str:
        """What a process writes into its log, once it has."""
        log = self._folder / f"{name}.log"
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and process.poll() is None:
            match = re.search(pattern, log.read_text(encoding="utf-8", errors="replace"))
            if match:
                return match[1]
            time.sleep(0.1)
        raise RuntimeError(f"The {name} did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


class ConnectServer:
    """A Spark Connect server.

    Args:
        folder: Where its log goes.
        port: Where it listens.
        master: Where its driver has its tasks done.
        configuration: More of Spark's settings.

    Attributes:
        url: Where clients find it.
    """

    def __init__(
        self, folder: Path, port: int, master: str = "local[2]", configuration: Mapping[str, str] = _QUIET
    ) -> None:
        self._daemons = Daemons(folder)
        self._master = master
        self._configuration = {
            **configuration,
            "spark.connect.grpc.binding.port": str(port),
            "spark.connect.grpc.binding.address": "127.0.0.1",
        }
        self.url = f"sc://127.0.0.1:{port}"
        self.start()

    def start(self) -> None:
        """Starts the server and waits until it listens."""
        conf = [argument for name, of in self._configuration.items() for argument in ("--conf", f"{name}={of}")]
        server = ("--class", _CONNECT, *conf, "--master", self._master, "spark-internal")
        self._process = self._daemons.start("connect", "spark-submit", *server, memory="768m")
        self._daemons.logged("connect", self._process, r"(Spark Connect server started)")

    def stop(self) -> None:
        """Ends it without a word."""
        end(self._process, signal.SIGKILL)


class Standalone:
    """One master and some workers of one core each; ports are the system's choice.

    Attributes:
        url: The master's.
        workers: The workers' processes, each the leader of a group with its executors.
    """

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder = folder
        self._daemons = Daemons(folder)
        self._master = self._daemons.start("master", "spark-class", _MASTER, *_LOCAL)
        self.workers: list[subprocess.Popen[bytes]] = []
        try:
            self.url = self._daemons.logged("master", self._master, r"Starting Spark master at (spark://\S+)")
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
        process = self._daemons.start(name, "spark-class", _WORKER, *arguments)
        self.workers.append(process)
        self._daemons.logged(name, process, r"(Successfully registered with master)")

    def kill_worker(self) -> None:
        """Ends the last worker that runs, and its executor, without a word."""
        process = next(process for process in reversed(self.workers) if process.poll() is None)
        end(process, signal.SIGKILL)

    def stop(self) -> None:
        """Ends every process that was started here."""
        for process in (*getattr(self, "workers", ()), self._master):
            end(process, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Ends a process group, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    process.wait()


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
