"""Reads the words around a time expression: how they bound it, what a length counts from, and what is only a name."""

import functools
import re

from transforms.extract.layers import Bound, TimexKind
from transforms.extract.timex.expressions import Expression, Form
from transforms.extract.timex.lexer import Lexed, compile_pattern, data
from transforms.records import record

BOUND_WINDOW = 12  # lexemes before an expression among which its bounding words stand
EVENT_WORDS = 12  # at most, of the event a length counts from
_PARTICLES = ("to", "following", "through", "before", "after", "since", "over")
STATISTIC_WINDOW = 10  # lexemes before a date in which a percentage makes it a comparison


@record
class Bounding:
    """How an expression is bounded: by what, from which lexeme, and the nearest bounding word ("in")."""

    bound: Bound
    low: int
    lead: str


@functools.cache
def _bounds() -> tuple[tuple[Bound, re.Pattern[str]], ...]:
    fill = data()["fill"]
    return tuple(
        (Bound(name), compile_pattern(f"{text} {fill}{{0,5}}", after=r"\Z")) for name, text in data()["bounds"].items()
    )


@functools.cache
def _after_bounds() -> tuple[tuple[Bound, re.Pattern[str]], ...]:
    return tuple((Bound(name), compile_pattern(text)) for name, text in data()["after_bounds"].items())


@functools.cache
def _tail(name: str) -> re.Pattern[str]:
    return compile_pattern(data()[name])


def bounding(lexed: Lexed, found: Expression) -> Bounding:
    """Returns how the words before (and just behind) an expression bound it; ON where there are none."""
    window = lexed.symbols[max(0, found.low - BOUND_WINDOW) : found.low]
    best, reach, lead = Bound.ON, 0, ""
    for bound, pattern in _bounds():
        match = pattern.search(window)
        if match and len(match.group()) > reach:
            best, reach = bound, len(match.group())
            lead = lexed.word(found.low - reach)
    if reach > 1 and _hangs_behind(lexed, found, lead, reach):
        best, reach, lead = Bound.ON, reach - 1, lexed.word(found.low - reach + 1)
    elif found.form is Form.LENGTH and lead == "to":
        best, reach, lead = Bound.ON, 0, ""  # "agreed to a six-month extension"
    if found.role == "ahead":
        best = _ahead(lexed, found, best)
    if best is Bound.UNTIL and found.form is Form.LENGTH and lead == "up":
        best = Bound.WITHIN
    if best is Bound.BEFORE and found.part == "end":
        best = Bound.BY
    for bound, pattern in _after_bounds():
        if pattern.match(lexed.symbols, found.high):
            best = bound
    return Bounding(bound=best, low=found.low - reach, lead=lead)


def _hangs_behind(lexed: Lexed, found: Expression, lead: str, reach: int) -> bool:
    """Whether the bounding word belongs to what stands before: "agreed to in May", "one minute past midnight on"."""
    if lead == "past" and (found.clock or "midnight" in lexed.words(found.low - reach, found.low)):
        return True
    return lead in _PARTICLES and lexed.word(found.low - reach + 1) in ("in", "on", "at")


def _ahead(lexed: Lexed, found: Expression, bound: Bound) -> Bound:
    """Tells "in the next 30 days" (within them) from "for the next 30 days" (until they are over)."""
    before = lexed.word(found.low - 1) if found.low else ""
    return Bound.UNTIL if before == "for" else Bound.WITHIN if before in ("in", "over", "within", "during") else bound


def event(lexed: Lexed, found: Expression, bound: Bound) -> str:
    """Returns the words of the event a length counts from ("of the signing of the accord"), or "".

    "Of" names one only behind "within": "three days of talks" are talks, not a count from them.
    """
    match = _tail("event_leads").match(lexed.symbols, found.high)
    if match is None or found.role != "plain" or (match.end() - found.high == 1 and _bare_of(lexed, found, bound)):
        return ""
    stops, high = data()["event_stops"], match.end()
    while high < min(len(lexed.starts), found.high + EVENT_WORDS) and _goes_on(lexed, high, stops):
        high += 1
    return lexed.text[lexed.starts[found.high] : lexed.ends[high - 1]] if high > match.end() else ""


