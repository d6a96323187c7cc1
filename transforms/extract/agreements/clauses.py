"""Finds the sides of an agreement in the clauses around the one that names it: who talks, pledges, accuses."""

from spacy.tokens import Token

from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import linked
from transforms.extract.agreements.view import View

_PLEDGES = frozenset({"pledge", "promise", "commit", "undertake", "vow"})
_ACCUSING = frozenset({"accuse", "blame"})
_VOTERS = frozenset({"majority", "member", "vote", "number", "rank", "percent"})
_OF = frozenset({"of", "in", "from"})
_LISTED = 40  # tokens that a list of sides may take
_NEAR = 7  # tokens between an agreement and "between": "a deal reached late on Monday between"
_STOPS = frozenset({"VERB", "AUX", "SCONJ", "PRON"})
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


def involved(view: View, noun: Token) -> list[Side]:
    """Returns the two or more whom an agreement is said to involve ("a contract involving X and Y").

    Args:
        view: The article.
        noun: The agreement noun.
    """
    above = [noun.head] if noun.head.pos_ == "VERB" else []  # "was reached on a contract involving X and Y"
    phrases_on = [child for head in (noun, *above) for child in head.rights if child.lower_ in {"on", "over"}]
    matters = [obj for child in phrases_on for obj in child.children]
    naming = next((child for head in (noun, *matters) for child in head.rights if child.lower_ == "involving"), None)
    if naming is None:
        return []
    stop = min(view.sentence(noun.i)[1], naming.i + _LISTED)
    stop = next((token.i for token in view.doc[naming.i + 1 : stop] if token.pos_ in {"VERB", "AUX"}), stop)
    sides = [view.side(mention, end - 1) for _start, end, mention in view.covered(naming.i + 1, stop)]
    return sides if len({side.actor for side in sides}) > 1 else []


def ratifiers(view: View, voters: Token, deed: str) -> list[Side]:
    """Returns the body whose members vote on an agreement ("ratified by a majority of the members of the union").

    Args:
        view: The article.
        voters: Who approves it.
        deed: The class of the verb.
    """
    for _ in range(_REACH if deed == "approved" else 0):
        if voters.lemma_.lower() not in _VOTERS:
            return []
        below = linked(voters, _OF, deep=False)
        if not below:
            return []
        voters = below[0]
        if sides := view.sides(voters):
            return sides
    return []


def between_after(view: View, noun: Token) -> list[Side]:
    """Returns the sides after a "between" that the parser hung elsewhere ("the deal struck last week between X and Y").

    Args:
        view: The article.
        noun: The agreement noun.
    """
    for token in view.doc[noun.i + 1 : min(noun.i + _NEAR, view.sentence(noun.i)[1])]:
        if token.lower_ == "between":
            sides = [side for obj in token.children if obj.dep_ == "pobj" for side in view.sides(obj)]
            return sides if len({side.actor for side in sides}) > 1 else []
        if token.pos_ in _STOPS and token.tag_ not in {"VBN", "VBD"}:
            break
    return []


def announcing(view: View, verb: Token) -> list[Side]:
    """Returns who makes a deal known that was reached with another ("X announced that a deal was reached with Y").

    Args:
        view: The article.
        verb: The passive verb of reaching.
    """
    told = verb.head
    if verb.dep_ not in {"ccomp", "acl", "relcl"} or told.lemma_.lower() not in {"announce", "announcement"}:
        return []
    if not any(child.dep_ == "auxpass" for child in verb.children):
        return []
    if told.pos_ == "NOUN":
        told = told.head.head if told.dep_ == "pobj" else told.head
    return view.subjects(told) if told.pos_ == "VERB" else []
