"""Says what happens at a date, by the clause it stands in: something is due, starts, ends, or nothing of ours."""

from spacy.tokens import Token

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.due import due
from transforms.extract.deadlines.ends import expires
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.idioms import idiom
from transforms.extract.deadlines.lexicon import Lexicon, Turn
from transforms.extract.deadlines.pacts import negotiated, under_draft
from transforms.extract.deadlines.quotes import only_said
from transforms.extract.deadlines.speaks import (
    agrees_outright,
    idle,
    idle_object,
    idle_subject,
    of_agreement,
    subject_is_agreement,
    turns,
)
from transforms.extract.deadlines.terms import (
    FIRM,
    HINTED,
    LAST_WORD,
    LIKELY,
    OBJECTS,
    SAID,
    Verdict,
    beside_meeting,
    deadline_noun,
    is_agreement,
    set_phrase,
    verdict,
)
from transforms.extract.layers import Bound
from transforms.records import DeadlineKind

_FEASTS = frozenset({"eid", "ramadan", "easter", "christmas", "holiday", "holidays", "passover", "tet"})
_TERMS = frozenset({"term", "period", "duration", "life"})
_RISES = frozenset({"raise", "increase", "rise", "hike", "increment"})
_STOPS = frozenset({"cessation", "ceasefire", "cease-fire", "truce", "halt", "end", "suspension"})
_ENDING = frozenset({"end", "terminate", "cancel", "abolish", "scrap"})


def verdict_of(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Returns what happens at a date, or None when it obliges no one.

    Args:
        clause: The clause of the date.
        bound: How the words around the date bound it.
        lexicon: The words of deadlines.
    """
    if bound is Bound.SINCE:
        return None
    all_rules = (_term, deadline_noun, set_phrase, idiom, negotiated, _effective, expires, due)
    rules = (deadline_noun,) if clause.modifies else all_rules
    found = _stops_by_list(clause, bound, lexicon) or next(
        (read for rule in rules if (read := rule(clause, bound, lexicon)) is not None), None
    )
    return None if found is None or _binds_nobody(clause, bound, found, lexicon) else found


def _stops_by_list(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads a point of a list without a verb: "cessation of hostilities at noon on Sunday"."""
    if clause.verb is not None or clause.noun is None or clause.modifies or bound not in {Bound.ON, Bound.FROM}:
        return None
    stops = clause.noun.lemma_.lower() in _STOPS and clause.noun.i < clause.date.start
    return verdict(DeadlineKind.EFFECTIVE, LIKELY, "stops-on") if stops else None


def _binds_nobody(clause: Clause, bound: Bound, found: Verdict, lexicon: Lexicon) -> bool:
    """Whether something else in the sentence says that what was read is no deadline; asked last, as few get so far."""
    if not found.strength:
        return True
    if (
        clause.force is Force.UNREAL
        and found.rule not in FIRM
        and not _only_hinged(clause, found, lexicon)
        and not _awaits_a_step(clause, found, lexicon)
    ):
        return True
    if bound in {Bound.ON, Bound.FROM} and beside_meeting(clause, lexicon):
        return True
    return clause.asked or under_draft(clause, lexicon) or only_said(clause, found.rule, lexicon)


def _only_hinged(clause: Clause, found: Verdict, lexicon: Lexicon) -> bool:
    """Whether only a condition beside it keeps a start, end or term of grace from binding: it is set all the same."""
    if not clause.hinged:
        return False
    own = found.rule in {"deadlines.takes-effect", "deadlines.expires"} and subject_is_agreement(clause, lexicon)
    imagined = any(child.lower_ in {"would", "'d"} for verb in clause.chain[:2] for child in verb.children)
    if found.rule == "deadlines.has-until":
        return not _waits(clause)
    return own or (found.strength >= SAID and not imagined)


def _awaits_a_step(clause: Clause, found: Verdict, lexicon: Lexicon) -> bool:
    """Whether a start is only said to need a step first ("must be approved before it can take effect in 1995")."""
    verb = clause.verb
    if verb is None or found.rule != "deadlines.takes-effect" or not subject_is_agreement(clause, lexicon):
        return False
    words = {child.lower_ for child in verb.children}
    return verb.dep_ == "advcl" and bool(words & {"before", "until"}) and "can" in words


def _waits(clause: Clause) -> bool:
    """Whether the time to do something runs only "once" something else has happened."""
    after = [token.lower_ for token in clause.date.doc[clause.date.end : max(clause.date.end, clause.date.sent.end)]]
    return "once" in after


def _effective(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    verb, governor = clause.verb, clause.governor
    if governor.lower_ in lexicon.effective.adjectives:
        over = bound is Bound.UNTIL or any(token.lemma_ in _ENDING for token in clause.chain[:2])
        kind = DeadlineKind.EXPIRES if over else DeadlineKind.EFFECTIVE
        return verdict(kind, LAST_WORD, "effective-adjective")
    if governor.lower_ == "due" and governor.head.lemma_.lower() in _RISES and bound is Bound.ON:
        return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "rise-due")
    if verb is not None and _is_phrase(verb, lexicon.effective):
        if bound is Bound.UNTIL and not clause.negated:
            return verdict(DeadlineKind.EXPIRES, LAST_WORD, "in-force-until")
        if bound is Bound.BY and clause.force is Force.BOUND and not subject_is_agreement(clause, lexicon):
            return verdict(DeadlineKind.DUE, LAST_WORD, "takes-effect-by")
        return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "takes-effect")
    if verb is not None and verb.lemma_.lower() in lexicon.effective.plain and bound is not Bound.UNTIL:
        return _starts(clause, bound, lexicon)
    if bound is Bound.FROM:
        return _from(clause, lexicon)
    return None


