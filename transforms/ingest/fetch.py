"""Fetches an address of the web safely: http and https only, no private networks, bounded in bytes, time and redirects.

Everything that touches the network goes through `Fetcher`. Nothing fetched is executed, or written to a path it names.
"""

import atexit
import functools
import importlib.metadata
import threading
from collections.abc import Iterable, Mapping

import httpcore
import httpx

from transforms.errors import PactwatchError
from transforms.ingest.body import ACCEPTED, BrokenBodyError, OversizedBodyError, receive
from transforms.ingest.limits import FetchLimits
from transforms.ingest.transport import checked_connections, is_private_address_error, time_limit
from transforms.records import record

USER_AGENT = f"Pactwatch/{importlib.metadata.version('pactwatch')} (feed reader)"

_SCHEMES = ("http", "https")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_TEMPORARY_STATUS = frozenset({408, 425, 429})  # try later; with them all of 5xx
_BUSY = frozenset({429, 503})
_GONE = 410
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
_QUOTED_CHARACTERS = 200  # of an address in a message
_KNOWN_ADDRESSES = 20_000


class FetchError(PactwatchError):
    """An address could not be fetched: the message is one line for a person.

    Attributes:
        status: The HTTP status, 0 where there was no answer.
        retry_after: As the server's header says (seconds or a date), or None.
    """

    def __init__(self, message: str, *, status: int = 0, retry_after: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after

    @property
    def is_busy(self) -> bool:
        """Whether the server says that it is asked too much: then nothing more is asked of it for a while."""
        return self.status in _BUSY


class HardFetchError(FetchError):
    """Waiting will not mend it: a refused address, an answer too large, a page that is gone."""


class SoftFetchError(FetchError):
    """Somebody must mend it, and may: not found, forbidden, redirected in circles."""


class TemporaryFetchError(FetchError):
    """It may well work the next time: no answer in time, no connection, a server's own error, too many requests."""


@record
class Fetched:
    """An answer.

    Attributes:
        url: The address that was asked for.
        final_url: The address that answered, after redirects.
        moved_to: Where permanent redirects lead (those after a temporary one do not count), or None.
        status: The HTTP status: any but a redirect.
        headers: By lower-case name.
        body: Decompressed; empty unless the status is 2xx.
    """

    url: str
    final_url: str
    moved_to: str | None
    status: int
    headers: Mapping[str, str]
    body: bytes


def expect_success(fetched: Fetched, *others: int) -> Fetched:
    """Returns an answer whose status is 2xx (or one of `others`).

    Raises:
        HardFetchError: 410.
        TemporaryFetchError: 408, 425, 429 or 5xx.
        SoftFetchError: Any other.
    """
    status = fetched.status
    if 200 <= status < 300 or status in others:
        return fetched
    message = f"the server answered {status} {httpx.codes.get_reason_phrase(status)}".rstrip()
    retry_after = fetched.headers.get("retry-after")
    if status == _GONE:
        raise HardFetchError(message, status=status)
    if status in _TEMPORARY_STATUS or status >= 500:
        raise TemporaryFetchError(message, status=status, retry_after=retry_after)
    raise SoftFetchError(message, status=status, retry_after=retry_after)


class Fetcher:
    """Fetches addresses; one instance serves many threads. Not pickled: see `fetcher_for`."""

    def __init__(self, limits: FetchLimits) -> None:
        self._limits = limits
        self._connections = checked_connections(allow_private=limits.allow_private_hosts)
        step = limits.step_seconds
        self._timeouts = {"connect": step, "read": step, "write": step, "pool": step}

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """Returns the answer to a GET request, whatever its status; redirects are followed.

        Args:
            url: An http or https address.
            headers: More headers. But for If-None-Match and If-Modified-Since they are for the host of `url` alone:
                where a redirect leads elsewhere, passwords in them stay behind.

        Raises:
            HardFetchError: The address is refused, or the answer is too large.
            SoftFetchError: Redirects lead nowhere.
            TemporaryFetchError: There is no connection, or no whole answer in time.
        """
        with time_limit(self._limits.total_seconds):
            try:
                return self._follow(url, dict(headers or {}))
            except OversizedBodyError as error:
                raise HardFetchError(str(error)) from error
            except BrokenBodyError as error:
                raise TemporaryFetchError(str(error)) from error
            except (httpx.InvalidURL, httpcore.UnsupportedProtocol, httpcore.LocalProtocolError) as error:
                raise HardFetchError(f"not an address that can be fetched: {error}") from error
            except httpcore.TimeoutException as error:
                raise TemporaryFetchError(f"no whole answer within {self._limits.total_seconds:g} s") from error
            except (httpcore.NetworkError, httpcore.ProtocolError) as error:
                raise _connection_error(error) from error

    def close(self) -> None:
        """Gives back the connections that are kept open."""
        self._connections.close()

    def _follow(self, url: str, headers: dict[str, str]) -> Fetched:
        here = _address(url)
        moved_to: httpx.URL | None = None
        permanent = True
        for _ in range(self._limits.max_redirects + 1):
            answer = self._answer(here, headers)
            named = _named(answer.headers)
            target = named.get("location")
            if answer.status not in _REDIRECTS or target is None:
                body = self._received(answer, named)
                moved = str(moved_to) if moved_to is not None else None
                return Fetched(
                    url=url, final_url=str(here), moved_to=moved, status=answer.status, headers=named, body=body
                )
            answer.close()
            there = _checked(here.join(target))
            permanent = permanent and answer.status in _PERMANENT
            moved_to = there if permanent else moved_to
            headers = headers if _origin(there) == _origin(here) else _harmless(headers)
            here = there
        raise SoftFetchError(f"more than {self._limits.max_redirects} redirects, the last to {_quoted(here)}")

    def _answer(self, url: httpx.URL, headers: dict[str, str]) -> httpcore.Response:
        ours = {"Host": url.netloc.decode(), "User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": ACCEPTED}
        request = httpcore.Request(
            "GET",
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=[(name.encode(), value.encode()) for name, value in (ours | headers).items()],
            extensions={"timeout": self._timeouts},
        )
        return self._connections.handle_request(request)

    def _received(self, answer: httpcore.Response, headers: Mapping[str, str]) -> bytes:
        try:
            if 200 <= answer.status < 300:
                chunks: Iterable[bytes] = answer.stream  # type: ignore[assignment]  # the pool's are synchronous
                return receive(chunks, headers.get("content-encoding", ""), self._limits.max_bytes)
            return b""
        finally:
            answer.close()


def _named(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Returns headers by lower-case name; values of one that comes again are joined (RFC 9110, section 5.3)."""
    named: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
        named[name] = f"{named[name]}, {value}" if name in named else value
    return named


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


@functools.lru_cache(maxsize=_KNOWN_ADDRESSES)
def _address(url: str) -> httpx.URL:
    """Returns an address taken apart; a feed's is asked for again and again, and this is a tenth of a request."""
    return _checked(httpx.URL(url))


def _checked(url: httpx.URL) -> httpx.URL:
    if url.scheme not in _SCHEMES or not url.host or "%" in url.host:
        raise HardFetchError(f"{_quoted(url)} is no http or https address")
    if url.userinfo:
        raise HardFetchError(f"{_quoted(url.copy_with(userinfo=b''))}: leave out user name and password; use headers")
    return url


def _quoted(url: httpx.URL) -> str:
    return str(url)[:_QUOTED_CHARACTERS]


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _harmless(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() in _CONDITIONS}


def _connection_error(error: Exception) -> FetchError:
    if is_private_address_error(error):
        return HardFetchError(f"{error}; --allow-private-hosts (in settings: fetch.allow_private_hosts) allows it")
    return TemporaryFetchError(f"no connection, or a broken one: {error or type(error).__name__}")


_making = threading.Lock()


@functools.cache
def _fetcher(limits: FetchLimits) -> Fetcher:
    fetcher = Fetcher(limits)
    atexit.register(fetcher.close)
    return fetcher


def fetcher_for(limits: FetchLimits) -> Fetcher:
    """Returns this process's fetcher for the limits, made at its first use (20 ms, for the certificates)."""
    with _making:
        return _fetcher(limits)
