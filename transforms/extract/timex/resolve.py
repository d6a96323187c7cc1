"""Resolves what a time expression says to days of the calendar, given the publication date and the way it leans."""

import dataclasses
from collections.abc import Callable, Iterable
from enum import StrEnum

from transforms.extract.timex import calendar
from transforms.extract.timex.calendar import ONE_DAY, Day, Interval
from transforms.extract.timex.expressions import Expression, Form
from transforms.records import Precision, record


class Leaning(StrEnum):
    """Which way from the publication date the sentence looks."""

    PAST = "past"
    FUTURE = "future"
    NEAREST = "nearest"  # the words allow both ("was due to begin on Monday")


# How many times further a date on the wrong side counts. Days without a year: an article of 3 December that says "will
# begin on December 1" is late, not eleven months early; "in September" read in October may well be next year's.
DAY_WEIGHT, MONTH_WEIGHT, WEEKDAY_WEIGHT = 26, 40, 1000
SUNDAY = 6
FIRST_MONTHS_OF_WINTER = 9  # from September on, "next winter" is not the one at the door


@record
class Resolution:
    """Days first to last, or None, with what they were counted from and the rule that found them."""

    first: Day | None
    last: Day | None
    precision: Precision | None
    anchor: str
    rule: str


@record
class Setting:
    """What an expression is resolved in.

    Attributes:
        published: The publication date, or None.
        leaning: Which way the sentence looks.
        spoken: The day or period last spoken of, for "the next day"; None at the start.
        year: A year that the sentence names, for days without one; or None.
    """

    published: Day | None
    leaning: Leaning = Leaning.NEAREST
    spoken: Interval | None = None
    year: int | None = None


def resolve(expression: Expression, setting: Setting) -> Resolution:
    """Returns the days an expression means; unresolved where the calendar or the publication date do not say.

    Never guesses: a relative expression without a publication date, a length of time without an anchor and a feast of
    another calendar stay unresolved. Lengths of time are resolved by `timex_lengths`.
    """
    if expression.upto and _floats(expression) and not _floats(expression.upto):
        end = resolve(expression.upto, setting)
        setting = Setting(published=end.last, leaning=Leaning.PAST, spoken=setting.spoken) if end.last else setting
    try:
        interval, anchor, rule = _RESOLVERS[expression.form](expression, setting)
    except (ValueError, OverflowError):  # before year 1 or after 9999
        interval, anchor, rule = None, "absolute", "timex.unresolved"
    if interval and expression.part:
        interval = calendar.part(interval, expression.part, setting.published)
        rule = f"{rule}.{expression.part}"
    if interval and expression.upto:
        return _range(interval, anchor, expression.upto, setting)
    if interval is None:
        return Resolution(first=None, last=None, precision=None, anchor=anchor, rule=rule)
    return Resolution(first=interval.first, last=interval.last, precision=interval.precision, anchor=anchor, rule=rule)


type Resolved = tuple[Interval | None, str, str]


def _range(start: Interval, anchor: str, upto: Expression, setting: Setting) -> Resolution:
    end = resolve(upto, Setting(published=start.last, leaning=Leaning.FUTURE, spoken=start, year=setting.year))
    if not _floats(upto):
        end = resolve(upto, setting)
    if end.last and end.last < start.first and upto.form is Form.CALENDAR and _floats(upto):
        end = resolve(dataclasses.replace(upto, year=start.first.year + 1), setting)
    if end.last is None or end.last < start.first:
        return Resolution(
            first=start.first, last=None, precision=start.precision, anchor=anchor, rule="timex.range-open"
        )
    return Resolution(first=start.first, last=end.last, precision=end.precision, anchor=anchor, rule="timex.range")


def _floats(found: Expression) -> bool:
    """Whether an expression names no year, so that it can be any."""
    named = found.year is not None or found.year_offset is not None or found.offset is not None
    return not named and found.form in (Form.CALENDAR, Form.WEEKDAY, Form.SEASON, Form.QUARTER, Form.FEAST)


def nearest(candidates: Iterable[Interval], setting: Setting, weight: int) -> Interval | None:
    """Returns the candidate nearest to publication, the wrong side of it counting `weight` times."""
    published = setting.published
    if published is None:
        return None
    ahead = weight if setting.leaning is Leaning.PAST else 1
    behind = weight if setting.leaning is Leaning.FUTURE else 1

    def cost(candidate: Interval) -> int:
        if candidate.first > published:
            return (candidate.first - published).days * ahead
        return max(0, (published - candidate.last).days) * behind

    return min(candidates, key=cost, default=None)


