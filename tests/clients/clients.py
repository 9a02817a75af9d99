"""The clients of this folder: how each is run, what stops it from being run, and what it loses."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.clients import losses
from tests.server.served import ROOT, Served

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.clients.losses import Loss
    from tests.clients.requests import Request

HERE = ROOT / "tests" / "clients"
INSTALLED = ROOT / ".clients"
OF_DEVELOPMENT = {"boto3", "aws_cli_1"}
"""Clients that the development extra installs."""
SECONDS_MAX = 480


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
        asks: How the operations begin that it can ask.
        is_shell: Whether it reads words in place of JSON.
    """

    name: str
    command: tuple[str, ...]
    losses: tuple[Loss, ...] = ()
    is_newest: bool = False
    unknown: frozenset[str] = field(default_factory=frozenset)
    most: int | None = None
    asks: tuple[str, ...] = ("Search", "List", "Describe")
    is_shell: bool = False

    @property
    def missing(self) -> str:
        """Why it cannot be run, or `""`."""
        if self.name in OF_DEVELOPMENT:
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
        lines = "".join((request.words if self.is_shell else request.line) + "\n" for request in requests)
        done = run(self.name, (*self.command, str(folder)), served, lines)
        return {line.split()[1] for line in done.stderr.splitlines() if line.startswith("unknown ")}


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


def _go(name: str) -> tuple[str, ...]:
    return (str(INSTALLED / name / "dump"),)


def _aws_cli(program: Path | str, outputs: str) -> tuple[str, ...]:
    return ("bash", str(HERE / "aws_cli" / "dump.sh"), str(program), outputs)


_UNKNOWN_2022 = frozenset(
    {
        "DescribeAutoMLJobV2",
        "DescribeModelCard",
        "ListModelCardVersions",
        "ListModelCards",
        "ListPipelineVersions",
        "Search Model",
        "Search ModelCard",
        "Search PipelineVersion",
    }
)
_LOST_2022 = losses.unknown(
    "BillableTokenCount",
    "CollectionConfig",
    "CollectionType",
    "ConsumedResources",
    "DescribeImageVersion.Processor",
    "ListTrainingJobs.SecondaryStatus",
)
"""What service models of November 2022 to January 2023 do not have of the records that are asked for."""

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
    Client(
        "go_v1",
        _go("go_v1"),
        (losses.MILLISECONDS, losses.OVERFLOWS, losses.JSON_SPACES, _LOST_2022),
        unknown=_UNKNOWN_2022,
    ),
    Client(
        "go_v2",
        _go("go_v2"),
        (losses.MILLISECONDS, losses.SINGLES, losses.ZEROS, _LOST_2022),
        unknown=_UNKNOWN_2022,
    ),
    Client(
        "aws_cli_2",
        _aws_cli("/usr/bin/aws", "json yaml-stream yaml"),
        (_LOST_2022,),
        unknown=frozenset({"DescribeAutoMLJobV2", "ListPipelineVersions", "Search PipelineVersion"}),
        most=1,
        asks=("Search", "Describe", "ListT"),  # a process each, of a second or more
        is_shell=True,
    ),
    Client(
        "aws_cli_1",
        _aws_cli(Path(sys.executable).with_name("aws"), "json"),
        most=1,
        asks=("Search",),
        is_shell=True,
    ),
    Client(
        "sagemaker_3",
        _python("sagemaker_3"),
        unknown=frozenset({"DescribeImageVersion"}),
        most=20,
        asks=("Describe",),
    ),
)
