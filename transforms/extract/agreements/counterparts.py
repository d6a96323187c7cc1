"""Tells of sides without a name: "its creditors", "the two sides", ministers from 149 nations who are their body."""

from collections.abc import Iterable

from spacy.tokens import Token

from transforms.extract.agreements.clauses import pledge
from transforms.extract.agreements.deeds import Deed
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import linked, right_preps
from transforms.extract.agreements.view import View

_BETWEEN = frozenset({"between", "with", "among", "amongst"})
_FACING = frozenset(
    {"sides", "factions", "rivals", "parties", "foes", "groups", "clans", "militias", "leaders", "governments"}
)
_STAFF = frozenset(
    {"pilot", "worker", "employee", "miner", "driver", "machinist", "attendant", "mechanic", "teacher"}
    | {"nurse", "steelworker", "docker", "longshoreman", "janitor", "engineer", "actor", "player", "crew"}
)
_BY_STAFF = frozenset({"agree", "ratify", "accept"})
_AT = frozenset({"at", "for", "of", "with"})
_MORE = frozenset({"creditor", "kidnapper", "world", "power", "buyer", "investor", "striker"})
_DEFINITE = frozenset({"the", "both", "same", "two", "three", "these"})
_NAMED = frozenset({"ORG", "", "GPE", "LOC", "NORP", "PRODUCT"})
_LENT = frozenset({"loan", "credit", "grant"})
_TO = frozenset({"to"})  # "the largest loan it has ever made to one country"
_FIGHTING = frozenset({"warring", "rival", "feuding", "opposing"})
_NATIONS = frozenset({"nation", "country", "state", "government", "member"})
_COMBAT = frozenset(
    {"fighting", "war", "conflict", "clashes", "hostilities", "battle", "battles", "violence", "combat"}
)
_PLACING = frozenset({"at", "in", "on", "during", "after"})
_OCCASIONS = frozenset(
    {"summit", "ceremony", "meeting", "conference", "talks", "session", "close", "end", "palace", "headquarters"}
    | {"capital", "city", "town", "village"}
)
_TO_FIGHT = frozenset({"trade", "exchange", "clash", "fight", "battle", "shell", "bombard", "attack"})
_MANY = 20  # nations that agree at once: a conference of a body, not an agreement between sides


def unnamed_beside(view: View, trigger: Token, deeds: Iterable[Deed]) -> bool:
    """Whether a group that is no known actor stands in a party's place beside the one that is.

    Args:
        view: The article.
        trigger: The agreement noun or the verb of agreeing.
        deeds: What governs the noun.
    """
    pledged = pledge(trigger)
    heads = [trigger] if pledged is None else [trigger, pledged]
    for deed in deeds:
        verb = view.doc[deed.verb]
        if verb.lemma_ == "have":  # "the company has an agreement with its auditor"
            return False
        heads.append(verb)
        if deed.place == "noun" and verb.dep_ == "dobj":
            heads.append(verb.head)
    phrases = [obj for head in heads for obj in (*right_preps(head, _BETWEEN), *agents(head))]
    if trigger.lemma_.lower() in _LENT:
        phrases.extend(obj for clause in trigger.children if clause.dep_ == "relcl" for obj in right_preps(clause, _TO))
    for head in heads:
        if head.pos_ in {"VERB", "AUX"}:
            phrases.extend(view.subject(head))
        elif head.pos_ == "ADJ":
            phrases.extend(view.subject(head.head))
    said = [phrase for phrase in phrases if phrase.lower_ in {"it", "they"}]  # "Ahold said it had agreed"
    phrases.extend(subject for pronoun in said for subject in view.subject(pronoun.head.head))
    if any(head.lemma_ in _BY_STAFF for head in heads) and any(
        part.lemma_.lower() in _STAFF for phrase in phrases for part in _parts(phrase)
    ):
        return True  # "Comair's pilots agreed to cuts": with their employer
    return any(_unnamed(view, part) for phrase in phrases for part in _parts(phrase))


def acting_with(view: View, deeds: Iterable[Deed]) -> bool:
    """Whether a group without a name does together with another what is done to an agreement ("X and its banks").

    Args:
        view: The article.
        deeds: What governs the agreement noun.
    """
    verbs = (view.doc[deed.verb] for deed in deeds if deed.place in {"object", "preposition"})
    several = (list(_parts(doer)) for verb in verbs if verb.pos_ == "VERB" for doer in view.subject(verb))
    return any(len(parts) > 1 and any(_unnamed(view, part) for part in parts) for parts in several)


def _parts(phrase: Token) -> Iterable[Token]:
    named = [child for child in phrase.children if child.dep_ == "appos"]  # "the union IG Metall and employers"
    return (phrase, *phrase.conjuncts, *(part for name in named for part in name.conjuncts))


def _unnamed(view: View, part: Token) -> bool:
    groups = view.lexicon.sets["side_words"]
    sides = view.sides(part, 3)
    if part.lower_ in _FACING and len(sides) == 1:  # "Bosnia's warring sides"
        return True
    name = part.tag_ == "NNP" and part.ent_type_ in _NAMED and not part.is_upper  # no known actor
    lemma = part.lemma_.lower()
    group = part.pos_ == "NOUN" and (lemma in groups or lemma in _MORE or part.lower_.startswith("p5"))
    return (name or group) and not view.own(part, 3)


