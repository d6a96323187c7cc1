"""What watching and backfilling add to the command line."""

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from pipeline.options import fail, moment


class LogFormat(StrEnum):
    """How a line of the log is written: for people, or as a JSON object for programs."""

    TEXT = "text"
    JSON = "json"


BackfillOption = Annotated[
    bool,
    typer.Option("--backfill", help="Take in old news: portion by portion, resumable, and without alerts."),
]
StreamOption = Annotated[
    bool, typer.Option("--stream", help="Go on without end on a cluster, such as Flink; see -- above.")
]
PollOption = Annotated[
    float | None,
    typer.Option(
        "--poll-seconds",
        min=0.1,
        max=86_400,
        help="With --watch and --stream: how often to look. Default: the settings' (30).",
    ),
]
LogFormatOption = Annotated[
    LogFormat, typer.Option("--log-format", help="With --watch and --stream: text, or json: an object a line.")
]


def watch(
    settings: Any, given: Sequence[str], now: str | None, log_format: LogFormat, beam_arguments: Sequence[str]
) -> None:
    """Watches files and feeds (those given, else those of the settings) until SIGINT or SIGTERM.

    Ends the process: with 0, or with 128 plus the signal's number when its last tick had to be abandoned.
    """
    if now is not None:
        fail("--now cannot be used with --watch: a watch goes by the clock")
    from pipeline.log import make_log
    from pipeline.runner import beam_options, choose_runner
    from pipeline.watch import Watch, watch_until_stopped
    from pipeline.watched import WatchedSources
    from transforms.extract.model import load_reader

    choose_runner(beam_options(beam_arguments))
    load_reader(settings.nlp.model, settings.nlp.gazetteer)  # once, and a wrong setting is told at once
    log = make_log(json=log_format is LogFormat.JSON)
    stopped = watch_until_stopped(Watch(settings, WatchedSources(settings, given), beam_arguments, log))
    sys.stdout.flush()
    sys.stderr.flush()
    # A tick's thread cannot be told to stop, and taking the language model down in order takes seconds on a busy
    # machine; the store is safe at any moment.
    os._exit(0 if stopped.finished else 128 + stopped.signal)


def stream(
    settings: Any, given: Sequence[str], now: str | None, log_format: LogFormat, beam_arguments: Sequence[str]
) -> None:
    """Starts a stream on a cluster and follows it until it ends or a signal comes; then the stream goes on.

    Ends the process: with 0 when told to, with 1 when the stream ended.
    """
    if now is not None:
        fail("--now cannot be used with --stream: a stream goes by the clock")
    from pipeline.log import make_log
    from pipeline.stream import follow_stream, make_stream_plan

    log = make_log(json=log_format is LogFormat.JSON)
    plan, channels = make_stream_plan(settings, given, beam_arguments, moment(None))
    ended = follow_stream(plan, channels, beam_arguments, log)
    if ended.signal is None:
        log.error("stream ended", run=plan.run, error=ended.error or "the job is over")
    else:
        log.info("no longer followed", run=plan.run, note="the stream goes on: stop its job by the cluster's own means")
    sys.stderr.flush()
    os._exit(int(ended.signal is None))  # the thread that follows the job cannot be told to stop
