"""Reads what ends at a date: an agreement, its time, or what it makes last."""

from spacy.tokens import Token

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.lexicon import Lexicon
from transforms.extract.deadlines.pacts import under_pact
from transforms.extract.deadlines.speaks import (
    DEPTH,
    agrees_outright,
    idle,
    idle_subject,
    near,
    of_agreement,
    subject_is_agreement,
    turns,
)
from transforms.extract.deadlines.terms import (
    LAST_WORD,
    LIKELY,
    SAID,
    Verdict,
    is_agreement,
    is_span,
    is_tax_credit,
    mistagged,
    verdict,
)
from transforms.extract.layers import Bound
from transforms.records import DeadlineKind

_TIMES = frozenset({"DATE", "TIME"})
_GRACE = frozenset({"have", "give", "get", "grant", "allow"})
_RESPITES = frozenset({"delay", "extension", "reprieve", "respite", "postponement", "deferral", "moratorium", "grace"})
_HOLDING = frozenset({"remain", "apply", "fix", "freeze", "guarantee", "set"})  # "the price will apply until June 30"
_DECIDERS = frozenset(
    {"board", "court", "commission", "regulator", "panel", "judge", "authority", "agency", "tribunal"}
)
_UNTIL = frozenset({"until", "till", "through", "to", "thru"})
_PASSING = frozenset({"be", "go", "close", "wait", "search", "sit", "work", "stand", "lie", "live"})
_ENDS = frozenset({"expiry", "expiration", "end", "termination"})


def expires(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Returns what ends at a date, or None.

    Args:
        clause: The clause of the date.
        bound: How the words around the date bound it.
        lexicon: The words of deadlines.
    """
    verb = clause.verb
    if verb != clause.governor and mistagged(clause, lexicon):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "expires")
    if verb is not None and turns(verb, lexicon.expires):
        subject = clause.subject
        if subject is not None and (subject.lemma_.lower() in lexicon.words["private_terms"] or is_tax_credit(subject)):
            return None
        own = clause.subject is None or subject_is_agreement(clause, lexicon)
        if not own and clause.force is Force.BOUND and bound in {Bound.BY, Bound.BEFORE, Bound.WITHIN}:
            return None  # "each party shall cease by then to apply the measures": that is due
        return verdict(DeadlineKind.EXPIRES, LAST_WORD if own else LIKELY, "expires")
    noun = clause.noun
    if (
        noun is not None
        and noun.lemma_.lower() in _ENDS
        and any(is_agreement(token, lexicon) for token in noun.subtree)
    ):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "end-of-agreement")
    if verb is not None and verb.lemma_.lower() in lexicon.words["completing"] and clause.force >= Force.FUTURE:
        return None  # to close a deal is to carry it out
    ends = verb is not None and _ends(verb, lexicon) and bound is not Bound.WITHIN
    ends = ends and not (clause.force is Force.PAST and verb is not None and verb.lemma_ == "finish")
    if ends and subject_is_agreement(clause, lexicon):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "agreement-ends")
    if ends and clause.force >= Force.PRESENT and clause.subject is not None and clause.subject.lower_ == "period":
        return verdict(DeadlineKind.EXPIRES, SAID, "period-ends")
    if ends and bound is Bound.ON and under_pact(clause, lexicon):
        return verdict(DeadlineKind.EXPIRES, SAID, "ends-under-pact")  # "under the programme subsidies end on April 1"
    return _until(clause, lexicon) if bound is Bound.UNTIL else None


def _ends(verb: Token, lexicon: Lexicon) -> bool:
    to_end = verb.lemma_ == "come" and any(token.lower_ in {"end", "close"} for token in near(verb, DEPTH))
    return to_end or verb.lemma_.lower() in lexicon.expires.with_agreement


def _until(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads "until", "through", "to": time to do something, or how long something lasts."""
    verb = clause.verb
    if _decides_by_law(clause) or (verb is not None and _puts_off(verb) and not clause.promised):
        return None
    if verb is not None and _grace(clause) and not _permits(clause):
        return verdict(DeadlineKind.DUE, LAST_WORD, "has-until")
    if clause.noun is not None and is_span(clause.noun, lexicon):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "agreement-until")
    if clause.force is Force.UNREAL and verb is not None and not clause.negated:
        return _allowed(verb, clause, lexicon)
    if verb is None or had(verb) or (idle_subject(clause, lexicon) and verb.lemma_ not in _HOLDING):
        return None
    if clause.negated and clause.force is Force.PAST:
        return None  # "was not signed until last Friday"
    if clause.subject is not None and clause.subject.lower_ in {"i", "we", "you"} and not clause.obliged:
        return None
    lemma = verb.lemma_.lower()
    if lemma == "stay" and clause.subject is not None and clause.subject.lemma_.lower() in lexicon.words["travellers"]:
        return None  # "the envoy will stay until Wednesday"
    if _given_respite(clause):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "respite-until")
    if lemma == "fall" and any(child.lower_ == "silent" for child in verb.children):
        return verdict(DeadlineKind.EXPIRES, SAID, "silent-until")
    if lemma not in lexicon.words["lasting"]:
        return _until_then(clause, lexicon)
    if of_agreement(clause, lexicon):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "lasts-until")
    if verb.lemma_ in lexicon.words["settling"] and agrees_outright(clause):
        return verdict(DeadlineKind.EXPIRES, SAID, "agreed-until")
    if (clause.force < Force.PRESENT and not _is_state(verb)) or idle(clause, lexicon, moves=False):
        return None
    if lemma == "have" and clause.date[0].lower_ not in _UNTIL:
        return None
    sure = clause.obliged or clause.force is Force.BOUND or lemma in {"last", "run", "expire", "extend"}
    behind = clause.date.doc[clause.date.end : clause.date.end + 2]
    if not sure and any(token.lower_ == "least" for token in (*clause.date, *behind)):
        return None  # "will stay closed until at least Wednesday"
    sure = sure or (clause.force is Force.FUTURE and _of_provision(clause, lexicon))
    return verdict(DeadlineKind.EXPIRES, SAID if sure else LIKELY, "until")


