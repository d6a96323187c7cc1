"""Where an Elasticsearch store is and how it is entered: the address from its URL, secrets from the environment."""

import os
import re
import ssl
from pathlib import Path
from urllib.parse import unquote, urlsplit

from transforms.records import record
from transforms.store.protocol import StoreError

ENVIRONMENT = "PACTWATCH_ELASTICSEARCH_"
DEFAULT_PREFIX = "pactwatch"
DEFAULT_PORT = 9200
_CLOUD = "cloud"
_HERE = ("localhost", "127.0.0.1", "::1")
_FORM = "write elasticsearch://HOST:9200 or https://HOST:9200/PREFIX"

# What Elasticsearch takes as the beginning of an index name, less what is special in a list of names.
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@record
class Address:
    """Where a store is.

    Attributes:
        server: http(s)://host:port, or "cloud" when the environment names a cloud id.
        prefix: What the names of all its indices, aliases and templates begin with.
        user: The user's name, or None.
    """

    server: str
    prefix: str
    user: str | None = None


@record
class Secrets:
    """How a server is entered; never part of a URL, a record or a message."""

    api_key: str | None = None
    password: str | None = None
    ca_certs: str | None = None
    cloud_id: str | None = None

    def __repr__(self) -> str:
        return "Secrets(...)"


def parse_address(url: str) -> Address:
    """Returns the address that a store's URL names.

    Args:
        url: `elasticsearch://[user@]host[:port][/prefix]` (https, but http on this machine), `http(s)://...`, or
            `elasticsearch://cloud[/prefix]` with the cloud id in the environment.

    Raises:
        StoreError: The URL is none of these, or holds a password.
    """
    scheme, _, rest = url.partition("://")
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise StoreError(f"the store's URL cannot be understood ({error}): {_FORM}") from error
    if parts.password is not None:
        raise StoreError(
            f"a store's URL holds no password: put it into {ENVIRONMENT}PASSWORD or a file, and leave it out"
        )
    if not host or parts.query or parts.fragment:
        raise StoreError(f"{url}: {_FORM}")
    prefix = parts.path.strip("/") or DEFAULT_PREFIX
    if not _PREFIX.fullmatch(prefix):
        raise StoreError(f"{url}: the prefix {prefix!r} must be of a-z, 0-9, - and _, such as {DEFAULT_PREFIX}")
    return Address(server=_server(scheme, host, port), prefix=prefix, user=unquote(parts.username or "") or None)


def _server(scheme: str, host: str, port: int | None) -> str:
    if scheme == "elasticsearch" and host == _CLOUD and port is None:
        return _CLOUD
    if scheme == "elasticsearch":
        scheme = "http" if host in _HERE else "https"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port or DEFAULT_PORT}"


def read_secrets() -> Secrets:
    """Returns the secrets from the environment: `PACTWATCH_ELASTICSEARCH_PASSWORD`, or `..._PASSWORD_FILE`, and so on.

    Raises:
        StoreError: A file that the environment names cannot be read, or holds no certificate.
    """
    return Secrets(
        api_key=_secret("API_KEY"),
        password=_secret("PASSWORD"),
        ca_certs=_authority(),
        cloud_id=os.environ.get(ENVIRONMENT + "CLOUD_ID") or None,
    )


def _authority() -> str | None:
    """Returns the file of certificate authorities; without this check the client passes over one that is missing."""
    path = os.environ.get(ENVIRONMENT + "CA_CERTS") or None
    if path is not None:
        try:
            ssl.create_default_context(cafile=path)
        except OSError as error:
            raise StoreError(f"{ENVIRONMENT}CA_CERTS: {path} is no file of certificates (PEM): {error}") from error
    return path


def _secret(name: str) -> str | None:
    variable = ENVIRONMENT + name
    path = os.environ.get(f"{variable}_FILE")
    if not path:
        return os.environ.get(variable) or None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{variable}_FILE: {path} cannot be read: {error}") from error
