"""A line to an Elasticsearch server that waits while the server is away and says in one line what is wrong."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from elastic_transport import ConnectionError as NotReached
from elastic_transport import ConnectionTimeout, SerializationError, TlsError
from elasticsearch import ApiError, Elasticsearch, TransportError, UnsupportedProductError

from transforms.errors import PactwatchError
from transforms.store.elasticsearch.address import ENVIRONMENT, Address, Secrets, read_secrets
from transforms.store.protocol import StoreError

# The client speaks the newest version's language only; an 8.x server refuses it (media_type_header_exception).
SERVER_MAJOR = 9

REQUEST_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 10.0

# Too many requests, and what a proxy or a node that starts, stops or drowns answers.
_PASSING = frozenset({429, 500, 502, 503, 504})

# A write block has status 403 (read-only) or 429 (disk full): no wait of ours lifts it.
BLOCK = "cluster_block_exception"


class RefusedDocumentError(PactwatchError):
    """The server refuses a document for what it holds; others are not concerned."""


class Link:
    """One client of one server. Safe in several threads.

    Args:
        address: Where the server is.
        patience_seconds: How long one request is tried again while the server is away or overloaded.
        secrets: How to enter; None for those of the environment.
    """

    def __init__(self, address: Address, *, patience_seconds: float, secrets: Secrets | None = None) -> None:
        self.address = address
        self.patience_seconds = patience_seconds
        self.client = _client(address, secrets or read_secrets())

    def ask(self, call: Callable[[Elasticsearch], Any], *, absent: Any = None) -> Any:
        """Returns the body of a call's answer, tried again while the server is away.

        Args:
            call: One request; repeated, it must do no harm.
            absent: What to return when the server answers that there is no such thing; None to raise.

        Raises:
            StoreError: The server refuses, or did not answer in time.
        """
        patience = self.patience()
        while True:
            try:
                return call(self.client).body
            except (ApiError, TransportError, SerializationError, UnsupportedProductError) as error:
                if absent is not None and isinstance(error, ApiError) and error.status_code == 404:
                    return absent
                patience.wait(error)

    def patience(self) -> "Patience":
        """Returns a new patience for one request."""
        return Patience(self)

    def close(self) -> None:
        """Gives back the connections."""
        self.client.close()


class Patience:
    """Waits between the attempts of one request, longer each time, with chance in it, until it has waited enough.

    The pauses are those of "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015), "equal jitter".
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._until: float | None = None
        self._pause = FIRST_PAUSE_SECONDS
        self._clock = threading.Event()  # never set: its wait is a pause that a signal can end

    def wait(self, error: Exception) -> None:
        """Pauses before the next attempt.

        Raises:
            StoreError: The error does not pass by itself, or patience is at its end.
        """
        self.pause(is_passing(error), lambda: explain(error, self._link.address), error)

    def pause(self, passing: bool, told: Callable[[], str], error: Exception | None = None) -> None:
        """Pauses as `wait`, for what is no exception."""
        now = time.monotonic()
        if self._until is None:
            self._until = now + self._link.patience_seconds
        if not passing or now >= self._until:
            raise StoreError(told()) from error
        self._clock.wait(self._pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads requests, keeps no secret
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)


def is_passing(error: Exception) -> bool:
    """Returns whether what failed may succeed later by itself."""
    if isinstance(error, ApiError):
        return error.status_code in _PASSING and kind_of(error) != BLOCK
    return isinstance(error, NotReached | ConnectionTimeout) and not isinstance(error, TlsError)


def is_status_passing(status: int, kind: str) -> bool:
    """Returns whether an item of a bulk request that failed may succeed later by itself."""
    return status in _PASSING and kind != BLOCK


def kind_of(error: ApiError) -> str:
    """Returns the server's name for an error, such as `mapper_parsing_exception`."""
    told = error.body.get("error") if isinstance(error.body, dict) else None
    return str(told.get("type", "")) if isinstance(told, dict) else str(told or "")


