"""Calendar arithmetic: intervals of months, quarters, seasons and feasts, their parts, and lengths of time."""

import calendar
import datetime
import re

from transforms.records import Precision, record

Day = datetime.date
ONE_DAY = datetime.timedelta(days=1)
WORKING_DAYS = 5  # a week; lengths in working days pass over Saturday and Sunday
YEAR_DAYS = (365, 366)
EARLY_DAYS, LATE_FROM = 10, 21  # of a month: news calls its first and last third early and late
MID_DAYS = (11, 15)  # "mid-March" has come to its middle by the 15th, and that is the day planners write down
_LENGTH = re.compile(r"P(?:T(?P<clock>\d+)(?P<clock_unit>[HMS])|(?P<number>\d+)(?P<unit>[DWMY])|B(?P<working>\d+))$")


@record
class Interval:
    """Days first to last, both included, and how exact they are."""

    first: Day
    last: Day
    precision: Precision

    def contains(self, day: Day) -> bool:
        """Whether a day lies in the interval."""
        return self.first <= day <= self.last


def day(year: int, month: int, number: int) -> Interval | None:
    """Returns one day, or None where the calendar has no such day."""
    try:
        date = Day(year, month, number)
    except (ValueError, OverflowError):
        return None
    return Interval(first=date, last=date, precision=Precision.DAY)


def one(date: Day) -> Interval:
    """Returns the interval of one day."""
    return Interval(first=date, last=date, precision=Precision.DAY)


