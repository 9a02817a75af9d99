"""The clients of this folder: how each is run, what stops it from being run, and what it loses."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.clients import losses
from tests.server.served import ROOT, Served

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.clients.losses import Loss
    from tests.clients.requests import Request

HERE = ROOT / "tests" / "clients"
INSTALLED = ROOT / ".clients"
SECONDS_MAX = 240


@dataclass(frozen=True, slots=True)
class Client:
    """A program that asks what standard input says and dumps the answers into a folder.

    Attributes:
        name: Its folder's name.
        command: The program; the folder of the dumps is its last argument.
        losses: What it loses.
        is_newest: Whether it is asked for every kind with every member of the newest service model too.
        unknown: The operations that its service model does not have, and the kinds that its Search does not.
        most: How many requests of one operation it is asked at most, or None for all.
    """

    name: str
    command: tuple[str, ...]
    losses: tuple[Loss, ...] = ()
    is_newest: bool = False
    unknown: frozenset[str] = field(default_factory=frozenset)
    most: int | None = None

    @property
    def missing(self) -> str:
        """Why it cannot be run, or `""`."""
        if self.command[0] == sys.executable:
            return ""
        folder = INSTALLED / self.name
        if (folder / "missing").exists():
            return (folder / "missing").read_text(encoding="utf-8").strip()
        return "" if (folder / "installed").exists() else "make test-clients installs it"

    def dump(self, served: Served, requests: Iterable[Request], folder: Path) -> set[str]:
        """Lets the client ask and dump.

        Returns:
            The operations that it does not know, by its own word.
        """
        lines = "".join(request.line + "\n" for request in requests)
        done = run(self.name, (*self.command, str(folder)), served, lines)
        return {line.removeprefix("unknown ") for line in done.stderr.splitlines() if line.startswith("unknown ")}


def run(name: str, command: tuple[str, ...], served: Served, lines: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a client's program with the endpoint in its environment, where the client is installed."""
    folder = INSTALLED / name
    done = subprocess.run(
        command,
        input=lines,
        env=served.environment | {"AWS_REGION": "us-east-1"},
        cwd=folder if folder.exists() else ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_MAX,
    )
    assert done.returncode == 0, done.stderr
    return done


def _python(name: str) -> tuple[str, ...]:
    return (str(INSTALLED / name / "env" / "bin" / "python"), str(HERE / name / "dump.py"))


def _node(name: str) -> tuple[str, ...]:
    return ("node", str(HERE / name / "dump.mjs"))


ALL = (
    Client("boto3", (sys.executable, str(HERE / "boto3" / "dump.py")), is_newest=True),
    Client("aiobotocore", _python("aiobotocore")),
    Client("node_v3", _node("node_v3"), (losses.MILLISECONDS, losses.DOUBLES)),
    Client(
        "node_v2",
        _node("node_v2"),
        (
            losses.MILLISECONDS,
            losses.DOUBLES,
            losses.JSON_SPACES,
            losses.unknown("ListTrainingJobs.SecondaryStatus", "BillableTokenCount"),
        ),
        unknown=frozenset({"ListPipelineVersions", "Search PipelineVersion"}),
    ),
)
