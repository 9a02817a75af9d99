"""Two stores and the processes that serve them, one of each for all clients."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import smsearch
from grammar.catalogue.kinds import PARENTS
from smsearch.schema.operations import names, operation
from tests.clients.clients import HERE
from tests.server.served import ROOT, Served, serving
from tests.service import model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smsearch.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Corpus:
    """Records, and a process that serves them."""

    searcher: Searcher
    served: Served


@contextmanager
def corpus_of(folder: Path, sources: list[Path]) -> Iterator[Corpus]:
    smsearch.build(sources, folder / "store")
    with serving(folder / "log", folder / "store") as served:
        yield Corpus(smsearch.open(folder / "store"), served)


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """The made-up exports, and records at the edges of what types hold."""
    with corpus_of(tmp_path_factory.mktemp("exports"), [ROOT / "data" / "exports", HERE / "edge"]) as corpus:
        yield corpus


@pytest.fixture(scope="session")
def every_member(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """Two records of every kind with every member of the service model; not of kinds that do not say whose they are."""
    folder = tmp_path_factory.mktemp("every")
    described = [name for name in names() if name.startswith("Describe") and operation(name).kind not in PARENTS]
    lines = [json.dumps(model.describe(name, number)) + "\n" for name in described for number in (1, 2)]
    (folder / "every.jsonl").write_text("".join(lines), encoding="utf-8")
    with corpus_of(folder, [folder / "every.jsonl"]) as corpus:
        yield corpus
