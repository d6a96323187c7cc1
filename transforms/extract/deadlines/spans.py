"""Turns lengths of time ("a three-year deal", "within 60 days") into dates where the day they count from is known."""

import calendar
import datetime
import re

from spacy.tokens import Span, Token

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.ends import had
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.idioms import listed_term
from transforms.extract.deadlines.lexicon import Lexicon
from transforms.extract.deadlines.terms import LAST_WORD, SAID, Verdict
from transforms.extract.layers import Bound, Timex
from transforms.extract.timex import calendar as timex_calendar
from transforms.records import Agreement, AgreementKind, AgreementStatus, DeadlineKind, Precision, record

_OF_SIGNING = re.compile(
    r"\b(sign|agree|accord|deal|pact|treaty|truce|ceasefire|cease-fire|contract|conclu|adopt|announce|sett|memorandum|protocol)",
    re.IGNORECASE,
)
_OF_EFFECT = re.compile(
    r"\b(tak(es?|ing) hold|took hold|force|effect|start|begin|began|commence|implement|ratif|accession|election)",
    re.IGNORECASE,
)
_OF_THIS = re.compile(r"\b(this|present) (\w+ )?(agreement|accord|protocol|memorandum|treaty)", re.IGNORECASE)
_HOURS = re.compile(r"PT(\d+)H$")
# Treaties and supply contracts of so many years start when they are ratified or the pipes are laid, not when they are
# signed; pay deals and truces start at once.
_YEARS = re.compile(r"P\d+Y")
_OF_TRUCE = re.compile(r"^(of|after|from) (the|a) (truce|ceasefire|cease-fire|cease)\b", re.IGNORECASE)
_OF_FINAL = re.compile(
    r"\b(final|definitive|eventual|comprehensive|full) (\w+ )?(accord|agreement|deal|pact|treaty|signature|signing)"
)
_DAY_HOURS = 24
MORE = re.compile(r"\b(more|another|further|extra|additional)\b.*\b(month|year|week)", re.IGNORECASE)
_FRESH_DAYS = 7
_FAR_DAYS = 5 * 365  # treaties wait some years for their last ratification, not more
_MONTH_LENGTH = 7  # characters of YYYY-MM
_NOT_MEASURES = frozenset({"old", "'s", "’", "'", "’s"})
_TERMS = frozenset({"period", "term", "interval", "extension", "span"})
_GIVING = frozenset({"have", "give", "get", "grant", "allow", "set"})
EXTENDING = frozenset({"extend", "prolong", "renew", "extension", "renewal", "prolongation"})


@record
class Point:
    """A known date and how exact it is."""

    date: datetime.date
    precision: Precision


@record
class Anchors:
    """The dates of one agreement that lengths of time may count from, as far as the article says them.

    `signing` is a formal signing still to come, which is not the day the agreement was reached; `running` is the end
    the agreement had before it was extended.
    """

    reached: Point | None
    signing: Point | None
    effective: Point | None
    expires: Point | None
    running: Point | None
    published: datetime.date | None


def reached_point(agreement: Agreement) -> Point | None:
    """Returns when an agreement was reached, where that is known to the day or the month."""
    text = agreement.reached
    if text is None or len(text) < _MONTH_LENGTH:
        return None
    year, month = int(text[:4]), int(text[5:7])
    if len(text) == _MONTH_LENGTH:
        return Point(date=datetime.date(year, month, calendar.monthrange(year, month)[1]), precision=Precision.MONTH)
    return Point(date=datetime.date.fromisoformat(text), precision=Precision.DAY)


def length_verdict(timex: Timex, clause: Clause, span: Span, lexicon: Lexicon) -> Verdict | None:
    """Says what happens at the end of a length of time; None when it sets no date.

    Args:
        timex: A length of time that counts from something other than a date.
        clause: The clause it stands in.
        span: Its tokens with the bounding words.
        lexicon: The words of deadlines.
    """
    if timex.duration is None:
        return None
    noun = measured(span, lexicon)
    if noun is not None and (clause.force is Force.UNREAL or _only_wished(noun, clause, lexicon)):
        return None
    if noun is None and clause.modifies and clause.governor.lemma_.lower() not in _TERMS:
        return None  # "to end a six-week confrontation"
    if noun is not None:
        due = noun.lemma_.lower() in lexicon.words["deadline_nouns"]
        return Verdict(
            kind=DeadlineKind.DUE if due else DeadlineKind.EXPIRES,
            strength=LAST_WORD,
            rule="deadlines.length-deadline" if due else "deadlines.length-of-agreement",
        )
    if listed_term(span):
        return Verdict(kind=DeadlineKind.DUE, strength=LAST_WORD, rule="deadlines.listed-term")
    verb = clause.verb
    if verb is None or clause.force is Force.UNREAL:
        return None
    if _given(verb, span):
        return Verdict(kind=DeadlineKind.DUE, strength=LAST_WORD, rule="deadlines.has-time-to")
    if verb.lemma_.lower() in lexicon.words["own_lasting"] and _lasts(clause, span, lexicon):
        return Verdict(kind=DeadlineKind.EXPIRES, strength=LAST_WORD, rule="deadlines.lasts-for")
    if _for_a_period(clause, span) and (clause.obliged or clause.force is Force.BOUND):
        return Verdict(kind=DeadlineKind.EXPIRES, strength=SAID, rule="deadlines.agreed-for")
    lasts = verb.lemma_.lower() in lexicon.words["lasting"] and not MORE.search(timex.text)
    if lasts and clause.obliged and timex.text.lower().startswith("for "):
        return Verdict(kind=DeadlineKind.EXPIRES, strength=SAID, rule="deadlines.agreed-for")
    return None


