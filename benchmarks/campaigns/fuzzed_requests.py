"""Requests and NextTokens that were changed at random: each is answered, or refused as the caller's fault."""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

import orjson

import smsearch
from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.samples import REQUESTS, make_store
from smsearch.errors import ServiceError
from smsearch.schema import operations
from smsearch.service import Service

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt

_SEARCH_SHARE: Final = 0.6
_EDITS_MAX: Final = 4
_WRONG_BYTES_SHARE: Final = 0.1
_DEEP: Final = orjson.loads(b"[" * 200 + b"]" * 200)
_VALUES: Final[tuple[object, ...]] = (
    *(None, True, False, 0, -1, 1, 100, 101, 2**31, 2**63, -(2**63), 1e308, -0.0, 0.1, 1_700_000_000.5),
    *("", " ", "\x00", "\u202e", "job-1-01", "TrainingJob", "Failed", "Ascending", "CreationTime", "And", "Contains"),
    *("NaN", "1e999", "9" * 400, "2024-01-01T00:00:00Z", "9999-99-99", "arn:aws:sagemaker:us-east-1:1:training-job/x"),
    *("x" * 3_000, "*", "%", "a.b.c.d", ".", "HyperParameters.", "Tags.\u0301", "InputDataConfig.ChannelName"),
    *([], {}, [None], [[]], {"": ""}, {"Name": "x"}, [{"Name": "TrainingJobName", "Value": "job"}] * 60, _DEEP),
)


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    service = Service(smsearch.open(make_store(folder)))
    names = Service.operations()

    def attempt(chance: random.Random) -> None:
        name = "Search" if chance.random() < _SEARCH_SHARE else chance.choice(names)
        members = _changed(chance, _members(chance, name))
        answer = _answered(service, name, _body(chance, members))
        token = answer.get("NextToken")
        if isinstance(token, str):
            _answered(service, name, orjson.dumps({**members, "NextToken": _changed_text(chance, token)}))

    yield attempt


def _answered(service: Service, name: str, body: bytes) -> dict[str, Any]:
    """The answer; `{}` for a refusal, which must be one of the caller's request."""
    try:
        answer = orjson.loads(service.answer(name, body, "us-east-1"))
    except ServiceError as error:
        if not 400 <= error.status < 500 or not error.code or not error.message:
            raise BrokenLawError(f"{name} {body!r}: {error.status} {error.code} {error.message}") from None
        return {}
    if not isinstance(answer, dict):
        raise BrokenLawError(f"{name} {body!r}: the answer is no object")
    return answer


def _members(chance: random.Random, name: str) -> dict[str, Any]:
    """The input of an operation: of Search one that is right, of another members that it has, with values of chance."""
    if name == "Search":
        return dict(chance.choice(REQUESTS))
    if name == "GetSearchSuggestions":
        return {"Resource": "TrainingJob", "SuggestionQuery": {"PropertyNameQuery": {"PropertyNameHint": "M"}}}
    inputs = operations.operation(name).inputs
    chosen = [member for member, given in inputs.items() if given.is_required or chance.random() < 0.3]
    return {member: chance.choice(_VALUES) for member in chosen}


def _changed(chance: random.Random, members: dict[str, Any]) -> dict[str, Any]:
    """The input, with other values in a few places at any depth."""
    changed: dict[str, Any] = orjson.loads(orjson.dumps(members))
    for _ in range(chance.randrange(_EDITS_MAX)):
        place: Any = changed
        while True:
            keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = chance.choice([*keys, "Operator" if isinstance(place, dict) else None])
            if key is None:
                place.append(deepcopy(chance.choice(_VALUES)))
                break
            inner = place.get(key) if isinstance(place, dict) else place[key]
            if isinstance(inner, dict | list) and inner and chance.random() < 0.7:
                place = inner
                continue
            if chance.random() < 0.2 and keys:
                del place[chance.choice(keys)]
            else:
                place[key] = (
                    _changed_text(chance, inner)
                    if isinstance(inner, str) and inner
                    else deepcopy(chance.choice(_VALUES))
                )
            break
    return changed


def _changed_text(chance: random.Random, text: str) -> str:
    """A text that differs in one character, is cut, or is another one."""
    at = chance.randrange(len(text)) if text else 0
    return chance.choice(
        (text, text[:at], text[:at] + chr(chance.randrange(1, 0xD7FF)) + text[at + 1 :], text * 2, text[::-1], "x")
    )


def _body(chance: random.Random, members: dict[str, Any]) -> bytes:
    """The input as JSON; sometimes with bytes that make it none."""
    body = bytearray(orjson.dumps(members))
    if chance.random() < _WRONG_BYTES_SHARE:
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


CAMPAIGN: Final = Campaign(
    name="fuzzed requests",
    law="a request or a NextToken that was changed at random is answered, or refused with a status of 400 to 499",
    tries=100_000,
    tested=500,
    prepare=_prepare,
)
