"""Finds the sides of an agreement in the clauses around the one that names it: who talks, pledges, accuses."""

from spacy.tokens import Token

from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import linked
from transforms.extract.agreements.view import View

_PLEDGES = frozenset({"pledge", "promise", "commit", "undertake", "vow"})
_ACCUSING = frozenset({"accuse", "blame"})
_REACH = 4  # heads from an agreement up to what is pledged in it
_BETWEEN = frozenset({"between", "with", "among", "amongst"})


def pledging(view: View, noun: Token) -> list[Side]:
    """Returns who pledges something in an agreement ("X and its neighbours pledged to disarm in a plan")."""
    verb = pledge(noun)
    return view.subjects(verb) if verb is not None else []


def pledge(noun: Token) -> Token | None:
    """Returns the verb of pledging above an agreement, or None."""
    preposition = noun.head
    if preposition.lower_ not in {"in", "under"} or preposition.dep_ != "prep":
        return None
    verb = preposition.head
    for _ in range(_REACH):
        if verb.lemma_ in _PLEDGES and verb.tag_ in {"VBD", "VBN", "VBP", "VBZ"}:
            return verb
        verb = verb.head
    return None


def talking_about(view: View, verb: Token) -> list[Side]:
    """Returns the sides of talks on doing something with a pact ("talks of X with Y on extending it")."""
    talks = verb.head.head if verb.dep_ == "pcomp" else verb
    if talks.i == verb.i or talks.lemma_.lower() not in view.lexicon.sets["talk_nouns"]:
        return []
    return [side for obj in linked(talks, _BETWEEN, deep=False) for side in view.sides(obj)]


def accusers(view: View, verb: Token) -> list[Side]:
    """Returns who accuses: mostly the other party ("Greece accused Turkey of breaching the agreement")."""
    if verb.dep_ == "pcomp" and verb.head.head.lemma_ == "accuse":
        return view.subjects(verb.head.head)
    return []


def accused(view: View, deed: Token) -> list[Side]:
    """Returns accuser and accused where a breach is named by a noun ("X accused Y of raids in defiance of the truce").

    Args:
        view: The article.
        deed: The noun that says what was done to the agreement.
    """
    verb = next((token for token in deed.ancestors if token.lemma_ in _ACCUSING), None)
    if verb is None:
        return []
    blamed = [child for child in verb.children if child.dep_ == "dobj"]
    return [*view.subjects(verb), *(side for child in blamed for side in view.sides(child))]


def with_whom(view: View, verb: Token) -> list[Side]:
    """Returns the other side in a relative clause ("the IMF, with which Zambia is negotiating a loan")."""
    for child in verb.lefts:
        if child.dep_ == "prep" and child.lower_ in _BETWEEN and any(c.tag_ in {"WDT", "WP"} for c in child.children):
            return view.sides(verb.head) if verb.dep_ == "relcl" else []
    return []
