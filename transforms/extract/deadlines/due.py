"""Reads what must be done by a date or on one."""

from spacy.tokens import Token

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force, enabled
from transforms.extract.deadlines.lexicon import Lexicon
from transforms.extract.deadlines.pacts import listed
from transforms.extract.deadlines.speaks import idle, meets
from transforms.extract.deadlines.terms import (
    HINTED,
    LAST_WORD,
    LIKELY,
    NOTHING,
    OBJECTS,
    SAID,
    Verdict,
    figure,
    is_agreement,
    verdict,
)
from transforms.extract.layers import Bound
from transforms.records import DeadlineKind

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
_GUESSING = frozenset({"possibly", "perhaps", "probably", "maybe", "presumably", "hopefully", "ideally", "likely"})
_LENGTH_WORDS = 6  # tokens of "for an initial period of six months"
_UNITS = frozenset({"week", "weeks", "month", "months", "year", "years", "day", "days"})
_SCHEDULING = frozenset({"set", "schedule", "plan", "slate", "fix", "expect", "due", "time", "call", "be"})
_GENERAL = frozenset({"usually", "often", "normally", "typically", "always", "generally"})
_DONE = frozenset({"ready", "complete", "completed", "finished"})
_PUBLIC = frozenset(
    {"card", "parcel", "ticket", "passenger", "customer", "visitor", "shopper", "viewer", "subscriber", "tourist"}
    | {"pilgrim", "spectator", "motorist", "commuter", "pupil", "patient", "applicant", "taxpayer", "voter"}
)
_TELLERS = frozenset({"agency", "charity", "hospital", "police", "university", "broadcaster", "retailer"})
_DONE_BEFORE = 25  # tokens before "do so" in which the deed stands
_MUSTS = frozenset({"must", "shall", "has", "have", "required", "obliged", "ordered", "supposed", "due"})
_SETTLED = (
    _DONE
    | {"done", "out", "over", "free", "clear", "gone", "operational", "open", "home", "back", "available", "effective"}
    | {"place", "force", "operation", "work", "due", "able", "hands", "under", "down"}
)
_LOWERING = frozenset({"reduce", "cut", "raise", "lower", "narrow", "trim"})
_PERCENT = frozenset({"pct", "percent", "per", "%"})
_OWED = frozenset({"repayable", "refundable"})
_PLANNING = frozenset({"plan", "expect", "aim", "intend", "target", "need", "hope"})
PROMISING = frozenset({"agree", "pledge", "promise", "undertake", "commit", "consent", "vow"})


