"""Quiet periods: a rule tells of one subject once in a period, and less often the longer it goes on."""

import datetime
from typing import Any

from transforms.alert.alert import Alert
from transforms.alert.rule import Quiet
from transforms.records import digest, record
from transforms.store.protocol import Collection, Document, Store

_GROWTH = 2
_DEFAULT_LIMIT = 16  # times the period: four doublings
_MAX_NOTED = 1_000  # ids of alerts kept back; beyond that "1,000" is what is told


@record
class Decision:
    """Whether an alert is kept back, and else how many were kept back before it."""

    quieted: bool
    kept_back: int = 0


def decide(store: Store, alert: Alert, quiet: Quiet) -> Decision:
    """Notes an alert in its subject's quiet period; asked again of the same alert, it says the same.

    Args:
        store: Where quiet periods are kept.
        alert: Not recorded yet.
        quiet: The rule's periods.
    """
    key = digest("quiet", alert.rule, alert.subject)
    while True:
        stored = store.get(Collection.QUIETS, [key]).get(key)
        body, decision = _next(dict(stored.body) if stored else None, alert, quiet)
        if body is None:
            return decision
        version = stored.version if stored else None
        if store.compare_and_set(Collection.QUIETS, Document(id=key, body=body), version):
            return decision


def _next(body: dict[str, Any] | None, alert: Alert, quiet: Quiet) -> tuple[dict[str, Any] | None, Decision]:
    """Returns the body to write, None where nothing changes, and the decision."""
    if body is None:
        return _opened(alert, quiet.period, 0), Decision(quieted=False)
    if alert.id == body["alert"]:
        return None, Decision(quieted=False, kept_back=body["kept_back"])
    if alert.id in body["noted"]:
        return None, Decision(quieted=True)
    period = datetime.timedelta(seconds=body["seconds"])
    if alert.created < datetime.datetime.fromisoformat(body["opened"]) + period:
        return {**body, "noted": [*body["noted"], alert.id][:_MAX_NOTED]}, Decision(quieted=True)
    kept_back = len(body["noted"])
    longer = min(period * _GROWTH, quiet.up_to or quiet.period * _DEFAULT_LIMIT) if kept_back else quiet.period
    return _opened(alert, longer, kept_back), Decision(quieted=False, kept_back=kept_back)


def _opened(alert: Alert, period: datetime.timedelta, kept_back: int) -> dict[str, Any]:
    return {
        "alert": alert.id,
        "opened": alert.created.isoformat(),
        "seconds": period.total_seconds(),
        "kept_back": kept_back,
        "noted": [],
    }
