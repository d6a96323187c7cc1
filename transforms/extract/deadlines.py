"""Reads the deadlines of an article: which of its dates an agreement sets, and what happens at them."""

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Mapping

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from transforms.extract import agreements, layers
from transforms.extract.deadlines_clause import Clause, Force, clause_of
from transforms.extract.deadlines_kind import HINTED, LAST_WORD, SAID, Verdict, verdict_of
from transforms.extract.deadlines_lexicon import Lexicon, load_lexicon
from transforms.extract.deadlines_link import AROUND, BESIDE, ENDED, PENDING, TIED, Link, Linker
from transforms.extract.deadlines_spans import Anchors, Point, end_of, length_verdict, reached_point
from transforms.extract.layers import Bound, Timex, TimexKind
from transforms.records import (
    Agreement,
    AgreementStatus,
    Deadline,
    DeadlineKind,
    Evidence,
    Precision,
    Provision,
    digest,
    record,
)

# How close the agreement must stand for words of each strength to be believed.
_NEEDED = {LAST_WORD: AROUND, SAID: AROUND, HINTED: BESIDE}

# A date this long past is still the news' own: "took effect on Tuesday", "should have left by February 28".
_ALIVE = frozenset({AgreementStatus.AGREED, AgreementStatus.SIGNED, AgreementStatus.IN_FORCE, AgreementStatus.EXTENDED})
RECENT_DAYS = 14
_DEEDS = frozenset(
    {
        "agree",
        "sign",
        "extend",
        "reach",
        "announce",
        "accept",
        "conclude",
        "declare",
        "renew",
        "ink",
        "broker",
        "prolong",
    }
)
_PHRASAL = ("to in ", "to on ", "to by ")  # "the pact they agreed to in November" names no end
MISSED_DAYS = 370
MAX_ACTION_CHARACTERS = 300


@record
class Candidate:
    """A date that an agreement sets, before its sentences are put together."""

    agreement: Agreement
    kind: DeadlineKind
    date: datetime.date
    precision: Precision
    timex: Timex
    clause: Clause
    rule: str
    strength: int


def read_deadlines(doc: Doc) -> Doc:
    """Sets `doc._.deadlines`, and the deadlines of the provisions in `doc._.agreements`."""
    doc._.deadlines = ()
    if not doc._.agreements or not doc._.timexes:
        return doc
    lexicon = load_lexicon()
    found = list(_candidates(doc, lexicon))
    exact = {
        (candidate.clause.governor.i, candidate.kind): candidate.date
        for candidate in found
        if candidate.precision is Precision.DAY
    }
    found = [candidate for candidate in found if not _blurred(candidate, exact)]
    best: dict[tuple[datetime.date, DeadlineKind], Candidate] = {}
    for candidate in found:
        key = (candidate.date, candidate.kind)
        if key not in best or candidate.strength > best[key].strength:
            best[key] = candidate
    chosen = sorted(best.values(), key=lambda candidate: (candidate.timex.start, candidate.date))
    doc._.deadlines = tuple(_deadline(doc, candidate) for candidate in chosen)
    doc._.agreements = tuple(_with_provisions(agreement, doc._.deadlines) for agreement in doc._.agreements)
    return doc


def _blurred(candidate: Candidate, exact: Mapping[tuple[int, DeadlineKind], datetime.date]) -> bool:
    """Whether another date of the same clause says the same more exactly ("this Sunday, February 15")."""
    other = exact.get((candidate.clause.governor.i, candidate.kind))
    first = candidate.timex.first
    if other is None or first is None or candidate.precision is Precision.DAY:
        return False
    return first <= other <= candidate.date


