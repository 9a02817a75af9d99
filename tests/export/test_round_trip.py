"""What smsearch serves can be exported like an account, and the export served again says the same, byte for byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import smsearch
from smsearch.export.endpoint import Address
from smsearch.export.run import Options, export
from smsearch.schema import catalogue
from tests.server.served import serving

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher


def exported(source: Path, folder: Path, **more: Any) -> dict[str, bytes]:  # noqa: ANN401 - what Options takes
    """The files of an export from `smsearch serve` over a store of a dump."""
    kinds, store = tuple(smsearch.open(source).resources()), source.with_name(f"{source.name}.store")
    smsearch.build([source], store)
    with serving(source.with_name(f"{source.name}.log"), store) as served:
        report = export(folder, Options(Address(served.url), kinds, **more))
    assert all(one.found == one.written for one in report.kinds), report.to_text()
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_an_export_of_an_export_is_the_same(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(repository / "data" / "exports", target_is_directory=True)
    first = exported(tmp_path / "data", tmp_path / "first")
    again = exported(tmp_path / "first", tmp_path / "again")
    assert again.keys() == first.keys()
    for name in first:
        assert sorted(again[name].splitlines()) == sorted(first[name].splitlines()), name
    original = smsearch.open(tmp_path / "data")
    counts = smsearch.open(tmp_path / "first").resources()
    assert {kind: counts.get(kind, 0) for kind in original.resources()} == original.resources()


def test_search_exports_documents_as_far_as_boto3_knows_their_members(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(repository / "data" / "exports", target_is_directory=True)
    exported(tmp_path / "data", tmp_path / "searched", by_search=True)
    original, copy = smsearch.open(tmp_path / "data"), smsearch.open(tmp_path / "searched")
    for kind in catalogue.searchable():
        if kind in original.resources():
            assert _documents(copy, kind) == _documents(original, kind), kind


def _documents(searcher: Searcher, kind: str) -> list[dict[str, Any]]:
    pages = searcher.get_paginator("search").paginate(Resource=kind)
    resource = catalogue.resource(kind)
    results = [result[resource.record_key] for page in pages for result in page["Results"]]
    known = [{name: result[name] for name in result if name in resource.root.members} for result in results]
    return sorted(known, key=lambda record: json.dumps(record, sort_keys=True, default=str))
