"""Takes in old news from archives and folders: in portions, so that memory stays bounded and a kill costs little."""

import dataclasses
import datetime
import functools
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.graph import Plan
from pipeline.run import (
    RunReport,
    add_counters,
    done_items,
    make_plan,
    make_report,
    note_run,
    run_passes,
)
from pipeline.settings import Settings
from transforms.ingest.known_files import appearance, known_files
from transforms.ingest.list_files import list_files
from transforms.ingest.pages.fetch_pages import list_waiting
from transforms.ingest.read_files import is_archive
from transforms.records import DueFile, Failure, record
from transforms.store.open import open_store
from transforms.store.protocol import Store

FILES_AT_ONCE = 500  # of one article each: some tens of seconds of reading, and as much to do again after a kill

_BROUGHT = ("read", "short", "refused", "failed")

type Told = Callable[[int, int, str], None]  # items done, items in all so far, where the backfill stands


@record
class _Portion:
    """What one round takes in: some files of an article each, or one archive; and what cannot be listed."""

    files: tuple[str, ...]
    unlisted: tuple[Failure, ...] = ()


def _portions(store: Store, paths: Sequence[str], now: datetime.datetime) -> Iterator[_Portion]:
    """Yields all files of the paths that are not taken in yet, as they are now."""
    found = (each for path in paths for each in list_files(path, now=now))
    for lot in itertools.batched(found, FILES_AT_ONCE):
        listed = [each for each in lot if isinstance(each, str)]
        files = list(_not_taken_in(store, listed))
        unlisted = tuple(each for each in lot if isinstance(each, Failure))
        yield _Portion(files=tuple(file for file in files if not is_archive(file)), unlisted=unlisted)
        yield from (_Portion(files=(file,)) for file in files if is_archive(file))


def _not_taken_in(store: Store, files: Sequence[str]) -> Iterator[str]:
    known = known_files(store, files)
    for file in files:
        seen = appearance(file)
        before = known.get(file)
        if seen is None or before is None or not before.whole or before.signature != seen.signature:
            yield file


def _where(store: Store, portion: _Portion) -> str:
    """Returns where a portion stands: its first file, and how far an archive was read."""
    if not portion.files:
        return ""
    path = portion.files[0]
    known = known_files(store, [path]).get(path) if is_archive(path) else None
    read = f" {min(1.0, known.position.offset / max(1, known.size)):.0%}" if known else ""
    return Path(path).name + read


def run_backfill(
    settings: Settings,
    paths: Sequence[str],
    now: Callable[[], datetime.datetime],
    beam_arguments: Sequence[str],
    progress: Told,
) -> RunReport:
    """Takes in all that paths hold and that is not taken in yet, marked as old news, portion by portion.

    Args:
        settings: Where the store is, and how articles are read.
        paths: Absolute paths of files and folders, and patterns.
        now: Tells the time, anew for each portion.
        beam_arguments: Options for Beam.
        progress: Called about twice a second with items done, items in all so far, and where it stands.

    Raises:
        PactwatchError: The store or the pipeline cannot be used; started again, it goes on where it was.
    """
    began = time.monotonic()
    store = open_store(settings.store.url)
    plan = make_plan(settings, (), now())
    noted = dataclasses.replace(plan, paths=tuple(paths))
    note_run(store, noted, None)
    before = done_items(store)

    def run(part: Plan, where: Callable[[], str]) -> dict[str, int]:
        return run_passes(store, part, beam_arguments, lambda done, total: progress(done, total, where()), before)

    counters: dict[str, int] = {}
    for portion in _portions(store, paths, plan.now):
        if portion.files or portion.unlisted:
            where = functools.partial(_where, store, portion)
            add_counters(counters, run(_planned(plan, portion, now()), where))
    for due in _pages_due(store, now, counters):
        add_counters(counters, run(dataclasses.replace(plan, now=now()), lambda due=due: f"{due} pages to fetch"))  # type: ignore[misc]
    report = make_report(store, plan.run, counters, time.monotonic() - began)
    note_run(store, noted, report)
    store.close()
    return report


def _planned(plan: Plan, portion: _Portion, now: datetime.datetime) -> Plan:
    intake = dataclasses.replace(plan.intake, now=now, lines_by_portion=True, backfilled=True)
    files = tuple(DueFile(path=file) for file in portion.files)
    return dataclasses.replace(plan, now=now, files=files, unlisted=portion.unlisted, intake=intake)


def _pages_due(store: Store, now: Callable[[], datetime.datetime], counters: Mapping[str, int]) -> Iterator[int]:
    """Yields how many pages are due, round after round: a run asks one host for half a minute, and leaves the rest.

    A round that brought no page is the last: then a server is busy, and what is left waits for a later run.
    """
    brought = -1
    while due := sum(1 for _ in list_waiting(store, now())):
        former, brought = brought, sum(counters.get(f"page/pages_{how}", 0) for how in _BROUGHT)
        if former == brought:
            return
        yield due
