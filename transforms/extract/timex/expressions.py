"""What the grammar of time says: one record for any time expression, before it is resolved against a calendar."""

from enum import StrEnum

from transforms.records import record


class Form(StrEnum):
    """What an expression is made of; how it is resolved follows from this."""

    CALENDAR = "calendar"  # any of year, month, day, with or without a weekday
    WEEKDAY = "weekday"
    DAY_WORD = "day_word"  # today, tomorrow, the day after tomorrow
    STEP = "step"  # the next day, the same day: a day counted from the one last spoken of
    PERIOD = "period"  # this week, last month, the year
    SEASON = "season"
    QUARTER = "quarter"
    HALF = "half"
    YEARS = "years"  # decades, centuries, 2005-2007
    FISCAL = "fiscal"
    FEAST = "feast"
    AMBIGUOUS = "ambiguous"  # 01/02/2006: January in some countries, February in others
    LENGTH = "length"
    CLOCK = "clock"
    SET = "set"
    AGE = "age"


@record
class Expression:
    """One time expression, as said.

    Attributes:
        start, end: Characters; low, high: lexemes.
        pattern: The pattern of patterns.yaml that found it.
        year_offset: 1 for "next year", 0 for "this year", -1 for "last year" behind a day, month, season or quarter.
        day_last: The last day of "10-12 December".
        offset: The same for the expression itself ("next Monday"), or days from today.
        backward: Whether the relative word looks back to a date spoken of before ("the following year").
        unit: The unit of a period.
        length: ISO 8601, or None where the text gives no number ("a few days").
        role: Of a length: plain, ago, later, earlier, ahead ("the next 30 days") or behind ("the past 30 days").
        part: A key of `parts`: "the end of", "mid-", "early".
        weak: Only a date when grammar or the entity recogniser say so.
        upto: The second date of a range.
        counted: The date a length counts from ("two weeks from Monday"); sign -1 for "two days before Monday".
    """

    start: int
    end: int
    low: int
    high: int
    form: Form
    pattern: str
    year: int | None = None
    year_offset: int | None = None
    month: int | None = None
    day: int | None = None
    day_last: int | None = None
    weekday: int | None = None
    number: int | None = None
    offset: int | None = None
    backward: bool = False
    unit: str = ""
    length: str | None = None
    role: str = ""
    years: tuple[int, int] | None = None
    feast: str | None = None
    part: str = ""
    clock: str | None = None
    zone: str | None = None
    weak: bool = False
    upto: "Expression | None" = None
    counted: "Expression | None" = None
    sign: int = 1
