"""Takes in files: what they hold is noted as pending items, and then how far each file was taken in."""

import dataclasses
import datetime
import functools
from collections.abc import Iterator
from typing import Literal

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.attempt import TryEach
from transforms.index.store_failures import keep_failure
from transforms.ingest.archive import Found, Position
from transforms.ingest.endings import JSON_ENDING, LINES_ENDINGS, ending
from transforms.ingest.known_files import (
    Appearance,
    KnownFile,
    appearance,
    goes_on,
    known_files,
    remember_file,
    tail_before,
)
from transforms.ingest.make_item import STAGE, read_failure
from transforms.ingest.open_file import LIMIT_NAME
from transforms.ingest.read_files import MAX_FILE_BYTES, is_archive, read_archive, read_file
from transforms.ingest.store_items import store_item
from transforms.ingest.unreadable import UnreadableInput
from transforms.ingest.versions import as_version
from transforms.present import check_when, present
from transforms.records import DueFile, Failure, Item, State, record
from transforms.store.protocol import Store

UNFINISHED = "archives_unfinished"
WAITING = "waiting"


@record
class Intake:
    """How files are taken in.

    Attributes:
        run: The run's id, noted on failures.
        now: When.
        max_file_bytes: The most that is read of a file, or of a record of an archive.
        portion: Articles taken from an archive at a time.
        lines_by_portion: Whether a .jsonl is read as an archive, portion by portion, and not whole.
        afresh: Whether an archive is read from its beginning, whatever is remembered of it.
        archives_only: Whether other files are passed over, because an earlier pass of the run took them in.
        backfilled: Whether what they hold is old news, which nobody is to be told of.
    """

    run: str
    now: datetime.datetime
    max_file_bytes: int = MAX_FILE_BYTES
    portion: int = 500
    lines_by_portion: bool = False
    afresh: bool = False
    archives_only: bool = False
    backfilled: bool = False


type Kept = str | TaggedOutput[Literal["waiting"], str]


def take_in_file(store: Store, due: DueFile, intake: Intake) -> Iterator[Kept]:
    """Stores what a file holds as pending items, and what of it cannot be read as failures.

    Args:
        store: Where to.
        due: The file.
        intake: How.

    Yields:
        The ids of its items that are not done yet; tagged `waiting` where the item waits for its page.
    """
    if _by_portion(due.path, intake):
        yield from _take_in_portion(store, due, intake)
    elif not intake.archives_only:
        yield from _take_in_whole(store, due.path, intake)


def _take_in_now(store: Store, due: DueFile, intake: Intake) -> Iterator[Kept]:
    yield from take_in_file(store, due, dataclasses.replace(intake, now=present(None)))


def _by_portion(path: str, intake: Intake) -> bool:
    return is_archive(path) and (intake.lines_by_portion or ending(path) not in LINES_ENDINGS)


def _keep(store: Store, found: Item | Failure, intake: Intake) -> Iterator[Kept]:
    if isinstance(found, Failure):
        Metrics.counter("ingest", "reads_failed").inc()
        keep_failure(store, found, intake.run)
    else:
        Metrics.counter("ingest", "items_read").inc()
        ids = store_item(store, dataclasses.replace(found, backfilled=intake.backfilled))
        for key in ids:
            yield TaggedOutput("waiting", key) if found.state is State.WAITING else key


def _take_in_whole(store: Store, path: str, intake: Intake) -> Iterator[Kept]:
    read = read_file(path, now=intake.now, max_file_bytes=intake.max_file_bytes)
    if is_archive(path):
        for found in read:
            yield from _keep(store, found, intake)
        return
    before = appearance(path)
    held = list(read)
    after = appearance(path)
    if before is None or after is None or before.signature != after.signature:
        held = [found for found in held if isinstance(found, Failure)] or [_unsteady(path, intake.now)]
    former = known_files(store, [path]).get(path)
    for found in _versions(store, held, former, intake):
        yield from _keep(store, found, intake)
    if before is not None and after is not None and before.signature == after.signature:
        item = _only_item(path, held) or (former.item if former else None)
        remember_file(store, KnownFile(path=path, signature=before.signature, whole=True, item=item, size=before.size))


