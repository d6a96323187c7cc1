"""Runs the graph once over all that is due, watched by a progress display, and reports what came of it."""

import dataclasses
import datetime
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import MetricsFilter

from pipeline.graph import Plan, build
from pipeline.runner import beam_options, choose_runner
from pipeline.settings import Settings
from transforms.errors import PactwatchError
from transforms.records import State, record
from transforms.store.open import WORKING_SECONDS, open_store
from transforms.store.protocol import Collection, Document, Store

PASSES = 3  # two runs at once can leave items to each other; whoever comes back finds them done, or does them
POLL_SECONDS = 0.5  # how often progress is read from the store

_TOLD_PLAINLY = frozenset({"StoreError", "ModelError", "GazetteerError"})  # their messages are made for a person

type Progress = Callable[[int, int], None]


class PipelineError(PactwatchError):
    """The pipeline failed as a whole: the message is one line; what was not finished stays pending."""


@record
class RunReport:
    """What a run did.

    Attributes:
        run: Its id, by which what it found first is marked in the store.
        counters: Beam's counters by `stage/name`, summed over passes.
        pending: Items still pending at its end.
        seconds: Its time, without loading Pactwatch itself.
    """

    run: str
    counters: Mapping[str, int]
    pending: int
    seconds: float

    def count(self, name: str) -> int:
        """Returns a counter, 0 where nothing was counted."""
        return self.counters.get(name, 0)


def make_plan(settings: Settings, paths: Sequence[str], now: datetime.datetime) -> Plan:
    """Returns the plan of one run over `paths` with a fresh run id."""
    return Plan(
        run=uuid.uuid4().hex[:16],
        now=now,
        paths=tuple(paths),
        store_url=settings.store.url,
        model=settings.nlp.model,
        gazetteer=settings.nlp.gazetteer,
        batch_size=settings.nlp.batch_size,
        max_file_bytes=settings.ingest.max_file_bytes,
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


def _run_pipeline(plan: Plan, beam_arguments: Sequence[str]) -> dict[str, int]:
    options = beam_options(beam_arguments)
    pipeline = beam.Pipeline(runner=choose_runner(options), options=options)
    build(pipeline, plan)
    try:
        result = pipeline.run()
        result.wait_until_finish()
    except (RuntimeError, PactwatchError) as error:  # Beam raises a worker's error, or its whole traceback as text
        raise PipelineError(_last_words(str(error))) from error
    return _counters(result)


class _Worker(threading.Thread):
    """The pipeline in a thread of its own, so that the main thread can show progress and hear Ctrl-C."""

    def __init__(self, plan: Plan, beam_arguments: Sequence[str]) -> None:
        super().__init__(name="pipeline", daemon=True)
        self._plan = plan
        self._beam_arguments = beam_arguments
        self.counters: dict[str, int] = {}
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.counters = _run_pipeline(self._plan, self._beam_arguments)
        except Exception as error:  # raised again in the main thread
            self.error = error


def _pass(store: Store, plan: Plan, beam_arguments: Sequence[str], progress: Progress) -> dict[str, int]:
    before = store.count(Collection.ITEMS, {"state": State.DONE.value})
    worker = _Worker(plan, beam_arguments)
    worker.start()
    while worker.is_alive():
        worker.join(POLL_SECONDS)
        done = store.count(Collection.ITEMS, {"state": State.DONE.value}) - before
        progress(done, done + store.count(Collection.ITEMS, {"state": State.PENDING.value}))
    if worker.error is not None:
        raise worker.error
    return worker.counters


def _note_run(store: Store, plan: Plan, report: RunReport | None) -> None:
    body = {
        "id": plan.run,
        "started": plan.now.isoformat(),
        "paths": list(plan.paths),
        "state": "finished" if report else "running",
        "seconds": round(report.seconds, 1) if report else None,
        "counters": dict(sorted(report.counters.items())) if report else {},
    }
    store.replace(Collection.RUNS, [Document(id=plan.run, body=body)])


def _start_pass(plan: Plan, number: int) -> Plan:
    """Returns the plan of a further pass: pending items only, since the paths were listed in the first."""
    return plan if number == 0 else dataclasses.replace(plan, paths=())


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
    _note_run(store, plan, None)
    counters: dict[str, int] = {}
    pending = 0
    for number in range(PASSES):
        for name, value in _pass(store, _start_pass(plan, number), beam_arguments, progress).items():
            counters[name] = counters.get(name, 0) + value
        pending = store.count(Collection.ITEMS, {"state": State.PENDING.value})
        if not pending:
            break
    seconds = (clock(datetime.UTC) - began).total_seconds()
    report = RunReport(run=plan.run, counters=counters, pending=pending, seconds=seconds)
    _note_run(store, plan, report)
    store.close()
    return report
