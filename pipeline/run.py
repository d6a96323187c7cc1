"""Runs the graph once over all that is due, watched by a progress display, and reports what came of it."""

import dataclasses
import datetime
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import apache_beam as beam
import grpc
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.runners.runner import PipelineState

from pipeline.alerting import current_rulebook
from pipeline.graph import Plan, build
from pipeline.runner import beam_options, choose_runner, with_defaults
from pipeline.settings import Settings
from transforms.alert.rulebook import Rulebook
from transforms.errors import PactwatchError
from transforms.ingest.feeds.manners import Manners
from transforms.ingest.feeds.records import Feed
from transforms.ingest.take_in_files import UNFINISHED, Intake
from transforms.records import State, record
from transforms.store.open import WORKING_SECONDS, open_store
from transforms.store.protocol import Collection, Document, Store

PASSES = 3  # two runs at once can leave items to each other; whoever comes back finds them done, or does them
POLL_SECONDS = 0.5  # how often progress is read from the store
POLL_SHARE = 20  # ... and at most so large a part of the time: counting costs a busy server more than a file

_TOLD_PLAINLY = frozenset({"StoreError", "ModelError", "GazetteerError"})  # their messages are made for a person

type Wire = Callable[[beam.Pipeline, Plan], None]  # a graph, or a part of it
type Progress = Callable[[int, int], None]  # called with (items done by this run, items in all so far)


class PipelineError(PactwatchError):
    """The pipeline failed as a whole: the message is one line; what was not finished stays pending."""


@record
class RunReport:
    """What a run did.

    Attributes:
        run: Its id, by which what it found first is marked in the store.
        counters: Beam's counters by `stage/name`, summed over passes.
        pending: Items still pending at its end.
        waiting: Items whose page is still to be fetched.
        seconds: Its time, without loading Pactwatch itself.
    """

    run: str
    counters: Mapping[str, int]
    pending: int
    seconds: float
    waiting: int = 0

    def count(self, name: str) -> int:
        """Returns a counter, 0 where nothing was counted."""
        return self.counters.get(name, 0)


def make_plan(
    settings: Settings,
    paths: Sequence[str],
    now: datetime.datetime,
    *,
    feeds: Sequence[Feed] = (),
    due_only: bool = True,
    afresh: bool = False,
    rulebook: Rulebook | None = None,
    shards: int = 1,
) -> Plan:
    """Returns the plan of one run over `paths` and `feeds` with a fresh run id.

    Args:
        settings: All of them.
        paths: Absolute paths of files and folders, and patterns.
        now: When the run is said to be.
        feeds: To be polled.
        due_only: Whether feeds whose time has not come are left alone.
        afresh: Whether archives are read from their beginning, whatever is remembered of them.
        rulebook: What is matched against; None for the rules of the settings.
        shards: Into how many shares the web is cut.
    """
    run = uuid.uuid4().hex[:16]
    return Plan(
        run=run,
        now=now,
        paths=tuple(paths),
        store_url=settings.store.url,
        model=settings.nlp.model,
        gazetteer=settings.nlp.gazetteer,
        batch_size=settings.nlp.batch_size,
        intake=Intake(run=run, now=now, max_file_bytes=settings.ingest.max_file_bytes, afresh=afresh),
        feeds=tuple(feeds),
        due_only=due_only,
        rulebook=current_rulebook(settings) if rulebook is None else rulebook,
        manners=Manners(polling=settings.polling.settings(), limits=settings.fetch.limits(), shards=shards),
    )


