"""A stand-in of the SageMaker service on loopback, which findings import. It knows no operation, only its answer."""

import http.server
import json
import threading
from collections.abc import Callable
from typing import Any

Answer = Callable[[str, dict[str, Any]], object]


def serve(answer: object | Answer) -> str:
    """Start a server that lives as long as the program, and return its URL.

    Every request gets `answer` as JSON, or what it returns for the operation's name and the request's members.
    """

    class Service(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            body = json.dumps(answer(operation, request) if callable(answer) else answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Write nothing: a finding's output is what it has seen."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
