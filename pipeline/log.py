"""The log of a watch: one line an event, for people or as JSON for programs, on standard error."""

import sys
from typing import Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

_FIRST = ("timestamp", "level", "event")


def _in_order(_log: Any, _method: str, event: EventDict) -> EventDict:
    """Puts first what every line has."""
    return {**{key: event[key] for key in _FIRST}, **event}


def make_log(*, json: bool) -> FilteringBoundLogger:
    """Returns the log; what happened comes as an event's name with its values beside it.

    Args:
        json: Whether a line is a JSON object, and not text for people.
    """
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False, pad_event_to=0)
    )
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    processors: list[Processor] = [structlog.processors.add_log_level, stamp, _in_order, renderer]
    log: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        cache_logger_on_first_use=True,
    )
    return log
