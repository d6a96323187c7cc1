"""Real receivers that tests start: a webhook's server that plays good and bad ones, and a mail server."""

import email
import email.message
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

type Answer = tuple[int, dict[str, str]]


class Hook:
    """An HTTP server that takes alerts.

    Attributes:
        ids: Of all alerts that arrived with an answer of 2xx, in order.
        requests: (headers, body) of every request, in order.
        answer: Called with the number of the request (from 0); returns status and headers. May block.
    """

    def __init__(self, answer: Callable[[int], Answer] = lambda number: (200, {})) -> None:
        self.answer = answer
        self.ids: list[str] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.released = threading.Event()  # set at the end, for answers that hang
        self._lock = threading.Lock()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook._take(self)

            def log_message(self, *parts: Any) -> None:
                """Says nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A sender that is killed breaks its connection: that is what is tested."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def _take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        with self._lock:
            number = len(self.requests)
            self.requests.append((dict(request.headers), body))
        status, headers = self.answer(number)
        if status < 300:
            with self._lock:
                self.ids += [alert["id"] for alert in json.loads(body)["alerts"]]
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def hook(answer: Callable[[int], Answer] = lambda number: (200, {})) -> Iterator[Hook]:
    """Runs a webhook's server."""
    server = Hook(answer)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Mailbox:
    """What an SMTP server took; refuses with a temporary error while `refuses` is set."""

    def __init__(self) -> None:
        self.mails: list[email.message.Message] = []
        self.refuses = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        if self.refuses:
            return "451 try again later"
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(email.message_from_bytes(content))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, str]]:
    """Runs an SMTP server; yields its mailbox and the Apprise address that leads there."""
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, f"mailto://127.0.0.1:{port}?from=watch@pactwatch.example&to=desk@pactwatch.example"
    finally:
        controller.stop()
