"""What a run does about alerts: loads the rules, and sends what waits in the outbox."""

import datetime
import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.settings import DEFAULT_ALERTS
from transforms.alert.channels.channel import ChannelSettings
from transforms.alert.deliver import Delivered, Deliverer, clock_from
from transforms.alert.known_actors import with_known_actors
from transforms.alert.rule import Rule
from transforms.alert.rulebook import Rulebook
from transforms.alert.rules import AlertsFile, load_alerts
from transforms.store.open import open_store
from transforms.store.protocol import Collection

# A channel that fails is tried again for so long before a run ends; then it waits for the next run.
PATIENCE_SECONDS = 10.0
_LAST_ANSWER_SECONDS = 30.0  # longer than any channel's own time-out
_TICK_SECONDS = 2.0  # a tick waits so long for its alerts; what takes longer goes on beside the next tick


def load_rules(settings: Any) -> AlertsFile:
    """Returns the rules of the settings, read anew when the file has changed; none where the usual file is not there.

    Raises:
        RulesError: The file is there and something in it is wrong, or another file that the settings name is not there.
    """
    file = Path(settings.alerts.file)
    if not file.exists():
        return AlertsFile() if settings.alerts.file == DEFAULT_ALERTS else load_alerts(file)
    state = file.stat()
    return _load(file, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=4)
def _load(file: Path, modified: int, size: int) -> AlertsFile:
    return load_alerts(file)


def rulebook(settings: Any, rules: Sequence[Rule], *, backfill: bool = False) -> Rulebook:
    """Returns what is matched against: these rules, with the actors they name as the gazetteer knows them."""
    known = with_known_actors(tuple(rules), settings.nlp.gazetteer)
    return Rulebook(rules=known, time_zone=settings.alerts.time_zone, backfill=backfill)


def current_rulebook(settings: Any) -> Rulebook:
    """Returns what a run matches against: the enabled rules.

    Raises:
        RulesError: As `load_rules`.
    """
    return rulebook(settings, load_rules(settings).enabled)


def deliver_waiting(settings: Any, now: datetime.datetime, run: str) -> list[str]:
    """Sends what waits in the outbox and is due, and waits until it is sent or has failed.

    Args:
        settings: Where the outbox and the channels are.
        now: The present, which runs on from here.
        run: Noted on failures.

    Returns:
        A line for every channel that could not be served, and for those whose alerts wait but that are gone.
    """
    channels = load_rules(settings).channels
    deliverer = Deliverer(settings.store.url, channels, run)
    deliverer.start(clock_from(now), PATIENCE_SECONDS)
    results = deliverer.wait(PATIENCE_SECONDS + _LAST_ANSWER_SECONDS)
    return list(_troubles(settings.store.url, channels, results))


class WatchedOutbox:
    """The outbox of a watch: at every tick what is due is sent, and a slow channel holds up no tick."""

    def __init__(self, settings: Any) -> None:
        self._settings = settings
        self._deliverer: Deliverer | None = None
        self._channels: Sequence[ChannelSettings] | None = None

    def tick(self, now: datetime.datetime) -> list[str]:
        """Sends what is due; returns a line for every channel that could not be served.

        Raises:
            RulesError: The rules' file was changed and something in it is wrong.
        """
        channels = load_rules(self._settings).channels
        if self._deliverer is None or channels != self._channels:
            self.stop()
            self._deliverer = Deliverer(self._settings.store.url, channels, "watch")
            self._channels = channels
        self._deliverer.start(clock_from(now), self._settings.watch.poll_seconds)
        return list(_troubles(self._settings.store.url, channels, self._deliverer.wait(_TICK_SECONDS)))

    def stop(self) -> None:
        """Ends sending; what is on its way has a moment to arrive, else it is sent again by the next run."""
        if self._deliverer is not None:
            self._deliverer.stop(_TICK_SECONDS)


def _troubles(store_url: str, channels: Sequence[ChannelSettings], results: Sequence[Delivered]) -> Iterator[str]:
    store = open_store(store_url)
    try:
        for result in results:
            if result.error is not None:
                waiting = store.count(Collection.DELIVERIES, {"channel": result.channel, "state": "waiting"})
                given_up = f", {result.given_up} given up (`pactwatch failures`)" if result.given_up else ""
                yield f"channel {result.channel}: {result.error}; {waiting} waiting{given_up}"
        known = {channel.name for channel in channels}
        rows = store.find(Collection.DELIVERIES, "state:waiting", sort=("due",), limit=1_000)
        for name in sorted({row.body["channel"] for row in rows.documents} - known):
            yield f"channel {name}: alerts wait for it, but the rules' file has no such channel any more"
    finally:
        store.close()
