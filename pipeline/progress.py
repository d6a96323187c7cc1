"""Shows how far a run has come; needs none of the heavy libraries, so it shows at once."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

PLAIN_SECONDS = 10.0  # how often a run says where it is when nobody watches a terminal


def _rate(done: int, began: float) -> str:
    return f"{done / max(time.monotonic() - began, 0.001):.1f}/s"


def _at(where: str) -> str:
    return f" ({where})" if where else ""


@contextmanager
def progress_display() -> Iterator[Callable[..., None]]:
    """Shows a bar with counts and rate on a terminal, else a plain line every ten seconds, on standard error.

    Yields:
        What is called with items done, items in all so far, and where the run stands (may be left out).
    """
    began = time.monotonic()
    if not sys.stderr.isatty():
        last = began

        def plain(done: int, total: int, where: str = "") -> None:
            nonlocal last
            if time.monotonic() - last >= PLAIN_SECONDS:
                last = time.monotonic()
                sys.stderr.write(f"reading: {done} of {total} articles, {_rate(done, began)}{_at(where)}\n")

        yield plain
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task("starting", total=None)

        def bar(done: int, total: int, where: str = "") -> None:
            described = f"reading articles, {_rate(done, began)}" if done else "taking in"
            display.update(task, description=described + _at(where), completed=done, total=total or None)

        yield bar
