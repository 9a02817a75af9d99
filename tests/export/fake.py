"""An endpoint of SageMaker that does what a test wants: it throttles, denies, loses records, or is slow.

It speaks the protocol over a real socket, so that boto3 retries, parses and signs as ever.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answer = Callable[[str, dict[str, Any]], dict[str, Any] | None]

ACCOUNT: Final = "111122223333"


class Fault(Exception):  # noqa: N818 - it is the endpoint's answer, and no error of the test
    """What the endpoint answers instead: a status and an error code."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"__type": code, "message": message}


class Cut(Exception):  # noqa: N818 - it is the connection's end, and no error of the test
    """The connection breaks in the middle of the answer."""


class Fake:
    """An endpoint with training jobs in it.

    Attributes:
        url: Where it answers.
        calls: The operations that were asked, in order.
        before: Is asked before anything is answered, and may answer, raise a fault, or return None to let it pass.
        names: The jobs' names.
        account: Whose they are.
    """

    def __init__(self, names: list[str], page_size: int = 10) -> None:
        self.names = names
        self.account = ACCOUNT
        self.url = ""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.before: Answer = lambda _operation, _request: None
        self._page_size = page_size
        self._lock = Lock()

    def arn(self, name: str) -> str:
        """A job's ARN."""
        return f"arn:aws:sagemaker:eu-west-1:{self.account}:training-job/{name}"

    def answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """The response to a request; a fault is raised."""
        with self._lock:
            self.calls.append((operation, request))
        special = self.before(operation, request)
        if special is not None:
            return special
        match operation:
            case "ListTrainingJobs":
                return self._listed(int(request.get("NextToken", "0")))
            case "DescribeTrainingJob":
                return self.described(request["TrainingJobName"])
            case "ListTags":
                return {"Tags": [{"Key": "job", "Value": request["ResourceArn"].rpartition("/")[2]}]}
            case _:
                raise Fault("UnknownOperationException")

    def _listed(self, start: int) -> dict[str, Any]:
        end = start + self._page_size
        summaries = [{"TrainingJobName": name, "TrainingJobArn": self.arn(name)} for name in self.names[start:end]]
        token = {"NextToken": str(end)} if end < len(self.names) else {}
        return {"TrainingJobSummaries": summaries, **token}

    def described(self, name: str) -> dict[str, Any]:
        """A job in full, as it is on the wire."""
        return {
            "TrainingJobName": name,
            "TrainingJobArn": self.arn(name),
            "TrainingJobStatus": "Completed",
            "CreationTime": 1700000000.123456,
            "LastModifiedTime": 1700000000 + float(len(name)),
            "FinalMetricDataList": [{"MetricName": "loss", "Value": 0.1, "Timestamp": 1700000000}],
        }

    def count(self, operation: str) -> int:
        """How often an operation was asked."""
        return sum(asked == operation for asked, _ in self.calls)


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """The endpoint, answering on a socket of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, part = 200, 1.0
            try:
                answer = fake.answer(operation, request)
            except Fault as fault:
                status, answer = fault.status, fault.body
            except Cut:
                answer, part, self.close_connection = {"Cut": "."}, 0.5, True
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: int(len(body) * part)])

        def log_message(self, *_: object) -> None:
            """Nothing: pytest shows what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
