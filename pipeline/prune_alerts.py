"""Says which alerts can be forgotten: those that were told, and whose subject is gone, so that none is told twice."""

import datetime
import itertools
from collections.abc import Iterator, Sequence

from transforms.alert.alert import Alert, alert_from
from transforms.alert.outbox import RowState, delivery_id
from transforms.ingest.unreadable import failure_id
from transforms.records import record
from transforms.resolve.write_agreements import current_id
from transforms.store.protocol import Collection, Store

_CHUNK = 500  # alerts looked at together


@record
class Gone:
    """Ids of what is removed, or would be, with the alerts."""

    agreements: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    failures: frozenset[str] = frozenset()


def forgettable(store: Store, before: datetime.datetime, gone: Gone) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields the ids of alerts that can be forgotten, each with the ids of its deliveries.

    The ledger is what keeps an alert from being told twice, so an alert stays as long as the agreement or an article of
    the story it tells of. It also stays while it waits for a channel, or can be sent again from `failures`.

    Args:
        store: Where they are.
        before: Only those recorded before.
        gone: What is to be seen as removed already.
    """
    stories = _stories(store, gone.articles)
    for chunk in itertools.batched(store.scan(Collection.ALERTS), _CHUNK):
        alerts = [alert for alert in map(alert_from, chunk) if alert.created < before]
        agreements = _agreements(store, alerts, gone.agreements)
        untold = [alert for alert in alerts if not _subject_stays(alert, agreements, stories)]
        yield from _settled(store, untold, gone.failures)


def _stories(store: Store, gone: frozenset[str]) -> set[str]:
    """Returns the ids of the articles that stay, and of their stories."""
    kept = (stored for stored in store.scan(Collection.ARTICLES) if stored.id not in gone)
    return {name for stored in kept for name in (stored.id, stored.body.get("story")) if name}


def _agreements(store: Store, alerts: Sequence[Alert], gone: frozenset[str]) -> set[str]:
    """Returns the ids by which the alerts name agreements that stay, also where an agreement has another id now."""
    names = {alert.agreement for alert in alerts if alert.agreement}
    current = {name: current_id(store, name) for name in names}
    there = store.get(Collection.AGREEMENTS, sorted(set(current.values()))).keys() - gone
    return {name for name, key in current.items() if key in there}


def _subject_stays(alert: Alert, agreements: set[str], stories: set[str]) -> bool:
    if alert.agreement is not None:
        return alert.agreement in agreements
    return alert.article in stories or alert.story in stories


def _settled(store: Store, alerts: Sequence[Alert], gone: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    rows = {alert.id: [delivery_id(alert.id, channel) for channel in alert.channels] for alert in alerts}
    there = store.get(Collection.DELIVERIES, list(itertools.chain.from_iterable(rows.values())))
    failures = store.get(Collection.FAILURES, [failure_id(key) for key in there]).keys() - gone
    for alert, keys in rows.items():
        held = [there[key] for key in keys if key in there]
        if not any(row.body["state"] == RowState.WAITING or failure_id(row.id) in failures for row in held):
            yield alert, tuple(row.id for row in held)
