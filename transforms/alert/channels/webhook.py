"""Posts alerts as JSON, signed so that the receiver can tell who sent them and that nobody changed them.

The signature is HMAC-SHA256 over `TIMESTAMP.BODY` with the shared secret, in the header
`X-Pactwatch-Signature: t=TIMESTAMP,v1=HEX`; the timestamp (seconds since 1970) lets the receiver refuse old copies.
"""

import datetime
import email.utils
import hashlib
import hmac
import json
import time
from collections.abc import Sequence

import httpx

from transforms.alert.channels.channel import SendError, WebhookSettings
from transforms.alert.message import Message, values

SIGNATURE_HEADER = "X-Pactwatch-Signature"
ID_HEADER = "X-Pactwatch-Delivery"

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
TOTAL_SECONDS = 20.0  # a receiver that drips its answer keeps us no longer
_TRIED_AGAIN = frozenset({408, 409, 423, 425, 429})  # besides every 5xx; other 4xx mean that the request is wrong


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Returns the value of the signature header."""
    mac = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"t={timestamp},v1={mac.hexdigest()}"


def retry_after(value: str | None, now: datetime.datetime) -> datetime.timedelta | None:
    """Returns how long a Retry-After header asks to wait: seconds or an HTTP date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return datetime.timedelta(seconds=min(int(value), 10**8))
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    return max(moment - now, datetime.timedelta(0))


class Webhook:
    """An address to which alerts are posted; redirects are not followed."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=True)

    def send(self, messages: Sequence[Message]) -> None:
        """Posts the messages in one request."""
        body = json.dumps({"alerts": [values(message) for message in messages]}, ensure_ascii=False)
        encoded = body.encode("utf-8", "replace")
        headers = {"Content-Type": "application/json", ID_HEADER: messages[0].alert.id, "User-Agent": "pactwatch"}
        if self._settings.secret:
            headers[SIGNATURE_HEADER] = signature(self._settings.secret, int(time.time()), encoded)
        _check(self._answer(encoded, headers))

    def _answer(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        limit = time.monotonic() + TOTAL_SECONDS
        try:
            with self._client.stream("POST", self._settings.url, content=body, headers=headers) as answer:
                if not answer.is_success:
                    return answer
                for _ in answer.iter_raw():  # an answer broken off may mean that the alert was not taken
                    if time.monotonic() > limit:
                        break
                return answer
        except httpx.TimeoutException as error:
            raise SendError("the receiver did not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise SendError(f"the receiver cannot be reached: {type(error).__name__}") from error

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    tried_again = answer.status_code >= 500 or answer.status_code in _TRIED_AGAIN
    raise SendError(
        f"the receiver answered {answer.status_code}",
        lasting=not tried_again,
        retry_after=retry_after(answer.headers.get("Retry-After"), datetime.datetime.now(datetime.UTC)),
    )