def _for_a_period(clause: Clause, span: Span) -> bool:
    """Whether it is the length of a period for which something is done ("for an initial period of six months")."""
    period = clause.governor
    if span[0].lower_ != "of" or period.lemma_.lower() not in _TERMS or period.i > span.start:
        return False
    return period.head.lower_ == "for"


def measured(span: Span, lexicon: Lexicon) -> Token | None:
    """Returns the agreement or deadline whose length it is: "a three-month truce", "a truce of three months".

    Args:
        span: The tokens of the length.
        lexicon: The words of deadlines.
    """
    root = span.root
    following = span.doc[span.end : span.end + 4]
    if len(following) > 1 and following[0].lower_ == "of" and root.dep_ in {"dobj", "pobj"}:
        return None  # "nearly 30 years of fighting"
    for token in following:
        lemma = token.lemma_.lower()
        if lemma in lexicon.words["span_nouns"] or lemma in {"deadline", "ultimatum"}:
            return token if root.head == token or (token.i - span.end < 3 and _plain(span, token)) else None
        if token.pos_ not in {"ADJ", "NOUN", "PROPN", "PUNCT", "VERB", "SYM", "NUM", "CCONJ"} or token.text in ",;.":
            break
    head = root.head
    if root.lower_ in {"of", "for", "lasting"} and head.lemma_.lower() in lexicon.words["span_nouns"]:
        return head
    if head.lower_ in {"of", "for"} and head.head.lemma_.lower() in lexicon.words["span_nouns"]:
        return head.head
    return None


def _only_wished(noun: Token, clause: Clause, lexicon: Lexicon) -> bool:
    """Whether what has the length is proposed or discussed itself, not only spoken of in such a clause."""
    above = noun.head.head if noun.dep_ == "pobj" else noun.head
    if noun.head.lemma_.lower() in lexicon.words["irrealis"] or above.lemma_.lower() in lexicon.words["chances"]:
        return True  # "with the possibility of a two-year extension", "an option for a one-year extension"
    if any(child.lower_ == "due" and any(c.lemma_ == "sign" for c in child.children) for child in noun.children):
        return True  # "a three-month truce, due to be signed today, hung in the balance"
    return clause.verb is not None and clause.verb.lemma_.lower() in lexicon.words["irrealis"]


def _plain(span: Span, noun: Token) -> bool:
    """Whether a length stands before a noun as its measure ("three-month", "30-day"), not as its age ("year-old")."""
    between = span.doc[span.start : noun.i]
    words = {token.lower_ for token in between}
    return not words & _NOT_MEASURES and not any(token.pos_ == "ADP" for token in between[1:])


def _given(verb: Token, span: Span) -> bool:
    """Whether somebody has or is given that long to do something."""
    if verb.lemma_ not in _GIVING:
        verb = verb.head
    if verb.lemma_ not in _GIVING:
        return False
    if had(verb) or any(child.lower_ == "then" for child in verb.children):
        return False
    if MORE.search(span.text):
        return False  # "six more months" count on from a day told elsewhere
    after = span.doc[span.end : span.end + 2]
    return len(after) > 0 and after[0].lower_ in {"to", "in"} and span.start > verb.i


def _lasts(clause: Clause, span: Span, lexicon: Lexicon) -> bool:
    """Whether it is the agreement that lasts or is extended so long."""
    verb = clause.verb
    if verb is None or (clause.force is Force.PAST and verb.lemma_ not in EXTENDING):
        return False
    if verb.lemma_ == "end" or span.doc[span.end : span.end + 1].text == "of":
        return False  # "a deal to end 30 years of fighting"
    words = lexicon.words["agreement_nouns"] - {"mandate"}  # missions begin on days of their own
    subject = clause.subject
    if subject is not None and (subject.lemma_.lower() in words or subject.lower_ in {"it", "which", "that"}):
        return True
    cuts = verb.lemma_ == "last" and subject is not None and subject.lemma_.lower() in lexicon.words["provision_nouns"]
    if cuts and clause.force >= Force.FUTURE:
        return True
    return any(child.dep_ == "dobj" and child.lemma_.lower() in words for child in verb.children)


