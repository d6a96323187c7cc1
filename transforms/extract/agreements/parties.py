"""Finds who agrees with whom, and who brokers, around an agreement noun or a verb of agreeing."""

from collections.abc import Iterable

from spacy.tokens import Token

from transforms.extract.agreements.beside import BETWEEN, left_of, right_of
from transforms.extract.agreements.clauses import between_after, pledging
from transforms.extract.agreements.complements import OF_DEBT, objects, of_complement, stipulated
from transforms.extract.agreements.counterparts import (
    acting_with,
    agents,
    belligerents,
    conference,
    unnamed_beside,
    vague,
    warring,
)
from transforms.extract.agreements.deeds import Deed
from transforms.extract.agreements.doing import MIDST, REACHING, is_person, of_deed
from transforms.extract.agreements.found import Found, ids, unique
from transforms.extract.agreements.lending import lent
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import hashes_of, linked, right_preps
from transforms.extract.agreements.unions import is_union
from transforms.extract.agreements.view import View
from transforms.records import ActorKind

_OWN = frozenset({"its", "his", "her"})
_OF = frozenset({"of"})
_MEDIATED = frozenset({"brokered", "mediated", "facilitated"})
_ADOPTING = frozenset({"agreed", "signed", "approved"})


def around_noun(view: View, noun: Token, deeds: Iterable[Deed]) -> Found:
    """Returns the parties and brokers that an agreement noun, its modifiers and its deeds show."""
    strong: list[Side] = []
    weak: list[Side] = []
    brokers: list[Side] = []
    left_of(view, noun, strong, weak, brokers)
    right_of(view, noun, strong, weak, brokers)
    for deed in deeds:
        of_deed(view, noun, deed, strong, weak, brokers)
    own = next((child for child in noun.lefts if child.lower_ in _OWN), None)
    if own is not None and len(ids(strong)) == 1 and linked(noun, frozenset({"with"}), deep=False):
        doers = view.subjects(noun.head) if noun.dep_ == "dobj" and noun.head.pos_ == "VERB" else []
        strong[:0] = doers or view.antecedent(own)  # "Comair said it would void its contract with the Teamsters"
    strong.extend(between_after(view, noun) if not strong else ())
    theirs = next((child for child in noun.lefts if child.lower_ == "their"), None)
    if theirs is not None and not strong:
        owners = view.antecedent(theirs, near=True)
        strong.extend(owners if len(ids(owners)) == 2 else ())
    strong = _without_signers(view, noun, strong)
    strong.extend(pledging(view, noun))
    strong.extend(stipulated(view, noun))
    brokers.extend(mediators(view, noun))
    weak.extend(_under(view, noun))
    if len(ids(strong)) < 2:
        for head in (noun, *right_preps(noun, _OF), *(view.doc[deed.verb] for deed in deeds if deed.place == "object")):
            of_complement(view, head, strong, weak)
    if any(view.kinds.get(side.actor) is ActorKind.ARMED_GROUP for side in strong):
        strong = [side for side in strong if not side.actor.startswith("place:")]  # "Basque separatists ETA"
    if not strong and view.lexicon.families.get(noun.lemma_.lower()) == "ceasefire":
        strong = belligerents(view, noun)
    if not strong and len(ids(weak)) < 2:
        strong = [side for deed in deeds if deed.deed in _ADOPTING for side in conference(view, view.doc[deed.verb])]
    weak = [side for side in weak if not _where(view, side) and side.actor not in ids(brokers)]
    strong = lent(view, noun, deeds, strong, weak) or strong
    lone = next(iter(ids(strong)), "") if len(ids(strong)) == 1 else ""
    ratifying = any(deed.deed == "approved" for deed in deeds) and is_union(
        view, lone
    )  # its employer is the other side
    counterpart = bool(lone) and (ratifying or unnamed_beside(view, noun, deeds))
    counterpart = counterpart or (not strong and len(ids(weak)) == 1 and acting_with(view, deeds))
    several = not strong and any(vague(view, view.doc[deed.verb]) for deed in deeds if deed.deed in REACHING)
    scope: tuple[Side, ...] = ()
    if counterpart and len(ids(strong)) == 1 and any(warring(view, view.doc[deed.verb]) for deed in deeds):
        strong, scope = [], unique(strong)  # "Libya's two warring sides"
    return Found(
        strong=unique(strong),
        weak=unique(weak),
        brokers=unique(brokers),
        counterpart=counterpart,
        vague=several,
        scope=scope,
    )


