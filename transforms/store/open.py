"""Opens a store by its URL, and keeps one open for each thread of a process."""

import os
import threading
from pathlib import Path

from transforms.store.protocol import Store, StoreError
from transforms.store.sqlite import MEMORY, SqliteStore

_SQLITE = "sqlite:///"
_SERVERS = ("elasticsearch://", "http://", "https://")

# How long a request waits for a server that is away. Whoever looks something up wants to know at once; a run on its way
# outlasts a restart, and a watch tries again after that.
LOOKING_SECONDS = 5.0
WORKING_SECONDS = 300.0

# Stores by process, thread and URL. Those of the parent process stay here after a fork, unused and not closed,
# because closing a connection in the child would touch the parent's.
_OPEN: dict[tuple[int, threading.Thread, str], Store] = {}


def open_store(url: str, *, patience_seconds: float = LOOKING_SECONDS) -> Store:
    """Opens a store, and makes it where it is not there yet.

    Args:
        url: `sqlite:///relative/path`, `sqlite:////absolute/path` or `sqlite:///:memory:`; or
            `elasticsearch://[user@]host[:port][/prefix]`, `http://...`, `https://...`.
        patience_seconds: How long a request waits for a server that is away.

    Raises:
        StoreError: The URL names no store, or the store cannot be used.
    """
    if url.startswith(_SQLITE) and url != _SQLITE:
        return SqliteStore(url.removeprefix(_SQLITE))
    if url.startswith(_SERVERS):
        # The client takes 0.2 s to load, which a SQLite store need not wait for.
        from transforms.store.elasticsearch.address import parse_address
        from transforms.store.elasticsearch.store import ElasticsearchStore

        return ElasticsearchStore(parse_address(url), patience_seconds=patience_seconds)
    raise StoreError(
        f"{url!r} is no store: write sqlite:///PATH (sqlite:////PATH from the root), sqlite:///{MEMORY}, "
        "or elasticsearch://HOST:9200"
    )


def store_exists(url: str) -> bool:
    """Returns whether there is a store already, so that looking something up does not make one.

    Raises:
        StoreError: The server of the store cannot be used.
    """
    if url.startswith(_SERVERS):
        from transforms.store.elasticsearch.address import parse_address
        from transforms.store.elasticsearch.indices import is_set_up
        from transforms.store.elasticsearch.link import Link

        link = Link(parse_address(url), patience_seconds=LOOKING_SECONDS)
        try:
            return is_set_up(link)
        finally:
            link.close()
    path = url.removeprefix(_SQLITE)
    return path in (url, MEMORY) or Path(path).exists()


def store_for(url: str) -> Store:
    """Returns this thread's store for a URL, opened at its first use: for `DoFn.setup`; nobody closes it.

    In memory every thread has a store of its own.

    Raises:
        StoreError: As `open_store`.
    """
    key = (os.getpid(), threading.current_thread(), url)
    store = _OPEN.get(key)
    if store is None:
        _close_stores_of_ended_threads()
        store = _OPEN[key] = open_store(url, patience_seconds=WORKING_SECONDS)
    return store


def _close_stores_of_ended_threads() -> None:
    alive = set(threading.enumerate())
    for key in list(_OPEN):
        if key[0] == os.getpid() and key[1] not in alive and (store := _OPEN.pop(key, None)):
            store.close()
