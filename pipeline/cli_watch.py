"""What watching and backfilling add to the command line."""

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from pipeline.options import fail


class LogFormat(StrEnum):
    """How a line of the log is written: for people, or as a JSON object for programs."""

    TEXT = "text"
    JSON = "json"


BackfillOption = Annotated[
    bool,
    typer.Option("--backfill", help="Take in old news: portion by portion, resumable, and without alerts."),
]
PollOption = Annotated[
    float | None,
    typer.Option(
        "--poll-seconds", min=0.1, max=86_400, help="With --watch: how often to look. Default: the settings' (30)."
    ),
]
LogFormatOption = Annotated[
    LogFormat, typer.Option("--log-format", help="With --watch: text, or json: an object a line.")
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