def _bare_of(lexed: Lexed, found: Expression, bound: Bound) -> bool:
    return lexed.word(found.high) == "of" and bound not in (Bound.WITHIN, Bound.BY)


def _goes_on(lexed: Lexed, index: int, stops: list[str]) -> bool:
    return lexed.word(index) not in stops and "\n" not in lexed.text[lexed.starts[index] : lexed.ends[index]]


def counts_from_now(lexed: Lexed, found: Expression) -> int:
    """Returns the lexeme behind "from now" where that follows a length, else 0."""
    match = _tail("now_tails").match(lexed.symbols, found.high)
    return match.end() if match else 0


def name_rule(lexed: Lexed, found: Expression) -> str:
    """Returns the rule by which an expression is a name or a statistic by the words next to it, or ""."""
    names = data()["names"]
    before = lexed.word(found.low - 1) if found.low else ""
    after = lexed.word(found.high) if found.high < len(lexed.starts) else ""
    if found.form is Form.WEEKDAY and (before in names["weekday_before"] or after in names["weekday_after"]):
        return "timex.name-weekday"
    if found.form is Form.FEAST and after in names["feast_after"]:
        return "timex.name-feast"
    if found.form is Form.SEASON and found.year is None and after in names["season_after"]:
        return "timex.name-season"
    if found.form is Form.CALENDAR and after in names["event_nouns"]:
        return "timex.name-event"
    if found.form is Form.CALENDAR and after in names["statistic_nouns"] and found.day is None:
        return "timex.statistic"
    return "timex.statistic" if _reported(lexed, found, names) or _compared(lexed, found, names) else ""


def _reported(lexed: Lexed, found: Expression, names: dict[str, list[str]]) -> bool:
    """Whether the date closes a period of account: "in the 12 months to June 30", "the year ended March 31"."""
    words = lexed.words(max(0, found.low - 4), found.low)
    closes = len(words) > 2 and words[-1] in names["reported_ends"] and words[-2] in names["reported_periods"]
    return closes and "the" in words[:-2]


def _compared(lexed: Lexed, found: Expression, names: dict[str, list[str]]) -> bool:
    """Whether a figure is held against the date: "up 3% from 2008", "compared to March of 2008"."""
    if found.form not in (Form.CALENDAR, Form.PERIOD, Form.QUARTER, Form.YEARS) or found.day is not None:
        return False
    words = lexed.words(max(0, found.low - STATISTIC_WINDOW), found.low)
    if "than" in words[-4:] and {"later", "earlier"}.intersection(words[-5:]):
        return False  # "no later than the end of June" bounds, "lower than in June" compares
    lead = words[-1] if words and words[-1] not in ("the", "a") else (words[-2] if len(words) > 1 else "")
    if lead in names["compared"] or (lead in ("to", "with") and set(words[-4:]) & set(names["compared"])):
        return True
    figures = "%" in words or "percent" in words or "pct" in words or {"per", "cent"} <= set(words)
    return lead in ("from", "than", "over") and figures and bool(set(words) & set(names["changed"]))


def kind(found: Expression) -> TimexKind:
    """Returns what an expression is by its form alone."""
    if found.form is Form.SET:
        return TimexKind.SET
    if found.form is Form.AGE:
        return TimexKind.AGE
    if found.upto is not None or found.day_last is not None:
        return TimexKind.RANGE
    if found.form is Form.YEARS:
        return TimexKind.RANGE if found.pattern == "years" else TimexKind.OTHER
    moved = found.role in ("ago", "earlier", "later", "later-now") or found.counted is not None
    return TimexKind.DURATION if found.form is Form.LENGTH and not moved else TimexKind.DATE
