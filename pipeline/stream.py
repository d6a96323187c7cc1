"""Starts a stream on a cluster, and follows it until it ends or nobody follows it any more.

Workers send to webhooks and Apprise addresses. The console and files are this machine's: what is for them is sent from
here, as long as the stream is followed, and else waits in the outbox.
"""

import contextlib
import dataclasses
import datetime
import queue
import signal
import threading
from collections.abc import Sequence
from typing import Any

from structlog.typing import FilteringBoundLogger

from pipeline.alerting import load_rules, rulebook
from pipeline.graph import Plan
from pipeline.run import make_plan, start_pipeline
from pipeline.runner import check_distributed, is_on_flink, shards_of
from pipeline.settings import Settings
from pipeline.sources import sources_of
from transforms.alert.channels.channel import AppriseSettings, ChannelSettings, WebhookSettings
from transforms.alert.deliver import Deliverer
from transforms.alert.rulebook import rule_times
from transforms.index.note_life import life_document
from transforms.present import present
from transforms.records import record
from transforms.store.open import open_store
from transforms.store.protocol import Collection

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_ANYWHERE = (AppriseSettings, WebhookSettings)
_PATIENCE_SECONDS = 2.0  # for a channel of this machine that fails, and for what is being sent at the end


@record
class Ended:
    """How following ended: by a signal (the stream goes on), or with the stream, by an error or without."""

    signal: int | None = None
    error: str | None = None


def make_stream_plan(
    settings: Settings, given: Sequence[str], beam_arguments: Sequence[str], now: datetime.datetime
) -> tuple[Plan, tuple[ChannelSettings, ...]]:
    """Returns the plan of a stream: the settings, feeds and rules travel in it, so changed ones want a restart.

    Args:
        settings: All of them.
        given: Paths and addresses of feeds from the command line; empty for those of the settings.
        beam_arguments: Options for Beam.
        now: When it is started.

    Returns:
        The plan, and the channels that are served from here.

    Raises:
        UsageError: The runner, the store, the feeds or the rules cannot be used.
    """
    check_distributed(beam_arguments, settings.store.url, is_endless=True)
    sources = sources_of(settings, given)
    alerts = load_rules(settings)
    plan = make_plan(
        settings,
        sources.paths,
        now,
        feeds=sources.feeds,
        rulebook=rulebook(settings, alerts.enabled),
        shards=shards_of(beam_arguments),
    )
    plan = dataclasses.replace(
        plan,
        tick_seconds=settings.watch.poll_seconds,
        is_on_flink=is_on_flink(beam_arguments),
        settle_seconds=settings.watch.settle_seconds,
        channels=tuple(each for each in alerts.channels if isinstance(each, _ANYWHERE)),
    )
    return plan, tuple(each for each in alerts.channels if not isinstance(each, _ANYWHERE))


def follow_stream(
    plan: Plan, channels: Sequence[ChannelSettings], beam_arguments: Sequence[str], log: FilteringBoundLogger
) -> Ended:
    """Starts a stream and waits until it ends, or until SIGINT or SIGTERM: then it goes on by itself.

    Args:
        plan: The stream.
        channels: To be served from here.
        beam_arguments: Options for Beam.
        log: Where its start is told.

    Raises:
        StoreError: The store cannot be used.
        PipelineError: The cluster does not take the stream.
    """
    _note_start(plan)
    result = start_pipeline(plan, beam_arguments)
    log.info("streaming", run=plan.run, sources=list(plan.life.sources), store=plan.store_url, every=plan.tick_seconds)
    events: queue.SimpleQueue[Ended] = queue.SimpleQueue()  # whose `put` is the only one a signal handler may call
    former = {number: signal.signal(number, lambda n, _: events.put(Ended(signal=n))) for number in _SIGNALS}
    try:
        threading.Thread(target=_wait, args=(result, events), name="stream", daemon=True).start()
        return _serve(Deliverer(plan.store_url, channels, plan.run), plan.tick_seconds, events)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _serve(deliverer: Deliverer, seconds: float | None, events: "queue.SimpleQueue[Ended]") -> Ended:
    """Sends what waits for this machine's channels, tick after tick, until following ends."""
    while True:
        deliverer.start(lambda: present(None), _PATIENCE_SECONDS)
        with contextlib.suppress(queue.Empty):
            ended = events.get(timeout=seconds)
            deliverer.stop(_PATIENCE_SECONDS)
            return ended


def _note_start(plan: Plan) -> None:
    """Makes the store ready, once and here, rather than by all workers at the same time.

    Rules that are new are made now: a rule sees what was taken in since, and nothing has been yet.
    """
    store = open_store(plan.store_url)
    try:
        rule_times(store, plan.rulebook.rules, plan.now)
        store.replace(Collection.WATCHES, [life_document(plan.life, "starting", plan.now)])
    finally:
        store.close()


def _wait(result: Any, events: "queue.SimpleQueue[Ended]") -> None:
    try:
        result.wait_until_finish()
    except Exception as error:  # told by whoever follows
        events.put(Ended(error=" ".join(str(error).split()) or type(error).__name__))
    else:
        events.put(Ended())
