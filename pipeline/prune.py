"""Forgets what is old: articles that no kept agreement rests on, ended agreements, their alerts, failures and runs.

Items, texts and what articles say of agreements stay (some hundred bytes each): what was pruned is known, so it is not
taken in again, and an agreement that is reported anew is computed from all its reports.
"""

import datetime
from collections.abc import Iterator, Mapping

from pipeline.prune_alerts import Gone, forgettable
from transforms.records import AgreementStatus, State, record
from transforms.store.documents import agreement_from, article_from
from transforms.store.protocol import Collection, Store, Stored

_ENDED = frozenset({AgreementStatus.REJECTED, AgreementStatus.EXPIRED, AgreementStatus.COLLAPSED})
_CHUNK = 500  # documents removed at once

PRUNED = (Collection.AGREEMENTS, Collection.ARTICLES, Collection.FAILURES, Collection.RUNS, Collection.ALERTS)


@record
class Pruned:
    """What was, or would be, removed: how many documents of which collection."""

    counts: Mapping[Collection, int]


def prune(store: Store, before: datetime.datetime, collections: tuple[Collection, ...], *, dry_run: bool) -> Pruned:
    """Removes what is older than a moment.

    An agreement is kept while it is open: until reports say that it was rejected, expired or collapsed, and its last
    deadline lies before the moment. The articles that report a kept agreement are kept, and so are those not yet done.
    An alert is kept as long as what it tells of (`pipeline.prune_alerts`).

    Args:
        store: What to prune.
        before: What was taken in, made or started before this is old.
        collections: Which of `PRUNED`.
        dry_run: Whether only to count.
    """
    ended = [stored for stored in store.scan(Collection.AGREEMENTS) if _is_over(stored, before)]
    if Collection.AGREEMENTS not in collections:
        ended = []
    gone = {stored.id for stored in ended}
    kept = {
        article
        for stored in store.scan(Collection.AGREEMENTS)
        if stored.id not in gone
        for article in stored.body["articles"]
    }
    old = {
        Collection.AGREEMENTS: list(gone),
        Collection.DEADLINES: [deadline["id"] for stored in ended for deadline in stored.body["deadlines"]],
        Collection.ARTICLES: list(_old_articles(store, before, kept)),
        Collection.FAILURES: list(_older(store, Collection.FAILURES, "created", before)),
        Collection.RUNS: list(_older(store, Collection.RUNS, "started", before)),
    }
    old |= _old_alerts(store, before, {name: ids for name, ids in old.items() if name in collections})
    wanted = {
        *collections,
        *([Collection.DEADLINES] if gone else []),
        *([Collection.DELIVERIES] if Collection.ALERTS in collections else []),
    }
    counts = {collection: len(ids) for collection, ids in old.items() if collection in wanted}
    if not dry_run:
        for collection in counts:
            _remove(store, collection, old[collection])
    return Pruned(counts=counts)


def _is_over(stored: Stored, before: datetime.datetime) -> bool:
    days = [str(day) for day in stored.body["date"]]
    last = max([*days, stored.body["reached"] or "", stored.body["created"][:10]])
    return agreement_from(stored).status in _ENDED and last < before.date().isoformat()


def _old_alerts(
    store: Store, before: datetime.datetime, old: Mapping[Collection, list[str]]
) -> dict[Collection, list[str]]:
    """Returns the alerts to remove, behind their deliveries: one left over by a crash finds its alert again."""
    gone = Gone(
        agreements=frozenset(old.get(Collection.AGREEMENTS, ())),
        articles=frozenset(old.get(Collection.ARTICLES, ())),
        failures=frozenset(old.get(Collection.FAILURES, ())),
    )
    found = dict(forgettable(store, before, gone))
    rows = [row for rows in found.values() for row in rows]
    return {Collection.DELIVERIES: rows, Collection.ALERTS: list(found)}


def _old_articles(store: Store, before: datetime.datetime, kept: set[str]) -> Iterator[str]:
    for stored in store.scan(Collection.ARTICLES, {"state": State.DONE.value}):
        if stored.id not in kept and article_from(stored).taken_in < before:
            yield stored.id


def _older(store: Store, collection: Collection, key: str, before: datetime.datetime) -> Iterator[str]:
    for stored in store.scan(collection):
        if datetime.datetime.fromisoformat(stored.body[key]) < before:
            yield stored.id


def _remove(store: Store, collection: Collection, ids: list[str]) -> None:
    for start in range(0, len(ids), _CHUNK):
        store.delete(collection, ids[start : start + _CHUNK])
