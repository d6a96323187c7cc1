"""What the four components leave on a spaCy Doc for one another, and how to look it up by token.

The order is timex, actors, agreements, deadlines; each reads only what those before it left.
"""

import datetime
from enum import StrEnum

from spacy.tokens import Doc

from transforms.records import Precision, record


class Bound(StrEnum):
    """How the words around a date bound it."""

    BY = "by"  # by, no later than, before the end of, not after
    BEFORE = "before"  # strictly earlier than the date
    UNTIL = "until"  # until, till, through, to (the end of a range)
    WITHIN = "within"  # within, in the next, over the coming
    FROM = "from"  # from, starting, as of, with effect from, beginning
    AFTER = "after"
    SINCE = "since"
    ON = "on"  # on, in, at, or no preposition


class TimexKind(StrEnum):
    """What a time expression is."""

    DATE = "date"  # a point or interval of the calendar
    DURATION = "duration"  # a length of time ("three months"), resolved when it has an anchor
    RANGE = "range"  # "from October 1 until January 12": first and last are its ends
    SET = "set"  # "every Friday"
    AGE = "age"  # "30-year-old"
    OTHER = "other"  # "the 21st century", a date inside a name, a statistic


@record
class Timex:
    """One time expression of an article.

    Attributes:
        start, end: Characters of the expression without the bounding words ("October 10" in "by October 10").
        bound_start: Where the bounding words begin (equal to start when there are none).
        text: The article's words from bound_start to end ("by October 10").
        first, last: The interval it can mean, both days included; None when it could not be resolved.
        duration: ISO 8601 ("P3M", "PT72H") for durations, else None.
        anchor: What it counts from: absolute, published, or event (then it is unresolved unless `anchor_text` says
            a date).
        anchor_text: The words of the event it counts from ("of the signing", "of entry into force"), or "".
        past: Whether the text speaks of it as past.
        rule: The id of the rule that resolved it.
    """

    start: int
    end: int
    bound_start: int
    text: str
    kind: TimexKind
    bound: Bound
    first: datetime.date | None
    last: datetime.date | None
    precision: Precision | None
    duration: str | None = None
    time: str | None = None
    time_zone: str | None = None
    anchor: str = "absolute"
    anchor_text: str = ""
    past: bool = False
    rule: str = ""


class Form(StrEnum):
    """In which form a mention names its actor."""

    NAME = "name"
    SURNAME = "surname"
    ABBREVIATION = "abbreviation"
    ROLE = "role"  # "the Turkish president", "the rebels"
    DEMONYM = "demonym"  # "the Turks", "Turkish" in "Turkish forces"
    CAPITAL = "capital"  # "Ankara" as a government
    PLACE = "place"  # a country named only as a place ("in Syria")
    COLLECTIVE = "collective"  # "both sides", "the two countries": one mention for each actor meant


@record
class ActorMention:
    """One mention of an actor; `actor` is the id of a record in `doc._.actors`."""

    start: int
    end: int
    text: str
    actor: str
    form: Form
    rule: str = ""


def register() -> None:
    """Registers the Doc extensions the components use; safe to call again.

    published: date or None, and source: the text (see `text_of`), are set by the caller.
    timexes: tuple[Timex, ...]. actors: tuple[Actor, ...] (with mentions).
    actor_mentions: tuple[ActorMention, ...] in text order. represents: dict[actor id, actor id], the side a person
    or office stands for (its country, group or company). agreements: tuple[Agreement, ...].
    deadlines: tuple[Deadline, ...]. pastime: bool, or None until `is_pastime` is first asked.
    """
    for name, default in (
        ("article_id", ""),
        ("source", ""),
        ("published", None),
        ("timexes", ()),
        ("actors", ()),
        ("actor_mentions", ()),
        ("represents", {}),
        ("agreements", ()),
        ("deadlines", ()),
        ("pastime", None),
    ):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)


def text_of(doc: Doc) -> str:
    """Returns a Doc's text: as `prepare` keeps it on the Doc, since spaCy puts it together anew whenever it is asked.

    On the articles of the benchmark asking five times cost as much as a tenth of all four components.
    """
    kept: str = doc._.source
    return kept or doc.text
