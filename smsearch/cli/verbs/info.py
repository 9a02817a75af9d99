"""`smsearch info`: what is in a store or an archive."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from smsearch.archive.manifest import FORMAT_VERSION, is_archive
from smsearch.archive.manifest import read_manifest as read_archive
from smsearch.cli import options
from smsearch.cli.arguments import one_source
from smsearch.cli.notes import counted
from smsearch.store.manifest import read_manifest


@click.command("info", short_help="Say what is in a store or an archive.")
@click.argument("given", required=False, metavar="STORE")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="text or json.")
@options.debug
def command(*, given: str | None, form: str) -> None:
    """Lists the segments of a store, or the files of an archive: resource, records, superseded ones, bytes."""
    store = Path(one_source(given))
    if is_archive(store):
        _tell_archive(store, form)
        return
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
    if form == "json":
        retired = [
            {"file": file.file, "bytes": file.size, "replaced": _time(file.replaced)} for file in manifest.retired
        ]
        whole = {"version": manifest.version, "snapshot": manifest.snapshot, "segments": rows, "retired": retired}
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
        kept = sum(file.size for file in manifest.retired)
        files = counted(len(manifest.retired), "replaced file")
        sys.stdout.write(f"{files}, {kept:,} bytes, kept for readers of before until the store is next written\n")
    for file in manifest.retired:
        sys.stdout.write(f"  replaced {_time(file.replaced)}: {file.size:,} bytes, {file.file}\n")


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tell_archive(folder: Path, form: str) -> None:
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
