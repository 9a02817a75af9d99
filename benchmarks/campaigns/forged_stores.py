"""Stores that lie: manifests and segments whose checksums are right and whose contents are not.

No search of one may raise anything but a StoreError or an error of the request, and `check` names the file.
"""

from __future__ import annotations

import copy
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import numpy as np
import orjson

from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.questions import ask_everything
from benchmarks.campaigns.samples import REQUESTS, answers, make_store, problems_of
from smsearch.store import check, manifest, trigrams
from tests.store.forger import Forger, members

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmarks.campaigns.campaign import Attempt

_SCALARS: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    3,
    255,
    1 << 31,
    1 << 32,
    (1 << 63) - 1,
    0.5,
    "",
    "x",
    "t",
    [],
    {},
    [0],
)
_DTYPES: Final = ("|u1", "<u2", "<u4", "<u8", "<i8", "<f8")
_EXTREMES: Final = (0, 1, 2, 127, 255, 65_535, (1 << 32) - 1, (1 << 63) - 1, (1 << 64) - 1, -1, -(1 << 63))


@contextmanager
def _prepare_segments(folder: Path) -> Iterator[Attempt]:
    with patch.object(trigrams, "INDEXED_FROM", 30):  # so that a small store has every index
        store = make_store(folder)
        count = len(manifest.read_manifest(store).segments)
        forgers = [Forger(store, folder / f"forged-{number}", number) for number in range(count)]
        right = [list(answers(forger.write(forger.entries))) for forger in forgers]

        def attempt(chance: random.Random) -> None:
            number = chance.randrange(count)
            forger = forgers[number]
            _remove(forger.folder)
            try:
                forged = forger.write(*_forged(forger, chance))
            except (AttributeError, OverflowError, TypeError, ValueError):  # not even a forger can write it
                return
            problems = list(check.check(forged))
            wrong = [problem for problem in problems if forger.entry.file not in problem]
            if any("manifest.json" not in problem for problem in wrong):
                raise BrokenLawError(f"check names no file: {wrong}")
            found = list(answers(forged))
            ask_everything(forged)
            if not problems and found != right[number]:
                raise BrokenLawError("check finds nothing, and a search is answered otherwise")

        yield attempt


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _forged(forger: Forger, chance: random.Random) -> tuple[dict[str, Any], bytes]:
    """Entries in which one to three things are wrong, and documents."""
    entries, documents = copy.deepcopy(forger.entries), forger.documents
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        places = list(members(entries))
        place, _value = chance.choice(places)
        inner: Any = entries
        for key in place[:-1]:
            inner = inner[key]
        match chance.randrange(12):
            case 0:
                del inner[place[-1]]
            case 1:
                inner[place[-1]] = chance.choice(_SCALARS)
            case 2 | 3:
                inner[place[-1]] = copy.deepcopy(chance.choice(places)[1])
            case 4 if documents:
                raw = bytearray(documents)
                raw[chance.randrange(len(raw))] ^= chance.randrange(1, 256)
                documents = bytes(raw)
            case _:
                numbers = [(where, array) for where, array in places if isinstance(array, np.ndarray) and len(array)]
                where, array = chance.choice(numbers)
                inner = entries
                for key in where[:-1]:
                    inner = inner[key]
                inner[where[-1]] = _changed(array, chance)
    return entries, documents


def _changed(array: NDArray[Any], chance: random.Random) -> NDArray[Any]:
    """Another array in the place of one: other elements, another length, another type."""
    made = array.copy()
    match chance.randrange(8):
        case 0:
            return made[:: chance.choice((-1, 2))]
        case 1:
            return np.append(made, made[-chance.randint(1, len(made)) :])
        case 2:
            return made[: chance.randrange(len(made))]
        case 3:
            return made.astype(chance.choice(_DTYPES))
        case 4:
            return made.take([chance.randrange(len(made)) for _ in range(len(made))])
        case 5:
            return np.full_like(made, _extreme(made, chance))
        case _:
            made[chance.randrange(len(made))] = _extreme(made, chance)
            return made


def _extreme(array: NDArray[Any], chance: random.Random) -> Any:  # noqa: ANN401 - of the array's type
    if array.dtype.kind == "f":
        return chance.choice((float("nan"), float("inf"), -float("inf"), 1e300, -0.0, 0.1))
    if array.dtype.kind == "b":
        return chance.random() < 0.5
    limits = np.iinfo(array.dtype)
    return min(max(chance.choice((*_EXTREMES, len(array), len(array) + 1)), limits.min), limits.max)


@contextmanager
def _prepare_manifests(folder: Path) -> Iterator[Attempt]:
    store = make_store(folder)
    file = store / manifest.MANIFEST
    body, _, _ = file.read_bytes().rstrip(b"\n").rpartition(b"\n")
    whole = orjson.loads(body)
    right = list(answers(store))

    def attempt(chance: random.Random) -> None:
        forged = copy.deepcopy(whole)
        for _ in range(chance.choice((1, 1, 2))):
            places = list(members(forged))
            place, _ = chance.choice(places)
            inner = forged
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = chance.choice((*_SCALARS, copy.deepcopy(chance.choice(places)[1])))
        raw = orjson.dumps(forged)
        file.write_bytes(raw + b"\n%d\n" % zlib.crc32(raw))
        problems = problems_of(check.check, store)
        ask_everything(store)
        for request, expected, answer in zip(REQUESTS, right, answers(store), strict=True):
            if not problems and answer != expected and not _is_other(forged, whole):
                raise BrokenLawError(f"check finds nothing, and {request} is answered otherwise: {forged}")

    yield attempt


def _is_other(forged: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether a manifest is that of another store that is whole: of fewer segments, or other superseded rows."""
    return bool(forged["segments"] != whole["segments"])


SEGMENTS: Final = Campaign(
    name="forged segments",
    law="a search is answered or ends with a StoreError, and check names the file where an answer is another one",
    tries=10_000,
    tested=80,
    prepare=_prepare_segments,
)
MANIFESTS: Final = Campaign(
    name="forged manifests",
    law="a search is answered or ends with a StoreError, and check names what is wrong",
    tries=10_000,
    tested=80,
    prepare=_prepare_manifests,
)
