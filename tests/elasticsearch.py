"""A real Elasticsearch for tests: the one that ELASTICSEARCH_URL names, under a prefix that is removed afterwards."""

import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from transforms.store.elasticsearch.address import parse_address
from transforms.store.elasticsearch.link import Link
from transforms.store.elasticsearch.templates import templates
from transforms.store.protocol import Collection, Store

VARIABLE = "ELASTICSEARCH_URL"
PATIENCE_SECONDS = 300  # a run loads a model first, on a machine that may be busy


def server_url() -> str:
    """Returns the server's URL; skips the test where there is none, and fails it in CI."""
    url = os.environ.get(VARIABLE, "").rstrip("/")
    if not url:
        assert "CI" not in os.environ, f"{VARIABLE} is not set in CI: these tests must run there"
        pytest.skip(f"{VARIABLE} is not set: it names a running Elasticsearch 9.x")
    return url


@contextmanager
def fresh_prefix(name: str = "test") -> Iterator[str]:
    """Gives a store's URL with a prefix of its own, and removes all that was made under it."""
    url = f"{server_url()}/{name}-{uuid.uuid4().hex[:8]}"
    try:
        yield url
    finally:
        remove(url)


def remove(url: str) -> None:
    """Removes a store's indices and templates."""
    link = Link(parse_address(url), patience_seconds=30)
    prefix = link.address.prefix
    link.ask(lambda client: client.indices.delete(index=f"{prefix}-*", ignore_unavailable=True))
    for template in reversed(list(templates(prefix))):
        kind = (
            link.client.indices.delete_index_template
            if template.index
            else link.client.cluster.delete_component_template
        )
        link.ask(lambda client, kind=kind, name=template.name: kind(name=name), absent={})
    link.close()


def empty(url: str) -> None:
    """Removes a store's documents and leaves its indices, which take seconds to make."""
    link = Link(parse_address(url), patience_seconds=30)
    pattern = f"{link.address.prefix}-*"
    link.ask(lambda client: client.indices.refresh(index=pattern))
    link.ask(
        lambda client: client.delete_by_query(index=pattern, query={"match_all": {}}, refresh=True, conflicts="proceed")
    )
    link.close()


def wait_for_done(store: Store, items: int, process: "subprocess.Popen[str]") -> None:
    """Waits until a run has so many items done, or has ended."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while store.count(Collection.ITEMS, {"state": "done"}) < items and process.poll() is None:
        assert time.monotonic() < limit, f"not {items} items done in {PATIENCE_SECONDS} s"
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)  # to ask without pause would slow down what is waited for
