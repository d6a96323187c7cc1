"""Reads purchases of companies told without any word of agreeing ("X will acquire Y", "X to buy Y unit")."""

from spacy.tokens import Token

from transforms.extract.agreements.complements import inside
from transforms.extract.agreements.counterparts import agents
from transforms.extract.agreements.found import Found, unique
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.status import Modality, modality_of
from transforms.extract.agreements.view import View
from transforms.records import ActorKind, AgreementStatus

BUYING = frozenset({"acquire", "buy", "purchase"})
_WISHING = frozenset(
    {"want", "plan", "seek", "hope", "offer", "propose", "bid", "consider", "try", "intend", "expect", "aim"}
)
_SAYING = frozenset({"say", "announce"})
_LEAD = 120  # tokens: a purchase in the past tense is news only in a headline or lead, further down it is history


def takeover(view: View, verb: Token) -> tuple[Found, AgreementStatus, Modality] | None:
    """Returns buyer and bought with the state of the purchase, or None where a verb of buying tells of no such thing.

    Args:
        view: The article.
        verb: A verb of `BUYING` that no word of agreeing governs.
    """
    if verb.dep_ in {"acl", "advcl", "relcl", "pcomp"} or (verb.dep_ == "xcomp" and verb.head.lemma_ not in _WISHING):
        return None
    state = _state(view, verb)
    if state is None:
        return None
    companies = _companies(view, verb)
    if len({side.actor for side in companies}) < 2:
        return None
    return Found(strong=companies), *state


def _companies(view: View, verb: Token) -> tuple[Side, ...]:
    found = list(view.subjects(verb))
    if not found or any(view.kinds.get(side.actor) is not ActorKind.ORGANIZATION for side in found):
        return ()
    for obj in agents(verb):
        found.extend(view.sides(obj))
    for child in verb.children:
        if child.dep_ == "dobj" and child.i > verb.i:
            found.extend(inside(view, child))
    return unique(side for side in found if view.kinds.get(side.actor) is ActorKind.ORGANIZATION)


def _state(view: View, verb: Token) -> tuple[AgreementStatus, Modality] | None:
    auxiliaries = {child.lower_ for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    negative = any(child.dep_ == "neg" for child in verb.children)
    modality = modality_of(verb, view.lexicon)
    if negative or modality in {Modality.NEGATED, Modality.DENIED, Modality.HYPOTHETICAL}:
        return None
    if "will" in auxiliaries or (auxiliaries & {"to"} and verb.dep_ == "ROOT"):
        return AgreementStatus.AGREED, Modality.ASSERTED
    if "would" in auxiliaries and verb.dep_ == "ccomp" and verb.head.lemma_ in _SAYING and verb.head.tag_ == "VBD":
        return AgreementStatus.AGREED, Modality.ASSERTED  # "said on Monday it would acquire"
    if modality is Modality.PENDING:
        return AgreementStatus.PROPOSED, Modality.PENDING
    if verb.tag_ in {"VBZ", "VBP"} and verb.i <= _LEAD:  # a headline: "USAir buys Piedmont"
        return AgreementStatus.AGREED, Modality.ASSERTED
    if verb.i <= _LEAD and verb.tag_ in {"VBD", "VBN"}:
        return AgreementStatus.IN_FORCE, Modality.ASSERTED
    return None
