"""Follows an agreement's deadlines through its reports: which are the same, and which one moved to another date.

A deadline is known again by its date and kind, and when it moves by what must be done: a later report that gives
another date for the same action, and says that it was moved, moves it. Different dates in one article are different
deadlines, unless the article itself tells of the move. One that an earlier article set is met when a later one says
outright that what it asks for was done in time.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from transforms.records import AgreementStatus, Change, Deadline, DeadlineKind, digest
from transforms.resolve.accounts import Account, Told
from transforms.resolve.deadline_met import asks_for, is_met, names_of
from transforms.resolve.fulfilment import Done
from transforms.store.analysis import split_words

# Words with which news tells that a date is another one than before.
_MOVED = re.compile(
    r"\b(?:extend(?:s|ed|ing)?|extension|prolong\w*|postpon\w*|push(?:ed|es|ing)? back|delay\w*|defer\w*|put off|"
    r"new (?:deadline|date|target|timetable)|revis\w+|reschedul\w*|renew\w*|roll(?:ed)? over|"
    r"(?:is|are|was|were|will|be) now|now (?:due|to|has|have|until)|mov(?:ed|ing) (?:to|from|back|up|forward)|"
    r"brought forward|advanced? (?:to|from)|instead of|rather than|originally|previous(?:ly)?|earlier deadline|"
    r"further|another|additional|more time|longer|grace period)\b",
    re.IGNORECASE,
)
# Shared words of two actions by which they count as one: of the shorter one's at least half, endings apart.
_ALIKE = 0.5
_STEM = 5  # letters: "withdraw", "withdrawal" and "withdrew" differ later or are told apart by other words
_EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "all",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "was",
        "were",
        "which",
        "will",
        "with",
        "would",
        "must",
        "should",
        "shall",
        "may",
        "can",
        "not",
        "no",
        "due",
        "until",
        "before",
        "after",
        "within",
        "date",
        "deadline",
    ]
)


class Reported(Protocol):
    """One article's account of the agreement."""

    @property
    def account(self) -> Account:
        """All that the article says."""

    @property
    def told(self) -> Told:
        """What it says of this agreement."""

    def change(self, what: str, old: str | None, new: str, said: str | None = None) -> Change:
        """Returns a step of history that it reports."""


def _words(action: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in split_words(action) if word not in _EMPTY and not word.isdigit())


def _alike(one: Deadline, other: Deadline) -> float:
    """Returns which part of the shorter action's words is in the other's."""
    mine, theirs = _words(one.action), _words(other.action)
    shorter = min(len(mine), len(theirs))
    return len(mine & theirs) / shorter if shorter else 0.0


class Track:
    """One deadline through all reports.

    Attributes:
        latest: As it stands now, in the words of the report that set its date.
        history: How it came to be and moved.
        keys: Of all mentions of it.
    """

    def __init__(self, report: Reported, key: str, deadline: Deadline) -> None:
        self.latest = deadline
        self.history = [report.change("deadline_new", None, deadline.date.isoformat())]
        self.keys = [key]
        self._earliest = (report.told.entered, key)
        self._dates = {deadline.date}

    @property
    def id(self) -> str:
        """The id it goes by: that of its earliest mention."""
        return _deadline_id(self._earliest[1])

    @property
    def ids(self) -> list[str]:
        """All ids it may ever have gone by."""
        return [_deadline_id(key) for key in self.keys]

    def is_told(self, deadline: Deadline) -> bool:
        """Whether a report repeats this deadline, by the date it has or had before."""
        return deadline.kind is self.latest.kind and deadline.date in self._dates

    def repeat(self, report: Reported, key: str) -> None:
        """Takes in a report that says nothing new."""
        self.know_by(report.told.entered, key)

    def know_by(self, entered: str, key: str) -> None:
        """Takes in a mention by which it is known, too; the earliest one gives it its id."""
        self.keys.append(key)
        self._earliest = min(self._earliest, (entered, key))

    def move(self, report: Reported, key: str, deadline: Deadline) -> None:
        """Takes in a report by which the date is another."""
        self.history.append(report.change("deadline_moved", self.latest.date.isoformat(), deadline.date.isoformat()))
        self.latest = deadline
        self._dates.add(deadline.date)
        self.repeat(report, key)

    def is_met_by(self, done: Done, names: Mapping[str, frozenset[str]], published: str, *, alone: bool) -> bool:
        """Whether a sentence of a report published then tells that what this deadline asks for was done in time."""
        last = self.history[-1]
        if last.what == "deadline_met" or last.article == done.evidence.article or last.published is None:
            return False
        return is_met(self.latest, done, names, since=last.published, published=published, alone=alone)

    def meet(self, report: Reported, done: Done, published: str) -> None:
        """Takes in a report by which it was met."""
        day, date = done.day or published[:10], self.latest.date.isoformat()
        self.history.append(report.change("deadline_met", date, day, done.evidence.text))


def _deadline_id(key: str) -> str:
    return digest("deadline", key)


def _tells_of_a_move(report: Reported, deadline: Deadline) -> bool:
    said = report.told.agreement.status is AgreementStatus.EXTENDED
    return said or _MOVED.search(deadline.evidence.text) is not None


def _moved(report: Reported, deadline: Deadline, tracks: Sequence[Track], told: set[datetime.date]) -> Track | None:
    """Returns the deadline that a report moves: the most alike whose date the report does not go on to give."""
    if not _tells_of_a_move(report, deadline):
        return None
    others = [
        track
        for track in tracks
        if track.latest.kind is deadline.kind
        and track.latest.evidence.article != deadline.evidence.article
        and track.latest.date not in told
    ]
    if deadline.kind is DeadlineKind.EXPIRES and len(others) == 1:
        return others[0]  # an agreement ends once
    best = max(others, key=lambda track: (_alike(track.latest, deadline), track.latest.date), default=None)
    return best if best is not None and _alike(best.latest, deadline) >= _ALIKE else None


def _in_order(told: Told) -> Iterator[tuple[str, Deadline]]:
    yield from sorted(told.dated(), key=lambda one: (one[1].date, one[1].kind, one[0]))


def follow(reports: Sequence[Reported]) -> list[Track]:
    """Returns an agreement's deadlines through all its reports.

    Args:
        reports: In the order in which they are heard: by publication.
    """
    tracks: list[Track] = []
    for report in reports:
        told = {deadline.date for deadline in report.told.deadlines}
        for key, deadline in _in_order(report.told):
            known = next((track for track in tracks if track.is_told(deadline)), None)
            if known is not None:
                known.repeat(report, key)
            elif moved := _moved(report, deadline, tracks, told):
                moved.move(report, key, deadline)
            else:
                tracks.append(Track(report, key, deadline))
        _meet(report, tracks, reports)
    return tracks


def _meet(report: Reported, tracks: Sequence[Track], reports: Sequence[Reported]) -> None:
    """Takes in what a report says was done."""
    account = report.account
    if account.published is None or not account.done:
        return
    parties = {party for each in reports for party in each.told.agreement.parties}
    names = names_of(parties, [actor for each in reports for actor in each.account.actors])
    for done in account.done:
        asking = [track for track in tracks if asks_for(track.latest, done.deed)]
        for track in asking:
            if track.is_met_by(done, names, account.published, alone=len(asking) == 1):
                track.meet(report, done, account.published)
