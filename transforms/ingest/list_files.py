"""Lists the files that a path stands for: a file, a folder with all that is in it, or a pattern (`news/**/*.txt`).

In folders and patterns the files that are taken in are those whose ending is supported; hidden files and folders,
sidecars and the litter of file managers are passed over, anything else becomes a Failure. Each folder is entered
once, also where links lead in circles.
"""

import datetime
import fnmatch
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.attempt import FAILURES, MAIN
from transforms.ingest.endings import SUPPORTED_TEXT, is_sidecar_name, is_supported
from transforms.ingest.unreadable import make_failure, storable
from transforms.present import When, check_when, present
from transforms.records import Failure

STAGE = "list"
LITTER = frozenset({"thumbs.db", "desktop.ini"})  # Windows leaves them in folders of pictures; macOS's are hidden

_MAGIC = re.compile(r"[*?[]")
type _Folders = set[tuple[int, int]]  # device and inode of the folders already entered


def list_files(path: str, *, now: datetime.datetime) -> Iterator[str | Failure]:
    """Yields the locator of every file that a path stands for, in the order of names.

    Args:
        path: A file (of any ending: what is named is meant), a folder, or a pattern with `*`, `?`, `[...]` or `**`.
        now: The time that Failures carry.

    Yields:
        Locators, which are paths beginning as `path` does; or a Failure for each file that cannot be taken in, and
        for a path that does not exist, cannot be read or matches nothing.
    """
    if os.path.lexists(path):
        found = _named(path, now)
    elif _MAGIC.search(path):
        found = _matching(path, now)
    else:
        found = iter([_failure(path, "there is no such file or folder", now)])
    yield from (_checked_name(locator, now) if isinstance(locator, str) else locator for locator in found)


def _failure(path: str, error: str, now: datetime.datetime) -> Failure:
    return make_failure(STAGE, path, error, now=now)


def _checked_name(locator: str, now: datetime.datetime) -> str | Failure:
    """Names that are not Unicode come as lone surrogates, which no store and no coder takes."""
    if storable(locator) == locator:
        return locator
    return _failure(storable(locator), "the file's name is not valid Unicode; rename it", now)


def _named(path: str, now: datetime.datetime) -> Iterator[str | Failure]:
    """Yields what a path that exists stands for; a shell's `folder/*` also names sidecars."""
    if Path(path).is_dir():
        yield from _in_folder(path, set(), now)
    elif is_sidecar_name(path):
        if not Path(os.path.splitext(path)[0]).is_file():  # noqa: PTH122 a path beginning as it was given
            yield _failure(path, "a sidecar without its file; expected an article", now)
    else:
        yield _regular(path, now)


def _regular(path: str, now: datetime.datetime) -> str | Failure:
    if Path(path).is_file():
        return path
    if Path(path).is_symlink():
        return _failure(path, "a link that leads nowhere", now)
    return _failure(path, "not a regular file", now)


def _in_folder(folder: str, entered: _Folders, now: datetime.datetime) -> Iterator[str | Failure]:
    entries = _entries(folder, entered, now)
    if isinstance(entries, Failure):
        yield entries
        return
    for entry in entries or ():
        if _is_folder(entry):
            yield from _in_folder(entry.path, entered, now)
        else:
            yield from _by_ending(entry.path, now)