def end_of(timex: Timex, clause: Clause, agreement: Agreement, anchors: Anchors, kind: DeadlineKind) -> Point | None:
    """Returns the day a length of time ends, counted from the agreement's own dates; None where those are not known.

    Args:
        timex: The length.
        clause: The clause it stands in.
        agreement: The agreement it belongs to.
        anchors: The agreement's dates.
        kind: What happens at its end.
    """
    start = _start(timex, clause, agreement, anchors, kind)
    if start is not None and start == anchors.effective and _far_apart(anchors):
        return None
    if start is None or timex.duration is None:
        return None
    short = _HOURS.match(timex.duration)
    if short and int(short[1]) < _DAY_HOURS and kind is DeadlineKind.EXPIRES:
        return start  # a truce of some hours ends on its day
    end = timex_calendar.shift(start.date, timex.duration)
    if end is None:
        return None
    months_from = start == anchors.effective and start.precision is Precision.MONTH and timex.duration[-1] == "M"
    if kind is DeadlineKind.EXPIRES and months_from:
        months = timex_calendar.shift(start.date.replace(day=1), timex.duration)
        end = end if months is None else months - datetime.timedelta(days=1)  # six months from January end with June
        return Point(date=end, precision=start.precision)
    if kind is DeadlineKind.EXPIRES and start == anchors.effective and _whole(start, timex.duration):
        end -= datetime.timedelta(days=1)  # two years from July 1 end on June 30
    if start.precision is Precision.MONTH:
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return Point(date=end, precision=start.precision)


def _far_apart(anchors: Anchors) -> bool:
    """Whether a start lies so long after an agreement was reached that it must be that of another one."""
    if anchors.reached is None or anchors.effective is None:
        return False
    return (anchors.effective.date - anchors.reached.date).days > _FAR_DAYS


def _start(timex: Timex, clause: Clause, agreement: Agreement, anchors: Anchors, kind: DeadlineKind) -> Point | None:
    if timex.anchor == "event" and timex.anchor_text:
        if _OF_FINAL.search(timex.anchor_text):
            return anchors.signing  # "37 days after the signing of the final accord", which is still to come
        if _OF_TRUCE.search(timex.anchor_text):
            return anchors.effective or anchors.reached
        if _OF_EFFECT.search(timex.anchor_text):
            return anchors.effective
        if not _OF_SIGNING.search(timex.anchor_text):
            return None
        formal = anchors.signing if "sign" in timex.anchor_text.lower() else None
        own = _published(anchors) if _OF_THIS.search(timex.anchor_text) else None
        return formal or anchors.reached or own
    if kind is DeadlineKind.DUE and "first" in timex.text.lower():
        return anchors.effective or anchors.reached  # "within the first 15 days"
    if kind is DeadlineKind.DUE:
        return anchors.reached if _fresh(anchors.reached, anchors.published) else _published(anchors)
    extended = agreement.status is AgreementStatus.EXTENDED or (
        clause.verb is not None and clause.verb.lemma_ in EXTENDING
    )
    if extended and timex.bound is Bound.BY:
        return anchors.running  # "extended by five days" counts on from the end it had
    if extended:
        return anchors.running or (None if anchors.expires else anchors.effective or anchors.reached)
    lasts = clause.verb is not None and clause.verb.lemma_ in {"last", "run", "hold", "remain"} and not _would(clause)
    if _once_entered(clause):
        return anchors.effective
    if _YEARS.match(timex.duration or "") and agreement.kind is not AgreementKind.LABOR and not lasts:
        return anchors.effective
    return anchors.effective or anchors.reached


def _once_entered(clause: Clause) -> bool:
    """Whether a treaty's own text lets it remain in force so long, from a day it does not name itself."""
    return any(token.lower_ == "shall" for verb in clause.chain[:1] for token in verb.children)


def _whole(start: Point, duration: str) -> bool:
    """Whether months or years run from the first of a month, so that the last of one ends them."""
    return start.date.day == 1 and start.precision is Precision.DAY and duration[-1] in "MY" and "T" not in duration


def _would(clause: Clause) -> bool:
    """Whether it would last so long, once there is one ("the programme would last three years")."""
    return any(token.lower_ == "would" for verb in clause.chain[:1] for token in verb.children)


def _fresh(reached: Point | None, published: datetime.date | None) -> bool:
    """Whether the agreement is this week's news, so that "has 30 days" may count from it."""
    if reached is None or reached.precision is not Precision.DAY:
        return False
    return published is None or (published - reached.date).days <= _FRESH_DAYS


def _published(anchors: Anchors) -> Point | None:
    return None if anchors.published is None else Point(date=anchors.published, precision=Precision.DAY)
