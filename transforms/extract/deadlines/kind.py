"""Says what happens at a date, by the clause it stands in: something is due, starts, ends, or nothing of ours."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from transforms.extract.deadlines.clause import Clause, Force, enabled
from transforms.extract.deadlines.lexicon import Lexicon, Turn
from transforms.extract.deadlines.terms import (
    FIRM,
    HINTED,
    LAST_WORD,
    NOTHING,
    OBJECTS,
    SAID,
    Verdict,
    beside_meeting,
    deadline_noun,
    figure,
    is_agreement,
    is_span,
    listed,
    mistagged,
    negotiated,
    set_phrase,
    verdict,
)
from transforms.extract.layers import Bound
from transforms.records import DeadlineKind

_IT = frozenset({"it", "this", "that", "they", "which", "these"})
_TIMES = frozenset({"DATE", "TIME"})
_GRACE = frozenset({"have", "give", "get", "grant", "allow"})
_MOVES = frozenset({"rise", "fall", "grow", "increase", "drop"})
_TRAVELLING = frozenset({"return", "leave", "depart", "come", "go", "move"})
_FIGHTING = frozenset(
    {
        "fighting",
        "hostility",
        "hostilities",
        "fire",
        "shooting",
        "attack",
        "shelling",
        "side",
        "force",
        "gun",
        "bombing",
    }
)
_ENDS = frozenset({"expiry", "expiration", "end", "termination"})
_DEPTH = 3  # a word that belongs to a verb ("force" in "come into force") hangs no deeper than this


def verdict_of(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Returns what happens at a date, or None when it obliges no one.

    Args:
        clause: The clause of the date.
        bound: How the words around the date bound it.
        lexicon: The words of deadlines.
    """
    if bound is Bound.SINCE:
        return None
    if bound in {Bound.ON, Bound.FROM} and beside_meeting(clause, lexicon):
        return None
    all_rules = (deadline_noun, set_phrase, negotiated, _effective, _expires, _due)
    for rule in (deadline_noun,) if clause.modifies else all_rules:
        found = rule(clause, bound, lexicon)
        if found is not None:
            unreal = clause.force is Force.UNREAL and found.rule not in FIRM
            return None if unreal or clause.asked or not found.strength else found
    return None


def _turns(verb: Token, turn: Turn) -> bool:
    lemma = verb.lemma_.lower()
    if lemma in turn.plain:
        return True
    wanted = turn.phrases.get(lemma, frozenset())
    return bool(wanted) and any(token.lower_ in wanted for token in _near(verb, _DEPTH))


def _near(verb: Token, depth: int) -> Iterator[Token]:
    for child in verb.children:
        yield child
        if depth > 1 and child.dep_ in {"prep", "prt", "dobj", "pobj", "advmod", "acomp", "attr", "compound"}:
            yield from _near(child, depth - 1)


def _effective(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    verb, governor = clause.verb, clause.governor
    if governor.lower_ in lexicon.effective.adjectives:
        kind = DeadlineKind.EXPIRES if bound is Bound.UNTIL else DeadlineKind.EFFECTIVE
        return verdict(kind, LAST_WORD, "effective-adjective")
    if verb is not None and _is_phrase(verb, lexicon.effective):
        if bound is Bound.UNTIL and not clause.negated:
            return verdict(DeadlineKind.EXPIRES, LAST_WORD, "in-force-until")
        if bound is Bound.BY and clause.force is Force.BOUND and not _subject_is_agreement(clause, lexicon):
            return verdict(DeadlineKind.DUE, LAST_WORD, "takes-effect-by")
        return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "takes-effect")
    if verb is not None and verb.lemma_.lower() in lexicon.effective.plain and bound is not Bound.UNTIL:
        return _starts(clause, bound, lexicon)
    if bound is Bound.FROM:
        return _from(clause, lexicon)
    return None


def _is_phrase(verb: Token, turn: Turn) -> bool:
    return verb.lemma_.lower() not in turn.plain and _turns(verb, turn)


