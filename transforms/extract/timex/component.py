"""The spaCy component `pactwatch_timex`: finds every date, time and length of time, and resolves it to days."""

import bisect
import dataclasses
import datetime
from collections.abc import Iterator

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from transforms.extract import layers
from transforms.extract.layers import Bound, Timex, TimexKind, text_of
from transforms.extract.timex import context
from transforms.extract.timex.calendar import Interval
from transforms.extract.timex.context import Bounding
from transforms.extract.timex.dateline import is_dateline
from transforms.extract.timex.expressions import Expression, Form
from transforms.extract.timex.grammar import parse_lexed
from transforms.extract.timex.join import join
from transforms.extract.timex.lengths import Anchoring, resolve_length
from transforms.extract.timex.lexer import Lexed, data, lex
from transforms.extract.timex.resolve import Leaning, Resolution, Setting, resolve
from transforms.extract.timex.tense import leaning
from transforms.records import Precision

TIME_LABELS = ("DATE", "TIME")
NAME_LABELS = frozenset(("EVENT", "WORK_OF_ART", "LAW", "FAC", "PRODUCT", "ORG"))
DATES_TO_KEEP = frozenset(("deadline", "cutoff", "target", "expiry", "expiration"))  # "a November 2010 deadline"
ATTRIBUTES = frozenset(("compound", "nummod", "amod", "nmod", "poss"))
EVE_DAYS = 3  # a paper prints on Monday what its correspondents filed over the weekend
BACKDATING = frozenset(("retroactive", "retroactively", "backdated"))
SHORT_WORDS_OF_TIME = ("in", "by", "until", "till", "since", "during", "before", "after", "on", "from")


