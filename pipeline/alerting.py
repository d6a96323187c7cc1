"""What a run does about alerts: loads the rules, and sends what waits in the outbox."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.settings import DEFAULT_ALERTS
from transforms.alert.channels.channel import ChannelSettings
from transforms.alert.deliver import Delivered, Deliverer, clock_from
from transforms.alert.rulebook import Rulebook
from transforms.alert.rules import AlertsFile, load_alerts
from transforms.store.open import open_store
from transforms.store.protocol import Collection

# A channel that fails is tried again for so long before a run ends; then it waits for the next run.
PATIENCE_SECONDS = 10.0
_LAST_ANSWER_SECONDS = 30.0  # longer than any channel's own time-out


def load_rules(settings: Any) -> AlertsFile:
    """Returns the rules of the settings; none where the usual file is not there.

    Raises:
        RulesError: The file is there and something in it is wrong, or another file that the settings name is not there.
    """
    file = Path(settings.alerts.file)
    if not file.exists() and settings.alerts.file == DEFAULT_ALERTS:
        return AlertsFile()
    return load_alerts(file)


def rulebook(settings: Any, alerts: AlertsFile, *, backfill: bool = False) -> Rulebook:
    """Returns what a run matches against."""
    return Rulebook(rules=alerts.enabled, time_zone=settings.alerts.time_zone, backfill=backfill)


def deliver_waiting(
    store_url: str,
    channels: Sequence[ChannelSettings],
    now: datetime.datetime,
    run: str,
    patience_seconds: float = PATIENCE_SECONDS,
) -> list[str]:
    """Sends what waits in the outbox and is due.

    Args:
        store_url: Where the outbox is.
        channels: Those of the rules.
        now: The present, which runs on from here.
        run: Noted on failures.
        patience_seconds: How long a channel that fails is tried again.

    Returns:
        A line for every channel that could not be served, and for rows whose channel is gone.
    """
    deliverer = Deliverer(store_url, channels, run)
    deliverer.start(clock_from(now), patience_seconds)
    results = deliverer.wait(patience_seconds + _LAST_ANSWER_SECONDS)
    return list(_troubles(store_url, channels, results))


def _troubles(store_url: str, channels: Sequence[ChannelSettings], results: Sequence[Delivered]) -> Iterator[str]:
    store = open_store(store_url)
    try:
        for result in results:
            if result.error is not None:
                waiting = store.count(Collection.DELIVERIES, {"channel": result.channel, "state": "waiting"})
                given_up = f", {result.given_up} given up (`pactwatch failures`)" if result.given_up else ""
                yield f"channel {result.channel}: {result.error}; {waiting} waiting for the next run{given_up}"
        known = {channel.name for channel in channels}
        rows = store.find(Collection.DELIVERIES, "state:waiting", sort=("sequence",), limit=1_000)
        for name in sorted({row.body["channel"] for row in rows.documents} - known):
            yield f"channel {name}: alerts wait for it, but the rules' file has no such channel any more"
    finally:
        store.close()
