"""Tells dates that bind nobody: superseded or missed ones, those of ended truces, vows of campaigns, aims of wars."""

import datetime
import re

from spacy.tokens import Span, Token

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.lexicon import Lexicon, load_lexicon
from transforms.extract.deadlines.link import AROUND, ENDED, PENDING, TIED, Link
from transforms.extract.deadlines.pacts import called_for, under_pact
from transforms.extract.deadlines.spans import EXTENDING
from transforms.extract.deadlines.terms import FIRM
from transforms.records import AgreementStatus, DeadlineKind

_ALIVE = frozenset({AgreementStatus.AGREED, AgreementStatus.SIGNED, AgreementStatus.IN_FORCE, AgreementStatus.EXTENDED})
_FIRST = frozenset({"first", "originally", "initially", "previously"})
_EARLIER = frozenset({"earlier", "previous", "first", "initial", "original", "former", "past"})
_REPLACING = frozenset({"replace", "supersede", "succeed", "break"})
_UNDER = frozenset({"under", "during", "after", "since", "despite"})
# "but that date came and went", "and missed that", "a deadline that passed without"
_MISSED = re.compile(
    r"\b(came and went|come and gone|passed (without|unnoticed|unheeded)|(was|were) missed|"
    r"missed (it|that|this|the (date|deadline|target))|will be missed|slipped by)\b",
    re.IGNORECASE,
)
# What becomes of a truce that is over.
_FAILING = re.compile(
    r"\b(fell apart|collapsed|broke down|broke up|unravell?ed|fell through|never took hold|did not hold|was broken|"
    r"was violated|lasted|ended|expired|lapsed|held for|was breached)\b",
    re.IGNORECASE,
)
_CAMPAIGN = frozenset({"campaign", "manifesto", "candidate", "stump"})
_VOWS = frozenset({"promise", "pledge", "vow", "undertake", "commit"})
_ORDINALS = frozenset(
    {"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "twice", "time"}
    | {"times", "once"}
)
_COUNTED = 5  # tokens before "in five years": "third truce", "the biggest U.S. strike", "the 14th attempt at a truce"
_NTH = re.compile(r"\d+(st|nd|rd|th)")
_DROPPING = frozenset(
    {"scrap", "drop", "abandon", "cancel", "shelve", "reverse", "withdraw", "rescind", "revoke", "lift"}
)
_SETTLED_DAYS = 2  # what a side clause says took effect longer ago runs already


def binds_nobody(
    clause: Clause,
    kind: DeadlineKind,
    date: datetime.date,
    published: datetime.date | None,
    lexicon: Lexicon,
) -> bool:
    """Whether a date that words like "due" or "expires" govern is history, an aim or a vow after all.

    Args:
        clause: The clause of the date.
        kind: What its words say happens at it.
        date: The day it means.
        published: When the article appeared.
        lexicon: The words of deadlines.
    """
    if _taken_back(clause) or _had_passed(clause, date, published):
        return True
    if kind is DeadlineKind.EFFECTIVE:
        return _runs_already(clause, date, published) or _was_first(clause)
    if _was_first(clause) or _had_been_due(clause) or _missed(clause.date) or _of_another(clause):
        return True
    if kind is DeadlineKind.EXPIRES:
        return False
    return _war_aim(clause, lexicon) or _campaigns(clause) or counted(clause.date)


def _taken_back(clause: Clause) -> bool:
    """Whether what was announced was dropped ("would raise duties from June 1, but scrapped the plan")."""
    behind = (child for verb in clause.chain[:4] for child in verb.children if child.dep_ == "conj")
    return any(verb.lemma_ in _DROPPING and verb.tag_ in {"VBD", "VBN"} for verb in behind if verb.i > clause.date.end)


def _had_passed(clause: Clause, date: datetime.date, published: datetime.date | None) -> bool:
    """Whether the past perfect tells of a day that was taken for one to come ("had let it run out on June 30")."""
    if published is not None and any(token.text == str(date.year) != str(published.year) for token in clause.date):
        return False  # "had finalised a deal for deliveries beginning in 2015": nobody takes that year for another
    near = clause.chain[:1] if clause.verb is not None and _runs_on(clause.verb) else clause.chain[:2]
    had = any(child.lower_ == "had" and child.dep_ == "aux" for verb in near for child in verb.children)
    return had and clause.force is Force.PAST and published is not None and date > published


def _runs_on(verb: Token) -> bool:
    """Whether a participle tells how long what was done holds ("had extended the pact, running until May")."""
    return verb.tag_ == "VBG" and verb.dep_ == "advcl"


def binds_no_longer(noun: Token | None, clause: Clause, link: Link) -> bool:
    """Whether a length is that of a truce or programme that is over, or of another than the article's.

    Args:
        noun: What has the length, where it hangs on a noun.
        clause: The clause of the length.
        link: The agreement it was taken to belong to.
    """
    if counted(clause.date) or _missed(clause.date) or _elapsed(clause.date):
        return True
    if noun is None:
        told = clause.subject.children if clause.subject is not None and clause.force is Force.PAST else ()
        return any(child.lower_ in _EARLIER for child in told)  # "the previous contract was extended for three days"
    if noun.head.lemma_ in EXTENDING and noun.dep_ in {"dobj", "nsubjpass"}:
        return True  # "extended their three-month truce by a month" tells how long it has been
    if noun.head.lemma_ in _REPLACING and noun.dep_ in {"dobj", "nsubjpass"}:
        return True  # "to replace a one-week truce"
    words = {child.lower_ for child in noun.children}
    past = clause.force is Force.PAST
    if past and clause.verb is not None and any(c.lower_ == "had" and c.dep_ == "aux" for c in clause.verb.children):
        return True  # "a one-month truce had been in place"
    if past and (words & _EARLIER or noun.head.lower_ in _UNDER):
        return True
    if clause.verb is not None and clause.verb.lemma_ in {"vote", "ballot"} and clause.force is not Force.PAST:
        return True  # what is still to be voted on runs from a day nobody knows
    if noun.dep_ in {"nsubj", "nsubjpass"} and noun.head.tag_ == "VBD" and _FAILING.search(_behind(clause.date)):
        return True
    return bool(words & {"a", "an"}) and link.closeness < AROUND + 1 and past


def counted(date: Span) -> bool:
    """Whether a length only counts how often or how much: "the third truce in five years", "the worst in a year".

    Args:
        date: The tokens of the length with its bounding words.
    """
    if date[0].lower_ not in {"in", "within"}:
        return False
    doc = date.doc
    before = doc[max(date.sent.start, date.start - _COUNTED) : date.start]
    if date[0].lower_ == "in" and doc[date.end : date.end + 1].text == "of":
        return True  # "in five months of war"
    if any(token.lower_ in _ORDINALS for token in before[-2:]):
        return True
    noun = date.start > 0 and (doc[date.start - 1].pos_ in {"NOUN", "PROPN"} or doc[date.start - 1].tag_ == "JJS")
    return noun and any(token.tag_ == "JJS" or _NTH.fullmatch(token.lower_) for token in before)


def _elapsed(date: Span) -> bool:
    """Whether it is the time since something ("more than four months after an election")."""
    doc, after = date.doc, date.doc[date.end : date.end + 1].text
    before = {token.lower_ for token in doc[max(date.sent.start, date.start - 2) : date.start + 1]}
    return after in {"after", "since"} and bool(before & {"more", "nearly", "almost", "just", "barely", "over", "some"})


def _behind(date: Span) -> str:
    return date.doc[date.end : max(date.end, date.sent.end)].text


def _missed(date: Span) -> bool:
    return _MISSED.search(_behind(date)) is not None


def _of_another(clause: Clause) -> bool:
    """Whether it is told of some agreement or other that it ran out ("where a one-week truce expired on Thursday")."""
    beside = clause.verb is not None and clause.verb.dep_ in {"relcl", "advcl"} and clause.verb.tag_ == "VBD"
    told = clause.subject.children if clause.subject is not None and beside else ()
    return any(child.lower_ in {"a", "an"} for child in told)


def _was_first(clause: Clause) -> bool:
    """Whether it is a date since given up: "was first to leave on", "was originally due in"."""
    for token in clause.chain[:3]:
        told = token.tag_ == "VBD" or any(child.lower_ in {"was", "were", "had"} for child in token.children)
        if told and any(child.lower_ in _FIRST and child.i < clause.date.start for child in token.children):
            return True
    return False


def _had_been_due(clause: Clause) -> bool:
    """Whether it had been due or set, which news says of what came otherwise."""
    near = clause.chain[:3]
    been = any(token.lower_ == "been" or any(child.lower_ == "been" for child in token.children) for token in near)
    had = any(child.lower_ == "had" and child.dep_ == "aux" for token in near for child in token.children)
    set_for = any(token.lower_ in {"due", "set", "scheduled", "supposed", "meant", "expected"} for token in near)
    return been and had and set_for


def _runs_already(clause: Clause, date: datetime.date, published: datetime.date | None) -> bool:
    """Whether a side clause tells since when something runs ("its own truce, which took effect on 21 August")."""
    verb = clause.verb
    if verb is None or published is None or verb.dep_ != "relcl" or clause.force is not Force.PAST:
        return False
    return (published - date).days > _SETTLED_DAYS


def _war_aim(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether the deed is one of beating an enemy, which no agreement sets a day for."""
    return clause.verb is not None and clause.verb.lemma_.lower() in lexicon.words["beating"]


def _campaigns(clause: Clause) -> bool:
    """Whether the vow is one of an election campaign."""
    vows = [token for token in clause.chain[:4] if token.lemma_ in _VOWS]
    return any(word.lemma_.lower() in _CAMPAIGN for vow in vows for word in vow.subtree)


def runs_out(clause: Clause, rule: str) -> bool:
    """Whether a date is the end a pact had before it was extended: not "now expires", not "will last until".

    Args:
        clause: The clause of the date.
        rule: The rule that read it.
    """
    if rule not in {"deadlines.expires", "deadlines.agreement-ends"}:
        return False
    words = {child.lower_ for token in clause.chain[:2] for child in token.children}
    return not words & {"now", "will", "would", "new"}


def stands(link: Link, clause: Clause, date: datetime.date, published: datetime.date | None, rule: str = "") -> bool:
    """Whether the agreement is one that sets dates: not pending, and not ended before the date.

    "North Korea agreed to disable its reactor by October" is such a date, although the sides hope to agree on more.

    Args:
        link: The agreement of the date.
        clause: The clause of the date.
        date: The day it means.
        published: When the article appeared.
        rule: The rule that read it.
    """
    if rule == "deadlines.expires" and clause.force is Force.PRESENT and _of_pact(clause):
        return True  # "talks on a successor to the pact that expires Sept. 30"
    still_ends = rule in {"deadlines.expires", "deadlines.agreement-ends"} and clause.force >= Force.PRESENT
    if still_ends and link.agreement.status is AgreementStatus.EXPIRED:
        return True  # "was due to expire in 2013": what ends on a day to come is not over
    if link.agreement.status in PENDING:
        standing = under_pact(clause, load_lexicon()) or called_for(clause, load_lexicon())
        return (clause.promised and link.closeness < TIED) or standing or _grace_runs(clause, rule)
    if link.agreement.status not in ENDED or (published is not None and date <= published):
        return True
    signed = (
        link.mention.status in _ALIVE and link.closeness >= TIED
    )  # "signed a pact under which they are to leave by"
    if (signed or link.agreement.status is not AgreementStatus.REJECTED) and _still_binds(clause):
        return True
    if rule in FIRM and link.agreement.status is not AgreementStatus.REJECTED:
        return True
    # "a new truce within minutes of the expiration of the last": one article, two of a kind in one record
    return link.agreement.status is AgreementStatus.EXPIRED and link.mention.status in _ALIVE


def _grace_runs(clause: Clause, rule: str) -> bool:
    """Whether the sides of a pact still open have time until then, which they were given and keep to."""
    return rule == "deadlines.has-until" and clause.force is Force.PRESENT


def _of_pact(clause: Clause) -> bool:
    words = load_lexicon().words["agreement_nouns"] | {"period", "phase"}
    return clause.subject is not None and clause.subject.lemma_.lower() in words


def _still_binds(clause: Clause) -> bool:
    """Whether the text speaks of the deed as one that is still to be done ("has to be complete within a month")."""
    near = clause.chain[:3]
    helpers = [child for token in near for child in token.children if child.dep_ in {"aux", "auxpass"}]
    present = any(token.tag_ in {"VBZ", "VBP"} for token in (*near[1:], *helpers) if token.lemma_ in {"be", "have"})
    modal = any(helper.lower_ in {"must", "shall", "will"} for helper in helpers)
    if clause.force is Force.PRESENT:
        return near[0].tag_ in {"VBZ", "VBP"} if near else False
    return clause.force >= Force.FUTURE and (present or modal)