def _starts(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Reads "begins on", "will start trading on"; "must begin by" is something to be done."""
    if (
        _idle_subject(clause, lexicon)
        or _idle_object(clause, lexicon)
        or (clause.force is Force.PAST and not _of_agreement(clause, lexicon, named=True))
    ):
        return None
    if bound in {Bound.BY, Bound.BEFORE, Bound.WITHIN}:
        if clause.force is Force.PRESENT and bound is Bound.WITHIN:
            return verdict(DeadlineKind.EFFECTIVE, SAID, "starts-within")
        if clause.force < Force.FUTURE and not clause.obliged:
            return None
        return verdict(DeadlineKind.DUE, LAST_WORD if clause.force is Force.BOUND else SAID, "starts-by")
    verb = clause.verb
    own = clause.subject is not None and clause.subject.lemma_.lower() in lexicon.words["provision_nouns"]
    begins = verb is not None and verb.lemma_.lower() in lexicon.words["beginning"]
    sure = clause.force is Force.BOUND or (begins and (own or clause.force >= Force.FUTURE))
    sure = sure or (clause.subject is not None and clause.subject.dep_ == "nsubjpass")
    strength = LAST_WORD if _of_agreement(clause, lexicon) else SAID if sure else HINTED
    return verdict(DeadlineKind.EFFECTIVE, strength, "starts")


def _from(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads "from July 1", "starting Monday", "with effect from": of an agreement, or of a deed still to come."""
    if _of_agreement(clause, lexicon):
        return verdict(DeadlineKind.EFFECTIVE, LAST_WORD, "agreement-from")
    if clause.verb is None or clause.force < Force.PRESENT or _idle(clause, lexicon, moves=False):
        return None
    return verdict(DeadlineKind.EFFECTIVE, SAID if clause.force >= Force.FUTURE else HINTED, "from")


def _expires(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    verb = clause.verb
    if verb is not None and _turns(verb, lexicon.expires):
        if clause.subject is not None and clause.subject.lemma_.lower() in lexicon.words["private_terms"]:
            return None
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "expires")
    noun = clause.noun
    if (
        noun is not None
        and noun.lemma_.lower() in _ENDS
        and any(is_agreement(token, lexicon) for token in noun.subtree)
    ):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "end-of-agreement")
    if verb is not None and verb.lemma_.lower() in lexicon.words["completing"] and clause.force >= Force.FUTURE:
        return None  # to close a deal is to carry it out
    if verb is None and mistagged(clause, lexicon):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "expires")
    ends = verb is not None and _ends(verb, lexicon) and bound is not Bound.WITHIN
    if ends and _subject_is_agreement(clause, lexicon):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "agreement-ends")
    if ends and clause.force >= Force.PRESENT and clause.subject is not None and clause.subject.lower_ == "period":
        return verdict(DeadlineKind.EXPIRES, SAID, "period-ends")
    return _until(clause, lexicon) if bound is Bound.UNTIL else None


def _ends(verb: Token, lexicon: Lexicon) -> bool:
    to_end = verb.lemma_ == "come" and any(token.lower_ in {"end", "close"} for token in _near(verb, _DEPTH))
    return to_end or verb.lemma_.lower() in lexicon.expires.with_agreement