def _candidates(doc: Doc, lexicon: Lexicon) -> Iterator[Candidate]:
    linker = Linker(doc, lexicon)
    points: list[Candidate] = []
    signed: dict[str, datetime.date] = {}
    lengths: list[tuple[Timex, Span, Clause, Link]] = []
    for timex in doc._.timexes:
        if timex.kind in {TimexKind.SET, TimexKind.AGE, TimexKind.OTHER}:
            continue
        span = doc.char_span(timex.bound_start, timex.end, alignment_mode="expand")
        if span is None or not len(span):
            continue
        lasts = _verb_last(span)
        if lasts is not None:
            span = doc[lasts.i + 1 : max(span.end, lasts.i + 2)]
        clause = clause_of(span, lexicon)
        link = linker.link(span, clause)
        if link is None or linker.trivial(span, link):
            continue
        if _is_deed_day(timex, clause, doc._.published):
            signed.setdefault(link.agreement.id, timex.last)
        if timex.last is not None and lasts is None:
            points.extend(_of_date(doc, timex, timex.last, clause, link, lexicon))
        elif timex.duration is not None:
            lengths.append((timex, span, clause, link))
    yield from points
    named = {point.clause.governor.sent.start for point in points if _names_end(point)}
    known: dict[str, Anchors] = {}
    for timex, span, clause, link in lengths:
        if span.root.sent.start in named:
            continue  # "for nine months until the end of March"
        agreement = link.agreement
        if agreement.id not in known:
            known[agreement.id] = _anchors(doc, agreement, points, signed.get(agreement.id))
        anchors = known[agreement.id]
        yield from _of_length(doc, timex, span, clause, link, anchors, lexicon)


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


def _tells_deed(verb: Token) -> bool:
    """Whether a verb is one of agreeing, or reports one ("said Saturday that it agreed")."""
    if verb.lemma_ in _DEEDS:
        return True
    reported = (child for child in verb.children if child.dep_ == "ccomp")
    return verb.lemma_ in {"say", "confirm", "report", "tell"} and any(child.lemma_ in _DEEDS for child in reported)


def _verb_last(span: Span) -> Token | None:
    """Returns the verb of "will last ten years", which the words alone do not tell from "the last ten years"."""
    return next((token for token in span[:2] if token.lower_ == "last" and token.pos_ == "VERB"), None)


def _names_end(point: Candidate) -> bool:
    return point.kind is DeadlineKind.EXPIRES and point.timex.bound in {Bound.UNTIL, Bound.FROM}


