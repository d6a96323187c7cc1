"""Finds who agrees with whom, and who brokers, around an agreement noun or a verb of agreeing."""

from collections.abc import Iterable

from spacy.tokens import Token

from transforms.extract.agreements.clauses import (
    accused,
    accusers,
    announcing,
    between_after,
    involved,
    pledging,
    ratifiers,
    talking_about,
    with_whom,
)
from transforms.extract.agreements.complements import OF_DEBT, inside, objects, of_complement, stipulated
from transforms.extract.agreements.counterparts import (
    agents,
    belligerents,
    conference,
    employers,
    unnamed_beside,
    vague,
    warring,
)
from transforms.extract.agreements.deeds import Deed, passive
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import hashes_of, linked, right_preps
from transforms.extract.agreements.unions import is_union
from transforms.extract.agreements.view import View
from transforms.extract.layers import Form
from transforms.records import ActorKind, record

_BETWEEN = frozenset({"between", "with", "among", "amongst"})
_OWN = frozenset({"its", "his", "her"})
_NAMES = frozenset({Form.NAME, Form.SURNAME})
_MIDST = frozenset({"between", "among"})
_FINANCE = frozenset(
    {"loan", "bailout", "package", "credit", "aid", "rescheduling", "relief", "facility", "grant", "guarantee", "swap"}
    | {"standby", "stand-by"}
)
_AREAS = frozenset({"zone", "corridor", "route"})
_OF = frozenset({"of"})
_TAKEOVER = frozenset(
    {"merger", "takeover", "acquisition", "buyout", "purchase", "sale", "bid", "offer", "stake", "order", "venture"}
)
_ADOPTING = frozenset({"agreed", "signed", "approved"})
_REACHING = frozenset({"agreed", "signed", "extended", "negotiating"})


@record
class Found:
    """Who was found around one mention: certain parties, possible ones, brokers.

    `counterpart` says that an unnamed other side stands beside them ("with its creditors", "and rebels"), `vague` that
    they are only called "they", "the sides" or "both parties"; `meant` are those whom a pronoun may then mean,
    `scope` the country whose warring sides agree.
    """

    strong: tuple[Side, ...] = ()
    weak: tuple[Side, ...] = ()
    brokers: tuple[Side, ...] = ()
    counterpart: bool = False
    vague: bool = False
    meant: tuple[Side, ...] = ()
    scope: tuple[Side, ...] = ()


def around_noun(view: View, noun: Token, deeds: Iterable[Deed]) -> Found:
    """Returns the parties and brokers that an agreement noun, its modifiers and its deeds show."""
    strong: list[Side] = []
    weak: list[Side] = []
    brokers: list[Side] = []
    _left(view, noun, strong, weak, brokers)
    _right(view, noun, strong, weak, brokers)
    for deed in deeds:
        _of_deed(view, noun, deed, strong, weak, brokers)
    own = next((child for child in noun.lefts if child.lower_ in _OWN), None)
    if own is not None and len(_ids(strong)) == 1 and linked(noun, frozenset({"with"}), deep=False):
        doers = view.subjects(noun.head) if noun.dep_ == "dobj" and noun.head.pos_ == "VERB" else []
        strong[:0] = doers or view.antecedent(own)  # "Comair said it would void its contract with the Teamsters"
    strong.extend(between_after(view, noun) if not strong else ())
    theirs = next((child for child in noun.lefts if child.lower_ == "their"), None)
    if theirs is not None and not strong:
        owners = view.antecedent(theirs, near=True)
        strong.extend(owners if len(_ids(owners)) == 2 else ())
    strong = _without_signers(view, noun, strong)
    strong.extend(pledging(view, noun))
    strong.extend(stipulated(view, noun))
    brokers.extend(mediators(view, noun))
    weak.extend(_under(view, noun))
    if len(_ids(strong)) < 2:
        for head in (noun, *right_preps(noun, _OF), *(view.doc[deed.verb] for deed in deeds if deed.place == "object")):
            of_complement(view, head, strong, weak)
    if any(view.kinds.get(side.actor) is ActorKind.ARMED_GROUP for side in strong):
        strong = [side for side in strong if not side.actor.startswith("place:")]  # "Basque separatists ETA"
    if not strong and view.lexicon.families.get(noun.lemma_.lower()) == "ceasefire":
        strong = belligerents(view, noun)
    if not strong and len(_ids(weak)) < 2:
        strong = [side for deed in deeds if deed.deed in _ADOPTING for side in conference(view, view.doc[deed.verb])]
    weak = [side for side in weak if not _where(view, side)]
    lone = next(iter(_ids(strong)), "") if len(_ids(strong)) == 1 else ""
    ratifying = any(deed.deed == "approved" for deed in deeds) and is_union(
        view, lone
    )  # its employer is the other side
    counterpart = bool(lone) and (ratifying or unnamed_beside(view, noun, deeds))
    several = not strong and any(vague(view, view.doc[deed.verb]) for deed in deeds if deed.deed in _REACHING)
    scope: tuple[Side, ...] = ()
    if counterpart and len(_ids(strong)) == 1 and any(warring(view, view.doc[deed.verb]) for deed in deeds):
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
    between = _ids(side for obj in linked(noun, _MIDST) for side in view.sides(obj))
    if len(between) < 2:
        return strong
    return [side for side in strong if side.actor in between or (side.signer is None and not _is_person(view, side))]