def _year_of(found: Expression, setting: Setting) -> int | None:
    """The year an expression names, outright or relatively."""
    if found.year is not None:
        return found.year
    if found.year_offset is not None:
        base = setting.spoken.last if found.backward and setting.spoken else setting.published
        return base.year + found.year_offset if base else None
    return None


def _any_year(
    found: Expression, setting: Setting, make: Callable[[int], Interval | None], weight: int, name: str
) -> Resolved:
    """Resolves what comes once a year: in the year named, else the one nearest by the way the sentence leans."""
    year = _year_of(found, setting)
    if year is not None:
        return make(year), "absolute" if found.year is not None else "published", f"timex.{name}"
    if found.year_offset is not None:
        return None, "published", f"timex.{name}-unresolved"
    if setting.year is not None:
        return make(setting.year), "absolute", f"timex.{name}-year-of-sentence"
    if setting.published is None:
        return None, "published", f"timex.{name}-unresolved"
    base = setting.published.year
    made = _made(make, (base - 1, base, base + 1)) or _made(make, range(base - 4, base + 5))  # 29 February
    if found.weekday is not None:
        made = [interval for interval in made if interval.first.weekday() == found.weekday] or made
    return nearest(made, setting, weight), "published", f"timex.{name}-{setting.leaning}"


def _made(make: Callable[[int], Interval | None], years: Iterable[int]) -> list[Interval]:
    return [interval for interval in map(make, years) if interval]


def _calendar(found: Expression, setting: Setting) -> Resolved:
    if found.month is None and found.day is None:
        return (calendar.year(found.year) if found.year is not None else None), "absolute", "timex.year"
    if found.month is None:
        return _day_of_month(found, setting)
    if found.offset is not None:
        return _next_or_last(found, setting, lambda year: calendar.month(year, found.month or 1))
    if found.day is None:
        return _any_year(found, setting, lambda year: calendar.month(year, found.month or 1), MONTH_WEIGHT, "month")
    return _any_year(found, setting, lambda year: _days(found, year), DAY_WEIGHT, "day")


def _days(found: Expression, year: int) -> Interval | None:
    first = calendar.day(year, found.month or 1, found.day or 1)
    last = calendar.day(year, found.month or 1, found.day_last) if found.day_last else first
    return Interval(first=first.first, last=last.last, precision=Precision.DAY) if first and last else None


def _day_of_month(found: Expression, setting: Setting) -> Resolved:
    published, number = setting.published, found.day or 1
    if published is None or found.year is not None:
        return None, "published", "timex.day-of-month-unresolved"
    offsets = (-1, 0, 1) if found.offset is None else (found.offset,)
    months = [calendar.month(published.year, published.month + offset).first for offset in offsets]
    made = [day for day in (calendar.day(first.year, first.month, number) for first in months) if day]
    return nearest(made, setting, DAY_WEIGHT), "published", "timex.day-of-month"


def _next_or_last(found: Expression, setting: Setting, make: Callable[[int], Interval]) -> Resolved:
    """Resolves "this/next/last spring" or "May": this is the nearest by leaning, next and last lie beyond it."""
    published, offset = setting.published, found.offset
    if found.backward and setting.spoken:
        published = setting.spoken.last
    if published is None or offset is None:
        return None, "published", "timex.relative-unresolved"
    made = [make(published.year + step) for step in (-2, -1, 0, 1, 2)]
    if offset < 0:
        return max((m for m in made if m.last < published), key=lambda m: m.first), "published", "timex.last"
    if offset > 0:
        return _next(found, made, published), "published", "timex.next"
    return nearest(made, setting, 3), "published", "timex.this"


def _next(found: Expression, made: list[Interval], published: Day) -> Interval:
    """Takes "next summer" said in spring for next year's, as this year's is "this summer"."""
    coming = [interval for interval in made if interval.first > published]
    if found.form is Form.SEASON and found.number == 4:
        at_the_door = published.month >= FIRST_MONTHS_OF_WINTER
    else:
        at_the_door = coming[0].first.year == published.year
    return coming[1] if at_the_door and not found.backward and not _contained(made, published) else coming[0]


def _contained(made: list[Interval], published: Day) -> bool:
    return any(interval.contains(published) for interval in made)


