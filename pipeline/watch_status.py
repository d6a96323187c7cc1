"""Says how the watches on a store go, for somebody at another terminal."""

import datetime
import os
import socket
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.index.note_life import STREAM
from transforms.store.protocol import Collection, Store

SHOWN_TICKS = 5
LATE_SECONDS = 60.0  # behind the time of the next tick: a busy machine is not a dead watch

_RUNNING = frozenset({"starting", "ticking", "waiting"})


def watches_of(store: Store, now: datetime.datetime) -> list[dict[str, Any]]:
    """Returns the watches on a store, the newest first, each with `alive`: true, false, or null where nobody knows."""
    found = sorted(store.scan(Collection.WATCHES), key=lambda stored: str(stored.body["started"]), reverse=True)
    return [{**stored.body, "alive": _alive(stored.body, now)} for stored in found]


def _alive(watch: Mapping[str, Any], now: datetime.datetime) -> bool | None:
    if watch["state"] not in _RUNNING:
        return False
    if watch["host"] == socket.gethostname():
        return _is_running(watch["pid"])
    if watch["next"] is None:
        return None
    late = (now - datetime.datetime.fromisoformat(watch["next"])).total_seconds()
    return True if late <= LATE_SECONDS else None


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def watch_lines(watch: Mapping[str, Any], now: datetime.datetime) -> Iterator[str]:
    """Yields what a person is told of a watch, line by line."""
    is_stream = watch["host"] == STREAM
    where = f"run {watch['id']}" if is_stream else f"process {watch['pid']} on {watch['host']}"
    yield f"{'stream' if is_stream else 'watch':12}{_standing(watch, now)} ({where}, since {watch['started'][:19]})"
    yield f"  every {watch['poll_seconds']:g} s: {', '.join(watch['sources'])}"
    for trouble in watch["troubles"]:
        yield f"  cannot watch {trouble}"
    if watch["being_written"]:
        yield f"  {watch['being_written']} files are still being written"
    if watch["failed_in_row"]:
        last = (watch["last_success"] or "never")[:19]
        yield f"  failed {watch['failed_in_row']} times in a row; last success {last}"
    for tick in reversed(watch["ticks"][-SHOWN_TICKS:]):
        yield _tick_line(tick)


def _standing(watch: Mapping[str, Any], now: datetime.datetime) -> str:
    if watch["state"] == "stopped":
        return "stopped"
    if watch["alive"] is False:
        return f"ended without a word; last seen {watch['seen'][:19]}"
    if watch["alive"] is None:
        return f"no sign of life since {watch['seen'][:19]}"
    if watch["next"] is None:
        return f"at work since {watch['seen'][:19]}"
    due = (datetime.datetime.fromisoformat(watch["next"]) - now).total_seconds()
    return f"next look in {max(0, round(due))} s"


def _tick_line(tick: Mapping[str, Any]) -> str:
    start = f"  {tick['started'][:19]}  {tick['seconds']:6.1f} s  "
    if tick["error"]:
        return f"{start}failed: {tick['error']}"
    told = [f"{count} {name.replace('_', ' ')}" for name, count in tick["counts"].items() if count]
    told += [f"{tick['pending']} left pending"] if tick["pending"] else []
    return start + (", ".join(told) or "nothing new")
