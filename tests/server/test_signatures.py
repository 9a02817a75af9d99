"""`serve --credentials`: what boto3 signs with a key of the file is answered, and nothing else is."""
# ruff: noqa: S106 - secrets of no account

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from smsearch.errors import ServerError, ServiceError
from smsearch.server.credentials import Secret, read_credentials
from smsearch.server.signatures import Head, claim_of
from tests.server.served import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS = """\
[default]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = wJalr%XUtnFEMI/K7MDENG+bPx=RfiCY
[other]
aws_access_key_id = ASIAOTHER
aws_secret_access_key = other
aws_session_token = a/token==
"""
SECRETS = {"AKIDEXAMPLE": Secret("wJalr%XUtnFEMI/K7MDENG+bPx=RfiCY"), "ASIAOTHER": Secret("other", "a/token==")}
BODY = b'{"Resource":"TrainingJob","MaxResults":1}'
MISMATCH = "The request signature we calculated does not match the signature you provided."


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "credentials"
    file.write_text(KEYS, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def guarded(store: Path, keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("log") / "errors", store, "--credentials", keys) as running:
        yield running


def signed(
    key_id: str = "AKIDEXAMPLE", secret: str = "", token: str | None = None, service: str = "sagemaker", query: str = ""
) -> Head:
    """The head of a search that botocore has signed now."""
    secret = secret or (SECRETS[key_id].key if key_id in SECRETS else "x")
    headers = {"X-Amz-Target": "SageMaker.Search", "Content-Type": "application/x-amz-json-1.1", "Host": "localhost:1"}
    request = AWSRequest("POST", f"http://localhost:1/{query}", headers, BODY)
    SigV4Auth(Credentials(key_id, secret, token), service, "eu-west-3").add_auth(request)
    sent = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    return Head("POST", query.removeprefix("?").encode(), sent)


def changed(head: Head, name: str, old: str, new: str) -> Head:
    """The head with another value of a header, which holds `old`."""
    headers = [
        (key, value.replace(old.encode(), new.encode()) if key == name.encode() else value)
        for key, value in head.headers
    ]
    assert headers != head.headers
    return replace(head, headers=headers)


def outcome(head: Head, body: bytes = BODY, *, minutes: float = 0) -> tuple[str, str]:
    """The code and message with which a head and a body are refused, some time from now; `""` if they are not."""
    try:
        claim_of(head, SECRETS, datetime.now(UTC) + timedelta(minutes=minutes)).verify(body)
    except ServiceError as error:
        return error.code, error.message
    return "", ""


def test_what_botocore_signs_is_verified() -> None:
    assert outcome(signed()) == ("", "")
    assert outcome(signed("ASIAOTHER", token="a/token==")) == ("", "")
    assert outcome(signed(query="?b=2&a=1&a=0&c")) == ("", "")
    assert outcome(signed(), minutes=14.9) == outcome(signed(), minutes=-14.9) == ("", "")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("x-amz-target", "Search", "DescribeTrainingJob"),
        ("host", "localhost", "127.0.0.1"),
        ("content-type", "1.1", "1.0"),
        ("authorization", "eu-west-3", "eu-west-1"),
        ("authorization", "Signature=", "Signature=0"),
        ("authorization", "host;", "host;host;"),
    ],
)
def test_a_head_that_was_changed_on_its_way_does_not_match(name: str, old: str, new: str) -> None:
    head = changed(signed(), name, old, new)
    if new == "host;host;":
        assert outcome(head) == ("", ""), "naming a header twice changes nothing"
    else:
        code, message = outcome(head)
        assert (code, message.startswith(MISMATCH)) == ("InvalidSignatureException", True)


def test_a_body_a_query_or_a_method_that_was_changed_does_not_match() -> None:
    for head, body in (
        (signed(), BODY.replace(b"1", b"2")),
        (signed(), b""),
        (replace(signed(), query=b"x=1"), BODY),
        (replace(signed(), method="PUT"), BODY),
        (signed(secret="wrong"), BODY),
    ):
        assert outcome(head, body)[0] == "InvalidSignatureException"


def test_a_key_that_is_not_in_the_file_is_not_recognised() -> None:
    expected = ("UnrecognizedClientException", "The security token included in the request is invalid.")
    for head in (
        signed("AKIDNOBODY"),
        signed(token="unasked"),
        signed("ASIAOTHER"),
        signed("ASIAOTHER", token="another"),
    ):
        assert outcome(head) == expected