def _is_person(view: View, side: Side) -> bool:
    return view.kinds.get(side.actor) is ActorKind.PERSON


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
    nouns = hashes_of(view.lexicon.brokers["nouns"])
    for i in range(*view.sentence(trigger.i)):
        if view.lower[i] in nouns and (token := view.doc[i]).pos_ in {"NOUN", "PROPN"}:
            left = max(token.left_edge.i, token.i - 6)
            found.extend(view.side(mention, e - 1) for _s, e, mention in view.covered(left, token.i))
            for obj in right_preps(token, frozenset({"by", "of", "from"})):
                found.extend(view.sides(obj))
    return found


def _left(view: View, noun: Token, strong: list[Side], weak: list[Side], brokers: list[Side]) -> None:
    start = noun.i
    for child in noun.lefts:
        if child.dep_ in {"amod", "compound", "nmod", "poss", "nummod", "punct", "npadvmod", "det", "advmod"}:
            start = min(start, child.left_edge.i)
    doc = view.doc
    entries = view.covered(max(start, noun.i - 14), noun.i)  # longer pre-modifiers are parse errors
    suffixes = view.lexicon.brokers
    parties: list[tuple[Side, bool]] = []
    for s, e, mention in entries:
        side = view.side(mention, e - 1)
        if view.favoured(s):
            continue
        after = doc[e + 1].lower_ if e + 1 < noun.i and doc[e].text == "-" else ""
        after = after or doc[e - 1].lower_.rpartition("-")[2]  # "U.N.-sponsored" is one token
        person = view.kinds.get(mention.actor) is ActorKind.PERSON
        house = person and e < noun.i and doc[e].pos_ == "PROPN"
        if house or (e < noun.i and doc[e].like_num):
            continue  # "the Bermuda 2 agreement" is named after a place
        if (
            person
            and mention.form in _NAMES
            and sum(m.form in _NAMES for _s, _e, m in entries) == 1
            and not (e < noun.i and doc[e].tag_ == "POS")
        ):
            continue  # "Brady deals", "the Shalit prisoner swap" are named after whom they concern
        if after in suffixes["suffixes"] or (e < noun.i and doc[e].lower_ in suffixes["suffixes"]):
            brokers.append(side)
        elif after not in suffixes["not_party_suffixes"]:
            possessive = doc[e].tag_ == "POS" or mention.text.endswith(("'s", "’s", "'", "’"))
            parties.append((side, possessive))
    distinct = {side.actor for side, _ in parties}
    for side, possessive in parties:
        (strong if possessive or len(distinct) > 1 else weak).append(side)


def _right(view: View, noun: Token, strong: list[Side], weak: list[Side], brokers: list[Side]) -> None:
    lemma = noun.lemma_.lower()
    if lemma in _AREAS:  # "a buffer zone between the armies": where it lies, not who agreed
        return
    for obj in linked(noun, _BETWEEN):
        strong.extend(view.sides(obj))
    strong.extend(involved(view, noun))
    if lemma in _FINANCE or (lemma == "deal" and any(c.lemma_.lower() in _FINANCE for c in noun.lefts)):
        for obj in right_preps(noun, frozenset({"to", "for", "from"})):
            strong.extend(view.sides(obj))
    elif lemma in _TAKEOVER:
        for obj in right_preps(noun, frozenset({"of", "by", "from", "for", "to"})):
            home = obj.head.lower_ == "of" and bool(view.at(obj.head.head.i))  # "a takeover by Lafarge of France"
            if obj.lemma_.lower() not in view.lexicon.strength and not home:  # "an offer of a truce in X"
                strong.extend(inside(view, obj))
    else:
        for obj in right_preps(noun, frozenset({"of", "by", "for"})):
            sides = view.sides(obj)
            (strong if obj.head.lower_ == "by" and len(_ids(sides)) > 1 else weak).extend(sides)


