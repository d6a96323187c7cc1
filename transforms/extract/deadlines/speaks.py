"""Says whether a clause speaks of an agreement, of diplomacy and numbers, or of a turn such as coming into force."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.lexicon import Lexicon, Turn
from transforms.extract.deadlines.terms import OBJECTS, is_agreement, is_span

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})  # "a police force will be in place" tells nothing of coming into force
_IT = frozenset({"it", "this", "that", "they", "which", "these"})
_REPORTERS = frozenset(  # bodies that pacts set up, and whom they give until a day to report
    {"commission", "committee", "panel", "group", "body", "monitor", "inspector"}
)
_MOVES = frozenset({"rise", "fall", "grow", "increase", "drop"})
_TELLING = frozenset({"report", "say", "tell", "announce", "decide", "testify", "appear", "speak", "comment", "vote"})
_BRINGING = frozenset({"bring", "put"})  # "bring its force down" is not "bring into force"
_TRAVELLING = frozenset({"return", "leave", "depart", "come", "go", "move"})
DEPTH = 3  # a word that belongs to a verb ("force" in "come into force") hangs no deeper than this


def turns(verb: Token, turn: Turn) -> bool:
    """Whether a verb, alone or with its set phrase, tells of a start or an end."""
    lemma = verb.lemma_.lower()
    if lemma in turn.plain:
        return True
    wanted = turn.phrases.get(lemma, frozenset())
    return bool(wanted) and any(
        token.lower_ in wanted and token.dep_ not in _SUBJECTS and (lemma not in _BRINGING or token.dep_ != "dobj")
        for token in near(verb, DEPTH)
    )


def near(verb: Token, depth: int) -> Iterator[Token]:
    """Yields what belongs to a verb, down to so many heads below it."""
    for child in verb.children:
        yield child
        if depth > 1 and child.dep_ in {"prep", "prt", "dobj", "pobj", "advmod", "acomp", "attr", "compound"}:
            yield from near(child, depth - 1)


def of_agreement(clause: Clause, lexicon: Lexicon, *, named: bool = False) -> bool:
    """Whether it speaks of an agreement: it hangs on one, or one (if `named`, not as "it") is subject or object."""
    if clause.noun is not None and is_span(clause.noun, lexicon):
        return True
    if subject_is_agreement(clause, lexicon):
        return not named or (clause.subject is not None and clause.subject.lower_ not in _IT)
    verb = clause.verb
    if verb is not None and verb.tag_ == "VBG" and verb.dep_ == "advcl":
        lasts = verb.lemma_.lower() in lexicon.words["own_lasting"]
        verb = verb.head if lasts else verb  # "extended the agreement for a year, running until August"
    return verb is not None and any(child.dep_ in OBJECTS and is_span(child, lexicon) for child in _objects(verb))


def _objects(verb: Token) -> Iterable[Token]:
    for child in verb.children:
        if child.dep_ in OBJECTS:
            yield child
        elif child.dep_ == "prep" and child.lower_ in {"to", "on", "for"} and verb.lemma_ in {"agree", "commit"}:
            yield from child.children


def subject_is_agreement(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether who does the verb is an agreement, or a pronoun that may stand for one."""
    subject = clause.subject
    if subject is None:
        return False
    if is_agreement(subject, lexicon) or subject.lower_ in _IT:
        return True
    beside = subject.head.head  # "a contract with GM, which ends at midnight"
    joined = clause.verb is not None and clause.verb.dep_ == "relcl" and subject.dep_ == "pobj"
    return joined and is_agreement(beside, lexicon)


def idle_subject(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether who acts is a meeting, an election, a price; what is done to prices or observers is no such thing."""
    subject = clause.subject
    if subject is None or subject.lemma_.lower() not in lexicon.words["idle_subjects"]:
        return False
    lemma = subject.lemma_.lower()
    if lemma in {"dividend", "webcast"}:
        return True
    passive = clause.verb is not None and any(child.dep_ == "auxpass" for child in clause.verb.children)
    return not passive or lemma in lexicon.words["idle_objects"] | lexicon.words["election_words"]


def agrees_outright(clause: Clause) -> bool:
    """Whether somebody has agreed to a thing, which then runs from the date ("agreed on a pay rise from April").

    Args:
        clause: The clause.
    """
    verb = clause.verb
    if verb is None or clause.negated or clause.force is Force.UNREAL:
        return False
    return any(
        child.dep_ == "dobj" or (child.dep_ == "prep" and child.lower_ in {"to", "on"}) for child in verb.children
    )


def idle_object(clause: Clause, lexicon: Lexicon) -> bool:
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


def meets(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether the deed is to meet or travel, which binds nobody even where it must be done.

    Args:
        clause: The clause.
        lexicon: The words of deadlines.
    """
    verb = clause.verb
    if verb is None or verb.lemma_.lower() in lexicon.words["meeting_verbs"] or _travels(clause, lexicon):
        return True
    if verb.lemma_ not in _TELLING:
        return False
    subject = clause.subject  # an envoy is to report, but states must report their sales
    return subject is not None and (subject.ent_type_ == "PERSON" or subject.lower_ in {"he", "she"})


def idle(clause: Clause, lexicon: Lexicon, *, moves: bool = True, elections: bool = True) -> bool:
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
    if lemma == "report" and clause.subject is not None and clause.subject.lemma_.lower() in _REPORTERS:
        return False
    if lemma == "drop" and any(child.dep_ == "dobj" and child.pos_ == "NOUN" for child in verb.children):
        return False  # a petition, charges
    moving = not moves and lemma in _MOVES
    if (lemma in lexicon.words["idle_verbs"] and not moving) or (moves and idle_subject(clause, lexicon)):
        return True
    if lemma == "sign" or lemma == "initial" or _travels(clause, lexicon):
        return True
    objects = {child.lemma_.lower() for child in verb.children if child.dep_ in OBJECTS}
    return bool(objects & lexicon.words["idle_objects"] or (elections and objects & lexicon.words["election_words"]))
