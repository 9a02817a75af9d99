"""A served source: `smsearch serve` as a process of its own, and clients for it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
EXPORT = "export AWS_ENDPOINT_URL_SAGEMAKER="
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "anything",
    "AWS_SECRET_ACCESS_KEY": "anything",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_PAGER": "",
}
SMSEARCH = (sys.executable, "-m", "smsearch")
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "SMSEARCH_DATA" and not name.startswith("AWS_")},
    "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
}


@dataclass(frozen=True, slots=True)
class Served:
    """A process that serves.

    Attributes:
        url: What it said that clients must export.
        process: The process; its standard error is in `log`.
        log: The file of its standard error.
    """

    url: str
    process: subprocess.Popen[str]
    log: Path

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        parts = urlsplit(self.url)
        return str(parts.hostname), int(parts.port or 0)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a client: what a shell has after the export, and credentials of no account."""
        return ENVIRONMENT | CREDENTIALS | {"AWS_ENDPOINT_URL_SAGEMAKER": self.url}

    def client(self) -> Any:  # noqa: ANN401 - boto3's clients have no type
        """boto3's client, unmodified."""
        import boto3

        session = boto3.Session(aws_access_key_id="anything", aws_secret_access_key="anything")  # noqa: S106 - of no account
        return session.client("sagemaker", region_name="us-east-1", endpoint_url=self.url)


@contextmanager
def serving(log: Path, *arguments: str | Path, before: str = "") -> Iterator[Served]:
    """Serves sources on a free port until the block ends.

    Args:
        log: The file that gets standard error.
        arguments: Those of the verb.
        before: Python that the process runs first.
    """
    command = (sys.executable, "-c", f"{before}\nfrom smsearch.cli.main import main; main()") if before else SMSEARCH
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [*command, "serve", *map(str, arguments), "--port", "0"],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith(EXPORT), log.read_text(encoding="utf-8")
        yield Served(line.removeprefix(EXPORT).strip(), process, log)
    finally:
        process.terminate()
        process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()
