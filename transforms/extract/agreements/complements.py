"""Finds the other side by the clause of an agreement: what is bought, whom it is sold to, under which deal."""

from spacy.tokens import Token

from transforms.extract.agreements.counterparts import agents
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import right_preps
from transforms.extract.agreements.view import View
from transforms.extract.layers import Form

_BUYING = frozenset({"acquire", "buy", "purchase", "borrow", "import", "obtain", "lease", "receive", "take", "get"})
_GIVING = frozenset({"lend", "give", "grant", "pay", "sell", "supply", "provide", "offer", "loan", "send", "allow"})
OF_DEBT = frozenset({"reschedule", "refinance", "restructure", "forgive", "cancel", "reduce", "defer"})
_OWED = frozenset({"to"})
_COMPLEMENTS = frozenset({"acl", "relcl", "advcl", "xcomp"})
_ASIDE = frozenset({"say", "tell", "accord", "include", "follow", "end", "bring", "call", "win", "announce"})


def stipulated(view: View, noun: Token) -> list[Side]:
    """Returns who buys from whom under an agreement ("a deal under which X was to buy part of Y")."""
    found: list[Side] = []
    for clause in noun.children:
        which = any(
            child.lower_ in {"under", "in"} and any(c.tag_ == "WDT" for c in child.children) for child in clause.lefts
        )
        if clause.dep_ != "relcl" or not which:
            continue
        buying = next((c for c in clause.children if c.dep_ == "xcomp"), clause)
        if buying.lemma_ in _BUYING and buying.lemma_ in view.lexicon.sets["commercial_verbs"]:
            found.extend(view.subjects(clause))
            found.extend(side for child in buying.children if child.dep_ == "dobj" for side in inside(view, child))
    return found


def of_complement(view: View, noun: Token, strong: list[Side], weak: list[Side]) -> None:
    """Adds the other side by the noun's clause ("an agreement to acquire Y", "under which Y will buy")."""
    clauses = [child for child in noun.children if child.dep_ in _COMPLEMENTS and child.i > noun.i]
    for preposition in noun.children:  # "a letter of intent on selling gas to Y"
        clauses.extend(child for child in preposition.children if child.dep_ == "pcomp" and preposition.i > noun.i)
    for child in clauses:
        if child.lemma_.lower() not in _ASIDE:
            certain = child.lemma_.lower() in view.lexicon.sets["commercial_verbs"]
            (strong if certain else weak).extend(objects(view, child, certain=certain))
            for obj in agents(child):
                (strong if certain else weak).extend(view.sides(obj))


def objects(view: View, verb: Token, *, certain: bool) -> list[Side]:
    """Returns the actors a complement's deed is done to or with ("to buy Y", "to lend Y money", "to sell it to Y")."""
    found: list[Side] = []
    whole = certain and verb.lemma_.lower() in _BUYING
    given = (
        [view.side(mention, verb.i + 1) for mention in view.at(verb.i + 1)] if verb.lemma_.lower() in _GIVING else []
    )
    found.extend(given)  # "lend Ukraine 16 billion": the parser often makes the receiver part of the sum
    for child in verb.children:
        if child.i < verb.i:
            continue
        if child.dep_ in {"dobj", "dative", "oprd"} and child.pos_ != "ADP" and not given:
            indebted = verb.lemma_.lower() in OF_DEBT
            found.extend(view.sides(child) or (inside(view, child) if whole or indebted else []))
            owed = right_preps(child, _OWED) if indebted else ()  # "to reschedule its debt to commercial banks"
            found.extend(side for obj in owed for side in view.sides(obj))
        elif child.dep_ in {"prep", "dative"} and (
            child.lower_ in {"with", "to", "into"} or (child.lower_ == "from" and verb.lemma_.lower() in _BUYING)
        ):
            for obj in child.children:
                if obj.dep_ == "pobj":
                    found.extend(view.sides(obj))
    return found


def inside(view: View, head: Token) -> list[Side]:
    """Returns the actors named anywhere in a phrase ("a 20 percent stake in Y", "Y's shipping unit", "Y shares")."""
    direct = view.sides(head)
    if direct:
        return direct
    left = max(head.left_edge.i, head.i - 10)
    found = [
        view.side(mention, e - 1) for _s, e, mention in view.covered(left, head.i) if mention.form is not Form.DEMONYM
    ]
    if found:
        return found
    for obj in right_preps(head, frozenset({"of", "in", "from"})):
        sides = view.sides(obj) or [view.side(m, c.i) for c in obj.lefts if c.dep_ == "poss" for m in view.at(c.i)]
        if sides:
            return sides
    return []
