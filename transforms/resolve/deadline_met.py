"""Decides whether a later report tells that a deadline was met: the same deed, things and doers, and in time."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence

from transforms.records import Actor, Deadline, DeadlineKind
from transforms.resolve.fulfilment import Done, deeds
from transforms.store.analysis import split_words

# An article that gives no day tells of its own or the day before.
_UNDATED_DAYS = 1

# Of the things a sentence names, the share that the deadline must name too.
_THINGS_SHARED = 0.5

_STEM = 5  # letters: "prisoner" and "prisoners", "weapon" and "weaponry"

_BOTH = re.compile(r"\b(?:both|the two) (?:sides|parties|countries|governments|nations|armies)\b", re.IGNORECASE)
_SPEAKER = re.compile(
    r"^.*\b(?:said|says|announced|confirmed|declared|verified)\b(?: on \w+)?(?: that)?", re.IGNORECASE
)
_NAME = re.compile(r"(?<=[a-z,’'] )[A-Z][\w’'-]+")
_AMOUNT = re.compile(r"\b\d[\d,.]*\b(?: (?:million|billion|thousand))?")
_ORDINAL = re.compile(r"\b(first|second|third|fourth|fifth|sixth|final)\b", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|yesterday|today|week|month|year|morning|night|evening|day)s?\b",
    re.IGNORECASE,
)
_PLAIN = frozenset(
    split_words(
        "a all also an and are as at be been by complete completed concluded finally finished for from fully had has "
        "have in into is it its last made now of on out over remaining said that the their them they this to was were "
        "who with according agreed agreement deal final every"
    )
)


def _stems(text: str, without: Iterable[str] = ()) -> frozenset[str]:
    words = split_words(_CALENDAR.sub(" ", text))
    stems = {word[:_STEM] for word in words if word not in _PLAIN and not word.isdigit()}
    return frozenset(stems - {word[:_STEM] for word in without})


def _named(text: str, names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Returns the parties that a text names."""
    folded = f" {' '.join(split_words(text))} "
    return frozenset(
        party for party, known in names.items() if any(f" {' '.join(split_words(name))} " in folded for name in known)
    )


def names_of(parties: Iterable[str], actors: Sequence[Actor]) -> dict[str, frozenset[str]]:
    """Returns all names of an agreement's parties, by party, as an article gives them."""
    names: dict[str, set[str]] = {party: set() for party in parties}
    for actor in actors:
        if actor.id in names:
            names[actor.id].update((actor.name, *actor.aliases))
    return {party: frozenset(known) for party, known in names.items()}


def asks_for(deadline: Deadline, deed: str) -> bool:
    """Returns whether a deadline asks for a deed."""
    return deadline.kind is DeadlineKind.DUE and deeds()[deed].asked.search(deadline.action) is not None


def _in_time(deadline: Deadline, done: Done, since: str, published: str) -> bool:
    """Whether something was done between the day a deadline was set and its date."""
    if done.day is not None:
        return since[:10] <= done.day <= deadline.date.isoformat()
    told = datetime.date.fromisoformat(published[:10])
    return done.timely or told <= deadline.date + datetime.timedelta(days=_UNDATED_DAYS)


def _by_whom(deadline: Deadline, done: Done, names: Mapping[str, frozenset[str]]) -> bool:
    """Whether all who are obliged did it, as far as the sentence tells who did; of several one alone is not enough."""
    obliged = frozenset(deadline.parties) or frozenset(names)
    clause = _SPEAKER.sub("", done.clause)
    if _BOTH.search(done.subject or clause):
        return True
    named = _named(_SPEAKER.sub("", done.subject) if done.subject else clause, names)
    if named or not done.subject:
        return not named or named >= obliged
    known = {word for party in obliged for name in names.get(party, ()) for word in split_words(name)}
    return len(obliged) == 1 and not _stems(" ".join(known)).isdisjoint(_stems(done.subject))


def _same_things(deadline: Deadline, done: Done, names: Mapping[str, frozenset[str]]) -> bool:
    """Whether a sentence speaks of the deadline's own things: no others by name, count or amount."""
    asked, clause = f"{deadline.action} {deadline.evidence.text}", _SPEAKER.sub("", done.clause)
    people = {word for known in names.values() for name in known for word in split_words(name)}
    deed = deeds()[done.deed].asked
    things = _stems(deed.sub(" ", clause), people)
    shared = things & _stems(deed.sub(" ", deadline.action), people)
    return len(shared) >= max(1, _THINGS_SHARED * len(things)) and not _differs(clause, asked, people)


def _differs(clause: str, asked: str, people: Iterable[str]) -> bool:
    """Whether a clause names a place, a person, a number or an amount that what was asked for does not."""
    parties, wanted = _stems(" ".join(people)), _stems(asked)
    names = {name for name in _NAME.findall(_CALENDAR.sub(" ", clause)) if not _stems(name) <= parties}
    amounts = {*_AMOUNT.findall(_without_days(clause))}
    ordinals = {word.lower() for word in _ORDINAL.findall(asked)}
    return (
        any(not _stems(name) <= wanted for name in names)
        or any(amount not in asked for amount in amounts)
        or {word.lower() for word in _ORDINAL.findall(clause)} - {"final"} != ordinals - {"final"}
    )


def _without_days(clause: str) -> str:
    return re.sub(r"\b(?:[A-Z][a-z]+\.? \d{1,2}|\d{1,2} [A-Z][a-z]+)\b", "", clause)


def is_met(
    deadline: Deadline, done: Done, names: Mapping[str, frozenset[str]], *, since: str, published: str, alone: bool
) -> bool:
    """Returns whether a sentence tells that a deadline was met.

    Args:
        deadline: As it stands.
        done: What a later report says was done.
        names: All names of the agreement's parties, by party.
        since: When the report that set the date was published (YYYY-MM-DD or RFC 3339).
        published: When the later report was.
        alone: Whether no other deadline of the agreement asks for this deed, so that "the withdrawal" is this one.
    """
    return (
        asks_for(deadline, done.deed)
        and _in_time(deadline, done, since, published)
        and _by_whom(deadline, done, names)
        and (
            (done.bare and alone and not _differs(done.clause, deadline.action, ()))
            or _same_things(deadline, done, names)
        )
    )
