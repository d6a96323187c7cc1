"""Finds time expressions in a text: what each says, before anything is known of the calendar or the article."""

import dataclasses
import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

from transforms.extract.timex import calendar_words, length_words
from transforms.extract.timex.expressions import Expression, Form
from transforms.extract.timex.lexer import Lexed, compile_pattern, data, lex
from transforms.extract.timex.needs import Needs, needs_of
from transforms.extract.timex.reader import Fields, Reader
from transforms.records import record

type Read = Callable[[Reader], Fields | None]

PART_WINDOW = 8  # lexemes before an expression in which "the end of the" must stand
# One row a pattern of patterns.yaml: what is made of a match, and how its pieces are read.
READERS: dict[str, tuple[Form, Read]] = {
    "year-end": (Form.PERIOD, lambda read: calendar_words.read_part_period(read, "end")),
    "year-end-bare": (Form.PERIOD, lambda read: calendar_words.read_part_period(read, "end")),
    "mid-year": (Form.PERIOD, lambda read: calendar_words.read_part_period(read, "mid")),
    "numeric": (Form.CALENDAR, calendar_words.read_numeric),
    "days-month": (Form.CALENDAR, calendar_words.read_calendar),
    "month-days": (Form.CALENDAR, calendar_words.read_calendar),
    "day-month": (Form.CALENDAR, calendar_words.read_calendar),
    "month-day": (Form.CALENDAR, calendar_words.read_calendar),
    "month": (Form.CALENDAR, calendar_words.read_month),
    "month-of": (Form.CALENDAR, calendar_words.read_month_of),
    "day-of-month": (Form.CALENDAR, calendar_words.read_day_of_month),
    "years": (Form.YEARS, calendar_words.read_years),
    "year": (Form.CALENDAR, calendar_words.read_year),
    "fiscal": (Form.FISCAL, calendar_words.read_fiscal),
    "fy": (Form.FISCAL, calendar_words.read_fiscal),
    "turn": (Form.PERIOD, calendar_words.read_turn),
    "decade": (Form.YEARS, calendar_words.read_decade),
    "decade-word": (Form.YEARS, calendar_words.read_decade),
    "century": (Form.YEARS, calendar_words.read_century),
    "weekday": (Form.WEEKDAY, calendar_words.read_weekday),
    "weekday-of-week": (Form.WEEKDAY, calendar_words.read_weekday_of_week),
    "week-weekday": (Form.WEEKDAY, calendar_words.read_weekday_of_week),
    "weekday-week": (Form.WEEKDAY, calendar_words.read_weekday_of_week),
    "week-from-weekday": (Form.WEEKDAY, calendar_words.read_weekday_of_week),
    "day-word": (Form.DAY_WORD, calendar_words.read_day_word),
    "day-beyond": (Form.DAY_WORD, calendar_words.read_day_word),
    "day-part": (Form.DAY_WORD, calendar_words.read_day_word),
    "day-same": (Form.STEP, calendar_words.read_step),
    "day-next": (Form.STEP, calendar_words.read_step),
    "period": (Form.PERIOD, calendar_words.read_period),
    "period-bare": (Form.PERIOD, calendar_words.read_period_bare),
    "season": (Form.SEASON, calendar_words.read_season),
    "season-of": (Form.SEASON, calendar_words.read_season_of),
    "quarter": (Form.QUARTER, calendar_words.read_quarter),
    "year-quarter": (Form.QUARTER, calendar_words.read_quarter),
    "quarter-q": (Form.QUARTER, calendar_words.read_quarter),
    "half-h": (Form.HALF, calendar_words.read_quarter),
    "age": (Form.AGE, lambda read: {}),
    "age-years": (Form.AGE, lambda read: {}),
    "aged": (Form.AGE, lambda read: {}),
    "ago": (Form.LENGTH, length_words.read_moved("earlier")),
    "later": (Form.LENGTH, length_words.read_moved("later")),
    "time-of": (Form.LENGTH, length_words.read_moved("later-now")),
    "length": (Form.LENGTH, length_words.read_length),
    "length-one": (Form.LENGTH, length_words.read_length_one),
    "span": (Form.LENGTH, length_words.read_span),
    "each": (Form.SET, lambda read: {}),
    "rate": (Form.SET, lambda read: {}),
    "weekdays": (Form.SET, lambda read: {}),
    "adverb": (Form.SET, lambda read: {}),
    "clock": (Form.CLOCK, length_words.read_clock),
    "feast": (Form.FEAST, calendar_words.read_feast),
}
_WHOLE = (Form.CALENDAR, Form.PERIOD, Form.SEASON, Form.QUARTER, Form.HALF, Form.YEARS, Form.FISCAL)
_DAYS = (Form.CALENDAR, Form.WEEKDAY, Form.DAY_WORD, Form.STEP, Form.FEAST)


@record
class _Pattern:
    """A pattern, its place among the others, and the symbols without which it matches nothing."""

    name: str
    order: int
    expression: re.Pattern[str]
    without: tuple[frozenset[str], ...]


def _begun(needs: Needs) -> str:
    """Returns what fails at once where a pattern cannot begin: trying all its branches takes ten times as long."""
    return "" if needs.first is None else f"(?=[{''.join(sorted(needs.first))}])"