def _entries(folder: str, entered: _Folders, now: datetime.datetime) -> list[os.DirEntry[str]] | Failure | None:
    """Returns the entries of a folder that are not hidden, sorted by name; None if it was entered before."""
    try:
        status = os.stat(folder)  # noqa: PTH116 beside os.scandir
        if (status.st_dev, status.st_ino) in entered:
            return None
        entered.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as scanned:
            return sorted((entry for entry in scanned if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except OSError as error:
        return _failure(folder, f"the folder cannot be read: {error.strerror}", now)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself; what it is called decides what becomes of it
        return False


def _by_ending(path: str, now: datetime.datetime) -> Iterator[str | Failure]:
    name = os.path.basename(path)  # noqa: PTH119 a path beginning as it was given
    if is_sidecar_name(name) or name.lower() in LITTER:
        return
    if is_supported(name):
        yield _regular(path, now)
    else:
        yield _failure(path, f"the ending is not supported; supported are {SUPPORTED_TEXT}", now)


def _matching(pattern: str, now: datetime.datetime) -> Iterator[str | Failure]:
    """Yields the files that match a pattern, each once; folders that match with all that is in them."""
    root = "/" if pattern.startswith("/") else ""
    steps = [step for step in pattern.split("/") if step]
    found = list(dict.fromkeys(_expand(root, steps, now)))
    if not found:
        yield _failure(pattern, "no file matches the pattern", now)
    yield from dict.fromkeys(file for path in found for file in _matched(path, now))


def _matched(path: str | Failure, now: datetime.datetime) -> Iterator[str | Failure]:
    if isinstance(path, Failure):
        yield path
    elif Path(path).is_dir():
        yield from _in_folder(path, set(), now)
    else:
        yield from _by_ending(path, now)


def _expand(base: str, steps: list[str], now: datetime.datetime) -> Iterator[str | Failure]:
    """Yields the files and folders below `base` that a pattern's steps lead to."""
    if not steps:
        yield base
        return
    step, rest = steps[0], steps[1:]
    if step == "**" and not rest:
        yield base or "."
    elif step == "**":
        for folder in _folders(base, set(), now):
            yield from _expand(folder, rest, now) if isinstance(folder, str) else [folder]
    elif not _MAGIC.search(step):
        if os.path.lexists(path := base + step):
            yield from _expand(path + "/" if rest else path, rest, now)
    else:
        yield from _expand_names(base, step, rest, now)


def _expand_names(base: str, step: str, rest: list[str], now: datetime.datetime) -> Iterator[str | Failure]:
    entries = _entries(base or ".", set(), now)
    if isinstance(entries, Failure):
        yield entries
        return
    for entry in entries or ():
        if fnmatch.fnmatchcase(entry.name, step) and (_is_folder(entry) or not rest):
            yield from _expand(base + entry.name + ("/" if rest else ""), rest, now)


def _folders(base: str, entered: _Folders, now: datetime.datetime) -> Iterator[str | Failure]:
    """Yields a folder and all folders in it, as beginnings of paths."""
    entries = _entries(base or ".", entered, now)
    if isinstance(entries, Failure):
        yield entries
        return
    if entries is not None:
        yield base
    for entry in entries or ():
        if _is_folder(entry):
            yield from _folders(f"{base}{entry.name}/", entered, now)


class _ListFn(beam.DoFn):
    def __init__(self, now: When) -> None:
        self._now = now
        self._listed = Metrics.counter("ingest", "files_listed")
        self._failed = Metrics.counter("ingest", "paths_failed")

    def process(self, element: str) -> Iterable[str | TaggedOutput[Literal["failures"], Failure]]:
        """Yields what one path stands for."""
        for found in list_files(element, now=present(self._now)):
            if isinstance(found, Failure):
                self._failed.inc()
                yield TaggedOutput("failures", found)
            else:
                self._listed.inc()
                yield found


class ListFiles(beam.PTransform[PCollection[str], DoOutputsTuple]):
    """Turns paths into the locators of the files they stand for.

    Input: paths of files and folders, and patterns.
    Output: locators, one for each file, by tag `main`; Failure, of stage `list`, by tag `failures`.
    Guarantee: a retry lists again, and may find files that came since; Failures keep their ids.
    Failures: paths that do not exist or match nothing, what cannot be read, files that are not supported.
    """

    def __init__(self, *, now: When) -> None:
        super().__init__()
        check_when(now)
        self._now = now

    def expand(self, paths: PCollection[str]) -> DoOutputsTuple:
        """Wires the listing."""
        listed: DoOutputsTuple = paths | "List" >> beam.ParDo(_ListFn(self._now)).with_outputs(FAILURES, main=MAIN)
        return listed
