"""Says whether a date that words govern is believed: its agreement stands close enough, and it is the news' own."""

import datetime

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.link import APART, AROUND, BESIDE, Link
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


def believed(verdict: Verdict, link: Link) -> bool:
    """Whether the agreement stands close enough; the strongest words may speak of the article's main one."""
    return verdict.strength is LAST_WORD or link.closeness >= _NEEDED[verdict.strength]


def timely(
    verdict: Verdict, timex: Timex, date: datetime.date, clause: Clause, published: datetime.date | None
) -> bool:
    """Whether the date is the news' own, not history."""
    named = verdict.rule in {"deadlines.noun-target", "deadlines.date-set"}
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
    back = verdict.rule == "deadlines.backdated"
    return age <= (BACKDATED_DAYS if back else RECENT_DAYS)


def _some_year(timex: Timex, clause: Clause) -> bool:
    """Whether something is only to start in the course of a year ("will launch a channel next year")."""
    return timex.precision is Precision.YEAR and timex.bound is Bound.ON and clause.force is Force.FUTURE


def _of_telling(timex: Timex, clause: Clause) -> bool:
    """Whether a bare date is when it was told or agreed ("agreed to merge on Thursday"), or too vague to oblige."""
    agreed = clause.promised and timex.rule.startswith("timex.weekday")
    vague = timex.precision is Precision.YEAR and clause.force is not Force.BOUND
    return timex.past or agreed or vague