def _is_phrase(verb: Token, turn: Turn) -> bool:
    return verb.lemma_.lower() not in turn.plain and turns(verb, turn)


def _starts(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "begins on", "will start trading on"; "must begin by" is something to be done."""
    if (
        (idle_subject(clause, lexicon) and not (_applies(clause) and bound in {Bound.ON, Bound.FROM}))
        or _opens_fire(clause)
        or _is_feast(clause)
        or idle_object(clause, lexicon)
        or (clause.force is Force.PAST and not of_agreement(clause, lexicon, named=True))
    ):
        return None
    if bound in {Bound.BY, Bound.BEFORE, Bound.WITHIN}:
        if clause.force is Force.PRESENT and bound is Bound.WITHIN:
            return verdict(DeadlineKind.EFFECTIVE, SAID, "starts-within")
        if clause.force < Force.FUTURE and not clause.obliged:
            return None
        return verdict(DeadlineKind.DUE, LAST_WORD if clause.force is Force.BOUND else SAID, "starts-by")
    verb = clause.verb
    if (
        verb is not None
        and verb.lemma_ == "open"
        and clause.force >= Force.FUTURE
        and not of_agreement(clause, lexicon)
    ):
        return verdict(DeadlineKind.DUE, SAID if clause.force is Force.BOUND else HINTED, "opens")  # a road, an office
    own = clause.subject is not None and clause.subject.lemma_.lower() in lexicon.words["provision_nouns"]
    begins = verb is not None and verb.lemma_.lower() in lexicon.words["beginning"]
    sure = clause.force is Force.BOUND or (begins and (own or clause.force >= Force.FUTURE))
    sure = sure or (clause.subject is not None and clause.subject.dep_ == "nsubjpass")
    strength = LAST_WORD if of_agreement(clause, lexicon) else SAID if sure else HINTED
    return verdict(DeadlineKind.EFFECTIVE, strength, "starts")


def _applies(clause: Clause) -> bool:
    """Whether prices are said to apply, as rules do."""
    return clause.verb is not None and clause.verb.lemma_ == "apply"


def _is_feast(clause: Clause) -> bool:
    """Whether a holiday is what begins."""
    words = {word.lower_ for word in clause.subject.subtree} if clause.subject is not None else set()
    return bool(words & _FEASTS) and clause.force <= Force.PRESENT


def _opens_fire(clause: Clause) -> bool:
    verb = clause.verb
    return verb is not None and verb.lemma_ == "open" and any(child.lower_ == "fire" for child in verb.children)


def _from(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads "from July 1", "starting Monday", "with effect from": of an agreement, or of a deed still to come."""
    if clause.date.start and clause.date.doc[clause.date.start - 1].lower_ == "record":
        return None  # "shareholders of record as of October 10"
    if any(token.lemma_ in _ENDING for token in clause.chain[:1]) and _drops_agreement(clause, lexicon):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "ends-from")
    if of_agreement(clause, lexicon):
        return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "agreement-from")
    if clause.verb is not None and clause.verb.lemma_ in lexicon.words["settling"] and agrees_outright(clause):
        return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "agreed-from")
    if clause.verb is None or clause.force < Force.PRESENT or idle(clause, lexicon, moves=False):
        return None
    return verdict(DeadlineKind.EFFECTIVE, SAID if clause.force >= Force.FUTURE else LIKELY, "from")


def _term(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "the contract has a term of three years from 1 June": its start and its end."""
    noun = clause.noun
    if noun is None or noun.lemma_.lower() not in _TERMS or clause.date[0].lower_ != "of" or noun.i > clause.date.start:
        return None
    if clause.subject is None or not subject_is_agreement(clause, lexicon) or bound not in {Bound.FROM, Bound.UNTIL}:
        return None
    kind = DeadlineKind.EFFECTIVE if bound is Bound.FROM else DeadlineKind.EXPIRES
    return verdict(kind, LAST_WORD, "term-from")


def _drops_agreement(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether an agreement is what is ended ("to end their distribution agreement, effective December 31")."""
    objects = (child for child in clause.verb.children if child.dep_ in OBJECTS) if clause.verb is not None else ()
    return any(is_agreement(child, lexicon) for child in objects)
