"""Reads the deadlines of an article: which of its dates an agreement sets, and what happens at them."""

import dataclasses
import datetime
from collections.abc import Iterator, Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from transforms.extract import layers
from transforms.extract.agreements import component as agreements
from transforms.extract.deadlines.bygone import binds_no_longer, binds_nobody, runs_out, stands
from transforms.extract.deadlines.choice import choose, only_clock
from transforms.extract.deadlines.clause import Clause, Force, clause_of
from transforms.extract.deadlines.kind import verdict_of
from transforms.extract.deadlines.lexicon import Lexicon, load_lexicon
from transforms.extract.deadlines.link import AROUND, BESIDE, Link, Linker
from transforms.extract.deadlines.records import Candidate, deadline_of, with_provisions
from transforms.extract.deadlines.spans import (
    EXTENDING,
    Anchors,
    Point,
    end_of,
    length_verdict,
    measured,
    reached_point,
)
from transforms.extract.deadlines.terms import HINTED, LAST_WORD, SAID, Verdict
from transforms.extract.layers import Bound, Timex, TimexKind
from transforms.extract.timex.calendar import shift
from transforms.records import Agreement, DeadlineKind, Precision

# How close the agreement must stand for words of each strength to be believed.
_NEEDED = {SAID: AROUND, HINTED: BESIDE}

# A date this long past is still the news' own: "took effect on Tuesday", "should have left by February 28".
RECENT_DAYS = 14
_DEEDS = frozenset(
    {"agree", "sign", "extend", "reach", "announce", "accept", "conclude", "declare", "renew", "ink", "broker"}
    | {"prolong"}
)
_ROW_WORDS = 14  # between two dates of a row
_PAIRING = frozenset({"for", "to"})
RETROACTIVE_DAYS = 62  # pacts reported in one month are backdated to the start of it or of the one before
HISTORIC_DAYS = 60
MISSED_DAYS = 370


def read_deadlines(doc: Doc) -> Doc:
    """Sets `doc._.deadlines`, and the deadlines of the provisions in `doc._.agreements`."""
    doc._.deadlines = ()
    if not doc._.agreements or not doc._.timexes:
        return doc
    lexicon = load_lexicon()
    found = list(_candidates(doc, lexicon))
    best = choose(found)
    chosen = sorted(best, key=lambda candidate: (candidate.timex.start, candidate.date))
    doc._.deadlines = tuple(deadline_of(doc, candidate) for candidate in chosen)
    doc._.agreements = tuple(with_provisions(agreement, doc._.deadlines) for agreement in doc._.agreements)
    return doc


def _candidates(doc: Doc, lexicon: Lexicon) -> Iterator[Candidate]:
    linker = Linker(doc, lexicon)
    points: list[Candidate] = []
    signed: dict[str, datetime.date] = {}
    signing: dict[str, datetime.date] = {}
    lengths: list[tuple[Timex, Span, Clause, Link]] = []
    for timex in doc._.timexes:
        if timex.kind in {TimexKind.SET, TimexKind.AGE, TimexKind.OTHER} or _long_past(timex, doc._.published):
            continue
        span = doc.char_span(timex.bound_start, timex.end, alignment_mode="expand")
        if span is None or not len(span):
            continue
        lasts = _verb_last(span)
        if lasts is not None:
            span = doc[lasts.i + 1 : max(span.end, lasts.i + 2)]
        clause = clause_of(span, lexicon)
        told = _is_deed_day(timex, clause, doc._.published) or _is_signing_day(timex, clause)
        if not told and lasts is None and _says_nothing(timex, clause, points, lexicon):
            continue
        link = linker.link(span, clause)
        if link is None or linker.trivial(span, link):
            continue
        if told and timex.last is not None:
            (signing if _is_signing_day(timex, clause) else signed).setdefault(link.agreement.id, timex.last)
        shared = _shared(doc, timex, clause, points)
        if shared is not None and timex.last is not None:
            points.append(shared)
        elif timex.last is not None and lasts is None:
            points.extend(_of_date(doc, timex, timex.last, clause, _beside(points, link, span), lexicon))
        elif timex.duration is not None:
            lengths.append((timex, span, clause, link))
    points = [point for point in points if not only_clock(point, points)]
    yield from points
    yield from _of_lengths(doc, lengths, points, (signed, signing), lexicon)


