"""Reads deeds that two sides do together and that are an agreement by themselves ("X and Y exchanged prisoners")."""

from spacy.tokens import Token

from transforms.extract.agreements.counterparts import agents
from transforms.extract.agreements.found import Found, unique
from transforms.extract.agreements.lexicon import load_lexicon
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import linked
from transforms.extract.agreements.status import Modality, modality_of, status_of
from transforms.extract.agreements.view import View
from transforms.records import ActorKind, AgreementStatus, record

_WITH = frozenset({"with", "between"})
_BY = frozenset({"by"})
_CAPTIVES = frozenset({"prisoner", "hostage", "captive", "detainee", "pow", "captured", "body", "remains"})
_SOLDIERS = frozenset({"soldier", "pilot", "airman", "agent", "spy", "journalist"})
_NOTES = frozenset({"note", "instrument"})  # what governments exchange to conclude an agreement
_TIES = frozenset({"relation", "tie", "link"})
_QUARRELS = frozenset(
    {
        "dispute",
        "strike",
        "lawsuit",
        "suit",
        "feud",
        "quarrel",
        "row",
        "fight",
        "litigation",
        "claim",
        "war",
        "standoff",
    }
)
# What must be the object of the verb for both sides to have agreed by doing it, and the state that leaves.
_DEEDS = {
    "exchange": (_CAPTIVES | _NOTES, AgreementStatus.IN_FORCE),
    "swap": (_CAPTIVES, AgreementStatus.IN_FORCE),
    "restore": (_TIES, AgreementStatus.AGREED),
    "establish": (_TIES, AgreementStatus.AGREED),
    "normalise": (_TIES, AgreementStatus.AGREED),
    "normalize": (_TIES, AgreementStatus.AGREED),
    "resume": (frozenset({"relation", "tie"}), AgreementStatus.AGREED),
    "settle": (_QUARRELS, AgreementStatus.AGREED),
    "own": (frozenset({"percent", "pct", "%", "half"}), AgreementStatus.AGREED),
}
# What one side does with captives, an exchange only where it gets something back.
_HANDING = ("hand", "free", "release", "trade")
_DEEDS |= dict.fromkeys(_HANDING, (_CAPTIVES, AgreementStatus.IN_FORCE))
JOINT = frozenset(_DEEDS)
_FAMILIES = {
    "own": "commercial",
    **dict.fromkeys(("exchange", "swap", *_HANDING), "prisoner_exchange"),
}
_TALKING = frozenset({"diplomatic", "full", "formal", "trade", "ambassadorial", "economic"})


@record
class JointDeed:
    """A deed of two sides: who they are, how it stands, and the kind it says by itself (or "")."""

    found: Found
    status: AgreementStatus | None
    modality: Modality
    family: str


def joint_deed(view: View, verb: Token) -> JointDeed | None:
    """Returns what a verb of `JOINT` says two sides do together, or None where it is no such deed."""
    objects, done = _DEEDS[verb.lemma_]
    matter = next((child for child in verb.children if child.dep_ in {"dobj", "nsubjpass"}), None)
    if matter is None or matter.lemma_.lower() not in objects or not _fits(verb, matter):
        return None
    parties = _sides(view, verb)
    if len({side.actor for side in parties}) < 2:
        return None
    if verb.lemma_ == "own" and any(view.kinds.get(side.actor) is not ActorKind.ORGANIZATION for side in parties):
        return None
    modality = modality_of(verb, view.lexicon)
    if verb.lemma_ == "own":
        modality = Modality.ASSERTED  # "will each own": what has been agreed
    status = done if modality is Modality.ASSERTED else status_of("agreed", modality)
    if status is None or modality is Modality.NEGATED:
        return None
    if matter.lemma_.lower() in _NOTES and status is AgreementStatus.IN_FORCE:
        status = AgreementStatus.AGREED
    family = "" if matter.lemma_.lower() in _NOTES else _FAMILIES.get(verb.lemma_, "")
    return JointDeed(found=Found(strong=parties), status=status, modality=modality, family=family)


def _fits(verb: Token, matter: Token) -> bool:
    if verb.lemma_ == "own":  # "will own 50 percent each", "will each own half"
        each = any(token.lower_ == "each" for token in (*verb.subtree,))
        return each and any(child.lower_ in {"will", "would"} for child in verb.children)
    if verb.lemma_ in _HANDING:
        return _in_exchange(verb)
    if matter.lemma_.lower() in _NOTES and _of_pact(matter):
        return False  # "instruments of ratification of their 1974 accord": the accord is what is told of
    if matter.lemma_.lower() in _TIES:
        return any(child.lower_ in _TALKING for child in matter.lefts) or verb.lemma_.startswith("normal")
    return True


def _of_pact(matter: Token) -> bool:
    nouns = load_lexicon().strength
    return any(nouns.get(token.lemma_.lower()) in {"strong", "plain"} for token in matter.subtree if token.i > matter.i)


def _in_exchange(verb: Token) -> bool:
    """Whether captives are given for something ("for the bodies of two soldiers", "in return for")."""
    start = verb.i
    words = [token for token in verb.subtree if token.i > start]
    for token in words:
        if token.lower_ == "for" and any(
            t.lemma_.lower() in _CAPTIVES | _SOLDIERS for obj in token.children for t in (obj, *obj.subtree)
        ):
            return True
    return any(t.lower_ in {"exchange", "return"} and t.head.lower_ == "in" for t in words)


def _holders(view: View, verb: Token) -> list[Side]:
    """Returns who holds what is given for captives ("for the bodies of two soldiers held by X")."""
    held = [token for token in verb.subtree if token.lemma_ == "hold" and token.tag_ == "VBN" and token.i > verb.i]
    return [side for token in held for obj in linked(token, _BY, deep=False) for side in view.sides(obj)] or [
        side for token in held for obj in agents(token) for side in view.sides(obj)
    ]


def _sides(view: View, verb: Token) -> tuple[Side, ...]:
    found = list(view.subjects(verb))
    with_whom = _WITH | {"to", "by", "from"} if verb.lemma_ in _HANDING else _WITH
    for obj in linked(verb, with_whom, deep=True):
        found.extend(view.sides(obj))
    if verb.lemma_ in _HANDING and len({side.actor for side in found}) < 2:
        found.extend(_holders(view, verb))
    if len({side.actor for side in found}) < 2 and verb.lemma_ == "own":
        for subject in view.subject(verb):  # "Delta Corp. of Midland and Omsk Oil": cut up by the parser
            entries = view.covered(subject.left_edge.i, verb.i)
            found.extend(
                view.side(mention, end - 1)
                for _start, end, mention in entries
                if view.kinds.get(mention.actor) is ActorKind.ORGANIZATION
            )
    return unique(found)
