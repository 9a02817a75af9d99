"""`smsearch export`: a dump is fetched from an account, or from another endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from smsearch.cli import exit_codes
from smsearch.cli.options import ReadingVerb
from smsearch.cli.resources import kind, kinds
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import flag, option, whole
from smsearch.export.folder import SUFFIXES
from smsearch.schema import values

if TYPE_CHECKING:
    from smsearch.export.report import ExportReport


def _time(text: str) -> int:
    """A time in microseconds since 1970.

    Raises:
        UsageError: The text is no time.
    """
    micros = values.parse_timestamp(text)
    if micros is None:
        raise UsageError(f"{text!r} is no time; write 2024-01-31 or 2024-01-31T12:00:00Z")
    return micros


class ExportVerb(ReadingVerb):
    """Lists and describes every record, joins its tags in, and writes a file of JSON lines for each kind.

    What was broken off goes on with the same command. Credentials are those that boto3 finds.
    """

    examples = (
        "export -o dump",
        "export -o dump -r TrainingJob --since 2024-06-01",
        "export -o dump --region eu-west-1 --profile research",
    )

    output: str = option(
        "-o --output FOLDER", "The folder for the files; it is made if it does not exist.", is_required=True
    )
    resources: tuple[str, ...] = option(
        "-r --resource RESOURCE",
        "The kind of record; repeatable. Left out: every kind that Search knows.",
        choices=kinds,
        convert=kind,
        is_repeated=True,
    )
    since: int | None = option(
        "--since TIME", "Only records modified since then; UTC without an offset.", convert=_time
    )
    search: bool = flag("--search", "Take records as Search returns them: faster, with fewer members.")
    endpoint_url: str | None = option("--endpoint-url URL", "Ask this endpoint instead of the region's.")
    region: str | None = option("--region REGION", "Ask this region. Left out: the configured one.")
    profile: str | None = option("--profile PROFILE", "Use this profile's credentials.")
    suffix: str = option(
        "--suffix", "How files end, and so how they are compressed.", choices=SUFFIXES, default=SUFFIXES[0]
    )
    threads: int = option("--threads N", "Records fetched at a time, 1 to 64.", convert=whole(1, 64), default=8)
    restart: bool = flag("--restart", "Discard what an unfinished export has left.")

    def run(self) -> int:
        """Fetches the records."""
        from smsearch.cli.progress import RecordsBar
        from smsearch.export import run
        from smsearch.export.endpoint import Address

        options = run.Options(
            Address(self.endpoint_url, self.region, self.profile),
            tuple(dict.fromkeys(self.resources)),
            self.since,
            self.search,
            self.suffix,
            self.threads,
            self.restart,
        )
        with RecordsBar(is_shown=self.shows_progress) as bar:
            report = run.export(Path(self.output), options, bar if self.shows_progress else None)
        self._write(report)
        return exit_codes.DONE if report.is_complete else exit_codes.IN_PART

    def _write(self, report: ExportReport) -> None:
        if self.whole_report == "json":
            self.stderr.report(orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2).decode())
        elif self.whole_report == "text":
            self.stderr.report(report.to_text())
