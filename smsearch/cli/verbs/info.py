"""`smsearch info`: what is in a store or an archive."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from smsearch.archive.manifest import FORMAT_VERSION, is_archive
from smsearch.archive.manifest import read_manifest as read_archive
from smsearch.cli import exit_codes
from smsearch.cli.arguments import one_source
from smsearch.cli.verb import Verb, option, positional
from smsearch.messages import counted
from smsearch.store import build_reports
from smsearch.store.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.store.build_reports import BuildReport

PROBLEMS_SHOWN: Final = 10
"""Problems of one build that are shown; as many as `index` shows."""


class InfoVerb(Verb):
    """Lists the segments of a store, or the files of an archive: resource, records, superseded ones, bytes.

    Of a store it tells what each build read, in order, and what was left out and why.
    """

    examples = (
        "info jobs.store",
        "info jobs.store -f json",
        "info jobs.archive",
    )

    store: str | None = positional("[STORE]")
    format_name: str = option("-f --format", "text or json.", choices=("text", "json"), default="text")

    def run(self) -> int:
        """Describes the store or the archive."""
        folder = Path(one_source(self.store))
        if is_archive(folder):
            _write_archive(folder, self.format_name)
        else:
            _write_store(folder, self.format_name)
        return exit_codes.DONE


def _write_store(store: Path, form: str) -> None:
    manifest = read_manifest(store)
    rows = [
        {
            "segment": entry.file,
            "resource": entry.resource,
            "records": entry.rows - entry.dead_rows,
            "superseded": entry.dead_rows,
            "bytes": entry.size,
        }
        for entry in manifest.segments
    ]
    reports = [build_reports.read(store, entry) for entry in manifest.reports]
    if form == "json":
        retired = [
            {"file": file.file, "bytes": file.size, "replaced": _time(file.replaced)} for file in manifest.retired
        ]
        whole = {
            "version": manifest.version,
            "snapshot": manifest.snapshot,
            "segments": rows,
            "retired": retired,
            "builds": [{**report.to_json(), "finished": _time(report.finished)} for report in reports],
        }
        sys.stdout.write(orjson.dumps(whole, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    total = sum(entry.rows - entry.dead_rows for entry in manifest.segments)
    size = sum(entry.size for entry in manifest.segments)
    sys.stdout.write(f"format version {manifest.version}, snapshot {manifest.snapshot}\n")
    sys.stdout.write(f"{total:,} records in {len(rows):,} segments, {size:,} bytes\n")
    for entry in manifest.segments:
        superseded = f", {entry.dead_rows:,} superseded" if entry.dead_rows else ""
        records = f"{entry.rows - entry.dead_rows:,} records{superseded}"
        sys.stdout.write(f"  {entry.resource}: {records}, {entry.size:,} bytes, {entry.file}\n")
    if manifest.retired:
        retired_bytes = sum(file.size for file in manifest.retired)
        files = counted(len(manifest.retired), "replaced file")
        sys.stdout.write(
            f"{files}, {retired_bytes:,} bytes, kept for readers of before until the store is next written\n"
        )
    for file in manifest.retired:
        sys.stdout.write(f"  replaced {_time(file.replaced)}: {file.size:,} bytes, {file.file}\n")
    for report in reports:
        sys.stdout.writelines(f"{line}\n" for line in _build_lines(report))


def _build_lines(report: BuildReport) -> Iterator[str]:
    """What a build read, and the first of what it left out."""
    verb = "added" if report.is_addition else "built"
    yield (
        f"{verb} {_time(report.finished)} of {counted(report.files_read, 'file')}: {report.records:,} records read,"
        f" {report.superseded:,} superseded, {report.skipped:,} skipped, {report.misread:,} unreadable values"
    )
    yield from (f"  {count:,} {kind}" for kind, count in report.kinds.items())
    yield from (f"  ignored {file.file}: {file.ignored}" for file in report.files if file.ignored)
    problems = [f"  {file.file}: {problem}" for file in report.files for problem in file.problems]
    yield from problems[:PROBLEMS_SHOWN]
    if report.skipped + report.misread > min(len(problems), PROBLEMS_SHOWN):
        more = report.skipped + report.misread - min(len(problems), PROBLEMS_SHOWN)
        yield f"  and {more:,} more; `-f json` has the first of them"


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write_archive(folder: Path, form: str) -> None:
    manifest = read_archive(folder)
    if form == "json":
        rows = [
            {"file": entry.file, "resource": entry.resource, "records": entry.rows, "bytes": entry.size}
            for entry in manifest.files
        ]
        whole = {"version": FORMAT_VERSION, "snapshot": manifest.snapshot, "files": rows}
        sys.stdout.write(orjson.dumps(whole, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    total, size = sum(entry.rows for entry in manifest.files), sum(entry.size for entry in manifest.files)
    sys.stdout.write(f"archive, format version {FORMAT_VERSION}, snapshot {manifest.snapshot}\n")
    sys.stdout.write(f"{total:,} records in {len(manifest.files):,} files, {size:,} bytes\n")
    for entry in manifest.files:
        sys.stdout.write(f"  {entry.resource}: {entry.rows:,} records, {entry.size:,} bytes, {entry.file}\n")
