"""Reads the deadlines of an article: which of its dates an agreement sets, and what happens at them."""

import dataclasses
import datetime
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from transforms.extract import layers
from transforms.extract.agreements import component as agreements
from transforms.extract.deadlines.bygone import binds_nobody, stands
from transforms.extract.deadlines.choice import choose, only_clock
from transforms.extract.deadlines.clause import Clause, clause_of
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.kind import verdict_of
from transforms.extract.deadlines.lengths import of_lengths
from transforms.extract.deadlines.lexicon import Lexicon, load_lexicon
from transforms.extract.deadlines.link import AROUND, Link, Linker
from transforms.extract.deadlines.records import Candidate, deadline_of, with_provisions
from transforms.extract.deadlines.spans import MORE, reached_point
from transforms.extract.deadlines.trust import MISSED_DAYS, RECENT_DAYS, believed, timely
from transforms.extract.deadlines.unnamed import unnamed_agreement
from transforms.extract.layers import Bound, Timex, TimexKind
from transforms.extract.timex.calendar import shift
from transforms.records import Precision

_DEEDS = frozenset(
    {"agree", "sign", "extend", "reach", "announce", "accept", "conclude", "declare", "renew", "ink", "broker"}
    | {"prolong"}
)
_AGREED_DAYS = 3  # an agreement older than that is no longer what the text counts from unsaid
_ROW_WORDS = 14  # between two dates of a row
_THAT = (["of", "that"], ["after", "that"], ["from", "that"])
_NO_NOUN = frozenset({"to", ".", ",", "in", "for", ";"})  # behind "three months after that", which means the day before
_TERMED = ("for ", "of ")  # "for two years from July 1", "a term of three years from June 1"
# Between dates of a row: "3 percent from April 1, 2 percent from July 1 and the rest on October 1".
_LISTED = frozenset(
    {"and", ",", "the", "rest", "remainder", "balance", "remaining", "another", "further", "second", "third", "other"}
    | {"percent", "per", "cent", "pct", "%", "half"}
)
_PAIRING = frozenset({"for", "to"})


def read_deadlines(doc: Doc) -> Doc:
    """Sets `doc._.deadlines`, and the deadlines of the provisions in `doc._.agreements`."""
    doc._.deadlines = ()
    if not doc._.timexes:
        return doc
    lexicon = load_lexicon()
    if not doc._.agreements:
        return _of_unnamed(doc, lexicon)
    return _with_deadlines(doc, lexicon)


def _of_unnamed(doc: Doc, lexicon: Lexicon) -> Doc:
    """Reads the deadlines of an agreement whose sides could not be told; it is kept only where it sets one."""
    unnamed = unnamed_agreement(doc, lexicon)
    if unnamed is None:
        return doc
    agreement, mentions = unnamed
    doc._.agreements, doc._.agreement_mentions = (agreement,), mentions
    if not _with_deadlines(doc, lexicon)._.deadlines:
        doc._.agreements, doc._.agreement_mentions = (), ()
    return doc


def _with_deadlines(doc: Doc, lexicon: Lexicon) -> Doc:
    best = choose(list(_candidates(doc, lexicon)))
    chosen = sorted(best, key=lambda candidate: (candidate.timex.start, candidate.date))
    doc._.deadlines = tuple(deadline_of(doc, candidate) for candidate in chosen)
    doc._.agreements = tuple(with_provisions(agreement, doc._.deadlines) for agreement in doc._.agreements)
    return doc


def _candidates(doc: Doc, lexicon: Lexicon) -> Iterator[Candidate]:
    linker, published = Linker(doc, lexicon), doc._.published
    points: list[Candidate] = []
    signed: dict[str, datetime.date] = {}
    signing: dict[str, datetime.date] = {}
    lengths: list[tuple[Timex, Span, Clause, Link]] = []
    for found in doc._.timexes:
        timex = found
        if timex.kind in {TimexKind.SET, TimexKind.AGE, TimexKind.OTHER} or _long_past(timex, published):
            continue
        span = doc.char_span(timex.bound_start, timex.end, alignment_mode="expand")
        if span is None or not len(span):
            continue
        timex = _after_that_date(timex, span)
        lasts = _verb_last(span)
        if lasts is not None:
            span = doc[lasts.i + 1 : max(span.end, lasts.i + 2)]
        clause = clause_of(span, lexicon)
        if _runs_by_now(span):
            continue
        told = _is_deed_day(timex, clause, published) or _is_signing_day(timex, clause) or _is_done_day(timex, span)
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
        elif timex.last is not None and lasts is None and not _from_start(timex):
            last = _since_agreed(timex, timex.last, link, published)
            points.extend(_of_date(doc, timex, last, clause, _beside(points, link, span), lexicon))
        elif timex.duration is not None:
            lengths.append((timex, span, clause, link))
    points = [point for point in points if not only_clock(point, points)]
    yield from points
    yield from of_lengths(doc, lengths, points, (signed, signing), lexicon)


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


def _is_deed_day(timex: Timex, clause: Clause, published: datetime.date | None) -> bool:
    """Whether a date is the day of this week on which the agreement was made ("agreed on Wednesday")."""
    if timex.last is None or timex.precision is not Precision.DAY or timex.bound is not Bound.ON or published is None:
        return False
    deed = clause.verb is not None and clause.force is Force.PAST and _tells_deed(clause.verb)
    return deed and 0 <= (published - timex.last).days <= RECENT_DAYS


def _is_done_day(timex: Timex, span: Span) -> bool:
    """Whether a date closes a treaty's text ("Done at Lomé this seventh day of July 1999")."""
    if timex.precision is not Precision.DAY or timex.last is None:
        return False
    words = [token.lower_ for token in span[0].sent[:2]]
    return words in (["done", "at"], ["done", "in"])


