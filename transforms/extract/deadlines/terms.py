"""Reads the set phrases of deadlines: target and outside dates, "no money may be drawn after", permission to begin."""

import re
from collections.abc import Iterator

from spacy.tokens import Token

from transforms.extract.deadlines.clause import EXPIRING, Clause
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.lexicon import Lexicon
from transforms.extract.layers import Bound
from transforms.records import DeadlineKind, record

LAST_WORD = 4  # the words alone are proof: "deadline", "must", "expires"
SAID = 3  # "will", "would": proof in an article about an agreement
LIKELY = 2  # proof some sentences from an agreement
HINTED = 1  # a deed named for a day: proof inside the talk of an agreement
NOTHING = 0  # no date of ours, whatever the other words say

OBJECTS = frozenset({"dobj", "nsubjpass", "attr", "pobj", "oprd"})
# Verbs that say something of the deadline that is their subject or object.
_OF_DEADLINES = frozenset(
    {"be", "set", "expire", "pass", "fall", "fix", "extend", "loom", "give", "move", "push", "postpone", "run", "lapse"}
    | {"delay", "agree", "impose", "have"}
)
_SETTING = frozenset({"set", "fix", "agree", "name", "lay", "establish"})
_HELD = frozenset(
    {"election", "elections", "talks", "poll", "polls", "vote", "summit", "meeting", "referendum", "trial"}
)
_NOBODY = frozenset({"no", "none", "nobody", "neither", "nothing"})
_AROUND_SIGNATURE = 24  # tokens before a date in which "open for signature" stands
_OPEN_FOR = re.compile(
    r"\bopen(s|ed)? (up )?(for|to) (\w+ )?(signature|accession|subscription|acceptance)", re.IGNORECASE
)
_STARTING = frozenset({"effective", "starting", "beginning", "from"})  # "set a limit effective July 1"
_TIMES = frozenset({"DATE", "TIME"})
_BESIDE_MEETING = 5  # tokens before a date: "a commission meeting in Rome beginning Monday"
# Verbs of walking away from an agreement that was not carried out by its outside date.
_LEAVING = frozenset(
    {
        "terminate",
        "end",
        "exit",
        "lapse",
        "expire",
        "cancel",
        "void",
        "annul",
        "rescind",
        "abandon",
        "walk",
        "withdraw",
        "collapse",
    }
    | {"pull", "forfeit", "scrap", "revoke", "drop", "quit"}
)
# What comes of a truce in tariffs or sanctions when nothing is agreed in time.
_BITING = frozenset({"rise", "raise", "increase", "resume", "impose", "reimpose", "return", "snap", "double"})
# These stand whatever "may", "can" or "if" is over them: the phrase itself is what sets the date.
FIRM = frozenset(
    {
        "deadlines.noun",
        "deadlines.no-more-after",
        "deadlines.allowed-until",
        "deadlines.outside-date",
        "deadlines.may-begin",
        "deadlines.proviso",
    }
    | {"deadlines.only-once", "deadlines.cap-by", "deadlines.when-it-ends", "deadlines.at-expiry"}
)


@record
class Verdict:
    """What a date does, how strongly its words say so, and the rule that read them."""

    kind: DeadlineKind
    strength: int
    rule: str


def verdict(kind: DeadlineKind, strength: int, rule: str) -> Verdict:
    """Returns a verdict under the id of one of our rules."""
    return Verdict(kind=kind, strength=strength, rule=f"deadlines.{rule}")