def _unsteady(path: str, now: datetime.datetime) -> Failure:
    error = UnreadableInput("the file was written to while it was read; `pactwatch replay` reads it again")
    return read_failure(path, error, now, "")


def _versions(
    store: Store, held: list[Item | Failure], former: KnownFile | None, intake: Intake
) -> Iterator[Item | Failure]:
    for found in held:
        known = former is not None and former.item is not None and isinstance(found, Item)
        yield as_version(store, found, former.item, intake.now) if known else found  # type: ignore[union-attr,arg-type]


def _only_item(path: str, held: list[Item | Failure]) -> str | None:
    only = held[0] if len(held) == 1 and ending(path) != JSON_ENDING else None
    return only.id if isinstance(only, Item) else None


def _take_in_portion(store: Store, due: DueFile, intake: Intake) -> Iterator[Kept]:
    seen = appearance(due.path)
    known = None if intake.afresh else known_files(store, [due.path]).get(due.path)
    if known and seen and known.whole and known.signature == seen.signature:
        Metrics.counter("ingest", "archives_known").inc()
        return
    position, ended = Position(), True
    try:
        if known and seen and goes_on(known, seen):
            position = known.position
        records = read_archive(due.path, position, now=intake.now, limit=intake.max_file_bytes, growing=due.growing)
        for found, position in _within(records, intake.portion):  # noqa: B007 kept where the loop ends
            if found is not None:
                yield from _keep(store, found, intake)
        ended = next(records, None) is None
    except UnreadableInput as error:
        yield from _keep(store, read_failure(due.path, error, intake.now, error.payload), intake)
    if seen is not None:
        _remember_portion(store, due, seen, position, ended)
    if not ended:
        Metrics.counter("ingest", UNFINISHED).inc()


def _within(records: Iterator[Found], portion: int) -> Iterator[Found]:
    """Yields records until `portion` of them held an article or a failure."""
    taken = 0
    for found, behind in records:
        yield found, behind
        taken += found is not None
        if taken == portion:
            return


def _remember_portion(store: Store, due: DueFile, seen: Appearance, position: Position, ended: bool) -> None:
    known = KnownFile(
        path=due.path,
        signature=seen.signature,
        whole=ended and not due.growing,
        position=position,
        tail=tail_before(due.path, position.offset),
        size=seen.size,
    )
    remember_file(store, known)


class TakeInFiles(beam.PTransform[PCollection[DueFile], DoOutputsTuple]):
    """Takes in files: stores what they hold as pending items, and what of it cannot be read as failures.

    Of an archive (web archives, lists of addresses; a .jsonl where `lines_by_portion` says so) a portion is taken, and
    the counter `ingest/archives_unfinished` goes up if more is left: then the same file is to be given again.

    Input: DueFile. Output: ids of the items not yet done, by tag `main`, or by tag `waiting` where they wait for their
    page; Failure by tag `failures`.
    Guarantee: an item's id is emitted only after the item is safe in the store; that a file, or a part of it, was taken
    in is noted after all it holds is safe. A retry takes in the same again, to the same effect.
    Failures: files, records and lines that are empty, binary, oversized, malformed, or whose sidecar is; they are
    stored here, so that none is lost with a file that is known from then on.
    """

    def __init__(self, *, store_url: str, intake: Intake, is_live: bool = False) -> None:
        """Takes how to take in.

        Args:
            store_url: Where to.
            intake: How.
            is_live: Whether the present is that of the clock, and not that of the intake.
        """
        super().__init__()
        check_when(intake.now)
        if intake.max_file_bytes < 1:
            raise ValueError(f"{LIMIT_NAME}: expected at least 1, got {intake.max_file_bytes}")
        if intake.portion < 1:
            raise ValueError(f"portion: expected at least 1, got {intake.portion}")
        self._store_url = store_url
        self._intake = intake
        self._is_live = is_live

    def expand(self, due: PCollection[DueFile]) -> DoOutputsTuple:
        """Wires the intake."""
        step = functools.partial(_take_in_now if self._is_live else take_in_file, intake=self._intake)
        return due | "TakeIn" >> TryEach(
            stage=STAGE,
            step=step,
            store_url=self._store_url,
            now=None if self._is_live else self._intake.now,
            tags=[WAITING],
        )