def _of_length(
    doc: Doc, timex: Timex, span: Span, clause: Clause, link: Link, anchors: Anchors, lexicon: Lexicon
) -> Iterator[Candidate]:
    verdict = length_verdict(timex, clause, span, lexicon)
    if verdict is None and (timex.anchor_text or timex.bound is Bound.WITHIN):
        verdict = verdict_of(clause, timex.bound, lexicon)
    if verdict is None or not _believed(verdict, link) or verdict.kind is DeadlineKind.EFFECTIVE:
        return
    end = end_of(timex, clause, link.agreement, anchors, verdict.kind)
    if (
        end is None
        or not _stands(link, clause, end.date, doc._.published)
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


def _anchors(doc: Doc, agreement: Agreement, points: list[Candidate], signed: datetime.date | None) -> Anchors:
    own = [point for point in points if point.agreement.id == agreement.id]
    return Anchors(
        reached=reached_point(agreement)
        or (Point(date=signed, precision=Precision.DAY) if signed else None)
        or _reached_beside(doc, agreement),
        effective=_first(own, DeadlineKind.EFFECTIVE),
        expires=_first(own, DeadlineKind.EXPIRES),
        published=doc._.published,
    )


def _reached_beside(doc: Doc, agreement: Agreement) -> Point | None:
    """Returns when the only other agreement of the same kind was reached: often the same one, told twice."""
    same = {other.reached for other in doc._.agreements if other.kind is agreement.kind and other.reached}
    alike = [other for other in doc._.agreements if other.reached in same and other.kind is agreement.kind]
    return reached_point(alike[0]) if len(same) == 1 else None


def _first(points: list[Candidate], kind: DeadlineKind) -> Point | None:
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
        if not _timely(verdict, timex, date, clause, published) or not _stands(link, clause, date, published):
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
    elif timex.duration is not None and timex.bound is Bound.ON:
        yield Bound.WITHIN if timex.text.lower().startswith("in ") else Bound.UNTIL, last
    elif timex.text.lower().startswith(_PHRASAL):
        yield Bound.ON, last
    else:
        yield timex.bound, last


def _believed(verdict: Verdict, link: Link) -> bool:
    return link.closeness >= _NEEDED[verdict.strength] or (link.alone and verdict.strength is LAST_WORD)


def _timely(
    verdict: Verdict, timex: Timex, date: datetime.date, clause: Clause, published: datetime.date | None
) -> bool:
    """Whether the date is the news' own, not history."""
    if verdict.kind is DeadlineKind.DUE and timex.bound is Bound.ON and _of_telling(timex, clause):
        return False
    if published is None or date >= published:
        return True
    age = (published - date).days
    if verdict.kind is DeadlineKind.DUE:
        return clause.force is Force.BOUND and age <= MISSED_DAYS
    return age <= RECENT_DAYS


def _of_telling(timex: Timex, clause: Clause) -> bool:
    """Whether a bare date is when it was told or agreed ("agreed to merge on Thursday"), or too vague to oblige."""
    agreed = clause.promised and timex.rule.startswith("timex.weekday")
    return timex.past or agreed or timex.precision is Precision.YEAR


def _stands(link: Link, clause: Clause, date: datetime.date, published: datetime.date | None) -> bool:
    """Whether the agreement is one that sets dates: not pending, and not ended before the date.

    "North Korea agreed to disable its reactor by October" is such a date, although the sides hope to agree on more.
    """
    if link.agreement.status in PENDING:
        return clause.promised and link.closeness < TIED
    if link.agreement.status not in ENDED or (published is not None and date <= published):
        return True
    # "a new truce within minutes of the expiration of the last": one article, two of a kind in one record
    return link.agreement.status is AgreementStatus.EXPIRED and link.mention.status in _ALIVE


def _deadline(doc: Doc, candidate: Candidate) -> Deadline:
    timex = candidate.timex
    identity = digest(doc._.article_id, candidate.agreement.id, candidate.date.isoformat(), candidate.kind)
    return Deadline(
        id=identity,
        agreement=candidate.agreement.id,
        kind=candidate.kind,
        date=candidate.date,
        precision=candidate.precision,
        text=timex.text,
        action=_action(candidate.clause),
        evidence=_evidence(doc, candidate.clause, candidate.rule),
        time=timex.time,
        time_zone=timex.time_zone,
        parties=_obliged(doc, candidate),
    )


def _evidence(doc: Doc, clause: Clause, rule: str) -> Evidence:
    sentence = clause.governor.sent
    start, end = sentence.start_char, sentence.end_char
    text = doc.text[start:end]
    start += len(text) - len(text.lstrip())
    end = start + len(text.strip())
    return Evidence(article=doc._.article_id, start=start, end=end, text=doc.text[start:end], rule=rule)


def _action(clause: Clause) -> str:
    """Returns the clause in the article's words: the verb and what hangs on it, or the noun where there is no verb."""
    head = clause.verb or clause.governor
    first, last = head.left_edge.i, head.right_edge.i
    text = head.doc[first : last + 1].text.strip(" \n,;:.–—-“”\"'")
    if len(text) <= MAX_ACTION_CHARACTERS:
        return " ".join(text.split())
    return " ".join(text[:MAX_ACTION_CHARACTERS].rsplit(" ", 1)[0].split())


def _obliged(doc: Doc, candidate: Candidate) -> tuple[str, ...]:
    """Returns who must act: the actors in the subject, as the sides they stand for."""
    subject = candidate.clause.subject
    if subject is None:
        return ()
    start, end = subject.left_edge.idx, subject.right_edge.idx + len(subject.right_edge)
    represents = doc._.represents
    sides = (
        represents.get(mention.actor, mention.actor)
        for mention in doc._.actor_mentions
        if start <= mention.start and mention.end <= end
    )
    return tuple(dict.fromkeys(side for side in sides if side in candidate.agreement.parties))


def _with_provisions(agreement: Agreement, deadlines: Iterable[Deadline]) -> Agreement:
    """Returns the agreement with a deadline in each provision that has one, and a provision for each deadline."""
    own = [deadline for deadline in deadlines if deadline.agreement == agreement.id]
    if not own:
        return agreement
    left = list(own)
    provisions = []
    for provision in agreement.provisions:
        match = next((deadline for deadline in left if _same_deed(provision, deadline)), None)
        if match is not None:
            left.remove(match)
            provision = dataclasses.replace(provision, deadline=match.id)
        provisions.append(provision)
    provisions.extend(
        Provision(text=deadline.action, parties=deadline.parties, deadline=deadline.id)
        for deadline in left
        if deadline.kind is DeadlineKind.DUE
    )
    return dataclasses.replace(agreement, provisions=tuple(provisions))


def _same_deed(provision: Provision, deadline: Deadline) -> bool:
    return provision.deadline is None and (deadline.text in provision.text or provision.text in deadline.evidence.text)


@Language.factory("pactwatch_deadlines")
def make_deadlines(nlp: Language, name: str) -> object:
    """Makes the component; it keeps nothing from one Doc to the next."""
    agreements.register()
    layers.register()
    load_lexicon()
    return read_deadlines
