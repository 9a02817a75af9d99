"""`smsearch info`: what is in a store or an archive."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from smsearch.archive.manifest import FORMAT_VERSION, is_archive
from smsearch.archive.manifest import read_manifest as read_archive
from smsearch.cli import options
from smsearch.cli.arguments import one_source
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
        whole = {"version": manifest.version, "snapshot": manifest.snapshot, "segments": rows}
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
