"""When a digest goes out, right over time zones and daylight saving."""

import datetime
import zoneinfo

from transforms.alert.rule import Digest, Every


def next_digest(digest: Digest, after: datetime.datetime, time_zone: str) -> datetime.datetime:
    """Returns the first moment after `after` at which a digest goes out.

    Args:
        digest: How often, and for a daily one at what time.
        after: An aware datetime.
        time_zone: Where the digest names none.

    Returns:
        In UTC. A time that daylight saving skips is an hour later on that day; one it repeats is the first of both.
    """
    if digest.every is Every.HOURLY:
        return after.astimezone(datetime.UTC).replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)
    zone = zoneinfo.ZoneInfo(digest.time_zone or time_zone)
    at = datetime.time.fromisoformat(digest.at)
    day = after.astimezone(zone).date()
    for ahead in range(3):
        moment = datetime.datetime.combine(day + datetime.timedelta(ahead), at, zone).astimezone(datetime.UTC)
        if moment > after:
            return moment
    raise AssertionError("a day has at most 25 hours")
