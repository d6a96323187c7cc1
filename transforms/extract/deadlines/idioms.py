"""Reads idioms in which pacts name a date: caps, "when the treaty expires", pay rises, a new system, lists of terms."""

from collections.abc import Iterator

from spacy.tokens import Span, Token

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.lexicon import Lexicon
from transforms.extract.deadlines.speaks import turns
from transforms.extract.deadlines.terms import LAST_WORD, LIKELY, SAID, Verdict, is_agreement, verdict
from transforms.extract.layers import Bound
from transforms.records import DeadlineKind

_BACKDATING = 4  # tokens of a date that begins "effective retroactively to"
_BACKDATED = ("retroactive", "backdated", "effective retroactive", "with retroactive")
_BEHIND = 10  # tokens behind a date in which "when the agreement expires" stands
_BEFORE = 12  # tokens before "effective" in which the limit stands
_LIMITS = frozenset({"limit", "ceiling", "cap", "quota", "price", "tariff", "duty", "rate", "cut"})
_PAY = frozenset({"wage", "pay", "salary", "pension", "wages"})
_RISING = frozenset({"go", "rise", "increase"})
_RISES = frozenset({"rise", "increase", "raise", "hike"})
_SHARES = frozenset({"cent", "percent", "pct", "%"})  # two percent of the land may follow too
_FOLLOWING = frozenset({"come", "follow"})
_EXPIRY = frozenset({"expiry", "expiration"})
_RULING = frozenset({"government", "administration", "authority", "council", "cabinet", "commission"})
_SYSTEMS = frozenset({"system", "regime", "rate", "tariff", "scheme", "formula", "price", "currency"})
_CHANGING = frozenset({"move", "switch", "shift", "change"})
_RIGHTS = frozenset({"membership", "validity", "obligation", "right", "privilege"})
_NOBODY = frozenset({"no", "none", "nobody", "neither"})
_BULLETS = frozenset({"-", "*", "•", "–", "—", "·"})
_LIST_WORDS = 10  # tokens behind a length: "seven days for the prime minister to return"


def idiom(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Returns what an idiom says happens at a date, or None.

    Args:
        clause: The clause of the date.
        bound: How the words around the date bound it.
        lexicon: The words of deadlines.
    """
    if bound is Bound.FROM and clause.date[:_BACKDATING].text.lower().startswith(_BACKDATED):
        return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "backdated")
    told = None if _must_by(clause, bound) else _when_it_turns(clause, lexicon)
    told = told or _at_expiry(clause, bound, lexicon)
    if told is None and clause.verb is None:
        return _limits_from(clause, bound)
    if told is not None or clause.verb is None:
        return told
    for rule in (
        _penalty,
        _cap,
        _limit_effective,
        _pay_rise,
        _further_rise,
        _new_system,
        _right_ceases,
        _takes_power,
    ):
        found = rule(clause, bound)
        if found is not None:
            return found
    return None


def listed_term(span: Span) -> bool:
    """Whether a length is a point of a list ("- 15 days to move all forces", "- seven days for X to return").

    Args:
        span: The tokens of the length.
    """
    before = [token.text for token in span.doc[max(0, span.start - 2) : span.start]]
    after = span.doc[span.end : span.end + _LIST_WORDS]
    if not before or before[-1] not in _BULLETS or len(after) < 2 or after[0].lower_ not in {"to", "for"}:
        return False
    to = next((token for token in after if token.lower_ == "to"), None)
    return to is not None and to.i + 1 < len(span.doc) and span.doc[to.i + 1].tag_ == "VB"


def _when_it_turns(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads "through December 31, 1994, when the agreement expires"."""
    doc, end = clause.date.doc, clause.date.end
    when = next((doc[i] for i in range(end, min(end + 2, len(doc))) if doc[i].lower_ == "when"), None)
    for verb in _verbs_behind(when) if when is not None else ():
        subject = next((child for child in verb.children if child.dep_ == "nsubj"), None)
        if subject is None or not is_agreement(subject, lexicon):
            continue
        if turns(verb, lexicon.expires) or verb.lemma_ in lexicon.expires.with_agreement:
            return verdict(DeadlineKind.EXPIRES, LAST_WORD, "when-it-ends")
        if turns(verb, lexicon.effective) and verb.lemma_ not in {"be", "open"}:
            return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "when-it-starts")
    return None


def _must_by(clause: Clause, bound: Bound) -> bool:
    """Whether something must be done by the date on which something else begins ("must leave by May, when")."""
    return clause.force is Force.BOUND and bound in {Bound.BY, Bound.BEFORE}