class _Doc:
    """A document with what is looked up often: its tokens by character, and its sentences by token."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.parsed = doc.has_annotation("DEP")  # asked once: spaCy looks through all tokens for it
        self.starts: list[int] = doc.to_array("IDX").tolist()
        begins = (
            doc.to_array([SENT_START]).reshape(-1).astype(np.int64) == 1 if doc.has_annotation("SENT_START") else None
        )
        self.sentences = np.cumsum(begins) if begins is not None else np.zeros(len(doc), dtype=np.int64)

    def token_at(self, character: int) -> int:
        """Returns the index of the token a character stands in or behind."""
        return max(0, bisect.bisect_right(self.starts, character) - 1)

    def root(self, start: int, end: int) -> Token:
        """Returns the token of a stretch of text that hangs on a word outside it."""
        low, high = self.token_at(start), self.token_at(max(start, end - 1))
        for token in self.doc[low : high + 1]:
            if not low <= token.head.i <= high:
                return token
        return self.doc[high]


def find_timexes(doc: Doc) -> tuple[Timex, ...]:
    """Returns the time expressions of a document in its order, none overlapping another.

    Args:
        doc: Read by a trained pipeline; `doc._.published` is the day that relative expressions count from, or None.
    """
    if not len(doc):
        return ()
    lexed, lookup = lex(text_of(doc)), _Doc(doc)
    found: list[Timex] = []
    memory = _Memory(doc._.published)
    for expression in join(parse_lexed(lexed), lexed):
        timex = _timex(expression, lexed, lookup, memory)
        if timex is not None:
            found.append(timex)
    return tuple(sorted((*found, *_left_by_grammar(doc, found)), key=lambda timex: timex.start))


class _Memory:
    """What was said before in the document: the date last spoken of, and a year its sentence names."""

    def __init__(self, published: datetime.date | None) -> None:
        self.published = published
        self.written = published
        self.spoken: Interval | None = None
        self.sentence = -1
        self.year: int | None = None
        self.in_sentence: Interval | None = None

    def enter(self, sentence: int) -> None:
        """Forgets what holds within one sentence only."""
        if sentence != self.sentence:
            self.sentence, self.year, self.in_sentence = sentence, None, None

    def date_line(self, written: datetime.date | None) -> None:
        """Takes the day of a dateline for the one that "today" means, where it is the eve of publication."""
        if written is None or self.published is None:
            return
        if 0 < (self.published - written).days <= EVE_DAYS:
            self.written = written

    def keep(self, expression: Expression, timex: Timex) -> None:
        """Remembers a resolved date."""
        if timex.first is None or timex.last is None or timex.precision is None or timex.kind is TimexKind.RANGE:
            return
        if timex.kind is TimexKind.DATE and expression.form is not Form.LENGTH:
            self.spoken = Interval(first=timex.first, last=timex.last, precision=timex.precision)
            self.in_sentence = self.spoken
            if expression.form is Form.CALENDAR and expression.year is not None and timex.past:
                self.year = expression.year


def _timex(found: Expression, lexed: Lexed, lookup: _Doc, memory: _Memory) -> Timex | None:
    token = lookup.root(found.start, found.end)
    if _is_no_time(found, token, lookup):
        return None
    memory.enter(int(lookup.sentences[token.i]))
    bounds = context.bounding(lexed, found)
    lean = leaning(lookup.doc, token.i, bounds.bound, lookup.parsed)
    if BACKDATING.intersection(lexed.words(bounds.low, found.low)):
        lean = Leaning.PAST
    setting = _setting(found, lean, memory)
    if found.form is Form.LENGTH:
        found, timex = _length(found, lexed, token, bounds, setting, memory)
    else:
        timex = _made(found, lexed, bounds, setting, resolve(found, setting))
    rule = context.name_rule(lexed, found) or _attribute_rule(found, token, bounds, lookup)
    if rule and not (rule == "timex.statistic" and _still_to_come(timex, memory.published)):
        return dataclasses.replace(timex, kind=TimexKind.OTHER, rule=rule)
    memory.keep(found, timex)
    if is_dateline(lexed.text, found):
        memory.date_line(timex.last)
    return timex


def _still_to_come(timex: Timex, published: datetime.date | None) -> bool:
    """Whether a period ends or a rise begins after publication, which no statistic does ("covers the year to June")."""
    bounded = timex.bound in (Bound.FROM, Bound.UNTIL)
    return bounded and published is not None and timex.last is not None and timex.last > published


def _setting(found: Expression, lean: Leaning, memory: _Memory) -> Setting:
    year = memory.year if lean is Leaning.PAST and found.day is not None else None
    if found.form is Form.DAY_WORD:
        return Setting(published=memory.written, leaning=lean, spoken=memory.spoken)
    if found.form is Form.LENGTH and found.role == "plain":
        return Setting(published=memory.written, leaning=lean, spoken=memory.in_sentence)
    return Setting(published=memory.published, leaning=lean, spoken=memory.spoken, year=year)


def _made(found: Expression, lexed: Lexed, bounds: Bounding, setting: Setting, resolution: Resolution) -> Timex:
    bound_start = lexed.starts[bounds.low]
    return Timex(
        start=found.start,
        end=found.end,
        bound_start=bound_start,
        text=lexed.text[bound_start : found.end],
        kind=context.kind(found),
        bound=bounds.bound,
        first=resolution.first,
        last=resolution.last,
        precision=resolution.precision,
        duration=found.length,
        time=_time(found, bounds.bound),
        time_zone=found.zone,
        anchor=resolution.anchor,
        past=_is_past(resolution, setting),
        rule=resolution.rule,
    )


def _time(found: Expression, bound: Bound) -> str | None:
    """The clock time; midnight ends the day it bounds ("until midnight on 1 February") and begins any other."""
    ends = bound in (Bound.BY, Bound.UNTIL, Bound.BEFORE, Bound.WITHIN)
    return "00:00" if found.clock == "24:00" and not ends else found.clock


def _is_past(resolution: Resolution, setting: Setting) -> bool:
    if resolution.last is None or setting.published is None:
        return setting.leaning is Leaning.PAST
    if resolution.last < setting.published:
        return True
    if setting.leaning is not Leaning.PAST or resolution.first is None or resolution.first > setting.published:
        return False
    return resolution.last == setting.published or resolution.precision is not Precision.DAY


def _length(
    found: Expression, lexed: Lexed, token: Token, bounds: Bounding, setting: Setting, memory: _Memory
) -> tuple[Expression, Timex]:
    now = context.counts_from_now(lexed, found)
    if now:
        found = dataclasses.replace(found, high=now, end=lexed.ends[now - 1])
    event = "" if now or found.counted else context.event(lexed, found, bounds.bound)
    anchoring = Anchoring(
        bound=bounds.bound,
        event=event,
        now=bool(now),
        given=_is_given(found, lexed, token),
        lead=bounds.lead,
        background=setting.leaning is Leaning.PAST or memory.year is not None,
    )
    timex = _made(found, lexed, bounds, setting, resolve_length(found, anchoring, setting))
    return found, dataclasses.replace(timex, anchor_text=event if timex.anchor == "event" else "")


def _is_given(found: Expression, lexed: Lexed, token: Token) -> bool:
    """Whether somebody is given the time to do something: "gave them 48 hours to agree", "a 30-day ultimatum"."""
    after = lexed.word(found.high) if found.high < len(lexed.starts) else ""
    if found.role != "plain" or after not in ("to", "in", *data()["given_nouns"]):
        return False
    return any(above.lemma_ in data()["givers"] for above in (token.head, token.head.head))


def _is_no_time(found: Expression, token: Token, lookup: _Doc) -> bool:
    """Whether a doubtful word ("May", "1991") is no date: no entity recogniser and no grammar says so."""
    bare_month = found.form is Form.CALENDAR and found.month is not None and found.day is None and found.year is None
    if bare_month and (token.ent_type_ == "PERSON" or token.tag_ in ("MD", "VB", "VBP", "VBD")):
        return True
    if found.form is Form.SEASON and token.tag_[:2] in ("VB", "MD"):
        return True
    named = found.year is not None and token.dep_ in ATTRIBUTES and token.head.i > token.i and _has_article(token)
    return found.weak and token.ent_type_ not in TIME_LABELS and not named


def _has_article(token: Token) -> bool:
    """Whether "the", "a" or "its" stands before a token: "the 2015 nuclear deal"."""
    return token.i > 0 and token.nbor(-1).tag_ in ("DT", "PRP$", "POS")


def _attribute_rule(found: Expression, token: Token, bounds: Bounding, lookup: _Doc) -> str:
    """The rule by which a date is part of a name, or stands before a noun to tell it from others."""
    if token.ent_type_ in NAME_LABELS and _longer_entity(found, token, lookup):
        return "timex.name"
    dated = found.form is Form.CALENDAR and found.year is not None and found.day is None and not found.part
    if not dated or found.upto or token.dep_ not in ATTRIBUTES or token.head.i <= token.i:
        return ""
    governed = bounds.lead in SHORT_WORDS_OF_TIME and bounds.low == found.low - 1
    governed = governed or token.head.lower_ in DATES_TO_KEEP
    return "" if governed or token.head.pos_ not in ("NOUN", "PROPN") else "timex.attribute"


def _longer_entity(found: Expression, token: Token, lookup: _Doc) -> bool:
    """Whether the entity around a token has words outside the expression (looked for one word to each side)."""
    low, high = lookup.token_at(found.start), lookup.token_at(found.end - 1)
    before = low > 0 and lookup.doc[low].ent_iob_ == "I"
    after = high + 1 < len(lookup.doc) and lookup.doc[high + 1].ent_iob_ == "I"
    return before or after


def _left_by_grammar(doc: Doc, found: list[Timex]) -> Iterator[Timex]:
    """Yields what only the entity recogniser takes for a time ("recent years"), unresolved."""
    index = 0
    for entity in doc.ents:
        if entity.label_ not in TIME_LABELS:
            continue
        while index < len(found) and found[index].end <= entity.start_char:
            index += 1
        if index == len(found) or found[index].bound_start >= entity.end_char:
            yield _unread(entity)


def _unread(entity: Span) -> Timex:
    return Timex(
        start=entity.start_char,
        end=entity.end_char,
        bound_start=entity.start_char,
        text=entity.text,
        kind=TimexKind.OTHER,
        bound=Bound.ON,
        first=None,
        last=None,
        precision=None,
        rule="timex.entity",
    )


@Language.component("pactwatch_timex")
def read_timexes(doc: Doc) -> Doc:
    """Sets `doc._.timexes`."""
    doc._.timexes = find_timexes(doc)
    return doc


layers.register()
