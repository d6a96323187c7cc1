"""What a watch goes by: files, as they were last seen; feeds and rules, as their files say at each tick."""

from collections.abc import Sequence

from pipeline.alerting import current_rulebook
from pipeline.settings import Settings
from pipeline.sources import sources_of
from transforms.alert.rulebook import Rulebook
from transforms.errors import UsageError
from transforms.ingest.feeds.records import Feed
from transforms.ingest.watch_files import WatchedFiles


class WatchedSources:
    """The sources of a watch.

    Args:
        settings: Where folders and feeds are listed.
        given: Paths and addresses of feeds from the command line; empty for those of the settings.

    Raises:
        UsageError: An address is none, or the list of feeds or of rules is wrong.
    """

    def __init__(self, settings: Settings, given: Sequence[str]) -> None:
        sources = sources_of(settings, given)
        self._settings = settings
        self._given = tuple(given)
        self._feeds = sources.feeds
        self._rulebook = current_rulebook(settings)
        self.paths = sources.paths
        self.files = WatchedFiles(sources.paths, settle_seconds=settings.watch.settle_seconds)

    @property
    def names(self) -> tuple[str, ...]:
        """The paths and feeds that were given, or the paths and the number of feeds of the settings."""
        if self._given:
            return (*self.paths, *(feed.url for feed in self._feeds))
        return (*self.paths, f"{len(self._feeds)} feeds") if self._feeds else self.paths

    def feeds(self) -> tuple[tuple[Feed, ...], tuple[str, ...]]:
        """Returns the feeds as now listed; where the list has become wrong, those before and a line that says so."""
        try:
            self._feeds = sources_of(self._settings, self._given).feeds
        except UsageError as error:
            return self._feeds, (str(error),)
        return self._feeds, ()

    def rulebook(self) -> tuple[Rulebook, tuple[str, ...]]:
        """Returns the rules as they now are; where they have become wrong, those before and a line that says so."""
        try:
            self._rulebook = current_rulebook(self._settings)
        except UsageError as error:
            return self._rulebook, (str(error),)
        return self._rulebook, ()
