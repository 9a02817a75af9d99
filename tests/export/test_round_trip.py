"""What smsearch serves can be exported like an account, and the export served again says the same, byte for byte."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import smsearch
from smsearch.errors import ServiceError
from smsearch.export.endpoint import Address
from smsearch.export.run import Options, export
from smsearch.schema import catalogue
from smsearch.service import Service
from tests.export.fake import Fake, Fault, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smsearch.searcher import Searcher


class Served(Fake):
    """An endpoint that answers from a searcher."""

    def __init__(self, searcher: Searcher) -> None:
        super().__init__([])
        self._service = Service(searcher)

    def answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """What the service says."""
        try:
            answered: dict[str, Any] = json.loads(self._service.answer(operation, json.dumps(request).encode()))
        except ServiceError as error:
            raise Fault(error.code, error.message, error.status) from None
        return answered


@contextmanager
def served(source: Path) -> Iterator[Address]:
    """The address of an endpoint that answers from a dump, by way of a store."""
    store = source.with_name(f"{source.name}.store")
    smsearch.build([source], store)
    with serving(Served(smsearch.open(store))) as fake:
        yield Address(fake.url, "us-east-1")


def exported(source: Path, folder: Path, **more: Any) -> dict[str, bytes]:  # noqa: ANN401 - what Options takes
    """The files of an export from an endpoint that answers from a dump."""
    kinds = tuple(smsearch.open(source).resources())
    with served(source) as address:
        report = export(folder, Options(address, kinds, **more))
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
