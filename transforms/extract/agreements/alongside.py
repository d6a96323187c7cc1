"""Finds the two sides of an agreement among those its sentence names, where the grammar alone shows fewer."""

from collections.abc import Iterable

from transforms.extract.agreements.leaders import HOUSES
from transforms.extract.agreements.lookup import Lookup
from transforms.extract.layers import ActorMention, Form
from transforms.records import ActorKind

_PAIR = 2
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_MODIFYING = frozenset({"poss", "amod", "compound", "nmod"})
_SPEAKING = frozenset(
    {
        "say",
        "tell",
        "add",
        "report",
        "announce",
        "call",
        "urge",
        "welcome",
        "praise",
        "criticise",
        "criticize",
        "accuse",
    }
    | {"condemn", "warn", "note", "believe", "think", "hail", "ask", "describe", "complain", "argue", "insist", "deny"}
)
_STANDING = frozenset({"in", "at", "near", "from", "off", "outside", "inside", "across", "through", "over", "into"})
_ABOVE = frozenset({"org:un", "org:au"})
_SIDES = frozenset({ActorKind.COUNTRY, ActorKind.ORGANIZATION, ActorKind.ARMED_GROUP})


def alongside(view: Lookup, sentence: tuple[int, int], known: Iterable[str], apart: Iterable[str]) -> tuple[str, ...]:
    """Returns the two sides that a sentence names, or () where it names more or fewer.

    Those who only speak, are only a place, or only say whose company or leader another one is do not count.

    Args:
        view: The article.
        sentence: First and past-last token of a sentence that speaks of an agreement.
        known: Actor ids that are sides for certain.
        apart: Actor ids that are no sides: brokers.
    """
    entries = view.covered(*sentence)
    sides = dict.fromkeys(known)
    left_out = set(apart)
    for entry in entries:
        actor = view.side(entry[2], entry[1] - 1).actor
        if actor not in left_out and view.kinds.get(actor) in _SIDES and _takes_part(view, entry, entries):
            sides[actor] = None
    return tuple(sides) if len(sides) == _PAIR and _alike(view, sides) else ()


def _alike(view: Lookup, sides: Iterable[str]) -> bool:
    """Whether two are such as agree with one another; a country does so with known bodies, not with any name."""
    kinds = {view.kinds.get(side) for side in sides}
    known = all(view.kinds.get(side) is ActorKind.COUNTRY or side.startswith("org:") for side in sides)
    return kinds != {ActorKind.COUNTRY, ActorKind.ORGANIZATION} or known


def _takes_part(
    view: Lookup, entry: tuple[int, int, ActorMention], entries: Iterable[tuple[int, int, ActorMention]]
) -> bool:
    start, end, mention = entry
    if view.names.get(mention.actor, "").lower().rpartition(" ")[2] in HOUSES or mention.actor in _ABOVE:
        return False
    if mention.form is Form.PLACE or mention.actor.startswith("media:") or view.favoured(start):
        return False
    token = view.doc[end - 1]
    while token.head.i != token.i and start <= token.head.i < end:
        token = token.head
    if token.dep_ in _SUBJECTS and token.head.lemma_ in _SPEAKING:
        return False
    if token.dep_ == "pobj" and token.head.lower_ in _STANDING:
        return False
    if end < len(view.doc) and view.doc[end].text == "-":
        return False  # "Norwegian-brokered", "Saudi-led"
    owned = token.dep_ in _MODIFYING and any(s <= token.head.i < e for s, e, _ in entries)
    return not owned