def _at_expiry(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "before the expiry of the current protocol on 31 July", whatever is hoped for before it."""
    date = clause.date
    before = date.doc[max(date.sent.start, date.start - _BEHIND) : date.start]
    expiry = next((token for token in before if token.lower_ in _EXPIRY), None)
    if expiry is None or bound is not Bound.ON or any(token.pos_ == "VERB" for token in before if token.i > expiry.i):
        return None
    ends = any(is_agreement(token, lexicon) for token in expiry.subtree)
    return verdict(DeadlineKind.EXPIRES, LAST_WORD, "at-expiry") if ends else None


def _verbs_behind(when: Token) -> Iterator[Token]:
    last = min(when.i + _BEHIND, len(when.doc), when.sent.end)
    return (token for token in when.doc[when.i + 1 : last] if token.tag_ in {"VBZ", "VBP", "VB"})


def _penalty(clause: Clause, bound: Bound) -> Verdict | None:
    """Reads "must pay a penalty for each day of delay after June 15"."""
    if bound is not Bound.AFTER:
        return None
    date = clause.date
    before = {token.lower_ for token in date.doc[max(clause.sentence, date.start - _BEFORE) : date.start]}
    late = "delay" in before and bool(before & {"penalty", "fine", "penalties", "fines"})
    return verdict(DeadlineKind.DUE, SAID, "penalty-after") if late else None


def _limits_from(clause: Clause, bound: Bound) -> Verdict | None:
    """Reads "cod quotas rise by 12 percent from January 1" where the parse found no verb."""
    limits = clause.noun is not None and clause.noun.lemma_.lower() in _LIMITS | _PAY
    return verdict(DeadlineKind.EFFECTIVE, LIKELY, "limits-from") if limits and bound is Bound.FROM else None


def _cap(clause: Clause, bound: Bound) -> Verdict | None:
    """Reads "by 2002 neither side may hold more than 5,000 tons"."""
    verb, subject = clause.verb, clause.subject
    if verb is None or bound is not Bound.BY or not any(child.lower_ == "may" for child in verb.children):
        return None
    none = subject is not None and any(child.lower_ in _NOBODY for child in (subject, *subject.children))
    return verdict(DeadlineKind.DUE, SAID, "cap-by") if none or clause.negated else None


def _limit_effective(clause: Clause, bound: Bound) -> Verdict | None:
    """Reads "a ceiling of 24.5 million barrels a day effective October 1"."""
    date = clause.date
    if bound is not Bound.FROM or "effective" not in {token.lower_ for token in date.doc[date.start - 1 : date.end]}:
        return None
    before = date.doc[max(date.sent.start, date.start - _BEFORE) : date.start]
    limits = any(token.pos_ == "NOUN" and token.lemma_ in _LIMITS for token in before)
    return verdict(DeadlineKind.EFFECTIVE, LIKELY, "limit-effective") if limits else None


def _pay_rise(clause: Clause, bound: Bound) -> Verdict | None:
    """Reads "wages go up 1.1 per cent next August"."""
    verb, subject = clause.verb, clause.subject
    if verb is None or subject is None or bound not in {Bound.ON, Bound.FROM} or clause.negated:
        return None
    if subject.lemma_.lower() not in _PAY or verb.lemma_ not in _RISING or clause.force < Force.PRESENT:
        return None
    upward = verb.lemma_ != "go" or any(child.lower_ == "up" for child in verb.children)
    return verdict(DeadlineKind.EFFECTIVE, LIKELY, "pay-rise") if upward else None


def _further_rise(clause: Clause, bound: Bound) -> Verdict | None:
    """Reads "with another 3 percent to come on January 1", "a further increase follows in July"."""
    verb, subject = clause.verb, clause.subject
    if verb is None or subject is None or bound not in {Bound.ON, Bound.FROM} or clause.negated:
        return None
    if clause.date[-1].lower_ == "later":
        return None  # "and the same again a year later"
    lemma = subject.lemma_.lower()
    rises = (lemma in _RISES and verb.lemma_ in _FOLLOWING) or (lemma in _SHARES and verb.lemma_ == "come")
    rises = rises and clause.force >= Force.PRESENT
    return verdict(DeadlineKind.EFFECTIVE, LIKELY, "further-rise") if rises else None


def _new_system(clause: Clause, bound: Bound) -> Verdict | None:
    """Reads "will move to a new system of licences on July 1"."""
    verb = clause.verb
    if verb is None or bound not in {Bound.ON, Bound.FROM} or verb.lemma_ not in _CHANGING or clause.negated:
        return None
    to = (noun for child in verb.children if child.lower_ == "to" for noun in child.children)
    system = any(noun.lemma_.lower() in _SYSTEMS for noun in to) and clause.force >= Force.FUTURE
    return verdict(DeadlineKind.EFFECTIVE, LIKELY, "new-system") if system else None


def _right_ceases(clause: Clause, bound: Bound) -> Verdict | None:
    """Reads "its membership will cease on July 3, 2019"."""
    verb, subject = clause.verb, clause.subject
    if verb is None or subject is None or verb.lemma_ != "cease" or bound in {Bound.WITHIN, Bound.UNTIL}:
        return None
    ceases = subject.lemma_.lower() in _RIGHTS and clause.force >= Force.PRESENT
    return verdict(DeadlineKind.EXPIRES, SAID, "right-ceases") if ceases else None


def _takes_power(clause: Clause, bound: Bound) -> Verdict | None:
    """Reads "a transitional government is due to take power in October"."""
    verb, subject = clause.verb, clause.subject
    if verb is None or subject is None or verb.lemma_ != "take" or bound not in {Bound.ON, Bound.FROM}:
        return None
    power = any(child.lower_ in {"power", "office", "control"} for child in verb.children if child.dep_ == "dobj")
    rules = power and subject.lemma_.lower() in _RULING and clause.force >= Force.FUTURE and not clause.negated
    return verdict(DeadlineKind.EFFECTIVE, SAID, "takes-power") if rules else None
