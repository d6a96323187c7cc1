"""Finds who does what governs an agreement noun: who signs, announces, breaks or mediates it."""

from spacy.tokens import Token

from transforms.extract.agreements.beside import AREAS, BETWEEN, FINANCE
from transforms.extract.agreements.clauses import (
    accused,
    accusers,
    announcing,
    ratifiers,
    talking_about,
    with_whom,
)
from transforms.extract.agreements.complements import objects
from transforms.extract.agreements.counterparts import agents, employers
from transforms.extract.agreements.deeds import Deed, passive
from transforms.extract.agreements.found import ids
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import linked, right_preps
from transforms.extract.agreements.signing import signed_for
from transforms.extract.agreements.unions import is_union
from transforms.extract.agreements.view import View
from transforms.records import ActorKind

MIDST = frozenset({"between", "among"})
_READING = frozenset({"obtain", "see", "read", "review", "publish", "leak", "quote"})
REACHING = frozenset({"agreed", "signed", "extended", "negotiating"})


def of_deed(view: View, noun: Token, deed: Deed, strong: list[Side], weak: list[Side], brokers: list[Side]) -> None:
    """Adds those who do one of the deeds that govern an agreement noun.

    Args:
        view: The article.
        noun: The agreement noun.
        deed: What governs it.
        strong: Where certain parties go.
        weak: Where possible parties go.
        brokers: Where brokers go.
    """
    verb = view.doc[deed.verb]
    if deed.place in {"adjective", "copula"}:  # "X and Y are close to a deal": the copula's subjects
        strong.extend(view.subjects(verb.head if deed.place == "adjective" else verb))
        return
    if deed.place == "noun":
        weak.extend(accused(view, verb) if deed.deed == "violated" else ())
        for obj in right_preps(verb, BETWEEN):
            strong.extend(view.sides(obj))
        mediating = verb.lemma_.lower() in {"proposal", "plan", "draft", "effort", "bid", "call", "push"}
        for child in verb.lefts if not mediating else ():
            if child.dep_ in {"poss", "amod", "compound"}:
                weak.extend(view.side(m, child.i) for m in view.at(child.i))
        _verb_of_talks(view, verb, strong, weak)
        return
    signed_by = signed_for(view, verb) if deed.deed == "signed" else []
    if signed_by:
        strong.extend(signed_by)
        return
    if verb.lemma_ in {"propose", "suggest", "urge", "demand", "recommend", "draft"} and deed.place in {
        "passive",
        "clause",
    }:
        return  # "a truce proposed by a UN envoy"
    arranged = verb.lemma_ == "arrange" and verb.dep_ == "acl"  # "under a deal arranged by the Red Cross"
    helping = verb.dep_ in {"xcomp", "ccomp"} and verb.head.lemma_ == "help"  # "helped to negotiate"
    target = brokers if deed.deed == "brokered" or _brokering(verb) or arranged or helping else None
    strong.extend(talking_about(view, verb))
    if deed.place in {"object", "preposition", "clause", "contact"} and not (deed.place == "clause" and passive(verb)):
        subjects = view.subject(verb)
        if noun not in subjects:
            sides = view.subjects(verb)
            if target is not None:
                target.extend(sides)
            elif deed.deed in REACHING and _go_between(view, noun, verb, sides):
                brokers.extend(sides)
            elif deed.deed in REACHING and not (_only_told(noun, verb) and len(ids(sides)) == 1):
                strong.extend(sides or employers(view, verb))
            elif len(ids(sides)) > 1 and any(child.lower_ == "their" for child in noun.lefts):
                strong.extend(sides)  # "X and Y agreed to end their pact"
            else:
                told = _only_told(noun, verb)  # by a spokesman
                weak[:0] = [view.of_house(side) for side in sides if not (told and is_person(view, side))]
                strong.extend(employers(view, verb))
                weak.extend(accusers(view, verb))
    if deed.place == "preposition":  # "services between the two countries are governed by a pact"
        for subject in view.subject(verb):
            strong.extend(side for obj in linked(subject, BETWEEN, deep=False) for side in view.sides(obj))
    for obj in right_preps(verb, BETWEEN) if noun.lemma_.lower() not in AREAS else ():
        (strong if deed.deed in REACHING | {"brokered"} else weak).extend(view.sides(obj))
    strong.extend(with_whom(view, verb))
    if len(ids(strong)) == 1 and deed.place == "passive" and deed.deed in REACHING:
        strong.extend(announcing(view, verb))
    if verb.lemma_ in {"offer", "propose", "ask"}:  # "offered Israel a truce", "proposed a pact to Iran"
        weak.extend(objects(view, verb, certain=False))
    for obj in agents(verb):
        sides = view.sides(obj) or ratifiers(view, obj, deed.deed)
        if not sides and target is not None:  # "brokered by the Sant'Egidio community"
            sides = [view.side(m, e - 1) for _s, e, m in view.covered(max(obj.left_edge.i, obj.i - 6), obj.i)]
        if verb.lemma_ in _READING:  # "a draft of the pact obtained by Agence France-Presse"
            sides = [side for side in sides if not side.actor.startswith("media:")]
        titles = {obj.lemma_.lower(), *(child.lemma_.lower() for child in obj.lefts)}
        mediating = bool(titles & set(view.lexicon.brokers["heads"])) and (
            deed.deed != "signed" or "mediator" in titles
        )
        announced = verb.lemma_ == "announce"
        watching = announced and any(side.actor == "org:un" for side in sides)
        if target is not None or mediating or watching:
            brokers.extend(sides)
        elif announced:
            firms = len(ids(sides)) > 1 and all(view.kinds.get(s.actor) is ActorKind.ORGANIZATION for s in sides)
            told = any(child.lower_ in {"the", "this"} for child in noun.lefts)
            (strong if firms else weak).extend(sides if firms or not told else ())
        elif deed.deed in REACHING:
            strong.extend(sides)
        else:
            unions = [side for side in sides if deed.deed == "approved" and is_union(view, side.actor)]
            strong.extend(unions)  # "the contract was ratified by members of the machinists' union"
            weak.extend(side for side in sides if side not in unions)
    if noun.lemma_.lower() in FINANCE:
        for obj in right_preps(verb, frozenset({"to", "for", "from"})):
            strong.extend(view.sides(obj))
        for child in verb.children:
            if child.dep_ == "dative" and child.pos_ != "ADP":
                strong.extend(view.sides(child))


