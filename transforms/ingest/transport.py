"""Connects to servers: only to addresses that were checked, and never beyond a request's time limit."""

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from transforms.ingest.addresses import PrivateAddressError, UnknownHostError, addresses_of

IDLE_CONNECTIONS = 20  # kept for the next request to the same host; a poll meets most hosts once
IDLE_SECONDS = 5.0  # what common servers keep open themselves (Apache: 5 s)
MAX_CONNECTIONS = 100


class _Clock(threading.local):
    """The end of the request that this thread makes: httpcore's own limits are for each read alone."""

    end: float = float("inf")

    def left(self, seconds: float | None) -> float:
        """Returns the time a step may take: `seconds`, or less when the request must end before."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time limit of the request is over")
        return left if seconds is None else min(left, seconds)


_clock = _Clock()


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Ends what this thread sends and receives in the block after so many seconds, however slowly it drips."""
    _clock.end = time.monotonic() + seconds
    try:
        yield
    finally:
        _clock.end = float("inf")


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _clock.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _clock.left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to the very address that was checked, so that a second DNS answer cannot lead elsewhere."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = addresses_of(host, allow_private=self._allow_private, seconds=_clock.left(timeout))
        except (UnknownHostError, PrivateAddressError) as error:
            raise httpcore.ConnectError(str(error)) from error
        return _TimedStream(self._connect_first(addresses, port, timeout))

    def _connect_first(self, addresses: list[str], port: int, timeout: float | None) -> httpcore.NetworkStream:
        for address in addresses[:-1]:
            try:
                return self._backend.connect_tcp(address, port, _clock.left(timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # the next address may answer
        return self._backend.connect_tcp(addresses[-1], port, _clock.left(timeout))


def is_private_address_error(error: BaseException) -> bool:
    """Returns whether an error comes from an address that was refused."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, PrivateAddressError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def checked_connections(*, allow_private: bool) -> httpcore.ConnectionPool:
    """Returns checked connections; environment variables for proxies are passed over.

    A proxy would find and connect to addresses by itself, where nothing could check them.
    """
    return httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=True),  # SSL_CERT_FILE, for a company's own authority
        max_connections=MAX_CONNECTIONS,
        max_keepalive_connections=IDLE_CONNECTIONS,
        keepalive_expiry=IDLE_SECONDS,
        network_backend=_CheckedBackend(allow_private=allow_private),
    )