def _compiled(name: str, order: int, text: str) -> _Pattern:
    needs = needs_of(text)
    return _Pattern(
        name=name, order=order, expression=compile_pattern(text, before=_begun(needs)), without=needs.without
    )


@functools.cache
def _patterns() -> tuple[_Pattern, ...]:
    listed = [_compiled(name, order, text) for order, (name, text) in enumerate(data()["patterns"].items())]
    needs = needs_of(" | ".join(data()["feasts"]))
    feasts = "|".join(
        f"(?P<feast{index}>{compile_pattern(text).pattern})" for index, text in enumerate(data()["feasts"])
    )
    feast = re.compile(f"{_begun(needs)}(?:{feasts})(?:{compile_pattern('YEARX').pattern})?", re.DOTALL)
    return (*listed, _Pattern(name="feast", order=len(listed), expression=feast, without=needs.without))


@functools.cache
def _part_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    far = ((name, compile_pattern(f"{text} ( of | to ) the?", after=r"\Z")) for name, text in data()["parts"].items())
    near = ((name, compile_pattern(text, after=r"\Z")) for name, text in data()["near_parts"].items())
    return (*far, *near)


@functools.cache
def _tail_pattern() -> re.Pattern[str]:
    return compile_pattern(data()["part_tails"]["end"])


def parse(text: str) -> tuple[Expression, ...]:
    """Returns the time expressions of a text in its order, none overlapping another; nothing is resolved yet."""
    return parse_lexed(lex(text))


def parse_lexed(lexed: Lexed) -> tuple[Expression, ...]:
    """Returns the time expressions of a text already split into lexemes."""
    chosen: list[Expression] = []
    end = 0
    for found in sorted(_candidates(lexed), key=lambda found: (found[0].low, -found[0].high, found[1])):
        if found[0].low >= end:
            chosen.append(found[0])
            end = found[0].high
    return tuple(_with_parts(chosen, lexed))


def _with_parts(chosen: list[Expression], lexed: Lexed) -> Iterator[Expression]:
    floor = 0
    for found in chosen:
        whole = _with_part(found, floor, lexed)
        if whole is not None:
            floor = whole.high
            yield whole


def _candidates(lexed: Lexed) -> Iterator[tuple[Expression, int]]:
    present = set(lexed.symbols)
    for pattern in _patterns():
        if any(present.isdisjoint(group) for group in pattern.without):
            continue
        form, read = READERS[pattern.name]
        for match in pattern.expression.finditer(lexed.symbols):
            fields = read(Reader(lexed, match))
            if fields is not None:
                made = {"form": form, "pattern": pattern.name, **fields}
                yield _expression(lexed, match.start(), match.end(), made), pattern.order


def _expression(lexed: Lexed, low: int, high: int, fields: dict[str, Any]) -> Expression:
    return Expression(start=lexed.starts[low], end=lexed.ends[high - 1], low=low, high=high, **fields)


def _with_part(found: Expression, floor: int, lexed: Lexed) -> Expression | None:
    """Takes in "the end of", "mid-" or "late" before an expression; drops what means nothing without it."""
    if found.form in _WHOLE or found.form in _DAYS:
        window = lexed.symbols[max(floor, found.low - PART_WINDOW) : found.low]
        for name, pattern in _part_patterns():
            match = pattern.search(window)
            if match and _part_fits(found, name, match.group()):
                return _extended(found, name, found.low - len(match.group()), lexed)
    if found.role != "bare":
        return found
    tail = _tail_pattern().match(lexed.symbols, found.high)
    if tail and found.unit != "day":
        return dataclasses.replace(found, part="end", role="", high=tail.end(), end=lexed.ends[tail.end() - 1])
    lead = lexed.word(found.low - 1) if found.low > floor else ""
    whole = lead in ("within", "during", "throughout") and found.unit in ("week", "month", "year")
    weekend = lead in ("by", "before", "over", "until", "at") and found.unit == "weekend"
    return dataclasses.replace(found, role="") if whole or weekend else None


def _part_fits(found: Expression, name: str, words: str) -> bool:
    day_level = found.form in (Form.WEEKDAY, Form.DAY_WORD, Form.STEP, Form.FEAST) or found.day is not None
    if name == "around-week":
        return found.day is not None and found.form is Form.CALENDAR
    if day_level or found.unit == "day":
        return name in ("early", "late", "end")
    if found.part or (found.form is Form.CALENDAR and found.year is None and found.month is None):
        return False
    if name.startswith("week"):
        return found.month is not None or found.unit == "month"
    if name == "later":
        return found.form is Form.PERIOD or found.form is Form.CALENDAR
    return True


def _extended(found: Expression, name: str, low: int, lexed: Lexed) -> Expression:
    day_level = found.form in (Form.WEEKDAY, Form.DAY_WORD, Form.STEP, Form.FEAST) or found.day is not None
    part = "" if day_level and name != "around-week" else name
    role = "" if found.role == "bare" else found.role
    return dataclasses.replace(found, low=low, start=lexed.starts[low], part=part, role=role, weak=False)