def _only_told(noun: Token, verb: Token) -> bool:
    """Whether somebody only makes an agreement known that others have reached ("he announced the agreement")."""
    return verb.lemma_ in {"announce", "confirm", "disclose"} and any(child.lower_ == "the" for child in noun.lefts)


def _go_between(view: View, noun: Token, verb: Token, doers: list[Side]) -> bool:
    """Whether those who negotiate stand between two others ("the truce France negotiated between A and B")."""
    phrases = (*linked(noun, MIDST, deep=False), *linked(verb, MIDST, deep=False))
    others = {side.actor for obj in phrases for side in view.sides(obj)}
    return len(others) > 1 and not others & ids(doers)


def _brokering(verb: Token) -> bool:
    return verb.lemma_.lower() in {
        "broker",
        "mediate",
        "facilitate",
        "host",
        "sponsor",
        "oversee",
        "witness",
        "supervise",
        "guarantee",
    }


def _verb_of_talks(view: View, noun: Token, strong: list[Side], weak: list[Side]) -> None:
    """Adds who talks by the verb of the talks ("X and Y held talks on a ceasefire")."""
    if noun.dep_ not in {"dobj", "pobj"}:
        return
    verb = noun.head if noun.dep_ == "dobj" else noun.head.head
    if verb.pos_ not in {"VERB", "AUX"}:
        return
    talking = noun.lemma_.lower() in view.lexicon.sets["talk_nouns"] or verb.lemma_ in {
        "meet",
        "make",
        "miss",
        "set",
        "reach",
    }
    (strong if talking else weak).extend(view.subjects(verb))


def is_person(view: View, side: Side) -> bool:
    """Whether a side is a person of no known side."""
    return view.kinds.get(side.actor) is ActorKind.PERSON
