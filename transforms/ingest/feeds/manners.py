"""How a run behaves on the web: what polling and fetching share."""

import datetime
from collections.abc import Callable

from transforms.ingest.feeds.hosts import Clock, SteadyClock
from transforms.ingest.feeds.records import PollSettings
from transforms.ingest.limits import FetchLimits
from transforms.present import When, check_when
from transforms.records import digest, record

type MakeClock = Callable[[datetime.datetime], Clock]


@record
class Manners:
    """What is allowed on the web, and how slowly.

    Attributes:
        polling: How feeds are polled and pages fetched.
        limits: Of each request.
        shards: How many workers ask; all requests to one host are made by one of them.
        make_clock: Makes the clock of a bundle from the time that the run is said to be at.
    """

    polling: PollSettings = PollSettings()
    limits: FetchLimits = FetchLimits()
    shards: int = 1
    make_clock: MakeClock = SteadyClock

    def shard_of(self, host: str) -> str:
        """Returns the key under which a host's requests are made."""
        return str(int(digest("host", host), 16) % self.shards)


def check_arguments(manners: Manners, now: When) -> None:
    """Refuses what no transform can work with.

    Raises:
        ValueError: `now` has no offset, or there are no shards.
    """
    check_when(now)
    if manners.shards < 1:
        raise ValueError(f"shards: expected at least 1, got {manners.shards}")