def _of_lengths(
    doc: Doc,
    lengths: Sequence[tuple[Timex, Span, Clause, Link]],
    points: Sequence[Candidate],
    days: tuple[Mapping[str, datetime.date], Mapping[str, datetime.date]],
    lexicon: Lexicon,
) -> Iterator[Candidate]:
    """Yields what lengths of time set, counted from the dates read before them.

    Args:
        doc: The document.
        lengths: With their tokens, clauses and agreements.
        points: The deadlines that dates set.
        days: By agreement, the day it was made and the day it is to be signed.
        lexicon: The words of deadlines.
    """
    named = {point.clause.governor.sent.start for point in points if _names_end(point)}
    known: dict[str, Anchors] = {}
    for timex, span, clause, link in lengths:
        if span.root.sent.start in named:
            continue  # "for nine months until the end of March"
        if clause.verb is not None and clause.verb.lemma_ not in EXTENDING and _historic(doc, span, link):
            continue
        if binds_no_longer(measured(span, lexicon), clause, link):
            continue
        agreement = link.agreement
        if agreement.id not in known:
            signed, signing = (day.get(agreement.id) for day in days)
            known[agreement.id] = _anchors(doc, agreement, points, signed, signing)
        anchors = known[agreement.id]
        yield from _of_length(doc, timex, span, clause, link, anchors, lexicon)


def _long_past(timex: Timex, published: datetime.date | None) -> bool:
    """Whether a date lies so far back that it is history whatever happened at it."""
    return timex.last is not None and published is not None and (published - timex.last).days > MISSED_DAYS


def _says_nothing(timex: Timex, clause: Clause, points: Sequence[Candidate], lexicon: Lexicon) -> bool:
    """Whether nothing happens at a date, so that its agreement need not be looked for."""
    if timex.last is None or (points and points[-1].clause.governor.sent.start == clause.governor.sent.start):
        return False
    return all(verdict_of(clause, bound, lexicon) is None for bound, _ in _ends(timex, timex.last))


def _beside(points: Sequence[Candidate], link: Link, span: Span) -> Link:
    """Returns the link of a date: the agreement of its sentence's other deadline, where its own stands far away."""
    last = points[-1] if points else None
    if last is None or link.closeness >= AROUND or last.clause.governor.sent.start != span.root.sent.start:
        return link
    return dataclasses.replace(link, agreement=last.agreement, closeness=AROUND)


def _said_outright(verdict: Verdict, timex: Timex, clause: Clause, anchors: Anchors) -> bool:
    """Whether the article names the day on which the length ends, so that counting it out adds nothing."""
    if anchors.expires is None or verdict.kind is not DeadlineKind.EXPIRES:
        return False
    extended = clause.verb is not None and clause.verb.lemma_ in {"extend", "prolong", "renew"}
    moved = extended or timex.bound is Bound.BY  # "extended the accord, which was to expire in May, by a year"
    return not moved


def _is_deed_day(timex: Timex, clause: Clause, published: datetime.date | None) -> bool:
    """Whether a date is the day of this week on which the agreement was made ("agreed on Wednesday")."""
    if timex.last is None or timex.precision is not Precision.DAY or timex.bound is not Bound.ON or published is None:
        return False
    deed = clause.verb is not None and clause.force is Force.PAST and _tells_deed(clause.verb)
    return deed and 0 <= (published - timex.last).days <= RECENT_DAYS


def _is_signing_day(timex: Timex, clause: Clause) -> bool:
    """Whether a date is that of a signing still to come."""
    signs = clause.verb is not None and clause.verb.lemma_ == "sign" and clause.force >= Force.FUTURE
    return signs and timex.precision is Precision.DAY and timex.last is not None and not timex.past


