"""Says whether a date that words govern is believed: its agreement stands close enough, and it is the news' own."""

import datetime

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.link import APART, AROUND, BESIDE, Link
from transforms.extract.deadlines.spans import reached_point
from transforms.extract.deadlines.terms import HINTED, LAST_WORD, LIKELY, SAID, Verdict
from transforms.extract.layers import Bound, Timex
from transforms.records import DeadlineKind, Precision

# How close the agreement must stand for words of each strength to be believed.
_NEEDED = {SAID: APART, LIKELY: AROUND, HINTED: BESIDE}

# A date this long past is still the news' own: "took effect on Tuesday", "should have left by February 28".
RECENT_DAYS = 14
RETROACTIVE_DAYS = 62  # pacts reported in one month are backdated to the start of it or of the one before
BACKDATED_DAYS = 200  # "backdated to", said outright, goes further back
MISSED_DAYS = 370
_WHOLE_YEAR_DAYS = 360
_YEAR_DAYS = 365


def believed(verdict: Verdict, link: Link, published: datetime.date | None) -> bool:
    """Whether the agreement stands close enough; the strongest words may speak of the article's main one."""
    if verdict.rule == "deadlines.future-by" and _settled_long_ago(link, published) and link.closeness < BESIDE:
        return False  # what will be done by a day is not the doing of a treaty of years ago told in passing
    return verdict.strength is LAST_WORD or link.closeness >= _NEEDED[verdict.strength]


def _settled_long_ago(link: Link, published: datetime.date | None) -> bool:
    reached = reached_point(link.agreement)
    year = int(link.agreement.reached[:4]) if link.agreement.reached else None
    if published is None or year is None:
        return False
    return published.year - year > 1 or (reached is not None and (published - reached.date).days > _YEAR_DAYS)


def timely(
    verdict: Verdict, timex: Timex, date: datetime.date, clause: Clause, published: datetime.date | None
) -> bool:
    """Whether the date is the news' own, not history."""
    named = verdict.rule in {"deadlines.noun-target", "deadlines.date-set"} and not timex.past
    if verdict.kind is DeadlineKind.DUE and timex.bound is Bound.ON and not named and _of_telling(timex, clause):
        return False
    if verdict.rule == "deadlines.starts" and verdict.strength < LAST_WORD and _some_year(timex, clause):
        return False
    if published is None or date >= published:
        return True
    age = (published - date).days
    if verdict.kind is DeadlineKind.DUE:
        if verdict.rule == "deadlines.obliges-by":
            return age <= RETROACTIVE_DAYS
        return clause.force is Force.BOUND and age <= MISSED_DAYS
    named = timex.bound is Bound.FROM and timex.anchor == "absolute"
    granted = named and clause.force is Force.FUTURE and verdict.kind is DeadlineKind.EFFECTIVE
    if verdict.rule == "deadlines.backdated" or granted:  # "will give them three percent effective January 1"
        return age <= BACKDATED_DAYS
    agreed = clause.promised and verdict.kind is DeadlineKind.EFFECTIVE
    return age <= (RETROACTIVE_DAYS if agreed else RECENT_DAYS)


def _some_year(timex: Timex, clause: Clause) -> bool:
    """Whether something is only to start in the course of a year ("will launch a channel next year")."""
    whole = timex.first is None or timex.last is None or (timex.last - timex.first).days >= _WHOLE_YEAR_DAYS
    return timex.precision is Precision.YEAR and whole and timex.bound is Bound.ON and clause.force is Force.FUTURE


def _of_telling(timex: Timex, clause: Clause) -> bool:
    """Whether a bare date is when it was told or agreed ("agreed to merge on Thursday"), or too vague to oblige."""
    agreed = clause.promised and timex.rule.startswith("timex.weekday")
    vague = timex.precision is Precision.YEAR and clause.force is not Force.BOUND
    return timex.past or agreed or vague
