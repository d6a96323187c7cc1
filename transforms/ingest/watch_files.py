"""Finds, look after look, which files of watched paths are new or changed, and whether they are at rest.

A file is taken in when it has not been written to for a while, so that none is taken in half. Lines of a .jsonl that
somebody goes on writing are taken in as they come. What was taken in is asked of the store once, then remembered here.
"""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from glob import has_magic

from transforms.ingest.endings import LINES_ENDINGS, URLS_ENDING, ending, is_gzip
from transforms.ingest.known_files import Appearance, KnownFile, appearance, known_files
from transforms.ingest.list_files import list_files
from transforms.records import DueFile, Failure, record
from transforms.store.protocol import Store

_ASKED_AT_ONCE = 500  # files looked up in the store with one query


@record
class Look:
    """What one look found.

    Attributes:
        due: Files to take in.
        unlisted: What cannot be taken in (no supported ending, a link that leads nowhere) and was not told before.
        troubles: For each watched path that cannot be read at all, one line that says why.
        unsettled: How many files were written to a moment ago, and are left for later.
        rest_seconds: After how long the first of them may be at rest; None where there is none.
    """

    due: tuple[DueFile, ...] = ()
    unlisted: tuple[Failure, ...] = ()
    troubles: tuple[str, ...] = ()
    unsettled: int = 0
    rest_seconds: float | None = None


class WatchedFiles:
    """The files of the watched paths, as they were last seen.

    Args:
        paths: Files, folders and patterns, absolute.
        settle_seconds: How long a file must not have been written to before it is taken in.
        clock: The file system's time, in seconds since 1970.
    """

    def __init__(self, paths: Sequence[str], *, settle_seconds: float, clock: Callable[[], float] = time.time) -> None:
        if settle_seconds < 0:
            raise ValueError(f"settle_seconds: expected at least 0, got {settle_seconds}")
        self._paths = tuple(paths)
        self._settle_seconds = settle_seconds
        self._clock = clock
        self._taken_in: dict[str, str] = {}  # signatures by path
        self._met: dict[str, tuple[str, float]] = {}  # of files not taken in: signature, and when it was first seen
        self._told: set[str] = set()  # failures by id

    def look(self, store: Store, now: datetime) -> Look:
        """Returns what is due now.

        Args:
            store: What was taken in before is asked here.
            now: The time that Failures carry.
        """
        files: list[str] = []
        unlisted: dict[str, Failure] = {}
        troubles: list[str] = []
        for path in self._paths:
            for found in list_files(path, now=now):
                if isinstance(found, str):
                    files.append(found)
                elif found.locator != path:
                    unlisted[found.id] = found
                elif not has_magic(path):  # a pattern that matches nothing yet is no trouble
                    troubles.append(f"{path}: {found.error}")
        self._told &= unlisted.keys()
        fresh = tuple(failure for key, failure in unlisted.items() if key not in self._told)
        return self._due(store, dict.fromkeys(files), Look(unlisted=fresh, troubles=tuple(troubles)))

    def confirm(self, look: Look) -> None:
        """Notes that what a look found is safe in the store; what is not confirmed is found again."""
        self._told.update(failure.id for failure in look.unlisted)

    def _due(self, store: Store, files: dict[str, None], look: Look) -> Look:
        changed: dict[str, Appearance] = {}
        taken_in: dict[str, str] = {}
        for path in files:
            seen = appearance(path)
            if seen is not None and self._taken_in.get(path) == seen.signature:
                taken_in[path] = seen.signature
            elif seen is not None:
                changed[path] = seen
        self._taken_in = taken_in
        waiting = list(self._not_taken_in(store, changed))
        at = self._clock()
        self._met = {path: self._first_met(path, seen, at) for path, seen, _ in waiting}
        rests = {path: self._rest(path, seen, at) for path, seen, _ in waiting}
        due = [
            DueFile(path=path, growing=rests[path] > 0)
            for path, seen, known in waiting
            if rests[path] <= 0 or _has_new_lines(path, seen, known)
        ]
        unsettled = [rest for rest in rests.values() if rest > 0]
        return Look(
            due=tuple(due),
            unlisted=look.unlisted,
            troubles=look.troubles,
            unsettled=len(unsettled),
            rest_seconds=min(unsettled, default=None),
        )

    def _not_taken_in(
        self, store: Store, changed: dict[str, Appearance]
    ) -> Iterator[tuple[str, Appearance, KnownFile | None]]:
        for paths in itertools.batched(changed, _ASKED_AT_ONCE):
            known = known_files(store, paths)
            for path in paths:
                file = known.get(path)
                if file is not None and file.whole and file.signature == changed[path].signature:
                    self._taken_in[path] = file.signature
                else:
                    yield path, changed[path], file

    def _first_met(self, path: str, seen: Appearance, at: float) -> tuple[str, float]:
        met = self._met.get(path)
        return met if met is not None and met[0] == seen.signature else (seen.signature, at)

    def _rest(self, path: str, seen: Appearance, at: float) -> float:
        """Returns after how many seconds a file may be at rest; clocks of file servers go wrong, so ours counts too."""
        since = min(seen.touched, self._met[path][1])
        return self._settle_seconds - (at - since)


def _has_new_lines(path: str, seen: Appearance, known: KnownFile | None) -> bool:
    plain_lines = ending(path) in (*LINES_ENDINGS, URLS_ENDING) and not is_gzip(path)
    return plain_lines and seen.size > 0 and (known is None or known.signature != seen.signature)
