"""Puts Pactwatch's saved objects into Kibana by its saved objects API."""

import base64
import json
import ssl
import urllib.error
import urllib.request
import uuid
from typing import Any
from urllib.parse import unquote, urlsplit

from transforms.errors import PactwatchError, UsageError
from transforms.store.elasticsearch.address import ENVIRONMENT, Secrets, read_secrets

_IMPORT = "/api/saved_objects/_import?overwrite=true"
_SECONDS = 60.0


class KibanaError(PactwatchError):
    """Kibana cannot be used, or refuses the objects: one line for a person."""


def import_objects(url: str, ndjson: str) -> int:
    """Imports saved objects, in place of those with their ids.

    Args:
        url: Kibana's, `http(s)://[user@]host[:port][/s/SPACE]`; secrets come from the environment, as the store's.
        ndjson: The objects, one a line.

    Returns:
        How many objects were imported.

    Raises:
        UsageError: The URL is no such URL.
        KibanaError: Kibana cannot be reached, lets nobody in, or refuses an object.
    """
    server, user = _server(url)
    secrets = read_secrets()
    body, content_type = _form(ndjson)
    asked = urllib.request.Request(server + _IMPORT, data=body, method="POST")  # noqa: S310 - http(s) only, checked
    asked.add_header("Content-Type", content_type)
    asked.add_header("kbn-xsrf", "pactwatch")
    if (authorization := _authorization(secrets, user)) is not None:
        asked.add_header("Authorization", authorization)
    return _imported(server, _answer(server, asked, secrets))


def _server(url: str) -> tuple[str, str | None]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{parts.hostname or url}: Kibana's URL begins with http:// or https://")
    if parts.password is not None:
        raise UsageError(f"Kibana's URL holds no password: put it into {ENVIRONMENT}PASSWORD, and leave it out")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}", unquote(parts.username or "") or None


def _authorization(secrets: Secrets, user: str | None) -> str | None:
    if secrets.api_key:
        return f"ApiKey {secrets.api_key}"
    if secrets.password:
        return "Basic " + base64.b64encode(f"{user or 'elastic'}:{secrets.password}".encode()).decode()
    return None


def _form(ndjson: str) -> tuple[bytes, str]:
    """Returns the file as an HTML form sends it (RFC 7578), and the type of that."""
    mark = uuid.uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="pactwatch.ndjson"\r\n'
    body = f"{head}Content-Type: application/ndjson\r\n\r\n{ndjson}\r\n--{mark}--\r\n"
    return body.encode(), f"multipart/form-data; boundary={mark}"


def _answer(server: str, asked: urllib.request.Request, secrets: Secrets) -> Any:
    context = ssl.create_default_context(cafile=secrets.ca_certs) if server.startswith("https") else None
    try:
        with urllib.request.urlopen(asked, timeout=_SECONDS, context=context) as answer:  # noqa: S310 - http(s) only
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            told = " ".join(error.read(500).decode("utf-8", "replace").split())
        hint = f"; set {ENVIRONMENT}API_KEY or {ENVIRONMENT}PASSWORD" if error.code == 401 else ""
        raise KibanaError(f"Kibana at {server} refuses ({error.code}): {told}{hint}") from error
    except (OSError, ValueError) as error:
        raise KibanaError(f"Kibana at {server} cannot be used: {error}") from error


def _imported(server: str, answer: Any) -> int:
    if not answer.get("success"):
        wrong = [
            f"{each.get('type')} {each.get('id')}: {each.get('error', {}).get('type')}"
            for each in answer.get("errors", [])
        ]
        raise KibanaError(f"Kibana at {server} refuses {len(wrong)} objects: {'; '.join(wrong[:3])}")
    return int(answer["successCount"])