def due(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Returns what is due at a date, or None.

    Args:
        clause: The clause of the date.
        bound: How the words around the date bound it.
        lexicon: The words of deadlines.
    """
    if bound is Bound.WITHIN and _ought_to_have(clause):
        return None
    if bound in {Bound.BY, Bound.BEFORE, Bound.WITHIN}:
        return _due_by(clause, lexicon)
    if bound is Bound.ON:
        return _due_on(clause, lexicon)
    return None


def _ought_to_have(clause: Clause) -> bool:
    """Whether it should have been done by now ("should have reported within two years"), counted from long ago."""
    helpers = {child.lower_ for verb in clause.chain[:1] for child in verb.children if child.dep_ == "aux"}
    return {"should", "have"} <= helpers


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
    if clause.negated or _of_none(clause) or _guessed(clause) or _forecast(clause, lexicon) or figure(verb):
        return None
    if clause.governor.lower_ == "due" and _is_ballot(clause.governor.head, lexicon):
        return None
    still = idle(clause, lexicon, elections=not must)
    if must:
        return _bound_by(clause, lexicon, still)
    if still and not any(enabled(token) for token in clause.chain[1:2]):
        return None
    if _obliging(verb, lexicon):
        return verdict(DeadlineKind.DUE, LAST_WORD if provision else SAID, "obliges-by")
    if clause.force is Force.FUTURE:
        return (
            None
            if _speaks_for_itself(clause) or _foretold(verb) or _police_says(clause)
            else verdict(DeadlineKind.DUE, SAID, "future-by")
        )
    if clause.force is Force.PAST and _settles_deed(verb, clause, lexicon):
        return verdict(DeadlineKind.DUE, SAID, "settled-by")
    if clause.force is Force.PRESENT:
        in_course = clause.date[0].lower_ in {"over", "during"}  # "brings 9 million dollars over the next four years"
        if in_course or any(child.lower_ in _GENERAL for child in verb.children) or _awaited(clause, lexicon):
            return None
        return verdict(DeadlineKind.DUE, SAID if provision else HINTED, "provision-by" if provision else "present-by")
    return None


def _settles_deed(verb: Token, clause: Clause, lexicon: Lexicon) -> bool:
    """Whether an agreement on a deed was made, which is then what the day is for ("agreed on a pullout by May")."""
    if verb.lemma_ not in lexicon.words["settling"] | {"reach", "sign", "conclude", "announce", "strike"}:
        return False
    between = verb.doc[verb.i + 1 : clause.date.start]
    return any(token.lemma_.lower() in lexicon.words["duty_nouns"] | {"removal", "return", "end"} for token in between)


def _to_decide(clause: Clause) -> bool:
    """Whether a body is to meet for what a pact has it do ("is to meet by November 7 to elect a president")."""
    deeds = {"elect", "approve", "ratify", "choose", "form", "name", "pass", "adopt"}
    return clause.purpose is not None and clause.purpose.lemma_ in deeds and clause.date[0].lower_ != "in"


def _talks_soon(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether talks are to begin in so long, which says no more than about when ("are to begin in two weeks")."""
    verb, subject = clause.verb, clause.subject
    begins = verb is not None and verb.lemma_ in lexicon.effective.plain and clause.date[0].lower_ == "in"
    return begins and subject is not None and subject.lemma_.lower() in lexicon.words["idle_objects"]


def _is_ballot(noun: Token, lexicon: Lexicon) -> bool:
    """Whether it is an election or meeting that is due ("an election due in a year")."""
    return noun.lemma_.lower() in lexicon.words["election_words"] | lexicon.words["idle_objects"]


def _bound_by(clause: Clause, lexicon: Lexicon, still: bool) -> Verdict | None:
    """Reads what must be done by a date; `still` says that the deed is one of diplomacy, reporting or numbers."""
    verb = clause.verb
    if verb is None or _decides(verb) or _of_public(clause):
        return Verdict(kind=DeadlineKind.DUE, strength=NOTHING, rule="deadlines.bound-by")
    if _own_plan(clause):
        return None
    if _planned(clause):
        lax = still or _foretold(verb) or _speaks_for_itself(clause) or _under_way(verb)
        return None if lax else verdict(DeadlineKind.DUE, SAID, "bound-by")
    if any(enabled(token) for token in clause.chain[1:2]):
        return verdict(DeadlineKind.DUE, SAID, "bound-by")
    if still and (
        (meets(clause, lexicon) and not (clause.promised or _to_decide(clause)))
        or _talks_soon(clause, lexicon)
        or _speaks_for_itself(clause)
    ):
        return None
    return verdict(DeadlineKind.DUE, SAID if still else LAST_WORD, "bound-by")


def _of_public(clause: Clause) -> bool:
    """Whether it is a notice to customers ("Christmas cards must be in the box by December 11")."""
    return clause.subject is not None and clause.subject.lemma_.lower() in _PUBLIC


def _awaited(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether it is a decision or result that is only awaited ("a ruling is expected within two weeks")."""
    subject, verb = clause.subject, clause.verb
    idle_thing = subject is not None and subject.lemma_.lower() in lexicon.words["idle_subjects"]
    return idle_thing and verb is not None and verb.lemma_ in {"expect", "due"}


def _of_none(clause: Clause) -> bool:
    """Whether nobody or nothing is said to do it ("none are planned before the summer")."""
    return clause.subject is not None and clause.subject.lower_ in {"none", "nobody", "nothing"}


def _guessed(clause: Clause) -> bool:
    """Whether the date is only guessed ("possibly by the end of this week")."""
    date = clause.date
    before = date.doc[max(clause.sentence, date.start - 2) : date.start]
    beside = clause.verb.children if clause.verb is not None else ()
    return any(token.lower_ in _GUESSING for token in (*before, *beside))


def _speaks_for_itself(clause: Clause) -> bool:
    """Whether a speaker tells his own hopes or plans ("we will be there by 2020"), which bind nobody."""
    if clause.subject is not None and clause.subject.lower_ in {"it", "they"} and _told_by_bystander(clause):
        return True
    return clause.subject is not None and clause.subject.lower_ in {"we", "i", "you"} and not clause.promised


def _foretold(verb: Token) -> bool:
    """Whether it is only said how things will be ("will be in tatters by", "would be heroic in"), not what is done."""
    if verb.lemma_ != "be":
        return False
    said = [child for child in verb.children if child.dep_ in {"acomp", "attr", "prep"} and child.i > verb.i]
    words = {child.lower_ for child in said} | {word.lower_ for child in said for word in child.children}
    return bool(said) and (not words & _SETTLED or "normal" in words)


def _police_says(clause: Clause) -> bool:
    """Whether the police tell what they will do."""
    tellers = (child for verb in clause.chain[1:2] if verb.lemma_ == "say" for child in verb.children)
    return any(
        word.lower_ in {"police", "prosecutors"}
        for teller in tellers
        if teller.dep_ == "nsubj"
        for word in (teller, *teller.children)
    )


def _told_by_bystander(clause: Clause) -> bool:
    """Whether an onlooker says what he will do himself ("the aid agency said it would ship tents by Sunday")."""
    over = clause.chain[1:2]
    tellers = (child for verb in over if verb.lemma_ in {"say", "announce"} for child in verb.children)
    return any(child.dep_ == "nsubj" and child.lemma_.lower() in _TELLERS for child in tellers)


def _under_way(verb: Token) -> bool:
    return verb.tag_ == "VBG"  # "should be rolling again by Wednesday"


def _completes_round(verb: Token) -> bool:
    """Whether a round of trade or treaty talks is what must be completed; other talks bind nobody."""
    return verb.lemma_ in {"complete", "conclude", "finish"} and any(
        child.lemma_.lower() == "round" for child in verb.children if child.dep_ in OBJECTS
    )


def _planned(clause: Clause) -> bool:
    """Whether somebody only plans, expects or ought to do the deed, which binds him less than "must"."""
    should = clause.verb is not None and any(child.lower_ == "should" for child in clause.verb.children)
    return should or any(token.lemma_ in _PLANNING for token in clause.chain[1:3])


def _own_plan(clause: Clause) -> bool:
    """Whether somebody tells what he plans himself ("the company plans to add 12 flights by the end of June")."""
    above = clause.chain[1:2]
    return any(token.lemma_ in {"plan", "aim", "intend"} and token.tag_ in {"VBZ", "VBP", "VBG"} for token in above)


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
    if verb.lemma_ in PROMISING and any(child.dep_ == "auxpass" for child in verb.children):
        return False  # "by Friday it had been promised 396"
    objects = {"dobj", "prep", "xcomp", "ccomp"} if verb.lemma_ in PROMISING else {"dobj", "prep"}
    return any(child.dep_ in objects for child in verb.children)


def _due_on(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    """Reads deeds named for a day: only what agreements oblige to, and still to come."""
    verb = clause.verb
    finite = verb is not None and verb.lemma_ in {"fall", "come"} and verb.tag_ != "VBG"
    if verb is not None and finite and any(child.lower_ == "due" for child in verb.children):
        return verdict(DeadlineKind.DUE, LIKELY, "falls-due") if clause.force >= Force.PRESENT else None
    if clause.governor.lower_ in _OWED and clause.force >= Force.PRESENT:
        return verdict(DeadlineKind.DUE, LIKELY, "owed-on")
    if (
        verb is None
        or clause.negated
        or idle(clause, lexicon, elections=not clause.promised)
        or verb.lemma_ in lexicon.expires.plain | {"review"}
    ):
        return None  # what looks on or runs out is no deed
    if clause.date[0].lower_ == "for" and verb.lemma_ not in _SCHEDULING and not _of_duty(clause, lexicon):
        return None  # "to supply gas at the old price for the first quarter"
    if _beside_duty(clause, lexicon) and clause.force >= Force.PRESENT and (clause.obliged or verb.lemma_ in PROMISING):
        return verdict(DeadlineKind.DUE, SAID, "duty-on")
    if clause.governor.lower_ == "due" or any(child.lower_ == "due" for child in verb.children):
        own = verb.lemma_ == "be" and not _later_verb(verb)
        strength = LAST_WORD if _of_duty(clause, lexicon) else HINTED
        return verdict(DeadlineKind.DUE, strength, "due-on") if own else _deed(clause, lexicon)
    return _deed(clause, lexicon)


def _later_verb(verb: Token) -> bool:
    return any(child.dep_ == "xcomp" for due in verb.children if due.lower_ == "due" for child in due.children)


def _deed(clause: Clause, lexicon: Lexicon) -> Verdict | None:
    verb = clause.verb
    if verb is None:
        return None
    lemma = verb.lemma_.lower()
    if lemma in lexicon.words["completing"] and verb.tag_ == "VBG" and verb.head.lemma_ in {"expect", "anticipate"}:
        return verdict(DeadlineKind.DUE, LIKELY, "closing-on")
    if lemma in {"plan", "schedule", "set", "slate"} and clause.force is Force.PRESENT and _of_duty(clause, lexicon):
        return verdict(DeadlineKind.DUE, LIKELY, "deed-on")
    if clause.force < Force.FUTURE:
        return None
    strength = SAID if clause.force is Force.BOUND else HINTED
    if lemma == "do" and _done_so(verb, lexicon):
        return verdict(DeadlineKind.DUE, LIKELY, "does-so")
    if lemma in lexicon.words["halting"] and _fighting(verb, clause.subject):
        return verdict(DeadlineKind.EFFECTIVE, SAID, "fighting-stops")
    if lemma == "be" and any(child.lower_ in _DONE for child in verb.children if child.dep_ == "acomp"):
        return verdict(DeadlineKind.DUE, max(strength, LIKELY), "done-on")
    if _own_plan(clause) or (lemma in _LOWERING and any(token.lower_ in _PERCENT for token in verb.subtree)):
        return None  # "to reduce its deficit to six pct of output in 1988" is an aim of that year
    if lemma in lexicon.words["lasting"] and _for_so_long(clause):
        return verdict(DeadlineKind.EFFECTIVE, max(strength, LIKELY), "begins-for")
    if lemma in {"take", "occur", "happen", "be", "set", "schedule", "come", "plan", "slate"}:
        return verdict(DeadlineKind.DUE, strength, "deed-on") if _of_duty(clause, lexicon) else None
    if lemma in lexicon.words["provisions"] or _does_duty(verb, lexicon):
        return verdict(DeadlineKind.DUE, strength, "deed-on")
    if (
        clause.force is not Force.BOUND
        or verb.dep_ == "advcl"
        or _planned(clause)
        or not (clause.promised or _must(clause))
    ):
        return None
    return verdict(DeadlineKind.DUE, HINTED, "must-on")


def _for_so_long(clause: Clause) -> bool:
    """Whether a length follows at once for which it is then done ("will cut output in January for six months")."""
    behind = clause.date.doc[clause.date.end : clause.date.end + _LENGTH_WORDS]
    return len(behind) > 1 and behind[0].lower_ == "for" and any(token.lower_ in _UNITS for token in behind)


def _must(clause: Clause) -> bool:
    """Whether it must be done, which is more than that it "is to" happen on a day."""
    return any(child.lower_ in _MUSTS for verb in clause.chain[:2] for child in (verb, *verb.children))


def _done_so(verb: Token, lexicon: Lexicon) -> bool:
    """Whether "do so" stands for a deed told before ("are to hand in their arms and will do so on September 10")."""
    if not any(child.lower_ == "so" for child in verb.children):
        return False
    before = verb.doc[max(0, verb.i - _DONE_BEFORE) : verb.i]
    deeds = [token for token in before if token.pos_ == "VERB" and token.tag_ in {"VB", "VBN"}]
    return bool(deeds) and deeds[-1].lemma_.lower() in lexicon.words["provisions"]


def _of_duty(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether what comes at the date is one of the deeds agreements are about ("the first payment", "the pullout")."""
    return clause.subject is not None and clause.subject.lemma_.lower() in lexicon.words["provision_nouns"]


def _beside_duty(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether a deed's noun stands right before the date ("is committed to two more pullouts, on May 3 and June 4")."""
    date = clause.date
    before = date.doc[max(clause.sentence, date.start - 2) : date.start]
    words = [token for token in before if token.text != ","]
    return bool(words) and words[-1].pos_ == "NOUN" and words[-1].lemma_.lower() in lexicon.words["duty_nouns"]


def _does_duty(verb: Token, lexicon: Lexicon) -> bool:
    """Whether what is done is one of those deeds ("make a first payment", "carry out the first of three pullbacks")."""
    things = [child for child in verb.children if child.dep_ == "dobj"]
    inner = (word for thing in things for of in thing.children if of.lower_ == "of" for word in of.children)
    return any(word.lemma_.lower() in lexicon.words["duty_nouns"] for word in (*things, *inner))


def _fighting(verb: Token, subject: Token | None) -> bool:
    near = [child for child in verb.children if child.dep_ in OBJECTS | {"nsubj", "xcomp"}]
    near += [subject] if subject is not None else []
    return any(child.lemma_.lower() in _FIGHTING or child.lower_ in _FIGHTING for child in near)