def _counters(result: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for metric in result.metrics().query(MetricsFilter())["counters"]:
        name = f"{metric.key.metric.namespace}/{metric.key.metric.name}"
        found[name] = found.get(name, 0) + metric.result
    return found


def _last_words(traceback: str) -> str:
    """Returns the error at the end of a worker's traceback, without the names of modules."""
    lines = [line for line in traceback.splitlines() if line and not line[0].isspace() and ": " in line]
    last = lines[-1] if lines else traceback
    last = last.split(" [while running")[0]
    name, _, message = last.partition(": ")
    return message if name.rpartition(".")[2] in _TOLD_PLAINLY else last


def start_pipeline(plan: Plan, beam_arguments: Sequence[str], wire: Wire = build) -> Any:
    """Starts the graph, or the part of it that `wire` wires; in this process it has run through by then.

    Returns:
        Beam's result.

    Raises:
        PipelineError: It failed, or no cluster took it.
        RunnerError: Beam cannot use the options.
    """
    options = beam_options(with_defaults(beam_arguments, is_endless=plan.is_endless))
    pipeline = beam.Pipeline(runner=choose_runner(options), options=options)
    wire(pipeline, plan)
    try:
        return pipeline.run()
    except (grpc.RpcError, grpc.FutureTimeoutError) as error:
        raise PipelineError(f"the job server cannot be used: {_rpc_words(error)}") from error
    except (RuntimeError, PactwatchError) as error:  # Beam raises a worker's error, or its whole traceback as text
        raise PipelineError(_last_words(str(error))) from error


def _rpc_words(error: Exception) -> str:
    details = getattr(error, "details", None)
    return " ".join(str(details()).split()) if callable(details) else "it does not answer"


def finish_pipeline(result: Any) -> dict[str, int]:
    """Waits until a pipeline is through and returns Beam's counters by `stage/name`.

    Raises:
        PipelineError: The pipeline failed; what was not finished stays pending.
    """
    try:
        result.wait_until_finish()
        return _counters(result)
    except grpc.RpcError as error:
        raise PipelineError(f"the job server went away: {_rpc_words(error)}; the job may go on without it") from error
    except (RuntimeError, PactwatchError) as error:
        raise PipelineError(_last_words(str(error))) from error


def run_pipeline(plan: Plan, beam_arguments: Sequence[str], wire: Wire = build) -> dict[str, int]:
    """Runs the graph, or the part of it that `wire` wires, once and returns Beam's counters by `stage/name`.

    Raises:
        PipelineError: The pipeline failed; what was not finished stays pending.
        RunnerError: Beam cannot use the options.
    """
    return finish_pipeline(start_pipeline(plan, beam_arguments, wire))


class _Worker(threading.Thread):
    """The pipeline in a thread of its own, so that the main thread can show progress and hear Ctrl-C."""

    def __init__(self, plan: Plan, beam_arguments: Sequence[str]) -> None:
        super().__init__(name="pipeline", daemon=True)
        self._plan = plan
        self._beam_arguments = beam_arguments
        self.counters: dict[str, int] = {}
        self.error: Exception | None = None
        self._result: Any = None

    def cancel(self) -> None:
        """Ends what runs elsewhere; what runs in this process ends with it."""
        if self._result is not None and self._result.state != PipelineState.DONE:
            self._result.cancel()

    def run(self) -> None:
        try:
            self._result = start_pipeline(self._plan, self._beam_arguments)
            self.counters = finish_pipeline(self._result)
        except Exception as error:  # raised again in the main thread
            self.error = error


def _pass(store: Store, plan: Plan, beam_arguments: Sequence[str], progress: Progress, before: int) -> dict[str, int]:
    worker = _Worker(plan, beam_arguments)
    worker.start()
    took = 0.0
    try:
        while worker.is_alive():
            worker.join(max(POLL_SECONDS, POLL_SHARE * took))
            began = time.monotonic()
            done = store.count(Collection.ITEMS, {"state": State.DONE.value}) - before
            progress(done, done + store.count(Collection.ITEMS, {"state": State.PENDING.value}))
            took = time.monotonic() - began
    except KeyboardInterrupt:
        worker.cancel()
        raise
    if worker.error is not None:
        raise worker.error
    return worker.counters


def note_run(store: Store, plan: Plan, report: RunReport | None) -> None:
    """Notes a run in the store: as running where there is no report yet, else as finished."""
    body = {
        "id": plan.run,
        "started": plan.now.isoformat(),
        "paths": list(plan.paths),
        "feeds": len(plan.feeds),
        "state": "finished" if report else "running",
        "seconds": round(report.seconds, 1) if report else None,
        "counters": dict(sorted(report.counters.items())) if report else {},
    }
    store.replace(Collection.RUNS, [Document(id=plan.run, body=body)])


def next_pass(plan: Plan, unfinished: bool) -> Plan:
    """Returns the plan of a further pass: the rest of its archives, else what is still pending."""
    if unfinished:
        intake = dataclasses.replace(plan.intake, archives_only=True, afresh=False)
        return dataclasses.replace(plan, unlisted=(), feeds=(), intake=intake)
    return dataclasses.replace(plan, paths=(), files=(), unlisted=(), feeds=())


def done_items(store: Store) -> int:
    """Returns how many items are done."""
    return store.count(Collection.ITEMS, {"state": State.DONE.value})


def run_passes(
    store: Store, plan: Plan, beam_arguments: Sequence[str], progress: Progress, before: int
) -> dict[str, int]:
    """Runs a plan until all its archives are read and nothing is pending; returns Beam's counters, summed.

    Args:
        store: The plan's.
        plan: What to do.
        beam_arguments: Options for Beam.
        progress: Called about twice a second.
        before: How many items were done when the run began.
    """
    counters: dict[str, int] = {}
    passes = 0
    while True:
        counted = _pass(store, plan, beam_arguments, progress, before)
        add_counters(counters, counted)
        unfinished = counted.get(f"ingest/{UNFINISHED}", 0) > 0
        passes += not unfinished
        pending = store.count(Collection.ITEMS, {"state": State.PENDING.value})
        if not unfinished and (not pending or passes == PASSES):
            return counters
        plan = next_pass(plan, unfinished)


def add_counters(counters: dict[str, int], counted: Mapping[str, int]) -> None:
    """Adds what a pass counted to what was counted before."""
    for name, value in counted.items():
        counters[name] = counters.get(name, 0) + value


def make_report(store: Store, run: str, counters: Mapping[str, int], seconds: float) -> RunReport:
    """Returns what a run did, with what it leaves in the store for the next."""
    pending, waiting = (store.count(Collection.ITEMS, {"state": each.value}) for each in (State.PENDING, State.WAITING))
    return RunReport(run=run, counters=counters, pending=pending, waiting=waiting, seconds=seconds)


def run_once(plan: Plan, beam_arguments: Sequence[str], progress: Progress) -> RunReport:
    """Takes in all paths, then reads, resolves and indexes all that is pending.

    Args:
        plan: What to do.
        beam_arguments: Options for Beam (`--runner=...`, `--direct_num_workers=2`, ...).
        progress: Called about twice a second with (items done, items in all so far).

    Raises:
        StoreError: The store cannot be used.
        RunnerError: Beam cannot use the options.
    """
    clock = datetime.datetime.now
    began = clock(datetime.UTC)
    open_store(plan.store_url).close()  # a server that is not there is told at once, not after a worker's patience
    store = open_store(plan.store_url, patience_seconds=WORKING_SECONDS)
    note_run(store, plan, None)
    counters = run_passes(store, plan, beam_arguments, progress, done_items(store))
    report = make_report(store, plan.run, counters, (clock(datetime.UTC) - began).total_seconds())
    note_run(store, plan, report)
    store.close()
    return report
