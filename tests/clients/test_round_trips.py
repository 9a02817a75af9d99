"""Round trips with real clients: what is served, asked for, dumped as users do and read back is what was served.

A client that is not installed is skipped; `tests/clients/install` has said why. What a client itself loses stands in
`losses.py` and in docs/clients.md, and nothing else may be lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.service import Service
from tests.clients import clients
from tests.clients.comparison import Difference, differences
from tests.clients.requests import Request, answer, requests
from tests.server.served import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.clients.clients import Client
    from tests.clients.conftest import Corpus


def here(client: Client) -> Client:
    if client.missing:
        pytest.skip(f"the client {client.name} is not there: {client.missing}")
    return client


def came_back(corpus: Corpus, asked: list[Request], folder: Path) -> list[Difference]:
    """Where the answers that were dumped, each operation's read by itself, differ from those that were served."""
    served, back = Service(corpus.searcher), {}
    found: list[Difference] = []
    for request in asked:
        if request.operation not in back:
            dumps = sorted(folder.glob(f"{request.operation}.*"))
            back[request.operation] = Service(smsearch.open(*dumps))
        found += differences(request, answer(served, request), answer(back[request.operation], request))
    return found


def lost(client: Client, corpus: Corpus, asked: list[Request], folder: Path) -> list[Difference]:
    """The differences that nothing explains that the client is known to lose."""
    known = [request for request in asked if request.name not in client.unknown]
    assert client.dump(corpus.served, asked, folder) == client.unknown & {request.operation for request in asked}
    return [
        difference
        for difference in came_back(corpus, known, folder)
        if not any(loss.explains(difference) for loss in client.losses)
    ]


@pytest.mark.parametrize("client", clients.ALL, ids=lambda client: client.name)
def test_what_was_served_comes_back(client: Client, exports: Corpus, tmp_path: Path) -> None:
    every = requests(exports.searcher, here(client).most)
    asked = [request for request in every if request.operation.startswith(client.asks)]
    assert len(asked) >= 15
    assert lost(client, exports, asked, tmp_path) == []
    read = smsearch.open(tmp_path)
    if client.most is None and not client.unknown:
        assert [file.problems for file in read.report.files if file.problems] == []
        assert read.resources() == exports.searcher.resources()


@pytest.mark.parametrize("client", [one for one in clients.ALL if one.is_newest], ids=lambda client: client.name)
def test_every_member_of_every_kind_comes_back(client: Client, every_member: Corpus, tmp_path: Path) -> None:
    here(client)
    asked = [request for request in requests(every_member.searcher) if not request.operation.startswith("List")]
    assert len({request.operation for request in asked}) > 60
    assert lost(client, every_member, asked, tmp_path) == []


@pytest.mark.parametrize("client", clients.ALL, ids=lambda client: client.name)
def test_what_a_client_loses_is_documented(client: Client) -> None:
    text = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    _, found, section = text.partition(f"<!-- {client.name} -->")
    section = section.partition("<!--")[0]
    assert found
    for loss in client.losses:
        assert loss.sentence in " ".join(section.split()), (client.name, loss.sentence)
