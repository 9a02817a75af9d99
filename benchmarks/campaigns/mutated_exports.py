"""Exports that were changed at random: what is met is a record or a problem, and both readers make the same of it."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import orjson
import zstandard

from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.samples import exports
from smsearch.ingest import compiled, load
from smsearch.ingest.report import Report
from smsearch.live.collection import collect
from smsearch.live_searcher import LiveSearcher
from tests.ingest.both_readers import built_alike

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt

_PIECE_BYTES: Final = 24 << 10
"""So much of an export is read: what is wrong with a line does not depend on how many there are."""
_EDITS_MAX: Final = 5
_BUILT_SHARE: Final = 0.04
"""Tries in which two stores are built as well, which takes as long as a hundred others."""
_TOKENS: Final = (
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\n", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe"),
    *(b"null", b"true", b"NaN", b"-Infinity", b"1e400", b"1e-400", b"-0", b"9" * 40, b"0.1", b'""', b"{}", b"[]"),
    *(b"\\u0000", b"\\ud83d", b"\xed\xa0\x80", b"[" * 300, b'{"a":' * 300, b'{"TrainingJobName":"a"}', b"---\n", b"- "),
    *(b'"Results":[', b'"TrainingJobSummaries":[', b'"Tags":{"a":1},', b'"CreationTime":"9999-99-99",', b"datetime."),
)


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    is_compiled = compiled.reader_class() is not None
    file = folder / "export"

    def attempt(chance: random.Random) -> None:
        file.write_bytes(_packed(_mutated(chance), chance))
        report = Report()
        records = list(load.read([str(file)], report))
        _expect_adds_up(report, len(records))
        collection, _ = collect(records)
        searcher = LiveSearcher(collection, report)
        for kind, count in searcher.resources().items():
            names = list(searcher.query({}, resource=kind).names())
            if len(names) != count:
                raise BrokenLawError(f"{kind} has {count} records, and {len(names)} are found")
        if is_compiled and chance.random() < _BUILT_SHARE:
            built_alike([str(file)])

    yield attempt


def _expect_adds_up(report: Report, records: int) -> None:
    if report.records != records or report.found != report.stored + report.superseded + report.skipped:
        raise BrokenLawError(f"{records} records were given, and the report does not add up: {report.to_json()}")
    if not all(problem.reason for one in report.files for problem in one.problems):
        raise BrokenLawError("a problem has no reason")
    orjson.dumps(report.to_json())


def _mutated(chance: random.Random) -> bytes:
    """A piece of an export, changed in a few places; or pieces of two, one after the other."""
    piece = bytearray(_piece(chance))
    for _ in range(chance.randint(1, _EDITS_MAX)):
        at = chance.randrange(len(piece) + 1)
        match chance.randrange(8):
            case 0:
                piece[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                piece[at:at] = chance.choice(_TOKENS)
            case 2:
                del piece[at : at + chance.choice((1, 2, 5, 100, 5_000))]
            case 3:
                piece[at:at] = piece[at : at + chance.choice((1, 20, 400))]
            case 4:
                other = _piece(chance)
                begin = chance.randrange(len(other))
                piece[at:at] = other[begin : begin + chance.choice((3, 50, 1_000))]
            case 5:
                del piece[at:]
            case 6:
                end = piece.find(b"\n", at) + 1
                piece[end:end] = chance.choice((b"", b"\xef\xbb\xbf", b"\n", b" ")) + _piece(chance)[:2_000]
            case _:
                end = piece.find(b'"', at) + 1
                piece[end:end] = chance.choice(_TOKENS)
    return bytes(piece)


def _piece(chance: random.Random) -> bytes:
    raw = chance.choice(exports())
    if len(raw) <= _PIECE_BYTES:
        return raw
    begin = raw.rfind(b"\n", 0, chance.randrange(len(raw))) + 1
    return raw[begin : begin + _PIECE_BYTES]


def _packed(raw: bytes, chance: random.Random) -> bytes:
    """The bytes as they are, or compressed and changed again."""
    if chance.random() < 0.9:
        return raw
    packed = bytearray(chance.choice((gzip.compress, zstandard.compress))(raw))
    packed[chance.randrange(len(packed))] ^= 1 << chance.randrange(8)
    return bytes(packed)


CAMPAIGN: Final = Campaign(
    name="mutated exports",
    law="what is met is a record or a problem, a search finds the records, and both readers make one store of them",
    tries=100_000,
    tested=300,
    prepare=_prepare,
)