def _shared(doc: Doc, timex: Timex, clause: Clause, points: Sequence[Candidate]) -> Candidate | None:
    """Returns the deadline of a date in a row ("January 15 for the draft and June 15 for the text").

    The row goes on only while the same word follows each date, or nothing but commas stands between them.
    """
    last = points[-1] if points else None
    if last is None or timex.last is None or timex.kind is not TimexKind.DATE or timex.bound is not Bound.ON:
        return None
    start, end = last.clause.date.end, clause.date.start
    if not 0 < end - start <= _ROW_WORDS:
        return None
    between = [token.lower_ for token in doc[start:end] if not token.is_space]
    after = [token.lower_ for token in doc[clause.date.end : clause.date.end + 2] if not token.is_space]
    lists = bool(between) and set(between) <= {"and", ","}
    pairs = (
        len(between) > 1 and bool(after) and between[0] == after[0] and between[-1] == "and" and after[0] in _PAIRING
    )
    date: datetime.date | None = timex.last
    if timex.last <= last.date and timex.rule.startswith("timex.day-") and timex.anchor == "published":
        date = shift(timex.last, "P1Y")  # "on September 1 and March 1"
    if not (lists or pairs) or date is None or date <= last.date or timex.precision is not last.precision:
        return None
    return dataclasses.replace(last, date=date, timex=timex, clause=clause)


def _tells_deed(verb: Token) -> bool:
    """Whether a verb is one of agreeing, or reports one ("said Saturday that it agreed")."""
    if verb.lemma_ in _DEEDS:
        return True
    reported = (child for child in verb.children if child.dep_ == "ccomp")
    return verb.lemma_ in {"say", "confirm", "report", "tell"} and any(child.lemma_ in _DEEDS for child in reported)


def _verb_last(span: Span) -> Token | None:
    """Returns the verb of "will last ten years", which the words alone do not tell from "the last ten years"."""
    return next((token for token in span[:2] if token.lower_ == "last" and token.pos_ == "VERB"), None)


def _historic(doc: Doc, span: Span, link: Link) -> bool:
    """Whether the sentence of a length tells of a day long past that is not the agreement's own."""
    sentence, published = span.root.sent, doc._.published
    if published is None:
        return False
    old = [
        timex
        for timex in doc._.timexes
        if sentence.start_char <= timex.start < sentence.end_char
        and timex.kind is TimexKind.DATE
        and timex.last is not None
        and (published - timex.last).days > HISTORIC_DAYS
    ]
    reached = reached_point(link.agreement)
    return bool(old) and not any(
        reached is not None and timex.first is not None and timex.first <= reached.date <= (timex.last or reached.date)
        for timex in old
    )


def _names_end(point: Candidate) -> bool:
    return point.kind is DeadlineKind.EXPIRES and point.timex.bound in {Bound.UNTIL, Bound.FROM}


def _of_length(
    doc: Doc, timex: Timex, span: Span, clause: Clause, link: Link, anchors: Anchors, lexicon: Lexicon
) -> Iterator[Candidate]:
    verdict = length_verdict(timex, clause, span, lexicon)
    if verdict is None and (timex.anchor_text or timex.bound is Bound.WITHIN):
        verdict = verdict_of(clause, timex.bound, lexicon)
    if (
        verdict is None
        and timex.text.lower().startswith("of ")
        and span.start
        and span.doc[span.start - 1].lower_ == "end"
    ):
        verdict = verdict_of(clause, Bound.BY, lexicon)  # "if there is no deal at the end of 90 days"
    if verdict is None or not _believed(verdict, link):
        return
    if verdict.kind is DeadlineKind.EFFECTIVE and not (timex.anchor_text and timex.bound is Bound.WITHIN):
        return
    end = end_of(timex, clause, link.agreement, anchors, verdict.kind)
    if (
        end is None
        or not stands(link, clause, end.date, doc._.published)
        or _said_outright(verdict, timex, clause, anchors)
    ):
        return
    if not _timely(verdict, timex, end.date, clause, doc._.published):
        return
    yield Candidate(
        agreement=link.agreement,
        kind=verdict.kind,
        date=end.date,
        precision=end.precision,
        timex=timex,
        clause=clause,
        rule=verdict.rule,
        strength=verdict.strength + link.closeness,
    )


