"""The ledger of alerts, each recorded once, and for each of its channels a row in the outbox."""

import dataclasses
import datetime
from collections.abc import Iterable

from transforms.alert.alert import Alert, Draft, alert_document, alert_from
from transforms.alert.outbox import row_document
from transforms.alert.quiet import decide
from transforms.alert.rule import Rule
from transforms.alert.rulebook import Rulebook
from transforms.alert.schedule import next_digest
from transforms.store.protocol import Collection, Document, Store


def record_drafts(store: Store, drafts: Iterable[Draft], rulebook: Rulebook) -> int:
    """Records alerts in their order, each with its outbox rows; returns how many are new and to be told.

    Recording again what a killed run recorded in part completes it: an alert's rows follow from the alert.
    """
    rules = {rule.name: rule for rule in rulebook.rules}
    told = 0
    for draft in drafts:
        alert, is_new = _record(store, draft, rules[draft.alert.rule])
        if not alert.quieted:
            store.create(Collection.DELIVERIES, _rows(alert, rules[alert.rule], rulebook.time_zone))
            told += is_new
    return told


def _record(store: Store, draft: Draft, rule: Rule) -> tuple[Alert, bool]:
    known = store.get(Collection.ALERTS, draft.known_as)
    for key in draft.known_as:
        if key in known:
            return alert_from(known[key]), False
    alert = draft.alert
    if rule.quiet is not None:
        decision = decide(store, alert, rule.quiet)
        alert = dataclasses.replace(alert, quieted=decision.quieted, kept_back=decision.kept_back)
    [created] = store.create(Collection.ALERTS, [alert_document(alert)])
    if created:
        return alert, True
    return alert_from(store.get(Collection.ALERTS, [alert.id])[alert.id]), False


def _rows(alert: Alert, rule: Rule, time_zone: str) -> list[Document]:
    due: datetime.datetime | None = next_digest(rule.digest, alert.created, time_zone) if rule.digest else None
    return [row_document(alert, channel, digest_due=due) for channel in alert.channels]