def _of_deed(view: View, noun: Token, deed: Deed, strong: list[Side], weak: list[Side], brokers: list[Side]) -> None:
    verb = view.doc[deed.verb]
    if deed.place in {"adjective", "copula"}:  # "X and Y are close to a deal": the copula's subjects
        strong.extend(view.subjects(verb.head if deed.place == "adjective" else verb))
        return
    if deed.place == "noun":
        weak.extend(accused(view, verb) if deed.deed == "violated" else ())
        for obj in right_preps(verb, _BETWEEN):
            strong.extend(view.sides(obj))
        mediating = verb.lemma_.lower() in {"proposal", "plan", "draft", "effort", "bid", "call", "push"}
        for child in verb.lefts if not mediating else ():
            if child.dep_ in {"poss", "amod", "compound"}:
                weak.extend(view.side(m, child.i) for m in view.at(child.i))
        _verb_of_talks(view, verb, strong, weak)
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
            elif deed.deed in _REACHING and _go_between(view, noun, verb, sides):
                brokers.extend(sides)
            elif deed.deed in _REACHING and not (_only_told(noun, verb) and len(_ids(sides)) == 1):
                strong.extend(sides)
            elif len(_ids(sides)) > 1 and any(child.lower_ == "their" for child in noun.lefts):
                strong.extend(sides)  # "X and Y agreed to end their pact"
            else:
                told = _only_told(noun, verb)  # by a spokesman
                weak[:0] = [view.of_house(side) for side in sides if not (told and _is_person(view, side))]
                strong.extend(employers(view, verb))
                weak.extend(accusers(view, verb))
    if deed.place == "preposition":  # "services between the two countries are governed by a pact"
        for subject in view.subject(verb):
            strong.extend(side for obj in linked(subject, _BETWEEN, deep=False) for side in view.sides(obj))
    for obj in right_preps(verb, _BETWEEN) if noun.lemma_.lower() not in _AREAS else ():
        (strong if deed.deed in _REACHING | {"brokered"} else weak).extend(view.sides(obj))
    strong.extend(with_whom(view, verb))
    if len(_ids(strong)) == 1 and deed.place == "passive" and deed.deed in _REACHING:
        strong.extend(announcing(view, verb))
    if verb.lemma_ in {"offer", "propose", "ask"}:  # "offered Israel a truce", "proposed a pact to Iran"
        weak.extend(objects(view, verb, certain=False))
    for obj in agents(verb):
        sides = view.sides(obj) or ratifiers(view, obj, deed.deed)
        titles = {obj.lemma_.lower(), *(child.lemma_.lower() for child in obj.lefts)}
        mediating = bool(titles & set(view.lexicon.brokers["heads"])) and (
            deed.deed != "signed" or "mediator" in titles
        )
        announced = verb.lemma_ == "announce"
        watching = announced and any(side.actor == "org:un" for side in sides)
        if target is not None or mediating or watching:
            brokers.extend(sides)
        elif announced:
            weak.extend(sides if not any(child.lower_ in {"the", "this"} for child in noun.lefts) else ())
        elif deed.deed in _REACHING:
            strong.extend(sides)
        else:
            unions = [side for side in sides if deed.deed == "approved" and is_union(view, side.actor)]
            strong.extend(unions)  # "the contract was ratified by members of the machinists' union"
            weak.extend(side for side in sides if side not in unions)
    if noun.lemma_.lower() in _FINANCE:
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
    phrases = (*linked(noun, _MIDST, deep=False), *linked(verb, _MIDST, deep=False))
    others = {side.actor for obj in phrases for side in view.sides(obj)}
    return len(others) > 1 and not others & _ids(doers)


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


def of_agreeing(view: View, verb: Token) -> Found:
    """Returns the parties of a verb of agreeing that has no agreement noun ("X and Y agreed to pull back")."""
    strong: list[Side] = []
    weak: list[Side] = []
    they = next((subject for subject in view.subject(verb) if subject.lower_ == "they"), None)
    strong.extend(view.subjects(verb) if they is None else view.antecedent(they, near=True))
    for obj in linked(verb, _BETWEEN, deep=len(_ids(strong)) < 2):
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
    counterpart = len(_ids(strong)) == 1 and unnamed_beside(view, verb, ())
    return Found(
        strong=unique(strong),
        weak=unique(weak),
        counterpart=counterpart,
        vague=not strong and vague(view, verb),
        meant=unique(view.antecedent(they)) if they is not None else (),
    )


def unique(sides: Iterable[Side]) -> tuple[Side, ...]:
    """Returns the sides once each, in their order; a side with a signer is preferred to one without."""
    kept: dict[str, Side] = {}
    sides = list(sides)
    signers = {side.signer for side in sides if side.signer is not None}
    if len(signers) > 1 and len({side.actor for side in sides}) == 1:  # two leaders of one country stay persons
        return tuple({s.signer: Side(actor=s.signer, signer=None, token=s.token) for s in sides if s.signer}.values())
    for side in sides:
        if side.actor not in kept or (kept[side.actor].signer is None and side.signer is not None):
            kept[side.actor] = side
    return tuple(kept.values())


def _in_return(view: View, verb: Token) -> list[Side]:
    """Returns who gives something back ("in return for food aid from the United States")."""
    start, end = view.sentence(verb.i)
    for token in view.doc[max(start, verb.i) : end]:
        if token.lower_ in {"return", "exchange"} and token.head.lower_ == "in" and token.dep_ == "pobj":
            return [side for obj in right_preps(token, frozenset({"from", "by"})) for side in view.sides(obj)]
    return []


def _ids(sides: Iterable[Side]) -> set[str]:
    return {side.actor for side in sides}