def _is_signing_day(timex: Timex, clause: Clause) -> bool:
    """Whether a date is that of a signing still to come ("will be signed on", "a signing ceremony on")."""
    signs = clause.verb is not None and clause.verb.lemma_ == "sign" and clause.force >= Force.FUTURE
    signs = signs or clause.governor.lower_ == "signing" or _of_ceremony(clause.governor)
    return signs and timex.precision is Precision.DAY and timex.last is not None and not timex.past


def _of_ceremony(noun: Token) -> bool:
    return noun.lower_ == "ceremony" and any(child.lower_ == "signing" for child in noun.children)


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
    lists = bool(between) and all(word in _LISTED or word.isdigit() for word in between)
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


def _of_date(
    doc: Doc, timex: Timex, last: datetime.date, clause: Clause, link: Link, lexicon: Lexicon
) -> Iterator[Candidate]:
    published = doc._.published
    for bound, date in _ends(timex, last):
        verdict = verdict_of(clause, bound, lexicon)
        if verdict is None or not believed(verdict, link, published):
            continue
        if not timely(verdict, timex, date, clause, published) or not stands(
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
    if timex.rule == "timex.length-behind":
        return  # "in each of the last four years"
    if timex.duration is not None and MORE.search(timex.text):
        return  # "six more months" count on from a day told elsewhere
    if timex.bound is Bound.BY and timex.text.lower().startswith("from "):
        yield Bound.FROM, last  # "from January 1, at the latest"
    elif timex.rule == "timex.length-from-date" and timex.bound is Bound.ON and timex.text.lower().startswith(_TERMED):
        yield from _span_from(timex, last)
    elif timex.bound is Bound.WITHIN and timex.text.lower().startswith("for "):
        return  # "the right to shorter hours for up to two years"
    elif timex.kind is TimexKind.RANGE and timex.first is not None and timex.bound is not Bound.ON:
        yield Bound.FROM, timex.first
        yield Bound.UNTIL, last
    elif timex.bound is Bound.BEFORE and timex.first is not None and timex.precision is not Precision.DAY:
        yield timex.bound, timex.first - datetime.timedelta(days=1)
    elif (
        timex.duration is not None and timex.bound is Bound.ON and not timex.past and not timex.rule.endswith("-later")
    ):
        yield Bound.WITHIN if timex.text.lower().startswith("in ") else Bound.UNTIL, last
    else:
        yield timex.bound, last


def _after_that_date(timex: Timex, span: Span) -> Timex:
    """Returns "within 60 days of that date" counted from the last day named before it, any other date as it is."""
    if timex.duration is None:
        return timex
    after = [token.lower_ for token in span.doc[span.end : span.end + 3]]
    alone = after[:2] == ["after", "that"] and (not after[2:] or after[2] in _NO_NOUN)
    if after[:2] not in _THAT or not (alone or after[2:] in (["date"], ["day"])):
        return timex
    days = [
        other
        for other in span.doc._.timexes
        if other.end <= timex.bound_start and other.kind is TimexKind.DATE and other.precision is Precision.DAY
    ]
    end = shift(days[-1].last, timex.duration) if days and days[-1].last is not None else None
    return (
        timex if end is None else dataclasses.replace(timex, first=days[-1].last, last=end, rule="timex.of-that-date")
    )


def _told_on(timex: Timex, published: datetime.date | None) -> datetime.date | None:
    """Returns the day that a length counts from where that is when the article was written, else None."""
    if timex.first is None or published is None or not 0 <= (published - timex.first).days <= _AGREED_DAYS:
        return None
    return timex.first


def _since_agreed(timex: Timex, last: datetime.date, link: Link, published: datetime.date | None) -> datetime.date:
    """Returns the end of "within 72 hours" counted from the day of this week on which it was agreed."""
    reached = reached_point(link.agreement)
    given = timex.rule == "timex.length-given" and (timex.duration or "")[-1:] in {"D", "W", "H"}
    counted = given or (timex.rule == "timex.length-from-now" and timex.bound is Bound.WITHIN)
    if not counted or reached is None or timex.first is None or timex.first != _told_on(timex, published):
        return last
    days = (timex.first - reached.date).days
    fresh = reached.precision is Precision.DAY and 0 < days <= _AGREED_DAYS
    return last - datetime.timedelta(days=days) if fresh else last


def _runs_by_now(span: Span) -> bool:
    """Whether a relative clause says that a length is over or under way ("in the 12 months which began in March")."""
    doc, end = span.doc, span.end
    return end + 1 < len(doc) and doc[end].lower_ in {"which", "that"} and doc[end + 1].tag_ == "VBD"


def _from_start(timex: Timex) -> bool:
    """Whether a length counts from the agreement's own start ("within the first 15 days")."""
    return timex.duration is not None and timex.bound is Bound.WITHIN and " first " in timex.text.lower()


def _span_from(timex: Timex, last: datetime.date) -> Iterator[tuple[Bound, datetime.date]]:
    """Yields both ends of "for two years from July 1", which end on June 30."""
    start = shift(last, timex.duration or "", -1)
    whole = start is not None and start.day == 1 and (timex.duration or "")[-1:] in {"M", "Y"}
    if start is not None:
        yield Bound.FROM, start
    yield Bound.UNTIL, last - datetime.timedelta(days=int(whole))


@Language.factory("pactwatch_deadlines")
def make_deadlines(nlp: Language, name: str) -> object:
    """Makes the component; it keeps nothing from one Doc to the next."""
    agreements.register()
    layers.register()
    load_lexicon()
    return read_deadlines
