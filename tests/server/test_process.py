"""The verb `serve` as a process: what it prints, how it stops, what it refuses; and the AWS CLI as its client."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from smsearch.errors import ServerError
from smsearch.server import run
from tests.server.served import ENVIRONMENT, SMSEARCH, Served, serving

AWS = Path(sys.executable).with_name("aws")


def smsearch(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SMSEARCH, *map(str, arguments)], env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_as_done(number: signal.Signals, store: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "log", store) as running:
        assert running.client().search(Resource="TrainingJob")["Results"]
        with socket.create_connection(running.address):  # an idle client does not keep it
            running.process.send_signal(number)
            assert running.process.wait(timeout=20) == 0
    assert "Traceback" not in running.log.read_text(encoding="utf-8")


def test_a_hang_up_that_is_ignored_stays_ignored(store: Path, tmp_path: Path) -> None:
    before = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"  # as nohup does
    with serving(tmp_path / "log", store, before=before) as running:
        running.process.send_signal(signal.SIGHUP)
        assert running.client().search(Resource="TrainingJob")["Results"]


def test_a_request_that_never_ends_is_told_that_the_server_stops(store: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "log", store, before="from smsearch.server import run; run.GRACE_SECONDS = 1") as running:
        with socket.create_connection(running.address, timeout=20) as wire:
            wire.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: SageMaker.Search\r\n")
            wire.sendall(b"Content-Length: 50\r\n\r\n{")
            assert running.client().search(Resource="TrainingJob")["Results"], "the half is under way"
            running.process.send_signal(signal.SIGTERM)
            assert wire.recv(1_000).startswith(b"HTTP/1.1 503 ")
        assert running.process.wait(timeout=20) == 0
    assert "Traceback" not in running.log.read_text(encoding="utf-8")


def test_it_listens_on_this_machine_only(served: Served) -> None:
    assert served.url.startswith("http://127.0.0.1:")


def test_it_says_where_the_page_is(served: Served) -> None:
    assert status_of(served, "/healthz") == 200  # whoever is answered comes after the note
    assert f"page {served.url}/\n" in served.log.read_text(encoding="utf-8")


def test_the_page_is_not_shown_to_other_machines_without_a_token(store: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "log", store, "--host", "0.0.0.0") as running:  # noqa: S104 - what is tested
        assert status_of(running, "/search") == 404
        assert running.client().search(Resource="TrainingJob")["Results"]
    with run.listen("0.0.0.0", 0) as bound:  # noqa: S104
        beyond = urlsplit(run.url_beyond(bound) or run.url_of(bound)).hostname
    assert f"warning: whoever reaches http://{beyond}:" in (tmp_path / "log").read_text(encoding="utf-8")
    assert "no page: 0.0.0.0 can be reached from other machines" in running.log.read_text(encoding="utf-8")
    token = tmp_path / "token"
    token.write_text("secret\n", encoding="utf-8")
    with serving(tmp_path / "log", store, "--host", "0.0.0.0", "--page-token", f"@{token}") as running:  # noqa: S104
        assert status_of(running, "/") == 401
    assert "secret" not in running.log.read_text(encoding="utf-8")


def status_of(running: Served, path: str) -> int:
    connection = HTTPConnection(*running.address, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def test_exports_are_served_as_a_store_is(repository: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "log", repository / "data" / "exports" / "training-jobs", "-q") as running:
        assert running.client().list_training_jobs(MaxResults=2)["TrainingJobSummaries"]
    assert running.log.read_text(encoding="utf-8") == ""  # -q silences the log


def test_a_store_that_is_added_to_is_served_as_it_is_then(repository: Path, tmp_path: Path) -> None:
    exports, store = repository / "data" / "exports", tmp_path / "store"
    assert smsearch("index", exports / "training-jobs", "-o", store).returncode == 0
    with serving(tmp_path / "log", store) as running:
        client = running.client()
        before = client.search(Resource="TrainingJob")["TotalHits"]["Value"]
        assert smsearch("index", exports, "-o", store, "--add").returncode == 0
        after = client.search(Resource="TrainingJob")["TotalHits"]["Value"]
        assert 0 < before < after
    assert "the store has changed: " in running.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("keeping", [(), ("--keep-snapshots", "0", "--keep-minutes", "0")])
def test_a_paginator_of_boto3_goes_on_over_the_records_as_they_were(
    repository: Path, tmp_path: Path, keeping: tuple[str, ...]
) -> None:
    exports, store = repository / "data" / "exports", tmp_path / "store"
    assert smsearch("index", exports / "training-jobs", "-o", store).returncode == 0
    with serving(tmp_path / "log", store, *keeping) as running:
        client = running.client()
        expected = [page["Results"] for page in client.get_paginator("search").paginate(Resource="TrainingJob")]
        pages = iter(client.get_paginator("search").paginate(Resource="TrainingJob"))
        seen = [next(pages)["Results"]]
        assert smsearch("index", exports / "events", "-o", store).returncode == 0  # built anew, of something else
        if keeping:
            with pytest.raises(client.exceptions.ClientError, match="NextToken has expired"):
                next(pages)
        else:
            assert [*seen, *(page["Results"] for page in pages)] == expected
            assert "replaced file" in smsearch("info", store).stdout
            assert json.loads(smsearch("info", store, "-f", "json").stdout)["retired"][0]["replaced"].startswith("20")


def test_a_port_that_is_taken_is_an_error_with_a_way_out(served: Served, store: Path) -> None:
    done = smsearch("serve", store, "--port", str(served.address[1]))
    assert done.returncode == 3
    assert done.stderr.startswith("error: Cannot listen on 127.0.0.1, port ")
    assert "--port 0" in done.stderr
    assert done.stdout == ""


def test_a_port_is_taken_before_anything_is_read() -> None:
    with run.listen("127.0.0.1", 0) as first, pytest.raises(ServerError, match="Address already in use"):
        run.listen("127.0.0.1", first.getsockname()[1])


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    done = smsearch("serve", tmp_path / "nothing", "--port", "0")
    assert done.returncode == 3
    assert "nothing" in done.stderr
    assert smsearch("serve").returncode == 2
    hidden = "import sys; sys.modules['uvicorn'] = None; sys.argv = ['smsearch', 'serve', '.']; "
    done = subprocess.run(
        [sys.executable, "-c", hidden + "from smsearch.cli.main import main; main()"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "pip install 'smsearch-offline[server]'" in done.stderr


def aws(served: Served, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [AWS, "sagemaker", *arguments], env=served.environment, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not AWS.exists() and not shutil.which("aws"), reason="the AWS CLI is not installed")
def test_the_aws_cli_searches_and_describes(served: Served) -> None:
    expression = {"Filters": [{"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "Failed"}]}
    query = ("--resource", "TrainingJob", "--search-expression", json.dumps(expression))
    done = aws(served, "search", *query)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["Results"]
    assert {record["TrainingJob"]["TrainingJobStatus"] for record in results} == {"Failed"}
    name = results[0]["TrainingJob"]["TrainingJobName"]
    described = json.loads(aws(served, "describe-training-job", "--training-job-name", name).stdout)
    assert described["TrainingJobArn"] == results[0]["TrainingJob"]["TrainingJobArn"]
    done = aws(served, "describe-training-job", "--training-job-name", "nobody")
    assert done.returncode != 0
    assert "(ValidationException)" in done.stderr
    assert "Requested resource not found." in done.stderr
