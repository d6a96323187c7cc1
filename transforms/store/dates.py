"""Dates as they are searched: intervals of whole days, the day taken as written, whatever its time zone."""

import calendar
import datetime
import re

# A time, where there is one, is passed over: an article of 23:30 in New York is of that day for its readers.
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:.*)?)?)?", re.ASCII)


def day_interval(text: str) -> tuple[str, str] | None:
    """Returns the first and last day (YYYY-MM-DD) that a date may mean.

    Args:
        text: YYYY, YYYY-MM, YYYY-MM-DD, or RFC 3339.

    Returns:
        The interval, both ends included; None when `text` is no such date.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = datetime.date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    last_month = month or 12
    last = datetime.date(first.year, last_month, day or calendar.monthrange(first.year, last_month)[1])
    return first.isoformat(), last.isoformat()


def day_after(day: str) -> str | None:
    """Returns the day after a YYYY-MM-DD, or None after 9999-12-31."""
    return _moved(day, 1)


def day_before(day: str) -> str | None:
    """Returns the day before a YYYY-MM-DD, or None before 0001-01-01."""
    return _moved(day, -1)


def _moved(day: str, days: int) -> str | None:
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days)).isoformat()
    except OverflowError:
        return None
