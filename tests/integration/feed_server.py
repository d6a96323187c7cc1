"""A real local HTTP server that plays what feeds and pages do in the wild: each path is given its answers by a test."""

import email.utils
import hashlib
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    path: str
    headers: dict[str, str]
    client: str


@dataclass(frozen=True)
class Reply:
    """What the server answers.

    Attributes:
        hang: Whether it says nothing more after the headers are due, until the server stops.
        drip_seconds: Between two bytes of the body; 0 for all at once.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    drip_seconds: float = 0.0


type Answer = Reply | Callable[[Request], Reply]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        request = Request(
            self.path, {key.lower(): value for key, value in self.headers.items()}, self.client_address[0]
        )
        self.server.owner.requests.append(request)
        reply = self.server.owner.reply(request)
        if reply.hang:
            self.server.owner.stopped.wait(60)
            return
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status not in (204, 304):
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if not reply.drip_seconds:
            self.wfile.write(reply.body)
            return
        for byte in reply.body:
            self.wfile.write(bytes([byte]))
            if self.server.owner.stopped.wait(reply.drip_seconds):
                return

    def log_message(self, *_: object) -> None:
        """Says nothing: `FeedServer.requests` tells."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    owner: "FeedServer"

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's own asks for the host's name, which can take seconds
        self.server_name, self.server_port = "feeds", self.server_address[1]

    def handle_error(self, *_: object) -> None:
        """A client that went away is part of the play."""


class FeedServer:
    """Answers by path; whatever is not given is 404. It listens on every loopback address (127.0.0.1, 127.0.0.2, ...).

    Attributes:
        requests: All requests so far, in order.
        stopped: Set when the server stops, which ends replies that hang.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.stopped = threading.Event()
        self._answers: dict[str, Answer] = {}
        self._server = _Server(("0.0.0.0", 0), _Handler)
        self._server.owner = self
        self.port = self._server.server_address[1]

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, answer: Answer | bytes | str, content_type: str = "text/html; charset=utf-8") -> str:
        """Gives a path its answer from now on; returns its address."""
        if isinstance(answer, bytes | str):
            body = answer if isinstance(answer, bytes) else answer.encode()
            answer = Reply(body, headers={"Content-Type": content_type})
        self._answers[path] = answer
        return self.url(path)

    def put_feed(self, path: str, body: str | bytes, *, conditional: bool = True) -> str:
        """Gives a path a feed that knows ETags; returns its address."""
        data = body if isinstance(body, bytes) else body.encode()
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'

        def answer(request: Request) -> Reply:
            if conditional and request.headers.get("if-none-match") == tag:
                return Reply(status=304, headers={"ETag": tag})
            headers = {"Content-Type": "application/rss+xml"} | ({"ETag": tag} if conditional else {})
            return Reply(data, headers=headers)

        return self.put(path, answer)

    def asked(self, path: str) -> int:
        """Returns how often a path was asked for."""
        return sum(request.path == path for request in list(self.requests))

    def reply(self, request: Request) -> Reply:
        answer = self._answers.get(request.path.partition("?")[0], Reply(b"not here", 404))
        return answer(request) if callable(answer) else answer


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """Runs a server in threads of this process."""
    server = FeedServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def rss(items: list[str], *, title: str = "Example Wire", more: str = "") -> str:
    """Returns an RSS document of items made by `rss_item`."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(title)}</title>'
        f"<link>https://wire.example/</link>{more}{''.join(items)}</channel></rss>"
    )


def rss_item(
    *,
    link: str | None = None,
    title: str | None = None,
    guid: str | None = None,
    published: float | str | None = None,
    text: str | None = None,
) -> str:
    """Returns an RSS item.

    Args:
        published: Seconds since 1970, or the date as the feed writes it.
    """
    date = email.utils.formatdate(published, usegmt=True) if isinstance(published, int | float) else published
    fields = {"link": link, "title": title, "guid": guid, "pubDate": date, "description": text}
    return f"<item>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in fields.items() if value)}</item>"
