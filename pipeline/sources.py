"""Tells what a run takes in: the files and feeds it was given, else those of the settings."""

import os
from collections.abc import Sequence
from pathlib import Path

from pipeline.feeds_file import FeedsFile
from pipeline.settings import Settings
from transforms.errors import UsageError
from transforms.ingest.feeds.records import Feed
from transforms.ingest.urls import canonical_url
from transforms.records import record

_WEB = ("http://", "https://")


@record
class Sources:
    """What a run takes in.

    Attributes:
        paths: Absolute paths of files and folders, and patterns.
        feeds: To be polled.
        due_only: Whether feeds whose time has not come are left alone; a feed that was given is polled at once.
    """

    paths: tuple[str, ...]
    feeds: tuple[Feed, ...]
    due_only: bool


def is_address(source: str) -> bool:
    """Returns whether a source is an address of the web, not a path."""
    return source.lower().startswith(_WEB)


def sources_of(settings: Settings, given: Sequence[str]) -> Sources:
    """Returns what to take in.

    Args:
        settings: Where folders and feeds are listed.
        given: Paths and addresses of feeds from the command line; empty for those of the settings.

    Raises:
        UsageError: An address is none, or the list of feeds is wrong.
    """
    listed = FeedsFile(Path(settings.sources.feeds)).feeds if not given or any(map(is_address, given)) else ()
    if not given:
        return Sources(paths=_absolute(settings.sources.folders), feeds=listed, due_only=True)
    known = {canonical_url(feed.url): feed for feed in listed}
    feeds = [known.get(_checked(url)) or Feed(url=url) for url in given if is_address(url)]
    return Sources(
        paths=_absolute([path for path in given if not is_address(path)]), feeds=tuple(feeds), due_only=False
    )


def _absolute(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(os.path.abspath(path) for path in paths)  # noqa: PTH100 (a glob is no Path)


def _checked(url: str) -> str:
    canonical = canonical_url(url)
    if canonical is None:
        raise UsageError(f"{url}: not an address that can be polled")
    return canonical
