"""Sends alerts from within a stream: whenever something may have been put into the outbox, and at every tick."""

import functools
from collections.abc import Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from transforms.alert.channels.channel import ChannelSettings
from transforms.alert.deliver import Deliverer
from transforms.present import present

STAGE = "deliver"
# A channel that fails is tried again for so long before its thread ends; then it waits for a later tick.
_PATIENCE_SECONDS = 10.0


@functools.cache  # one for each worker process, so that a channel has one thread in it
def _deliverer(store_url: str, channels: tuple[ChannelSettings, ...], run: str) -> Deliverer:
    return Deliverer(store_url, channels, run)


class _DeliverFn(beam.DoFn):
    """Starts sending at the end of a bundle, and does not wait for it: threads send, and rows are leased."""

    def __init__(self, store_url: str, channels: Sequence[ChannelSettings], run: str) -> None:
        self._store_url = store_url
        self._channels = tuple(channels)
        self._run = run

    def start_bundle(self) -> None:
        self._is_asked = False

    def process(self, _: Any) -> None:
        self._is_asked = True

    def finish_bundle(self) -> None:
        if self._is_asked and self._channels:
            deliverer = _deliverer(self._store_url, self._channels, self._run)
            for done in deliverer.start(lambda: present(None), _PATIENCE_SECONDS):
                Metrics.counter(STAGE, "alerts_sent").inc(done.sent)
                Metrics.counter(STAGE, "alerts_given_up").inc(done.given_up)
                Metrics.counter(STAGE, "rounds_failed").inc(done.error is not None)


class DeliverAlerts(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Sends what waits in the outbox.

    Input: anything, whenever there may be something to send. Output: nothing.
    Guarantee: a row is leased while it is sent and noted as sent after that; a kill between the two sends it once more.
    Failures: a channel's error stands at its rows (`pactwatch alerts`), and in `failures` when it is given up.
    """

    def __init__(self, *, store_url: str, channels: Sequence[ChannelSettings], run: str) -> None:
        self._fn = _DeliverFn(store_url, channels, run)

    def expand(self, signals: PCollection[Any]) -> PCollection[Any]:
        """Wires the sending."""
        nothing: PCollection[Any] = signals | "Send" >> beam.ParDo(self._fn)
        return nothing
