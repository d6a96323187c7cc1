"""The ledger of alerts, each recorded once, and for each of its channels a row in the outbox."""

import dataclasses
import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence

from transforms.alert.alert import Alert, Draft, alert_document, alert_from
from transforms.alert.outbox import row_document
from transforms.alert.quiet import decide
from transforms.alert.rule import Rule
from transforms.alert.rulebook import Rulebook
from transforms.alert.schedule import next_digest
from transforms.store.protocol import Collection, Document, Store

_CHUNK = 100  # alerts recorded by one request


def record_drafts(store: Store, drafts: Iterable[Draft], rulebook: Rulebook) -> int:
    """Records alerts in their order, each with its outbox rows; returns how many are new and to be told.

    Recording again what a killed run recorded in part completes it: an alert's rows follow from the alert.
    """
    rules = {rule.name: rule for rule in rulebook.rules}
    told = 0
    for chunk in itertools.batched(drafts, _CHUNK):
        alerts, new = _record(store, chunk, rules)
        loud = [alert for alert in alerts if not alert.quieted]
        rows = [row for alert in loud for row in _rows(alert, rules[alert.rule], rulebook.time_zone)]
        store.create(Collection.DELIVERIES, rows)
        told += sum(alert.id in new for alert in loud)
    return told


def _record(store: Store, drafts: Sequence[Draft], rules: Mapping[str, Rule]) -> tuple[list[Alert], set[str]]:
    """Returns the alerts of some drafts, each once and as they are recorded, and the ids of the new ones."""
    known = store.get(Collection.ALERTS, [key for draft in drafts for key in draft.known_as])
    recorded: dict[str, Alert] = {key: alert_from(stored) for key, stored in known.items()}
    alerts: dict[str, Alert] = {}
    fresh: dict[str, Alert] = {}
    for draft in drafts:
        alert = next((recorded[key] for key in draft.known_as if key in recorded), None)
        if alert is None:
            alert = fresh[draft.alert.id] = recorded[draft.alert.id] = _decided(store, draft.alert, rules)
        alerts[alert.id] = alert
    created = store.create(Collection.ALERTS, [alert_document(alert) for alert in fresh.values()])
    new = {key for key, is_new in zip(fresh, created, strict=True) if is_new}
    # What another process was faster to record holds as it did.
    theirs = store.get(Collection.ALERTS, [key for key in fresh if key not in new])
    return [alert_from(theirs[key]) if key in theirs else alert for key, alert in alerts.items()], new


def _decided(store: Store, alert: Alert, rules: Mapping[str, Rule]) -> Alert:
    quiet = rules[alert.rule].quiet
    if quiet is None:
        return alert
    decision = decide(store, alert, quiet)
    return dataclasses.replace(alert, quieted=decision.quieted, kept_back=decision.kept_back)


def _rows(alert: Alert, rule: Rule, time_zone: str) -> list[Document]:
    due: datetime.datetime | None = next_digest(rule.digest, alert.created, time_zone) if rule.digest else None
    return [row_document(alert, channel, digest_due=due) for channel in alert.channels]