def is_agreement(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word names an agreement or the state one makes; a tax credit is none."""
    if is_tax_credit(token):
        return False
    return token.lemma_.lower() in lexicon.words["agreement_nouns"] or token.lower_ in lexicon.words["agreement_nouns"]


def is_tax_credit(token: Token) -> bool:
    """Whether a word is the "credit" of a tax credit, which a law grants."""
    return token.lower_ in {"credit", "credits"} and any(child.lower_ == "tax" for child in token.children)


def is_span(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word names an agreement that holds for a span of time."""
    return token.lemma_.lower() in lexicon.words["span_nouns"]


def set_phrase(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads the phrases that set a date by themselves.

    Args:
        clause: The clause of the date.
        bound: How the words around the date bound it.
        lexicon: The words of deadlines.
    """
    if clause.verb is None:
        return None
    for rule in (
        _sets_day,
        _signature,
        _no_more_after,
        _outside_date,
        _only_once,
        _proviso,
        _may_begin,
        _following,
        _takes_over,
    ):
        found = rule(clause, bound, lexicon)
        if found is not None:
            return found
    return None


def _sets_day(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "the declaration sets April 30 for members to agree on the formulas"."""
    verb = clause.verb
    if verb is None or verb != clause.governor or verb.lemma_ not in {"set", "fix"} or bound is not Bound.ON:
        return None
    day = clause.date.root
    named = day.dep_ == "dobj" and day.i > verb.i
    ends = any(child.dep_ in {"xcomp", "ccomp", "advcl", "prep"} and child.i > day.i for child in verb.children)
    if not named or not ends or any(token.lower_ in _HELD for token in verb.subtree):
        return None
    return verdict(DeadlineKind.DUE, SAID, "sets-day")


def _signature(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "open for signature until": what is due is to sign."""
    if bound not in {Bound.UNTIL, Bound.FROM, Bound.ON}:
        return None
    around = clause.date.doc[max(clause.sentence, clause.date.start - _AROUND_SIGNATURE) : clause.date.start]
    if not _OPEN_FOR.search(around.text):
        return None
    if bound is not Bound.UNTIL:
        return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "signature-from")
    opened = any(token.lower_ == "opened" for token in around)
    return verdict(DeadlineKind.EXPIRES if opened else DeadlineKind.DUE, LAST_WORD, "signature-until")


def _no_more_after(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "no new money can be drawn after", "may not fish there after"."""
    verb = clause.verb
    if bound is not Bound.AFTER or verb is None or not any(child.tag_ == "MD" for child in verb.children):
        return None
    nouns = [child for child in verb.children if child.dep_ in OBJECTS | {"nsubj"}]
    none = any(noun.lower_ in _NOBODY or any(c.lower_ in _NOBODY for c in noun.children) for noun in nouns)
    if not none and not clause.negated:
        return None
    return verdict(DeadlineKind.EXPIRES, SAID, "no-more-after")


def _outside_date(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "either side may walk away if the merger has not closed by June 30"."""
    verb = clause.verb
    if verb is None or verb.dep_ != "advcl" or bound not in {Bound.BY, Bound.BEFORE, Bound.UNTIL, Bound.WITHIN}:
        return None
    marks = {child.lower_ for child in verb.children if child.dep_ in {"mark", "advmod"}}
    lapsing = "unless" in marks or (clause.negated and marks & {"if", "should"})
    main = verb.head
    nothing = any(
        child.dep_ in {"nsubj", "nsubjpass"} and child.lower_ != "neither" and _no(child) for child in verb.children
    )
    mains = (main, *(child for child in main.children if child.dep_ == "ccomp"))
    bites = any(
        word.lemma_ in _BITING and any(child.lower_ in {"will", "shall"} for child in word.children) for word in mains
    )
    if bites and (lapsing or (nothing and marks & {"if"})):
        return verdict(DeadlineKind.DUE, SAID, "outside-date")
    leaving = main.lemma_ in _LEAVING or any(child.lemma_ in {"void", "invalid"} for child in main.children)
    leaving = leaving or any(child.lemma_ == "right" for child in main.children)  # "have the right to reopen it if"
    return verdict(DeadlineKind.DUE, SAID, "outside-date") if lapsing and leaving else None


def _no(noun: Token) -> bool:
    return any(child.lower_ == "no" for child in noun.children)


def _only_once(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "talks can only start once parliament has passed the laws by July 15"."""
    verb = clause.verb
    if verb is None or verb.dep_ not in {"advcl", "ccomp"} or bound not in {Bound.BY, Bound.BEFORE}:
        return None
    marked = any(child.lower_ in {"once", "after", "if"} for child in verb.children)
    only = any(child.lower_ == "only" for child in (*verb.children, *verb.head.children))
    return verdict(DeadlineKind.DUE, SAID, "only-once") if marked and only and not clause.negated else None


def _proviso(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "provided that the banks commit themselves by November 30"."""
    if bound not in {Bound.BY, Bound.BEFORE, Bound.WITHIN} or clause.negated or clause.verb is None:
        return None
    over = (clause.verb, *clause.verb.ancestors)[:3]
    words = {token.lower_ for token in over} | {c.lower_ for c in clause.verb.children if c.dep_ == "mark"}
    return verdict(DeadlineKind.DUE, SAID, "proviso") if words & {"provided", "providing"} else None


def _may_begin(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "services may begin on June 15": of what an agreement allows, not of what may happen."""
    verb, subject = clause.verb, clause.subject
    if verb is None or subject is None or bound not in {Bound.ON, Bound.FROM} or clause.negated:
        return None
    may = any(child.lower_ in {"may", "can"} for child in verb.children if child.dep_ == "aux")
    allowed = subject.lemma_.lower() in lexicon.words["allowed_nouns"]
    if not may or not allowed or verb.lemma_ not in lexicon.words["beginning"] | {"resume", "open"}:
        return None
    return verdict(DeadlineKind.EFFECTIVE, SAID, "may-begin")


def _following(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads the second date of "deliveries are to start in May, with oil following in June"."""
    verb = clause.verb
    if verb is None or verb.lower_ not in {"following", "joining"} or bound is not Bound.ON:
        return None
    begins = any(token.lemma_ in lexicon.effective.plain for token in clause.chain[1:4])
    return verdict(DeadlineKind.EFFECTIVE, SAID, "following") if begins else None


def _takes_over(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "the trust takes over on": of a fund, force or authority; what persons take over is an office."""
    verb, subject = clause.verb, clause.subject
    if verb is None or subject is None or bound not in {Bound.ON, Bound.FROM}:
        return None
    over = any(child.lower_ == "over" and child.dep_ in {"prt", "advmod", "prep"} for child in verb.children)
    office = any(child.lower_ == "as" for child in verb.children)
    if not over or office or subject.pos_ != "NOUN" or verb.lemma_ != "take" or clause.force < Force.PRESENT:
        return None
    return verdict(DeadlineKind.EFFECTIVE, HINTED, "takes-over")


def beside_meeting(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether a date stands right behind a meeting: then it is the day of that."""
    date = clause.date
    before = date.doc[max(clause.sentence, date.start - _BESIDE_MEETING) : date.start]
    meetings = lexicon.words["idle_objects"]
    votes = lexicon.words["election_words"]  # "a timetable for disarmament ahead of polls in November"
    names = [
        token
        for token in before
        if (lemma := token.lemma_.lower()) in meetings or lemma == "meet" or (lemma in votes and token.dep_ == "pobj")
    ]
    if not names:
        return False
    return not any(token.pos_ in {"VERB", "AUX"} and token.i > names[-1].i for token in before)


def deadline_noun(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "a deadline of", "the deadline is", "a March 31 deadline", "the expiry date"."""
    for word in _words_around(clause):
        lemma = word.lemma_.lower()
        if lemma not in lexicon.words["deadline_nouns"] or word.pos_ not in {"NOUN", "PROPN"}:
            continue
        by_pact = any(_set_by_pact(child, lexicon) for child in word.children)
        if clause.modifies and bound in {Bound.BEFORE, Bound.AFTER} and not by_pact:
            continue  # "just before a midnight deadline" tells what happened then
        beside = {child.lower_ for child in word.children}
        if beside & {"effective", "start", "starting", "implementation", "commencement"}:
            return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "noun-start")
        if beside & {"expiry", "expiration", "end", "termination", "maturity", "expiring"}:
            return verdict(DeadlineKind.EXPIRES, LAST_WORD, "noun-end")
        if lemma not in lexicon.words["weak_deadline_nouns"]:
            return Verdict(kind=DeadlineKind.DUE, strength=LAST_WORD, rule="deadlines.noun")
        if clause.date[0].lower_ in _STARTING and _is_set(word):
            return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "noun-start")
        renewed = word.dep_ == "nsubj" and word.head.lemma_ == "be" and "new" in beside
        if by_pact or (lemma != "time" and _is_set(word)) or (renewed and not _held(word)):
            return verdict(DeadlineKind.DUE, LAST_WORD, "date-set")
        if beside & {"target", "closing", "due", "completion", "withdrawal", "cutoff", "delivery"}:
            return verdict(DeadlineKind.DUE, LAST_WORD, "noun-target")
    return None


def _words_around(clause: Clause) -> Iterator[Token]:
    """Yields the nouns a date may belong to: what it hangs on, and the subject and object of a plain verb over it."""
    yield clause.governor
    verb = clause.verb
    if verb is None or verb.lemma_ not in _OF_DEADLINES:
        return
    if clause.subject is not None and clause.governor.pos_ in {"VERB", "AUX"}:
        yield clause.subject
    for child in verb.children:
        if child.dep_ in {"dobj", "nsubjpass"} and clause.noun is None and abs(child.i - clause.governor.i) < 8:
            yield child


def _set_by_pact(token: Token, lexicon: Lexicon) -> bool:
    """Whether a participle says that an agreement set the date ("the July 1 date set by the accord")."""
    if token.dep_ != "acl" or token.lemma_ not in _SETTING | {"require", "specify", "stipulate", "provide"}:
        return False
    agents = (word for child in token.children if child.dep_ == "agent" for word in child.children)
    return any(is_agreement(word, lexicon) for word in agents)


def _is_set(word: Token) -> bool:
    """Whether somebody sets the date: "set a target of", "fixed a date"; dates of votes and meetings are none."""
    objects = word.dep_ in {"dobj", "nsubjpass"} and word.head.lemma_ in _SETTING
    return objects and not _held(word)


def _held(word: Token) -> bool:
    """Whether a date is that of a vote or meeting."""
    return any(token.lower_ in _HELD for token in word.subtree)


def mistagged(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether the verb of "will lapse", "they lapse" was taken for a noun.

    Args:
        clause: The clause of the date.
        lexicon: The words of deadlines.
    """
    word = clause.governor
    if word.lower_ in EXPIRING and word.i == clause.date.start - 1:
        return True  # "the commitment lapses Oct. 31"
    before = word.doc[max(word.sent.start, word.i - 2) : word.i]
    after_modal = any(token.lower_ in {"will", "shall", "must"} for token in before)
    alone = bool(before) and before[-1].lower_ in {"they", "both", "which"}
    return (after_modal or alone) and word.lower_ in lexicon.expires.plain


def figure(verb: Token) -> bool:
    """Whether the clause says how much something will come to ("output will reach 3 million tonnes by 1990").

    Args:
        verb: The verb of the clause.
    """
    low = verb.lemma_ == "be" and any(child.lower_ in {"down", "up", "worth"} for child in verb.children)
    sums = verb.lemma_ in {"reach", "total", "exceed", "average", "top", "amount", "account"}
    return (low or sums) and any(
        token.like_num or token.lower_ in {"pct", "percent", "%"}
        for token in verb.subtree
        if token.ent_type_ not in _TIMES
    )
