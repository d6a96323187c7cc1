"""A proxy before a real server that loses answers, turns requests away or is not there, as a test tells it."""

import http.client
import http.server
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from urllib.parse import urlsplit


class Fault(Enum):
    """What the proxy does with a request."""

    NONE = auto()  # hands it on
    AWAY = auto()  # hangs up
    LOST = auto()  # hands it on and hangs up instead of answering
    BUSY = auto()  # answers 429
    REJECTED = auto()  # answers a bulk request with 429 for each write in it
    BROKEN = auto()  # answers 503
    OLD = auto()  # answers as an 8.x server does to a 9.x client


class Proxy(http.server.ThreadingHTTPServer):
    """Hands requests on to a server.

    Attributes:
        choose: Says what to do with a request, by its method and path; the tests' own.
    """

    daemon_threads = True
    request_queue_size = 100

    def __init__(self, target: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._scheme = "https" if tls else "http"
        if tls:  # hands are shaken by the thread that answers
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        parts = urlsplit(target)
        self.target = (parts.hostname or "", parts.port or 9200)
        self.choose: Callable[[str, str], Fault] = lambda method, path: Fault.NONE

    @property
    def url(self) -> str:
        """Where the proxy listens."""
        return f"{self._scheme}://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed hangs up: no fault of the test."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        match self.server.choose(self.command, self.path):
            case Fault.AWAY:
                self._hang_up()
            case Fault.LOST:
                self._forward(body)
                self._hang_up()
            case Fault.BUSY:
                self._answer(429, {"error": {"type": "es_rejected_execution_exception", "reason": "queue is full"}})
            case Fault.BROKEN:
                self._answer(503, {"error": {"type": "unavailable_shards_exception", "reason": "starting"}})
            case Fault.OLD:
                reason = "Invalid media-type value on headers [Accept]"
                self._answer(400, {"error": {"type": "media_type_header_exception", "reason": reason}})
            case Fault.REJECTED:
                self._answer(200, {"errors": True, "items": [*_rejections(body)]})
            case Fault.NONE:
                self._send(*self._forward(body))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815 - http.server's names

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(*self.server.target, timeout=60)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, body: object) -> None:
        headers = [("Content-Type", "application/json"), ("X-Elastic-Product", "Elasticsearch")]
        self._send(status, headers, json.dumps(body).encode())

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Says nothing: a test's output is its own."""


def _rejections(body: bytes) -> Iterator[dict[str, object]]:
    error = {"type": "es_rejected_execution_exception", "reason": "queue is full"}
    for line in body.splitlines():
        action = json.loads(line)
        name = next(iter(action), "")
        if name in {"create", "index", "delete"} and isinstance(action[name], dict) and "_id" in action[name]:
            yield {name: {"status": 429, "error": error}}


@contextmanager
def proxy_to(target: str, tls: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    """Runs a proxy to a server's URL; with `tls` it speaks https."""
    proxy = Proxy(target, tls)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