def _allowed(verb: Token, clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads what somebody may do until then ("members could limit exports until 2008"); what may last is a guess."""
    may = {child.lower_ for child in verb.children if child.dep_ == "aux"}
    if verb.lemma_.lower() in lexicon.words["own_lasting"] | _PASSING or idle(clause, lexicon):
        return None
    if clause.obliged and may & {"could", "can", "may"}:
        return verdict(DeadlineKind.EXPIRES, SAID, "allowed-until")
    return verdict(DeadlineKind.EXPIRES, LIKELY, "allowed-until") if may & {"can", "may"} else None


def _is_state(verb: Token) -> bool:
    """Whether a participle without tense says what holds ("with exceptions allowed until the end of 2016")."""
    helped = any(child.dep_ in {"aux", "auxpass"} for child in verb.children)
    return verb.dep_ in {"acl", "pcomp"} and verb.tag_ == "VBN" and not helped


def _given_respite(clause: Clause) -> bool:
    nouns = (child for verb in clause.chain[:2] for child in verb.children if child.dep_ in {"dobj", "nsubjpass"})
    return any(noun.lemma_.lower() in _RESPITES for noun in nouns)


def _until_then(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads any other state that is agreed or ordered until a date ("guarantees that Spain imports maize until")."""
    if clause.force < Force.PRESENT or clause.negated or idle(clause, lexicon, moves=False):
        return None
    if not any(token.lower_ in _UNTIL for token in clause.date):
        return None
    subject = clause.subject
    if subject is not None and (subject.ent_type_ == "PERSON" or subject.lower_ in {"i", "we", "you", "he", "she"}):
        return None
    sure = clause.obliged or clause.force is Force.BOUND
    if not sure and clause.verb is not None and clause.verb.lemma_ in _PASSING:
        return None  # "the search will go on until Sunday", "markets are closed until Thursday"
    return verdict(DeadlineKind.EXPIRES, SAID if sure else LIKELY, "state-until")


def _of_provision(clause: Clause, lexicon: Lexicon) -> bool:
    return clause.subject is not None and clause.subject.lemma_.lower() in lexicon.words["provision_nouns"]


def _grace(clause: Clause) -> bool:
    """Whether somebody has or is given time until the date."""
    for verb in clause.chain[:3]:
        if any(child.lower_ == "then" for child in verb.children):
            return False  # counted from a day nobody knows
        if _allows_deed(verb, clause):
            return False
        if verb.lemma_ in _GRACE and verb.pos_ in {"VERB", "AUX"} and not had(verb):
            objects = [child for child in verb.children if child.dep_ == "dobj" and child.ent_type_ not in _TIMES]
            if any(child.lemma_.lower() in _RESPITES for child in objects):
                return False  # "was granted a second delay, to 31 October"
            return verb.lemma_ != "have" or not objects
    return False


def _puts_off(verb: Token) -> bool:
    """Whether something is only put off until then ("a settlement that puts off the fight until 2021")."""
    return verb.lemma_ == "put" and any(child.lower_ == "off" for child in verb.children)


def _permits(clause: Clause) -> bool:
    """Whether a thing is allowed until then, which is no time to do something ("exceptions allowed until 2016")."""
    verb, subject = clause.verb, clause.subject
    if verb is None or verb.lemma_ != "allow" or clause.purpose is not None or subject is None:
        return False
    return (subject.pos_ == "NOUN" and any(child.dep_ == "auxpass" for child in verb.children)) or verb.dep_ == "acl"


def _allows_deed(verb: Token, clause: Clause) -> bool:
    """Whether it is a deed that is allowed, not time for one ("will be allowed to rise until the end of 2007")."""
    deeds = (child for child in verb.children if child.dep_ in {"xcomp", "ccomp"})
    return verb.lemma_ in {"allow", "permit"} and any(deed.i < clause.date.start for deed in deeds)


def _decides_by_law(clause: Clause) -> bool:
    """Whether a court or regulator has the time to decide that its own law gives it."""
    subject, purpose = clause.subject, clause.purpose
    bodies = subject is not None and subject.lemma_.lower() in _DECIDERS
    return bodies and purpose is not None and purpose.lemma_ in {"decide", "rule", "review", "consider"}


def had(verb: Token) -> bool:
    """Whether time was had and is over ("they have had eight months")."""
    return verb.lemma_ == "have" and verb.tag_ == "VBN"
