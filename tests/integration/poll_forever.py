"""Polls feeds tick after tick until it is killed: `python -m tests.integration.poll_forever STORE URL...`."""

import datetime
import sys

from tests.integration.polling import Desk
from transforms.ingest.feeds.hosts import SteadyClock
from transforms.ingest.feeds.records import Feed


def main() -> None:
    """Takes the world's time; every tick says that it ended."""
    store_url, *urls = sys.argv[1:]
    desk = Desk(store_url, seconds=10.0, make_clock=SteadyClock, spacing_seconds=0.0)
    feeds = [Feed(url=url, interval_seconds=1) for url in urls]
    while True:
        desk.now = datetime.datetime.now(datetime.UTC)
        desk.poll(*feeds)
        sys.stdout.write("tick\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