def _weekday(found: Expression, setting: Setting) -> Resolved:
    published, weekday = setting.published, found.weekday or 0
    if found.backward and setting.spoken:
        published = setting.spoken.last
    if published is None:
        return None, "published", "timex.weekday-unresolved"
    if found.role == "of-week":
        monday = calendar.week(published).first + (found.offset or 0) * 7 * ONE_DAY
        return calendar.one(monday + weekday * ONE_DAY), "published", "timex.weekday-of-week"
    behind = published - (published.weekday() - weekday) % 7 * ONE_DAY
    ahead = published + (weekday - published.weekday()) % 7 * ONE_DAY
    if found.role == "plus-week":
        return calendar.one(ahead + 7 * ONE_DAY), "published", "timex.weekday-plus-week"
    if found.offset:
        return calendar.one(_weekday_beyond(found, published, behind, ahead)), "published", "timex.weekday-relative"
    chosen = nearest((calendar.one(behind), calendar.one(ahead)), setting, WEEKDAY_WEIGHT)
    return chosen, "published", f"timex.weekday-{setting.leaning}"


def _weekday_beyond(found: Expression, published: Day, behind: Day, ahead: Day) -> Day:
    if found.offset == -1:
        return behind if behind < published else behind - 7 * ONE_DAY
    if found.backward:
        return ahead if ahead > published else ahead + 7 * ONE_DAY
    return calendar.week(published).first + (7 + (found.weekday or 0)) * ONE_DAY


def _day_word(found: Expression, setting: Setting) -> Resolved:
    if setting.published is None:
        return None, "published", "timex.day-word-unresolved"
    return calendar.one(setting.published + (found.offset or 0) * ONE_DAY), "published", "timex.day-word"


def _step(found: Expression, setting: Setting) -> Resolved:
    if setting.spoken is None or setting.spoken.precision is not Precision.DAY:
        return None, "published", "timex.step-unresolved"
    return calendar.one(setting.spoken.last + (found.offset or 0) * ONE_DAY), "published", "timex.step"


def _period(found: Expression, setting: Setting) -> Resolved:
    base, offset = setting.published, found.offset or 0
    if found.backward:
        base = setting.spoken.last if setting.spoken else None
    if base is None:
        return None, "published", "timex.period-unresolved"
    if found.unit == "day":
        return calendar.one(base), "published", "timex.period"
    if found.role == "turn":
        return calendar.year(round(base.year, -2)), "published", "timex.turn-of-century"
    if found.unit == "week" and base.weekday() == SUNDAY and offset == 0 and setting.leaning is Leaning.FUTURE:
        offset = 1  # what will happen "this week" in a Sunday's paper happens in the week that begins
    return calendar.period(found.unit, base, offset), "published", "timex.period"


def _season(found: Expression, setting: Setting) -> Resolved:
    number = found.number or 1
    if found.offset is not None:
        return _next_or_last(found, setting, lambda year: calendar.season(year, number))
    return _any_year(found, setting, lambda year: calendar.season(year, number), MONTH_WEIGHT, "season")


def _quarter(found: Expression, setting: Setting) -> Resolved:
    number = found.number or 1
    return _any_year(found, setting, lambda year: calendar.quarter(year, number), MONTH_WEIGHT, "quarter")


def _half(found: Expression, setting: Setting) -> Resolved:
    return _any_year(found, setting, lambda year: calendar.half(year, found.number or 1), MONTH_WEIGHT, "half")


def _years(found: Expression, setting: Setting) -> Resolved:
    return (calendar.years(*found.years) if found.years else None), "absolute", "timex.years"


def _feast(found: Expression, setting: Setting) -> Resolved:
    spec = found.feast
    if spec is None:
        return None, "published", "timex.feast-unresolved"
    return _any_year(found, setting, lambda year: calendar.feast(spec, year), DAY_WEIGHT, "feast")


def _clock(found: Expression, setting: Setting) -> Resolved:
    if setting.published is None:
        return None, "published", "timex.clock-unresolved"
    return calendar.one(setting.published), "published", "timex.clock"


def _unresolved(found: Expression, setting: Setting) -> Resolved:
    return None, "absolute", f"timex.{found.form}"


_RESOLVERS: dict[Form, Callable[[Expression, Setting], Resolved]] = {
    Form.CALENDAR: _calendar,
    Form.WEEKDAY: _weekday,
    Form.DAY_WORD: _day_word,
    Form.STEP: _step,
    Form.PERIOD: _period,
    Form.SEASON: _season,
    Form.QUARTER: _quarter,
    Form.HALF: _half,
    Form.YEARS: _years,
    Form.FISCAL: _unresolved,
    Form.FEAST: _feast,
    Form.LENGTH: _unresolved,
    Form.AMBIGUOUS: _unresolved,
    Form.CLOCK: _clock,
    Form.SET: _unresolved,
    Form.AGE: _unresolved,
}
