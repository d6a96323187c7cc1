"""Says dates in words that are read the same way everywhere ("10 October 2018"), and how far apart two days are."""

import datetime

from transforms.records import Precision

_SEASON_ENDS = {2: "winter", 5: "spring", 8: "summer", 11: "autumn"}  # northern, meteorological: the month it ends in
_DAYS_TOLD = 60  # up to so many days the number of days says more than that of months
_MONTHS_TOLD = 24
_DAYS_A_MONTH = 30.44  # a year's days over twelve
_DAYS_A_YEAR = 365.25


def day_in_words(day: datetime.date) -> str:
    """Returns "10 October 2018"."""
    return f"{day.day} {day:%B} {day.year}"


def _season(last: datetime.date) -> str:
    name = _SEASON_ENDS.get(last.month)
    if name is None:
        return day_in_words(last)
    return f"{name} {last.year - 1}/{last.year % 100:02}" if name == "winter" else f"{name} {last.year}"


def date_in_words(last: datetime.date, precision: Precision) -> str:
    """Returns what a date means, as exactly as it is known.

    Args:
        last: The last day it can mean.
        precision: How exact it is.
    """
    match precision:
        case Precision.DAY:
            return day_in_words(last)
        case Precision.WEEK:
            return f"the week to {day_in_words(last)}"
        case Precision.MONTH:
            return f"{last:%B} {last.year}"
        case Precision.QUARTER:
            return f"quarter {(last.month + 2) // 3} of {last.year}"
        case Precision.SEASON:
            return _season(last)
        case Precision.YEAR:
            return str(last.year)


def reached_in_words(reached: str) -> str:
    """Returns a date of the form YYYY, YYYY-MM or YYYY-MM-DD in words."""
    parts = [int(part) for part in reached.split("-")]
    precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(parts) - 1]
    return date_in_words(datetime.date(*[*parts, 1, 1][:3]), precision)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def gap_in_words(day: datetime.date, published: datetime.date) -> str:
    """Returns how long after or before the publication a day is ("28 days after publication")."""
    days = (day - published).days
    if days == 0:
        return "the day of publication"
    far, side = abs(days), "after" if days > 0 else "before"
    months = round(far / _DAYS_A_MONTH)
    if far <= _DAYS_TOLD:
        length = _count(far, "day")
    elif months <= _MONTHS_TOLD:
        length = "about " + _count(months, "month")
    else:
        length = "about " + _count(round(far / _DAYS_A_YEAR), "year")
    return f"{length} {side} publication"
