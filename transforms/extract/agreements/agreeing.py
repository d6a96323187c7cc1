"""Turns a verb of agreeing, buying or exchanging that governs no agreement noun into a mention of an agreement."""

import dataclasses

from spacy.tokens import Token

from transforms.extract.agreements.dealings import DEALINGS, dealing, intended
from transforms.extract.agreements.found import Found
from transforms.extract.agreements.joint import JOINT, joint_deed
from transforms.extract.agreements.lexicon import Lexicon
from transforms.extract.agreements.mention import Mention, collective, headline
from transforms.extract.agreements.occasion import place_of, reached_at
from transforms.extract.agreements.parties import of_agreeing
from transforms.extract.agreements.states import questioned
from transforms.extract.agreements.status import Modality, modality_of, status_of
from transforms.extract.agreements.takeovers import BUYING, takeover
from transforms.extract.agreements.view import View
from transforms.records import AgreementStatus

_DUTIES = frozenset({"should", "will", "would", "to", "must"})
_IDLY_KEPT = frozenset({"touch", "contact", "secret", "eye", "quiet", "details", "matter", "it", "this", "talks"})
_RESTS = frozenset({"break", "pause", "recess"})  # "agreed to take a break in the talks"
_MORE_TIME = frozenset({"extension", "prolongation", "renewal", "rollover", "delay"})
_AGREEING = frozenset({"agree", "merge", "reconcile", "contract"})
DOING = _AGREEING | BUYING | JOINT | DEALINGS.keys() | {"follow"}


def verb_mention(view: View, verb: Token) -> Mention | None:
    """Returns the mention a verb of agreeing makes without an agreement noun, or None."""
    lexicon = view.lexicon
    if verb.lemma_ in BUYING:
        bought = takeover(view, verb)
        return _verb_mention(view, verb, *bought) if bought is not None else None
    if verb.lemma_ in JOINT and not _settles_on(verb):
        deed = joint_deed(view, verb)
        return _verb_mention(view, verb, deed.found, deed.status, deed.modality, deed.family) if deed else None
    if verb.lemma_ in DEALINGS:
        deed = dealing(view, verb)
        return _verb_mention(view, verb, deed.found, deed.status, deed.modality, deed.family) if deed else None
    if verb.lemma_ == "follow":
        return _following(view, verb)
    if verb.lemma_ == "agree" and not _concrete(verb, lexicon):
        return None
    if verb.lemma_ == "contract" and not _to_buy(view, verb):
        return None  # "the economy contracted"
    found = of_agreeing(view, verb)
    if _settles_on(verb) and (found.vague or any(subject.pos_ == "PRON" for subject in view.subject(verb))):
        return None  # "they settled on a quarter of the sum"
    if not found.strong and not found.vague:
        return None
    planned = verb.lemma_ == "merge" and intended(verb) and len(found.strong) > 1
    modality = Modality.ASSERTED if planned else modality_of(verb, lexicon)
    if modality is not Modality.ASSERTED and len(found.strong) < 2 and not found.counterpart and not found.vague:
        return None  # "we have not agreed on everything": no agreement of its own
    return _verb_mention(view, verb, found, status_of("extended" if _prolongs(verb) else "agreed", modality), modality)


def _to_buy(view: View, verb: Token) -> bool:
    deeds = view.lexicon.sets["commercial_verbs"]
    return any(child.dep_ == "xcomp" and child.tag_ == "VB" and child.lemma_ in deeds for child in verb.children)


def _following(view: View, verb: Token) -> Mention | None:
    """Returns the mention of a side that does what the one before has done ("the rebels followed suit")."""
    if not any(child.dep_ == "dobj" and child.lower_ == "suit" for child in verb.children):
        return None
    sides = tuple(view.subjects(verb))
    if len(sides) != 1 or modality_of(verb, view.lexicon) is not Modality.ASSERTED:
        return None
    mention = _verb_mention(view, verb, Found(strong=sides), AgreementStatus.AGREED, Modality.ASSERTED)
    return dataclasses.replace(mention, new=False, definite=True)


def _in_turn(verb: Token) -> bool:
    """Whether one side agrees to its share of what has been told ("for its part", "in return")."""
    return any(
        obj.lower_ in {"part", "return", "turn", "exchange"}
        for child in verb.children
        if child.dep_ == "prep" and child.i < verb.i
        for obj in child.children
    )


def _settles_on(verb: Token) -> bool:
    return verb.lemma_ == "settle" and any(child.lower_ == "on" for child in verb.children)


def _prolongs(verb: Token) -> bool:
    """Whether what is agreed is more time ("agreed to a third extension")."""
    objects = [obj for child in verb.children for obj in (child, *child.children) if obj.dep_ in {"dobj", "pobj"}]
    return any(obj.lemma_.lower() in _MORE_TIME for obj in objects if obj.i > verb.i)


def _verb_mention(
    view: View, verb: Token, found: Found, status: AgreementStatus | None, modality: Modality, family: str = ""
) -> Mention:
    start, end = view.sentence(verb.i)
    status = questioned(view.doc[end - 1], status)
    return Mention(
        trigger=verb.i,
        sentence=(start, end),
        word=verb.lemma_.lower(),
        strength="verb",
        found=found,
        status=status,
        modality=modality,
        deed=verb.i,
        reached=reached_at(view, verb, (), status),
        place=place_of(view, verb, (), status),
        rule=f"agreements.verb-{verb.lemma_.lower()}",
        new=modality is Modality.ASSERTED and not _in_turn(verb),
        earlier=any(child.lower_ == "same" for subject in view.subject(verb) for child in subject.lefts),
        collective=collective(view, found, verb.i),
        headline=headline(view, end),
        family="commercial" if verb.lemma_ in BUYING or verb.lemma_ == "merge" else family,
    )


def _keeps(verb: Token) -> bool:
    """Whether something is kept as it stands ("to keep export limits in place"), not touch or a secret."""
    kept = [child for child in verb.children if child.dep_ in {"dobj", "nsubj"} and child.i > verb.i]
    return verb.lemma_ == "keep" and any(child.lower_ not in _IDLY_KEPT for child in kept)


def _concrete(verb: Token, lexicon: Lexicon) -> bool:
    """Whether what is agreed is a deed, not an opinion or more talking."""
    after = [child for child in verb.children if child.i > verb.i]
    for child in after:
        if child.dep_ == "xcomp" and child.lemma_ == "take" and any(c.lower_ in _RESTS for c in child.children):
            return False
        if child.dep_ == "xcomp" or (child.dep_ == "advcl" and any(c.lower_ == "to" for c in child.lefts)):
            talking = any(c.dep_ == "dobj" and c.lemma_.lower() in lexicon.sets["talk_nouns"] for c in child.children)
            idle = child.lemma_.lower() in lexicon.sets["idle_complements"] and not _keeps(child)
            return not talking and not idle
        if child.dep_ == "ccomp":
            return any(c.dep_ == "aux" and c.lower_ in _DUTIES for c in child.children)
    for child in after:
        if child.dep_ == "prep" and child.lower_ in {"on", "to", "upon"}:
            matters = [obj for obj in child.children if obj.ent_type_ not in {"DATE", "TIME"}]
            if matters:
                return any(obj.lower_ not in {"little", "nothing", "much", "something"} for obj in matters)
        if child.dep_ == "dobj":
            return True
    return (
        verb.tag_ in {"VBN", "VBD"}
        and verb.dep_ in {"ROOT", "ccomp"}
        and any(c.dep_ == "nsubjpass" for c in verb.children)
    )