def _without_signers(view: View, noun: Token, strong: list[Side]) -> list[Side]:
    """Returns the sides without the persons who sign where the noun says between whom it is."""
    between = ids(side for obj in linked(noun, MIDST) for side in view.sides(obj))
    if len(between) < 2:
        return strong
    return [side for side in strong if side.actor in between or (side.signer is None and not is_person(view, side))]


def _where(view: View, side: Side) -> bool:
    """Whether a possible party is only a river or a town."""
    land = view.doc[side.token].ent_type_ in {"LOC", "GPE", "FAC"}
    return view.kinds.get(side.actor) is ActorKind.OTHER and (land or side.actor.startswith("place:"))


def _under(view: View, noun: Token) -> list[Side]:
    """Returns who is to act under an agreement ("under the deal, X will pay Y"): parties if no others are named."""
    preposition = noun.head
    for _ in range(3):  # "under the terms of an agreement"
        if preposition.lower_ in {"under", "by"} and preposition.dep_ == "prep":
            verb = preposition.head
            return [*view.subjects(verb), *objects(view, verb, certain=False)] if verb.pos_ == "VERB" else []
        preposition = preposition.head
    return []


def mediators(view: View, trigger: Token) -> list[Side]:
    """Returns who mediates by the words of the sentence ("under UN auspices", "after mediation by Norway")."""
    found: list[Side] = []
    nouns, verbs = hashes_of(view.lexicon.brokers["nouns"]), hashes_of(_MEDIATED)
    for i in range(*view.sentence(trigger.i)):
        if view.lower[i] in verbs and view.doc[i].dep_ == "acl":  # "reached after talks mediated by Norway"
            found.extend(side for obj in agents(view.doc[i]) for side in view.sides(obj))
        if view.lower[i] in nouns and (token := view.doc[i]).pos_ in {"NOUN", "PROPN"}:
            left = max(token.left_edge.i, token.i - 6)
            found.extend(view.side(mention, e - 1) for _s, e, mention in view.covered(left, token.i))
            for obj in right_preps(token, frozenset({"by", "of", "from"})):
                found.extend(view.sides(obj))
    return found


def of_agreeing(view: View, verb: Token) -> Found:
    """Returns the parties of a verb of agreeing that has no agreement noun ("X and Y agreed to pull back")."""
    strong: list[Side] = []
    weak: list[Side] = []
    they = next((subject for subject in view.subject(verb) if subject.lower_ == "they"), None)
    strong.extend(view.subjects(verb) if they is None else view.antecedent(they, near=True))
    for obj in linked(verb, BETWEEN, deep=len(ids(strong)) < 2):
        strong.extend(view.sides(obj))
    for child in verb.children:
        if child.dep_ == "agent":
            for obj in child.children:
                strong.extend(view.sides(obj))
        if child.dep_ in {"xcomp", "ccomp"} and child.i > verb.i:
            certain = child.lemma_.lower() in view.lexicon.sets["commercial_verbs"] | OF_DEBT
            (strong if certain else weak).extend(objects(view, child, certain=certain))
            for obj in right_preps(child, frozenset({"with"})):
                weak.extend(view.sides(obj))
            for obj in agents(child):  # "agreed to be taken over by Y"
                strong.extend(view.sides(obj))
    strong.extend(_in_return(view, verb))
    strong = strong or conference(view, verb)
    counterpart = len(ids(strong)) == 1 and unnamed_beside(view, verb, ())
    return Found(
        strong=unique(strong),
        weak=unique(weak),
        counterpart=counterpart,
        vague=not strong and vague(view, verb),
        meant=unique(view.antecedent(they)) if they is not None else (),
    )


def _in_return(view: View, verb: Token) -> list[Side]:
    """Returns who gives something back ("in return for food aid from the United States")."""
    start, end = view.sentence(verb.i)
    for token in view.doc[max(start, verb.i) : end]:
        if token.lower_ in {"return", "exchange"} and token.head.lower_ == "in" and token.dep_ == "pobj":
            return [side for obj in right_preps(token, frozenset({"from", "by"})) for side in view.sides(obj)]
    return []
