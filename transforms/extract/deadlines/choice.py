"""Chooses among the dates read in an article: one for each day, none blurred or superseded."""

import datetime
from collections.abc import Mapping, Sequence

from transforms.extract.deadlines.records import Candidate
from transforms.extract.deadlines.spans import EXTENDING
from transforms.records import DeadlineKind, Precision


def choose(found: Sequence[Candidate]) -> list[Candidate]:
    """Returns the dates that stand, in no set order.

    Args:
        found: All dates read in one article, in the order of the text.
    """
    exact = {
        (candidate.clause.governor.i, candidate.kind): candidate.date
        for candidate in found
        if candidate.precision is Precision.DAY
    }
    best: dict[datetime.date, Candidate] = {}
    for candidate in found:
        if _blurred(candidate, exact) or _superseded(candidate, found) or _respanned(candidate, found):
            continue
        other = best.get(candidate.date)
        if other is None or _rank(candidate) > _rank(other):
            best[candidate.date] = candidate
    return list(best.values())


def _rank(candidate: Candidate) -> tuple[int, bool]:
    """Orders what is told of one day: a start or end says more than the bare "deadline" or deed on the same day."""
    turn = candidate.kind is not DeadlineKind.DUE
    return (candidate.strength + (turn and candidate.rule != "deadlines.noun"), turn)


def only_clock(candidate: Candidate, found: Sequence[Candidate]) -> bool:
    """Whether it is a bare clock time whose day its clause names apart ("at midnight, in the night of May 1 to 2").

    Args:
        candidate: The date.
        found: All dates that stand by themselves.
    """
    return candidate.timex.rule == "timex.clock" and any(
        other.clause.governor.i == candidate.clause.governor.i and other.timex.rule != "timex.clock" for other in found
    )


def _blurred(candidate: Candidate, exact: Mapping[tuple[int, DeadlineKind], datetime.date]) -> bool:
    """Whether another date of the same clause says the same more exactly ("this Sunday, February 15")."""
    if candidate.timex.rule == "timex.length-later":
        return any(
            first <= day <= candidate.date for first in (candidate.timex.first,) if first for day in exact.values()
        )
    other = exact.get((candidate.clause.governor.i, candidate.kind))
    first = candidate.timex.first
    if other is None or first is None or candidate.precision is Precision.DAY:
        return False
    return first <= other <= candidate.date


def _superseded(candidate: Candidate, found: Sequence[Candidate]) -> bool:
    """Whether it is the old end of what its sentence extends ("the pact, which was to expire in May, until June")."""
    verb = candidate.clause.verb
    if candidate.kind is not DeadlineKind.EXPIRES or verb is None:
        return False
    was = any(token.tag_ == "VBD" and token.lemma_ == "be" for token in candidate.clause.chain[:3])
    return was and any(
        other.kind is DeadlineKind.EXPIRES
        and other.date > candidate.date
        and other.clause.verb is not None
        and other.clause.verb.lemma_ in EXTENDING
        and other.clause.verb.sent.start == verb.sent.start
        for other in found
    )


def _respanned(candidate: Candidate, found: Sequence[Candidate]) -> bool:
    """Whether the text says of the same length what must be done in it ("a 90-day truce": "no deal in 90 days")."""
    return candidate.rule == "deadlines.length-of-agreement" and any(
        other.rule == "deadlines.outside-date" and other.timex.duration == candidate.timex.duration for other in found
    )