def month(year: int, number: int) -> Interval:
    """Returns a month; `number` may run beyond 1 to 12 into neighbouring years."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    last = calendar.monthrange(year, number)[1]
    return Interval(first=Day(year, number, 1), last=Day(year, number, last), precision=Precision.MONTH)


def _months(year: int, first: int, count: int, precision: Precision) -> Interval:
    return Interval(first=month(year, first).first, last=month(year, first + count - 1).last, precision=precision)


def year(number: int) -> Interval:
    """Returns a calendar year."""
    return _months(number, 1, 12, Precision.YEAR)


def years(first: int, last: int) -> Interval:
    """Returns the years first to last."""
    return Interval(first=Day(first, 1, 1), last=Day(last, 12, 31), precision=Precision.YEAR)


def quarter(of_year: int, number: int) -> Interval:
    """Returns quarter 1 to 4 of a calendar year; numbers beyond run into neighbouring years."""
    return _months(of_year, 3 * number - 2, 3, Precision.QUARTER)


def half(of_year: int, number: int) -> Interval:
    """Returns the first or second half of a calendar year."""
    return _months(of_year, 6 * number - 5, 6, Precision.QUARTER)


def season(of_year: int, number: int) -> Interval:
    """Returns spring (1) to winter (4); northern and meteorological, winter ends in February of the next year."""
    return _months(of_year, 3 * number, 3, Precision.SEASON)


def week(date: Day) -> Interval:
    """Returns the week, Monday to Sunday, around a day."""
    first = date - datetime.timedelta(days=date.weekday())
    return Interval(first=first, last=first + datetime.timedelta(days=6), precision=Precision.WEEK)


def weekend(date: Day) -> Interval:
    """Returns the Saturday and Sunday of the week around a day."""
    last = week(date).last
    return Interval(first=last - ONE_DAY, last=last, precision=Precision.WEEK)


def period(unit: str, published: Day, offset: int) -> Interval:
    """Returns the week, weekend, month, quarter, year, decade or century `offset` of them from a day's own."""
    if unit in ("week", "weekend"):
        return (week if unit == "week" else weekend)(published + datetime.timedelta(weeks=offset))
    if unit == "month":
        return month(published.year, published.month + offset)
    if unit == "quarter":
        return quarter(published.year, (published.month + 2) // 3 + offset)
    if unit == "year":
        return year(published.year + offset)
    span = 10 if unit == "decade" else 100
    start = published.year // span * span + offset * span
    return years(start, start + span - 1)


def easter(of_year: int) -> Day:
    """Returns Easter Sunday of the Gregorian calendar (Meeus/Jones/Butcher computus)."""
    a, b, c = of_year % 19, of_year // 100, of_year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    number, rest = divmod(h + m - 7 * n + 114, 31)
    return Day(of_year, number, rest + 1)


def feast(spec: str, of_year: int) -> Interval:
    """Returns a feast's day in a year.

    Args:
        spec: "12-25", "easter-2" (days from Easter Sunday), or "11/3/4" (month, weekday from 0, which; -1 the last).
        of_year: The year.
    """
    if spec.startswith("easter"):
        return one(easter(of_year) + datetime.timedelta(days=int(spec[6:])))
    if "/" in spec:
        number, weekday, which = map(int, spec.split("/"))
        span = month(of_year, number)
        if which < 0:
            return one(span.last - datetime.timedelta(days=(span.last.weekday() - weekday) % 7))
        skip = (weekday - span.first.weekday()) % 7 + 7 * (which - 1)
        return one(span.first + datetime.timedelta(days=skip))
    number, date = map(int, spec.split("-"))
    return one(Day(of_year, number, date))


def part(whole: Interval, name: str, published: Day | None = None) -> Interval:
    """Returns the stretch of an interval that "the end of", "mid-", "early" and their like mean.

    Args:
        whole: The interval.
        name: A key of `parts` in patterns.yaml.
        published: The day that "later" and "the rest of" count from, or None.
    """
    first, last, days = whole.first, whole.last, (whole.last - whole.first).days + 1
    if name == "end":
        return one(last)
    if name == "start":
        return one(first)
    if name in ("rest", "later"):
        start = max(first, min(last, published)) if published else first
        return Interval(first=start, last=last, precision=whole.precision)
    if name == "earlier":
        end = min(last, max(first, published)) if published else last
        return Interval(first=first, last=end, precision=whole.precision)
    if name == "around-week":
        return week(first)
    if name.startswith("week"):
        return _week_of(whole, name.removeprefix("week").lstrip("-"))
    low, high = _share(whole, name, days)
    return Interval(first=first + low * ONE_DAY, last=first + (high - 1) * ONE_DAY, precision=whole.precision)


def _share(whole: Interval, name: str, days: int) -> tuple[int, int]:
    """Offsets in days, first included and last excluded, of a named share of an interval."""
    if whole.precision is Precision.MONTH:
        shares = {"early": (0, EARLY_DAYS), "mid": (MID_DAYS[0] - 1, MID_DAYS[1]), "late": (LATE_FROM - 1, days)}
        shares |= {"first-half": (0, 15), "second-half": (15, days)}
        return shares[name]
    if whole.precision is Precision.WEEK and days == 7:
        return {"early": (0, 2), "mid": (1, 3), "late": (3, 7), "first-half": (0, 3), "second-half": (3, 7)}[name]
    if name in ("first-half", "second-half", "mid"):
        middle = (month(whole.first.year, 7).first - whole.first).days if days in YEAR_DAYS else 0
        middle = middle if 0 < middle < days else (days + 1) // 2
        return {"first-half": (0, middle), "second-half": (middle, days), "mid": (days // 3, middle)}[name]
    edge = max(1, days // 4 if whole.precision is Precision.YEAR else days // 3)
    if days in YEAR_DAYS:
        return {"early": (0, days - 275), "late": (days - 92, days)}[name]  # first and last three months
    return {"early": (0, edge), "late": (days - edge, days)}[name]


def _week_of(whole: Interval, which: str) -> Interval:
    if which == "last":
        return Interval(first=whole.last - 6 * ONE_DAY, last=whole.last, precision=Precision.WEEK)
    start = whole.first + 7 * (int(which) - 1) * ONE_DAY
    return Interval(first=start, last=min(whole.last, start + 6 * ONE_DAY), precision=Precision.WEEK)


def length(count: float, unit: str, working: bool = False) -> str:
    """Returns a length of time in ISO 8601.

    Args:
        count: How many; halves of larger units become smaller ones ("a year and a half" is P18M).
        unit: One of the values of UNIT in patterns.yaml: a letter (S, I for minutes, H, D, W, M, Y) and a factor.
        working: Whether days are working days; written "PB10", which is not ISO: there is no sign for them there.
    """
    letter, amount = unit[0], count * int(unit[1:])
    if working and letter == "D":
        return f"PB{round(amount)}"
    if letter in "SIH":
        return (
            f"PT{round(amount)}{'M' if letter == 'I' else letter}"
            if amount == int(amount)
            else _smaller(letter, amount)
        )
    if amount == int(amount):
        return f"P{int(amount)}{letter}"
    return f"P{round(amount * 12)}M" if letter == "Y" else f"P{round(amount * {'M': 30, 'W': 7, 'D': 1}[letter])}D"


def _smaller(letter: str, amount: float) -> str:
    return f"PT{round(amount * 60)}{ {'H': 'M', 'I': 'S', 'S': 'S'}[letter] }"


def shift(start: Day, iso: str, sign: int = 1) -> Day | None:
    """Returns the day a length of time after (sign -1: before) another; None where the calendar ends.

    Hours count as days begun, so that "within 72 hours" is the third day; months keep the day or end with the month.
    """
    found = _LENGTH.match(iso)
    if found is None:
        return None
    try:
        if found["working"]:
            return _shift_working(start, int(found["working"]), sign)
        if found["clock"]:
            seconds = int(found["clock"]) * {"H": 3600, "M": 60, "S": 1}[found["clock_unit"]]
            return start + sign * datetime.timedelta(days=-(-seconds // 86400) if seconds >= 86400 / 2 else 0)
        count = sign * int(found["number"])
        if found["unit"] in "DW":
            return start + datetime.timedelta(days=count * (7 if found["unit"] == "W" else 1))
        span = month(start.year, start.month + count * (12 if found["unit"] == "Y" else 1))
        return span.first.replace(day=min(start.day, span.last.day))
    except (ValueError, OverflowError, IndexError):
        return None


def _shift_working(start: Day, count: int, sign: int) -> Day:
    weeks, rest = divmod(count, WORKING_DAYS)
    date = start + sign * datetime.timedelta(weeks=weeks)
    while rest or date.weekday() >= WORKING_DAYS:
        date += sign * ONE_DAY
        rest -= date.weekday() < WORKING_DAYS and rest > 0
    return date