def _anchors(
    doc: Doc,
    agreement: Agreement,
    points: Sequence[Candidate],
    signed: datetime.date | None,
    signing: datetime.date | None,
) -> Anchors:
    own = [point for point in points if point.agreement.id == agreement.id]
    return Anchors(
        reached=reached_point(agreement)
        or (Point(date=signed, precision=Precision.DAY) if signed else None)
        or _reached_beside(doc, agreement),
        signing=Point(date=signing, precision=Precision.DAY) if signing else None,
        effective=_first(own, DeadlineKind.EFFECTIVE),
        expires=_first(own, DeadlineKind.EXPIRES),
        running=_first([point for point in own if runs_out(point.clause, point.rule)], DeadlineKind.EXPIRES),
        published=doc._.published,
    )


def _reached_beside(doc: Doc, agreement: Agreement) -> Point | None:
    """Returns when the only other agreement of the same kind was reached: often the same one, told twice."""
    same = {other.reached for other in doc._.agreements if other.kind is agreement.kind and other.reached}
    alike = [other for other in doc._.agreements if other.reached in same and other.kind is agreement.kind]
    return reached_point(alike[0]) if len(same) == 1 else None


def _first(points: Sequence[Candidate], kind: DeadlineKind) -> Point | None:
    exact = (point for point in points if point.kind is kind and point.precision in {Precision.DAY, Precision.MONTH})
    found = next(exact, None)
    return None if found is None else Point(date=found.date, precision=found.precision)


def _of_date(
    doc: Doc, timex: Timex, last: datetime.date, clause: Clause, link: Link, lexicon: Lexicon
) -> Iterator[Candidate]:
    for bound, date in _ends(timex, last):
        verdict = verdict_of(clause, bound, lexicon)
        if verdict is None or not _believed(verdict, link):
            continue
        published = doc._.published
        if not _timely(verdict, timex, date, clause, published) or not stands(
            link, clause, date, published, verdict.rule
        ):
            continue
        if binds_nobody(clause, verdict.kind, date, published, lexicon):
            continue
        yield Candidate(
            agreement=link.agreement,
            kind=verdict.kind,
            date=date,
            precision=timex.precision or Precision.DAY,
            timex=timex,
            clause=clause,
            rule=verdict.rule,
            strength=verdict.strength + link.closeness,
        )


def _ends(timex: Timex, last: datetime.date) -> Iterator[tuple[Bound, datetime.date]]:
    if timex.kind is TimexKind.RANGE and timex.first is not None and timex.bound is not Bound.ON:
        yield Bound.FROM, timex.first
        yield Bound.UNTIL, last
    elif timex.bound is Bound.BEFORE and timex.first is not None and timex.precision is not Precision.DAY:
        yield timex.bound, timex.first - datetime.timedelta(days=1)
    elif timex.duration is not None and timex.bound is Bound.ON and not timex.past:
        yield Bound.WITHIN if timex.text.lower().startswith("in ") else Bound.UNTIL, last
    else:
        yield timex.bound, last


def _believed(verdict: Verdict, link: Link) -> bool:
    """Whether the agreement stands close enough; the strongest words may speak of the article's main one."""
    return verdict.strength is LAST_WORD or link.closeness >= _NEEDED[verdict.strength]


def _timely(
    verdict: Verdict, timex: Timex, date: datetime.date, clause: Clause, published: datetime.date | None
) -> bool:
    """Whether the date is the news' own, not history."""
    named = verdict.rule in {"deadlines.noun-target", "deadlines.date-set"}
    if verdict.kind is DeadlineKind.DUE and timex.bound is Bound.ON and not named and _of_telling(timex, clause):
        return False
    if published is None or date >= published:
        return True
    age = (published - date).days
    if verdict.kind is DeadlineKind.DUE:
        return clause.force is Force.BOUND and age <= MISSED_DAYS
    back = timex.text.lower().startswith(("retroactive", "backdated"))
    return age <= (RETROACTIVE_DAYS if back else RECENT_DAYS)


def _of_telling(timex: Timex, clause: Clause) -> bool:
    """Whether a bare date is when it was told or agreed ("agreed to merge on Thursday"), or too vague to oblige."""
    agreed = clause.promised and timex.rule.startswith("timex.weekday")
    return timex.past or agreed or timex.precision is Precision.YEAR


@Language.factory("pactwatch_deadlines")
def make_deadlines(nlp: Language, name: str) -> object:
    """Makes the component; it keeps nothing from one Doc to the next."""
    agreements.register()
    layers.register()
    load_lexicon()
    return read_deadlines
