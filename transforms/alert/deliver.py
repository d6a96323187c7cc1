"""Sends what waits in the outbox, each channel in a thread of its own, so that a dead one delays no other."""

import datetime
import threading
import time
from collections.abc import Callable, Sequence

from transforms.alert.alert import Alert, AlertKind, alert_from
from transforms.alert.channels.channel import Channel, ChannelSettings, SendError
from transforms.alert.channels.open import open_channel
from transforms.alert.message import DeadlineNow, Message
from transforms.alert.outbox import Batch, lease, next_batch, note_failed, note_sent, waits_until
from transforms.alert.safe import one_line
from transforms.errors import PactwatchError
from transforms.records import Deadline, from_json, record
from transforms.store.open import open_store
from transforms.store.owner import new_owner
from transforms.store.protocol import Collection, Store, StoreError

type Clock = Callable[[], datetime.datetime]


@record
class Delivered:
    """What became of a channel's deliveries: how many alerts were sent and given up, and why it stopped early."""

    channel: str
    sent: int = 0
    given_up: int = 0
    error: str | None = None


def clock_from(now: datetime.datetime) -> Clock:
    """Returns a clock that reads `now` at this moment and runs on from there."""
    began = time.monotonic()
    return lambda: now + datetime.timedelta(seconds=time.monotonic() - began)


class Deliverer:
    """Sends what is due. A channel whose last round still goes on is left alone in the next.

    Args:
        store_url: Where the outbox is.
        channels: Those of the rules.
        run: Noted on failures.
    """

    def __init__(self, store_url: str, channels: Sequence[ChannelSettings], run: str) -> None:
        self._store_url = store_url
        self._channels = channels
        self._run = run
        self._threads: dict[str, _Round] = {}
        self._stopped = threading.Event()

    def start(self, clock: Clock, patience_seconds: float) -> list[Delivered]:
        """Starts a round; returns what came of the rounds before that are over.

        Args:
            clock: The present.
            patience_seconds: How long a channel that failed is tried again in this round; later it waits for the next.
        """
        ended = []
        for settings in self._channels:
            running = self._threads.get(settings.name)
            if running is None or not running.is_alive():
                ended += [running.result] if running else []
                started = _Round(self._store_url, settings, self._run, clock, patience_seconds, self._stopped)
                self._threads[settings.name] = started
                started.start()
        return ended

    def wait(self, seconds: float) -> list[Delivered]:
        """Waits until the round is over, at most so long; returns what came of the channels that are through."""
        limit = time.monotonic() + seconds
        for running in self._threads.values():
            running.join(max(limit - time.monotonic(), 0))
        return [running.result for running in self._threads.values() if not running.is_alive()]

    def stop(self, seconds: float) -> None:
        """Ends the waiting between tries; what is being sent has so long to arrive, else it is sent again later."""
        self._stopped.set()
        self.wait(seconds)


class _Round(threading.Thread):
    """One channel's part of a round."""

    def __init__(
        self,
        store_url: str,
        settings: ChannelSettings,
        run: str,
        clock: Clock,
        patience_seconds: float,
        stopped: threading.Event,
    ) -> None:
        super().__init__(name=f"deliver to {settings.name}", daemon=True)
        self._store_url = store_url
        self._settings = settings
        self._run_id = run
        self._clock = clock
        self._until = clock() + datetime.timedelta(seconds=patience_seconds)
        self._stopped = stopped
        self.result = Delivered(channel=settings.name)

    def run(self) -> None:
        name = self._settings.name
        try:
            store = open_store(self._store_url)
            try:
                channel = open_channel(self._settings)
                try:
                    self.result = self._deliver(store, channel)
                finally:
                    channel.close()
            finally:
                store.close()
        except PactwatchError as error:  # told by whoever started the round; the rows wait for the next
            self.result = Delivered(channel=name, error=str(error))
        except Exception as error:  # a thread that ends without a word would look like success
            self.result = Delivered(channel=name, error=f"{type(error).__name__}: {one_line(error)}")

    def _deliver(self, store: Store, channel: Channel) -> Delivered:
        sent = given_up = 0
        error: str | None = None
        owner = new_owner()
        while not self._stopped.is_set():
            now = self._clock()
            batch = next_batch(store, self._settings.name, now)
            if batch is None:
                break
            ready = waits_until(batch, now)
            if ready > now:
                if ready > self._until:
                    break
                self._stopped.wait((ready - now).total_seconds())
                continue
            leased = lease(store, batch, owner, now)
            if leased is None:
                continue
            failed = _send(store, channel, leased)
            if failed is None:
                note_sent(store, leased, self._clock())
                sent += len(leased.rows)
                error = None
            else:
                given_up += len(leased.rows) * note_failed(store, leased, failed, self._clock(), self._run_id)
                error = str(failed)
        return Delivered(channel=self._settings.name, sent=sent, given_up=given_up, error=error)


def _send(store: Store, channel: Channel, batch: Batch) -> SendError | None:
    """Sends a leased batch; returns why it did not arrive, or None."""
    try:
        messages = [make_message(store, alert) for alert in _alerts(store, batch)]
        if messages:
            channel.send(messages)
    except SendError as error:
        return error
    except StoreError:
        raise
    except Exception as error:  # a library's own troubles must not hold up the alerts behind this one
        return SendError(f"{type(error).__name__}: {one_line(error)}", lasting=True)
    return None


def _alerts(store: Store, batch: Batch) -> list[Alert]:
    stored = store.get(Collection.ALERTS, [row.alert for row, _ in batch.rows])
    return [alert_from(stored[row.alert]) for row, _ in batch.rows if row.alert in stored]


def make_message(store: Store, alert: Alert) -> Message:
    """Returns an alert together with what has become of its story or deadline since."""
    return Message(alert=alert, more=_more(store, alert), deadline=_deadline(store, alert))


def _more(store: Store, alert: Alert) -> int:
    if alert.kind is not AlertKind.ARTICLE or alert.article is None:
        return 0
    stored = store.get(Collection.ARTICLES, [alert.article]).get(alert.article)
    story = stored.body["story"] if stored else alert.story  # an earlier article may have joined and given its name
    return max(store.count(Collection.ARTICLES, {"story": story}) - 1, 0) if story else 0


def _deadline(store: Store, alert: Alert) -> DeadlineNow | None:
    if alert.deadline is None:
        return None
    stored = store.get(Collection.DEADLINES, [alert.deadline]).get(alert.deadline)
    if stored is None:
        return None
    deadline = from_json(Deadline, stored.body["record"])
    moves = sum(change.what == "deadline_moved" for change in deadline.history)
    return DeadlineNow(
        id=deadline.id,
        date=deadline.date,
        status=deadline.status.value,
        action=deadline.action,
        agreement_title=stored.body["agreement_title"],
        moves=moves,
    )
