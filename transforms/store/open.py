"""Opens a store by its URL, and keeps one open for each thread of a process."""

import os
import threading

from transforms.store.protocol import Store, StoreError
from transforms.store.sqlite import MEMORY, SqliteStore

_SQLITE = "sqlite:///"
_SERVERS = ("elasticsearch://", "http://", "https://")

# Stores by process, thread and URL. Those of the parent process stay here after a fork, unused and not closed,
# because closing a connection in the child would touch the parent's.
_OPEN: dict[tuple[int, int, str], Store] = {}


def open_store(url: str) -> Store:
    """Opens a store.

    Args:
        url: `sqlite:///relative/path`, `sqlite:////absolute/path` or `sqlite:///:memory:`.

    Raises:
        StoreError: The URL names no store, or the store cannot be used.
    """
    if url.startswith(_SQLITE) and url != _SQLITE:
        return SqliteStore(url.removeprefix(_SQLITE))
    if url.startswith(_SERVERS):
        raise StoreError(f"{url}: the Elasticsearch store is not part of this version yet; use sqlite:///PATH")
    raise StoreError(f"{url!r} is no store: write sqlite:///PATH (sqlite:////PATH from the root) or sqlite:///{MEMORY}")


def store_for(url: str) -> Store:
    """Returns this thread's store for a URL, opened at its first use: for `DoFn.setup`; nobody closes it.

    In memory every thread has a store of its own.

    Raises:
        StoreError: As `open_store`.
    """
    key = (os.getpid(), threading.current_thread().ident or 0, url)
    store = _OPEN.get(key)
    if store is None:
        _close_stores_of_ended_threads()
        store = _OPEN[key] = open_store(url)
    return store


def _close_stores_of_ended_threads() -> None:
    alive = {thread.ident for thread in threading.enumerate()}
    for key in list(_OPEN):
        if key[0] == os.getpid() and key[1] not in alive and (store := _OPEN.pop(key, None)):
            store.close()