def vague(view: View, verb: Token) -> bool:
    """Whether those who do it are only called "they", "the sides" or "both parties".

    Args:
        view: The article.
        verb: A verb of agreeing, active or passive.
    """
    return verb.pos_ == "VERB" and any(_vague(view, doer) for doer in (*view.subject(verb), *agents(verb)))


def _vague(view: View, doer: Token) -> bool:
    if doer.lower_ == "they":
        return True
    several = doer.lower_ in view.lexicon.sets["collective"] and (doer.tag_ == "NNS" or doer.lower_ in {"both", "two"})
    definite = {child.lower_ for child in doer.lefts} & _DEFINITE or doer.lower_ == "both"
    return bool(several and definite) and not any(child.dep_ == "prep" for child in doer.children)


def warring(view: View, verb: Token) -> bool:
    """Whether the sides of a conflict are told by their country alone ("Libya's two main warring sides agreed").

    Args:
        view: The article.
        verb: A verb of agreeing.
    """
    return verb.pos_ == "VERB" and any(
        doer.lower_ in _FACING and any(child.lower_ in _FIGHTING for child in doer.lefts)
        for doer in (*view.subject(verb), *agents(verb))
    )


def employers(view: View, verb: Token) -> list[Side]:
    """Returns the firm whose staff ratify or accept: the other side ("X said its pilots ratified a contract").

    Args:
        view: The article.
        verb: What is done with the contract.
    """
    if verb.lemma_ not in _BY_STAFF:
        return []
    staff = [subject for subject in view.subject(verb) if subject.lemma_.lower() in _STAFF]
    owners = [child for subject in staff for child in subject.lefts if child.tag_ == "PRP$"]
    firms = [obj for subject in staff for obj in linked(subject, _AT, deep=False)]  # "pilots at Northern Star airline"
    return [
        *(side for owner in owners for side in view.antecedent(owner)),
        *(side for firm in firms for side in view.sides(firm) or _named_in(view, firm)),
    ]


def _named_in(view: View, firm: Token) -> list[Side]:
    """Returns the name before a noun for what it is ("Northern Star airline")."""
    return [view.side(m, e - 1) for _s, e, m in view.covered(firm.left_edge.i, firm.i) if e == firm.i]


def belligerents(view: View, noun: Token) -> list[Side]:
    """Returns who fights by the sentence of a truce ("fighting between X and Y went on in spite of a truce").

    Args:
        view: The article.
        noun: The noun of the truce.
    """
    start, end = view.sentence(noun.i)
    for token in view.doc[start:end]:
        if token.lower_ in _COMBAT:
            sides = [side for obj in linked(token, _BETWEEN, deep=False) for side in view.sides(obj)]
            if len({side.actor for side in sides}) > 1:
                return sides
        if token.lemma_ in _TO_FIGHT and token.dep_ == "advcl":  # "collapsed as X and Y traded fire"
            sides = view.subjects(token)
            if len({side.actor for side in sides}) > 1:
                return sides
    return []


def conference(view: View, verb: Token) -> list[Side]:
    """Returns the body whose many members agree ("ministers from 149 nations agreed ... at the WTO").

    Args:
        view: The article.
        verb: A verb of agreeing or adopting.
    """
    doers = view.subject(verb)
    if not any(_many(part) for subject in doers for part in subject.subtree):
        return []
    bodies = view.lexicon.sets["bodies"]
    start, end = view.sentence(verb.i)
    found = {m.actor for _s, _e, m in view.covered(start, end) if view.names.get(m.actor, "").lower() in bodies}
    return [Side(actor=actor, signer=None, token=doers[0].i) for actor in found] if len(found) == 1 else []


def _many(token: Token) -> bool:
    digits = token.text.replace(",", "")
    return digits.isdigit() and int(digits[:6]) >= _MANY and token.head.lemma_.lower() in _NATIONS


def agents(verb: Token) -> list[Token]:
    """Returns the objects of a passive verb's "by", also of a second one ("by X and by Y")."""
    own = [child for child in verb.children if child.dep_ in {"agent", "prep", "conj"} and child.lower_ == "by"]
    own.extend(second for first in list(own) for second in first.conjuncts if second.lower_ == "by")
    own = own or _behind_clause(verb) or _behind_occasion(verb)
    return [obj for first in own for obj in first.children if obj.dep_ == "pobj"]


def _behind_clause(verb: Token) -> list[Token]:
    """Returns the "by" that the parser hung on a clause set in between ("signed in 1964, before A left, by B")."""
    if verb.tag_ != "VBN" or not any(child.dep_ == "auxpass" for child in verb.children):
        return []
    return [
        by
        for clause in verb.children
        if clause.dep_ == "advcl" and clause.i > verb.i
        for by in clause.children
        if by.lower_ == "by" and by.i > 0 and by.nbor(-1).text == ","
        if any(obj.conjuncts for obj in by.children)
    ]


def _behind_occasion(verb: Token) -> list[Token]:
    """Returns the "by" that the parser hung on where it was done ("signed at a summit of the bloc by X and Y")."""
    if verb.tag_ != "VBN" or not any(child.dep_ == "auxpass" for child in verb.children):
        return []
    places = (child for child in verb.children if child.i > verb.i and child.lower_ in _PLACING)
    return [
        by
        for place in places
        for by in place.subtree
        if by.lower_ == "by" and by.dep_ == "prep" and (by.head.ent_type_ or by.head.lower_ in _OCCASIONS)
        if any(obj.pos_ == "PROPN" or obj.tag_ == "NNS" or obj.conjuncts for obj in by.children)
    ]