def test_clocks_may_differ_by_fifteen_minutes() -> None:
    code, message = outcome(signed(), minutes=15.1)
    assert code == "InvalidSignatureException"
    assert message.startswith("Signature expired: ")
    assert message.endswith(" - 15 min.)")
    code, message = outcome(signed(), minutes=-15.1)
    assert code == "InvalidSignatureException"
    assert message.startswith("Signature not yet current: ")
    assert message.endswith(" + 15 min.)")


def test_what_the_header_lacks_is_said_in_the_services_words() -> None:
    bare = replace(signed(), headers=[(b"host", b"localhost:1")])
    assert outcome(bare) == ("MissingAuthenticationTokenException", "Missing Authentication Token")
    for value in (b"Basic eDp5", b"Bearer token", b"AWS4-HMAC-SHA256", b""):
        code, message = outcome(replace(bare, headers=[*bare.headers, (b"authorization", value)]))
        assert code == "IncompleteSignatureException"
        assert message.startswith("Authorization header requires 'Credential' parameter. ")
        assert message.endswith("existence of either a 'X-Amz-Date' or a 'Date' header.")
    for name, old, new, expected in (
        ("authorization", "SignedHeaders=", "Signed=", "Authorization header requires 'SignedHeaders' parameter."),
        ("authorization", "/aws4_request", "", "Credential must have exactly 5 slash-delimited elements"),
        ("x-amz-date", "T", " ", "Date must be in ISO-8601 'basic format'."),
        ("authorization", "x-amz-target", "x-amz-tar", "'X-Amz-Target' must be a 'SignedHeader'"),
        ("authorization", "host;", "", "'Host' or ':authority' must be a 'SignedHeader'"),
        ("authorization", "content-type;", "content-type;nobody;", "'nobody' is named as a SignedHeader"),
        ("authorization", "aws4_request", "aws5_request", "Credential should be scoped with a valid terminator"),
        ("authorization", "AKIDEXAMPLE/2", "AKIDEXAMPLE/1", "Date in Credential scope does not match YYYYMMDD"),
    ):
        assert outcome(changed(signed(), name, old, new))[1].startswith(expected)
    assert outcome(signed(service="s3"))[1] == "Credential should be scoped to correct service: 'sagemaker'."


def client(served: Served, key_id: str, secret: str, token: str | None = None) -> Any:  # noqa: ANN401 - boto3's have no type
    session = boto3.Session(aws_access_key_id=key_id, aws_secret_access_key=secret, aws_session_token=token)
    return session.client("sagemaker", region_name="eu-west-3", endpoint_url=served.url)


def test_boto3_is_answered_with_a_key_of_the_file(guarded: Served) -> None:
    for key_id, secret in SECRETS.items():
        own = client(guarded, key_id, secret.key, secret.session_token or None)
        pages = own.get_paginator("search").paginate(Resource="TrainingJob", PaginationConfig={"MaxItems": 150})
        assert len(list(pages.search("Results"))) == 150
        with pytest.raises(ClientError, match=r"\(ValidationException\)"):
            own.describe_training_job(TrainingJobName="nobody")


def test_boto3_is_refused_in_the_services_words_with_another(guarded: Served) -> None:
    for key_id, secret, code in (
        ("AKIDEXAMPLE", "wrong", "InvalidSignatureException"),
        ("AKIDNOBODY", "wrong", "UnrecognizedClientException"),
    ):
        with pytest.raises(ClientError) as refused:
            client(guarded, key_id, secret).search(Resource="TrainingJob")
        assert refused.value.response["Error"]["Code"] == code
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def answered(served: Served, method: str, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = HTTPConnection(*served.address, timeout=20)
    connection.request(method, path, BODY if method == "POST" else None, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


def test_what_is_not_signed_is_refused(guarded: Served) -> None:
    status, content = answered(guarded, "POST", "/", {"X-Amz-Target": "SageMaker.Search"})
    expected = {"__type": "MissingAuthenticationTokenException", "message": "Missing Authentication Token"}
    assert (status, json.loads(content)) == (400, expected)
    assert answered(guarded, "GET", "/healthz", {})[0] == 200
    assert {answered(guarded, "GET", path, {})[0] for path in ("/", "/search", "/search.csv")} <= {404, 405}
    assert "no page: nobody signs for it; --page-token TOKEN shows one" in guarded.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content", ["", "secret", "[default]\n", "[default]\naws_access_key_id = A\n", "[a\n", "\x00", "[a]\nsecret\n"]
)
def test_a_file_without_a_whole_pair_is_refused_and_not_repeated(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ServerError) as refused:
        read_credentials(str(file))
    assert "secret" not in str(refused.value).replace("aws_secret_access_key", "")


def test_secrets_are_not_shown(keys: Path) -> None:
    secrets = read_credentials(str(keys))
    assert secrets == SECRETS
    assert "wJalr" not in repr(secrets)