def _until(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads "until", "through", "to": time to do something, or how long something lasts."""
    verb = clause.verb
    if verb is not None and _grace(clause):
        return verdict(DeadlineKind.DUE, LAST_WORD, "has-until")
    if clause.noun is not None and is_span(clause.noun, lexicon):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "agreement-until")
    if verb is None or had(verb) or _idle_subject(clause, lexicon):
        return None
    lemma = verb.lemma_.lower()
    if lemma == "fall" and any(child.lower_ == "silent" for child in verb.children):
        return verdict(DeadlineKind.EXPIRES, SAID, "silent-until")
    if lemma not in lexicon.words["lasting"]:
        return None
    if _of_agreement(clause, lexicon):
        return verdict(DeadlineKind.EXPIRES, LAST_WORD, "lasts-until")
    if clause.force < Force.PRESENT or _idle(clause, lexicon, moves=False):
        return None
    sure = clause.obliged or clause.force is Force.BOUND or lemma in {"last", "run", "expire", "extend"}
    sure = sure or (clause.force is Force.FUTURE and _of_provision(clause, lexicon))
    return verdict(DeadlineKind.EXPIRES, SAID if sure else HINTED, "until")


def _of_provision(clause: Clause, lexicon: Lexicon) -> bool:
    return clause.subject is not None and clause.subject.lemma_.lower() in lexicon.words["provision_nouns"]


def _grace(clause: Clause) -> bool:
    """Whether somebody has or is given time until the date."""
    for verb in clause.chain[:3]:
        if verb.lemma_ in _GRACE and verb.pos_ in {"VERB", "AUX"} and not had(verb):
            objects = [child for child in verb.children if child.dep_ == "dobj" and child.ent_type_ not in _TIMES]
            return verb.lemma_ != "have" or not objects
    return False


def had(verb: Token) -> bool:
    """Whether time was had and is over ("they have had eight months")."""
    return verb.lemma_ == "have" and verb.tag_ == "VBN"


def _due(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    if bound in {Bound.BY, Bound.BEFORE, Bound.WITHIN}:
        return _due_by(clause, lexicon)
    if bound in {Bound.ON, Bound.AFTER}:
        return _due_on(clause, lexicon)
    return None


def _due_by(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads what must, shall or will be done by a date."""
    verb = clause.verb
    provision = clause.noun is not None and clause.noun.lemma_.lower() in lexicon.words["provision_nouns"]
    if verb is None:
        if not provision and listed(clause, lexicon):
            return verdict(DeadlineKind.DUE, SAID, "listed-by")
        return verdict(DeadlineKind.DUE, SAID, "provision-by") if provision else None
    must = clause.force is Force.BOUND
    if must and _completes_round(verb):
        return verdict(DeadlineKind.DUE, LAST_WORD, "bound-by")
    granted = any(enabled(token) for token in clause.chain[1:2])
    firm = granted or (clause.obliged and must and not _expected(clause))
    if clause.negated or (_idle(clause, lexicon, elections=not must) and not firm):
        return None
    if _forecast(clause, lexicon) or figure(verb):
        return None
    if clause.force is Force.BOUND:
        strength = NOTHING if _decides(verb) else SAID if _planned(clause) else LAST_WORD
        return verdict(DeadlineKind.DUE, strength, "bound-by")
    if _obliging(verb, lexicon):
        return verdict(DeadlineKind.DUE, LAST_WORD if provision else SAID, "obliges-by")
    if clause.force is Force.FUTURE:
        return verdict(DeadlineKind.DUE, SAID, "future-by")
    if provision and clause.force is Force.PRESENT:
        return verdict(DeadlineKind.DUE, SAID, "provision-by")
    return None


def _expected(clause: Clause) -> bool:
    return any(token.lemma_ == "expect" for token in clause.chain[1:3])


def _completes_round(verb: Token) -> bool:
    """Whether a round of trade or treaty talks is what must be completed; other talks bind nobody."""
    return verb.lemma_ in {"complete", "conclude", "finish"} and any(
        child.lemma_.lower() == "round" for child in verb.children if child.dep_ in OBJECTS
    )


def _planned(clause: Clause) -> bool:
    """Whether somebody only plans or expects the deed, which binds him less than "must"."""
    return len(clause.chain) > 1 and clause.chain[1].lemma_ in {"plan", "expect", "aim", "intend", "target", "need"}


def _decides(verb: Token) -> bool:
    """Whether someone is to decide "whether", which most often is his own affair."""
    return verb.lemma_ == "decide" and any(token.lower_ in {"whether", "if"} for token in verb.subtree)


def _forecast(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether the clause tells what an agreement is expected to bring about, not what it obliges to."""
    verb, subject = clause.verb, clause.subject
    if verb is None or subject is None or verb.lemma_.lower() in lexicon.words["completing"] | {"sign", "ratify"}:
        return False
    expected = any(token.lemma_ in {"expect", "forecast", "likely", "estimate"} for token in clause.chain[1:4])
    return expected and is_agreement(subject, lexicon) and verb.dep_ != "relcl" and verb.tag_ != "VBN"


def _obliging(verb: Token, lexicon: Lexicon) -> bool:
    """Whether the deed itself is one of obliging with its object ("requires ratification by")."""
    lemma = verb.lemma_.lower()
    if lemma not in lexicon.words["strong_obliging"]:
        return False
    return any(child.dep_ in {"dobj", "prep"} for child in verb.children)


def _due_on(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads deeds named for a day: only what agreements oblige to, and still to come."""
    verb = clause.verb
    if verb is None or clause.negated or _idle(clause, lexicon):
        return None
    if clause.governor.lower_ == "due" or any(child.lower_ == "due" for child in verb.children):
        own = verb.lemma_ == "be" and not _later_verb(verb)
        return verdict(DeadlineKind.DUE, LAST_WORD, "due-on") if own else _deed(clause, lexicon)
    return _deed(clause, lexicon)


def _later_verb(verb: Token) -> bool:
    return any(child.dep_ == "xcomp" for due in verb.children if due.lower_ == "due" for child in due.children)


def _deed(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    verb = clause.verb
    if verb is None or clause.force < Force.FUTURE:
        return None
    lemma = verb.lemma_.lower()
    strength = SAID if clause.force is Force.BOUND else HINTED
    if lemma in lexicon.words["halting"] and _fighting(verb):
        return verdict(DeadlineKind.EFFECTIVE, SAID, "fighting-stops")
    subject = clause.subject.lemma_.lower() if clause.subject is not None else ""
    if lemma in {"take", "occur", "happen", "be", "set", "schedule", "come", "follow"}:
        return verdict(DeadlineKind.DUE, strength, "deed-on") if subject in lexicon.words["provision_nouns"] else None
    if lemma in lexicon.words["provisions"]:
        return verdict(DeadlineKind.DUE, strength, "deed-on")
    must = any(child.lower_ in {"must", "shall"} for child in verb.children if child.dep_ == "aux")
    return verdict(DeadlineKind.DUE, HINTED, "must-on") if must else None


def _fighting(verb: Token) -> bool:
    near = [child for child in verb.children if child.dep_ in OBJECTS | {"nsubj"}]
    return any(child.lemma_.lower() in _FIGHTING or child.lower_ in _FIGHTING for child in near)


def _of_agreement(clause: Clause, lexicon: Lexicon, *, named: bool = False) -> bool:
    """Whether it speaks of an agreement: it hangs on one, or one (if `named`, not as "it") is subject or object."""
    if clause.noun is not None and is_span(clause.noun, lexicon):
        return True
    if _subject_is_agreement(clause, lexicon):
        return not named or (clause.subject is not None and clause.subject.lower_ not in _IT)
    verb = clause.verb
    return verb is not None and any(child.dep_ in OBJECTS and is_span(child, lexicon) for child in _objects(verb))


def _objects(verb: Token) -> Iterable[Token]:
    for child in verb.children:
        if child.dep_ in OBJECTS:
            yield child
        elif child.dep_ == "prep" and child.lower_ in {"to", "on", "for"} and verb.lemma_ in {"agree", "commit"}:
            yield from child.children


def _subject_is_agreement(clause: Clause, lexicon: Lexicon) -> bool:
    subject = clause.subject
    return subject is not None and (is_agreement(subject, lexicon) or subject.lower_ in _IT)


def _idle_subject(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether who acts is a meeting, an election, a price; what is done to prices or observers is no such thing."""
    subject = clause.subject
    if subject is None or subject.lemma_.lower() not in lexicon.words["idle_subjects"]:
        return False
    lemma = subject.lemma_.lower()
    passive = clause.verb is not None and any(child.dep_ == "auxpass" for child in clause.verb.children)
    return not passive or lemma in lexicon.words["idle_objects"] | lexicon.words["election_words"]


def _idle_object(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether what is begun is talks or a meeting ("will open negotiations on")."""
    children = clause.verb.children if clause.verb is not None else ()
    return any(child.dep_ == "dobj" and child.lemma_.lower() in lexicon.words["idle_objects"] for child in children)


def _travels(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether a single person or a delegation comes or goes, which is travel; troops leave because they must."""
    verb, subject = clause.verb, clause.subject
    if verb is None or verb.lemma_ not in _TRAVELLING or subject is None:
        return False
    person = subject.lower_ in {"he", "she", "i"} or subject.ent_type_ == "PERSON"
    going = verb.lemma_ != "return" and not any(child.lower_ in {"for", "to"} for child in verb.children)
    return (person or subject.lemma_.lower() in lexicon.words["travellers"]) and not (person and going)


def _idle(clause: Clause, lexicon: Lexicon, *, moves: bool = True, elections: bool = True) -> bool:
    """Whether the clause tells of diplomacy, nature or numbers, which no agreement obliges anybody to.

    Args:
        clause: The clause.
        lexicon: The words of deadlines.
        moves: Whether verbs of rising and falling count too; "will rise by 3 percent from October 1" sets a date.
        elections: Whether holding elections counts too; "must hold elections by May" is a provision.
    """
    verb = clause.verb
    if verb is None:
        return True
    lemma = verb.lemma_.lower()
    moving = not moves and lemma in _MOVES
    if (lemma in lexicon.words["idle_verbs"] and not moving) or (moves and _idle_subject(clause, lexicon)):
        return True
    if lemma == "sign" or lemma == "initial" or _travels(clause, lexicon):
        return True
    objects = {child.lemma_.lower() for child in verb.children if child.dep_ in OBJECTS}
    return bool(objects & lexicon.words["idle_objects"] or (elections and objects & lexicon.words["election_words"]))
