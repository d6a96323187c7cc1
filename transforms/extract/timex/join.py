"""Joins neighbouring time expressions that are one: a clock time with its day, and the two ends of a range."""

import dataclasses
import functools
import re
from collections.abc import Iterable

from transforms.extract.timex.expressions import Expression, Form
from transforms.extract.timex.lexer import Lexed, compile_pattern, word_set

ENDS = frozenset(
    (Form.CALENDAR, Form.WEEKDAY, Form.DAY_WORD, Form.PERIOD, Form.SEASON, Form.QUARTER, Form.HALF, Form.FEAST)
)  # what a range may start and end with
DAYS = frozenset((Form.CALENDAR, Form.WEEKDAY, Form.DAY_WORD, Form.STEP, Form.FEAST))
_ARTICLE_AND_UNIT = 2  # lexemes of "a day"
_COUNTING = ("within", "in", "for", "of", "until", "after", "by", "than", "about", "over", "to")
_KEPT = ("date", "deadline", "target", "cutoff")
MOVES = word_set("moves")  # "moved the deadline from Friday to Monday" names two dates, not a range
MOVE_WINDOW = 14  # lexemes before a range in which such a verb stands


@functools.cache
def _gap(pattern: str) -> re.Pattern[str]:
    return compile_pattern(pattern)


_CLOCK_GAP = "( COMMA | on | of | this | the | LPAREN | RPAREN | at | in | late | HYPHEN ){0,3}"
_RANGE_GAP = (
    "COMMA? ( to | until | till | til | through | thru | HYPHEN | up to | and until | and up to | up until )"
    " ( on | the | early | late )?"
)
_AND_GAP = "and ( on | the )?"
_BEFORE = "( before | prior to | ahead of )"
_COUNT_GAP = (
    "( from | after | of | following | since | starting | starting from | starting on | as of"
    " | before | prior to | ahead of ) the?"
)
_LIST_GAP = "( and | or | COMMA | COMMA and ) ( on | the )?"


def join(expressions: Iterable[Expression], lexed: Lexed) -> tuple[Expression, ...]:
    """Returns the expressions with clock times joined to their days and ranges made one.

    Args:
        expressions: In the order of the text.
        lexed: The text they were found in.
    """
    joined: list[Expression] = []
    for found in expressions:
        last = joined[-1] if joined else None
        merged = _merge(last, found, lexed) if last else None
        if merged is None:
            joined.append(found)
        else:
            joined[-1] = merged
    return tuple(_share_years(joined, lexed))


def _between(first: Expression, second: Expression, lexed: Lexed) -> str:
    return lexed.symbols[first.high : second.low]


def _merge(first: Expression, second: Expression, lexed: Lexed) -> Expression | None:
    gap = _between(first, second, lexed)
    if len(gap) > 4 or first.upto:
        return None
    if first.form is Form.LENGTH:
        return _counted(first, second, gap, lexed)
    if Form.CLOCK in (first.form, second.form):
        return _with_clock(first, second, gap)
    return _as_range(first, second, gap, lexed)


def _counted(first: Expression, second: Expression, gap: str, lexed: Lexed) -> Expression | None:
    day_level = second.form in DAYS and (second.form is not Form.CALENDAR or second.day is not None)
    if first.role != "plain" or not day_level or second.upto or not _gap(_COUNT_GAP).fullmatch(gap):
        return None
    if second.form is Form.CALENDAR and _is_rate(first, gap, lexed):
        return None
    if lexed.word(second.high) in _KEPT if second.high < len(lexed.starts) else False:
        return None  # "five weeks ahead of the July 1 deadline" names the deadline
    sign = -1 if _gap(f"{_BEFORE} ANY?").fullmatch(gap) else 1
    return dataclasses.replace(first, counted=second, sign=sign, end=second.end, high=second.high)


def _is_rate(first: Expression, gap: str, lexed: Lexed) -> bool:
    """Whether "a day" is how often ("two million barrels a day from January 1"), not a count ("within a day from")."""
    if first.high - first.low != _ARTICLE_AND_UNIT or lexed.word(first.low) != "a" or not _gap("from").fullmatch(gap):
        return False
    return first.low > 0 and lexed.word(first.low - 1) not in _COUNTING


def _with_clock(first: Expression, second: Expression, gap: str) -> Expression | None:
    clock, day = (first, second) if first.form is Form.CLOCK else (second, first)
    if first.form is second.form:
        parted = _gap("( HYPHEN | to | until | and | SLASH | LPAREN | COMMA )").fullmatch(gap)
        return dataclasses.replace(first, end=second.end, high=second.high) if parted else None
    if day.form not in DAYS or day.clock or (day.form is Form.CALENDAR and day.day is None):
        return None
    if not _gap(_CLOCK_GAP).fullmatch(gap):
        return None
    bounds = {"start": first.start, "low": first.low, "end": second.end, "high": second.high}
    return dataclasses.replace(day, clock=clock.clock, zone=clock.zone, weak=False, **bounds)  # type: ignore[arg-type]


def _as_range(first: Expression, second: Expression, gap: str, lexed: Lexed) -> Expression | None:
    if first.form not in ENDS or second.form not in ENDS or second.upto or second.day_last:
        return None
    between = _gap(_AND_GAP).fullmatch(gap) and "between" in lexed.words(max(0, first.low - 3), first.low)
    if not between and not _gap(_RANGE_GAP).fullmatch(gap):
        return None
    before = lexed.words(max(0, first.low - MOVE_WINDOW), first.low)
    if not between and MOVES.intersection(before) and "from" in before[-3:]:
        return None
    alike = first.form is second.form and (first.day is None) == (second.day is None)
    if not between and not alike and not {"from", "starting", "beginning"}.intersection(before[-4:]):
        return None
    ends = {"end": second.end, "high": second.high}
    return dataclasses.replace(first, upto=second, weak=first.weak and second.weak, **ends)  # type: ignore[arg-type]


def _share_years(joined: list[Expression], lexed: Lexed) -> list[Expression]:
    """Gives the year of "12 May and 3 June 2005" to both days."""
    shared = list(joined)
    for index in range(len(shared) - 2, -1, -1):
        first, second = shared[index], shared[index + 1]
        if _lacks_year(first) and second.form is Form.CALENDAR and second.year is not None and second.month is not None:
            gap = _between(first, second, lexed)
            if len(gap) <= 3 and _gap(_LIST_GAP).fullmatch(gap) and (first.day is None) == (second.day is None):
                shared[index] = dataclasses.replace(first, year=second.year)
    return shared


def _lacks_year(found: Expression) -> bool:
    return (
        found.form is Form.CALENDAR
        and found.month is not None
        and found.year is None
        and found.year_offset is None
        and found.offset is None
        and found.upto is None
    )
