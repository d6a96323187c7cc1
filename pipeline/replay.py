"""Sends failures through again: items from the store, files from where they lay."""

import dataclasses
import datetime
from collections.abc import Sequence

from pipeline.options import fail
from pipeline.settings import Settings
from pipeline.sources import Sources, sources_of
from transforms.alert.outbox import STAGE as DELIVER
from transforms.alert.outbox import send_again
from transforms.ingest.read_files import path_of
from transforms.records import Failure, Item, State, record
from transforms.store.documents import failure_from, item_document, item_from
from transforms.store.protocol import Collection, Store

ALERT = "alert"  # the stage of `transforms.alert.match_changes`, which loads Beam


@record
class Replay:
    """What is tried again: the failures, and the paths to read anew (items are pending in the store again)."""

    failures: tuple[str, ...]
    paths: tuple[str, ...]


def _wanted(store: Store, ids: Sequence[str] | None) -> list[Failure]:
    if ids is None:
        return [failure_from(stored) for stored in store.scan(Collection.FAILURES)]
    known = store.get(Collection.FAILURES, ids)
    for missing in ids:
        if missing not in known:
            fail(f"{missing}: no failure has this id; `pactwatch failures --format json` lists ids")
    return [failure_from(stored) for stored in known.values()]


def prepare_replay(store: Store, ids: Sequence[str] | None, now: datetime.datetime) -> Replay:
    """Makes failed items pending again and alerts given up waiting, and gathers the files to read anew.

    Args:
        store: Where the failures are.
        ids: Which; None for all.
        now: From when alerts given up are due again.
    """
    failures = _wanted(store, ids)
    paths: dict[str, None] = {}
    for failure in failures:
        stored = store.get(Collection.ITEMS, [failure.record]).get(failure.record)
        if failure.stage == DELIVER:
            send_again(store, [failure.record], now)
        elif failure.stage == ALERT and stored is None:
            continue  # an agreement or a reminder: every run tries those that failed again
        elif stored is None:
            paths[path_of(failure.locator)] = None
        elif item_from(stored).state is State.FAILED:
            store.replace(Collection.ITEMS, [item_document(_again(item_from(stored)))])
    return Replay(failures=tuple(failure.id for failure in failures), paths=tuple(paths))


def _again(item: Item) -> Item:
    """Returns a failed item as it was before; one that never had its page waits for it again."""
    if item.content or item.url is None:
        return dataclasses.replace(item, state=State.PENDING)
    return dataclasses.replace(item, state=State.WAITING, attempts=0, retry_at=None, flaws=())


def replayed_sources(settings: Settings, replay: Replay) -> Sources:
    """Returns what a replay takes in: the files of the failures without an item, and the feeds that failed."""
    return sources_of(settings, replay.paths) if replay.paths else Sources(paths=(), feeds=(), due_only=True)


def settle_replayed(store: Store, replay: Replay, run: str) -> int:
    """Removes the replayed failures that did not fail again; returns how many were settled in all."""
    left = store.get(Collection.FAILURES, replay.failures)
    passed = [key for key, stored in left.items() if stored.body["last_run"] != run]
    store.delete(Collection.FAILURES, passed)
    return len(replay.failures) - len(left) + len(passed)