def reason_of(error: ApiError) -> str:
    """Returns the server's own words for an error, on one line."""
    told = error.body.get("error") if isinstance(error.body, dict) else None
    if not isinstance(told, dict):
        return one_line(str(told or error.body or error.message))
    causes = [told.get("reason"), *(cause.get("reason") for cause in told.get("root_cause", []))]
    return one_line(": ".join(dict.fromkeys(str(cause) for cause in causes if cause)) or kind_of(error))


def one_line(text: str) -> str:
    """Returns at most 500 characters of a text on one line."""
    return " ".join(text.split())[:500]


def explain(error: Exception, address: Address) -> str:
    """Returns what is wrong and what to do, on one line and without secrets."""
    server = address.server
    if isinstance(error, UnsupportedProductError):
        return f"{server} answers, but is not Elasticsearch {SERVER_MAJOR}.x: check the store's URL"
    if isinstance(error, ApiError):
        return _explain_answer(error, server)
    if isinstance(error, TlsError):
        told = one_line(error.message)
        return f"{server} has no certificate that is trusted here ({told}): name its authority in {ENVIRONMENT}CA_CERTS"
    if isinstance(error, ConnectionTimeout):
        return f"{server} did not answer in time: try again when it is less busy"
    if isinstance(error, TransportError):
        return f"{server} cannot be reached ({one_line(error.message)}): check the URL and that the server runs"
    return f"{server} cannot be used: {one_line(str(error))}"


def _explain_answer(error: ApiError, server: str) -> str:
    reason, kind = reason_of(error), kind_of(error)
    if error.status_code == 401 and "api key is expired" in str(error.body):  # beside the reason, not in it
        return f"{server} says that the API key has expired (401): make a new one and put it into {ENVIRONMENT}API_KEY"
    if error.status_code == 401:
        return (
            f"{server} lets nobody in without a valid key or password (401): set {ENVIRONMENT}API_KEY, "
            f"or {ENVIRONMENT}PASSWORD with the user's name in the URL"
        )
    if kind == "media_type_header_exception":
        return wrong_version(server, "an older version")
    if kind == BLOCK:
        return f"{server} takes no writes now: {reason}; free disk space or lift the block, then run again"
    if error.status_code == 403:
        return f"{server} forbids this (403): {reason}; the README lists the rights that Pactwatch needs"
    if kind == "index_not_found_exception":
        return f"{server} has no such index: {reason}; `pactwatch setup elasticsearch` makes what is missing"
    return f"{server} refuses ({error.status_code}): {reason}"


def wrong_version(server: str, version: str) -> str:
    """Returns the line that says which versions go together."""
    return (
        f"{server} runs {version} of Elasticsearch: this Pactwatch (client {SERVER_MAJOR}.x) goes with "
        f"Elasticsearch {SERVER_MAJOR}.x; upgrade the server, or use an SQLite store"
    )


def _client(address: Address, secrets: Secrets) -> Elasticsearch:
    given: dict[str, Any] = {}
    if secrets.api_key:
        given["api_key"] = secrets.api_key
    elif secrets.password:
        given["basic_auth"] = (address.user or "elastic", secrets.password)
    if secrets.ca_certs:
        given["ca_certs"] = secrets.ca_certs
    if address.server == "cloud":
        if not secrets.cloud_id:
            raise StoreError(f"elasticsearch://cloud needs a cloud id: put it into {ENVIRONMENT}CLOUD_ID")
        given["cloud_id"] = secrets.cloud_id
    else:
        given["hosts"] = [address.server]
    try:
        # Retries are ours: the client's do not wait between attempts.
        return Elasticsearch(**given, request_timeout=REQUEST_SECONDS, max_retries=0, retry_on_timeout=False)
    except (ValueError, OSError) as error:
        raise StoreError(f"{address.server} cannot be used: {one_line(str(error))}") from error
