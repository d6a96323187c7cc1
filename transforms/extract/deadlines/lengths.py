"""Reads the deadlines that lengths of time set, counted from the dates of their agreement."""

import dataclasses
import datetime
from collections.abc import Iterator, Mapping, Sequence

from spacy.tokens import Doc, Span

from transforms.extract.deadlines.bygone import binds_no_longer, runs_out, stands
from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.kind import verdict_of
from transforms.extract.deadlines.lexicon import Lexicon, load_lexicon
from transforms.extract.deadlines.link import Link
from transforms.extract.deadlines.records import Candidate
from transforms.extract.deadlines.spans import (
    EXTENDING,
    Anchors,
    Point,
    end_of,
    length_verdict,
    measured,
    reached_point,
)
from transforms.extract.deadlines.terms import Verdict
from transforms.extract.deadlines.trust import believed, timely
from transforms.extract.layers import Bound, Timex, TimexKind
from transforms.records import Agreement, AgreementStatus, DeadlineKind, Precision

HISTORIC_DAYS = 60
_NEW = frozenset({AgreementStatus.AGREED, AgreementStatus.SIGNED})
FRESH_DAYS = 7
_IT = frozenset({"it", "they", "which", "that", "this"})
_SAME_END_DAYS = 21  # contracts of years end some days before or after the day on which they were agreed


def of_lengths(
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
        yield from _of_length(doc, timex, span, clause, link, anchors, points, lexicon)


def _said_outright(verdict: Verdict, timex: Timex, clause: Clause, anchors: Anchors) -> bool:
    """Whether the article names the day on which the length ends, so that counting it out adds nothing."""
    if anchors.expires is None or verdict.kind is not DeadlineKind.EXPIRES:
        return False
    extended = clause.verb is not None and clause.verb.lemma_ in {"extend", "prolong", "renew"}
    moved = extended or timex.bound is Bound.BY  # "extended the accord, which was to expire in May, by a year"
    return not moved


def _named_elsewhere(end: datetime.date, verdict: Verdict, points: Sequence[Candidate]) -> bool:
    """Whether the article names an end so near that it must be this one, which counting missed by some days."""
    near = (abs((point.date - end).days) for point in points if point.kind is DeadlineKind.EXPIRES)
    return verdict.kind is DeadlineKind.EXPIRES and any(0 < days <= _SAME_END_DAYS for days in near)


def _historic(doc: Doc, span: Span, link: Link) -> bool:
    """Whether the sentence of a length tells of a day long past that is not the agreement's own."""
    published = doc._.published
    if published is None:
        return False
    sentence = span.root.sent
    start, end = sentence.start_char, sentence.end_char
    old = [
        timex
        for timex in doc._.timexes
        if start <= timex.start < end
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
    doc: Doc,
    timex: Timex,
    span: Span,
    clause: Clause,
    link: Link,
    anchors: Anchors,
    points: Sequence[Candidate],
    lexicon: Lexicon,
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
    if verdict is None or not believed(verdict, link, doc._.published):
        return
    if verdict.kind is DeadlineKind.EFFECTIVE and not timex.anchor_text:
        return
    end = end_of(timex, clause, link.agreement, anchors, verdict.kind)
    if end is not None and clause.force >= Force.FUTURE and doc._.published and end.date < doc._.published:
        end = end_of(timex, clause, link.agreement, _of_newest(doc, anchors), verdict.kind)
    if (
        end is None
        or not stands(link, clause, end.date, doc._.published)
        or _said_outright(verdict, timex, clause, anchors)
    ):
        return
    extended = timex.bound is Bound.BY or (clause.verb is not None and clause.verb.lemma_ in EXTENDING)
    if not timely(verdict, timex, end.date, clause, doc._.published):
        return
    if not extended and _named_elsewhere(end.date, verdict, points):
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
        or _reached_beside(doc, agreement)
        or _just_reached(doc, agreement),
        signing=Point(date=signing, precision=Precision.DAY) if signing else None,
        effective=_first([point for point in own if _starts_all(point)], DeadlineKind.EFFECTIVE),
        expires=_first(own, DeadlineKind.EXPIRES),
        running=_first([point for point in own if runs_out(point.clause, point.rule)], DeadlineKind.EXPIRES),
        published=doc._.published,
    )


def _of_newest(doc: Doc, anchors: Anchors) -> Anchors:
    """Returns the dates with those of the article's newest agreement: what is still to be done is not long overdue."""
    points = [point for agreement in doc._.agreements if (point := reached_point(agreement)) is not None]
    newest = max(points, key=lambda point: point.date, default=anchors.reached)
    return dataclasses.replace(anchors, reached=newest, effective=None)


def _just_reached(doc: Doc, agreement: Agreement) -> Point | None:
    """Returns the publication date where the agreement is news told in the perfect ("have signed a truce")."""
    if doc._.published is None or agreement.status not in _NEW:
        return None
    for mention in doc._.agreement_mentions:
        verb = next((t for t in (doc[mention.trigger], doc[mention.trigger].head) if t.tag_ == "VBN"), None)
        perfect = verb is not None and any(c.lower_ in {"have", "has"} for c in verb.children)
        if mention.agreement == agreement.id and mention.status in _NEW and perfect:
            return Point(date=doc._.published, precision=Precision.DAY)
    return None


def _reached_beside(doc: Doc, agreement: Agreement) -> Point | None:
    """Returns when the only other agreement of its kind, or of this week, was reached: the same one, told twice."""
    published = doc._.published
    dated = [(other, point) for other in doc._.agreements if (point := reached_point(other)) is not None]
    for alike in (
        {point for other, point in dated if other.kind is agreement.kind},
        {point for _, point in dated if published and 0 <= (published - point.date).days <= FRESH_DAYS},
    ):
        if len(alike) == 1:
            return alike.pop()
    return None


def _starts_all(point: Candidate) -> bool:
    """Whether a start is the agreement's own or that of what it is all about, not of one of its points."""
    subject = point.clause.subject
    if point.rule == "deadlines.signature-from":
        return False
    if (
        point.rule not in {"deadlines.from", "deadlines.takes-effect", "deadlines.starts"}
        or subject is None
        or subject.lower_ in _IT
    ):
        return True
    if point.clause.promised or (point.rule == "deadlines.starts" and subject.head != point.clause.verb):
        return True  # "agreed to cut output from January 1"
    return subject.lemma_.lower() in load_lexicon().words["agreement_nouns"] | load_lexicon().words["provision_nouns"]


def _first(points: Sequence[Candidate], kind: DeadlineKind) -> Point | None:
    exact = (point for point in points if point.kind is kind and point.precision in {Precision.DAY, Precision.MONTH})
    found = next(exact, None)
    return None if found is None else Point(date=found.date, precision=found.precision)
