"""Finds the sides that stand beside an agreement noun: before it, and after its prepositions."""

from spacy.tokens import Token

from transforms.extract.agreements.clauses import involved
from transforms.extract.agreements.complements import inside
from transforms.extract.agreements.found import ids
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import linked, right_preps
from transforms.extract.agreements.view import View
from transforms.extract.layers import Form
from transforms.records import ActorKind

BETWEEN = frozenset({"between", "with", "among", "amongst"})
AREAS = frozenset({"zone", "corridor", "route"})
FINANCE = frozenset(
    {"loan", "bailout", "package", "credit", "aid", "rescheduling", "relief", "facility", "grant", "guarantee", "swap"}
    | {"standby", "stand-by", "reschedule"}
)
_NAMES = frozenset({Form.NAME, Form.SURNAME})
_TAKEOVER = frozenset(
    {"merger", "takeover", "acquisition", "buyout", "purchase", "sale", "bid", "offer", "stake", "order", "venture"}
)


def left_of(view: View, noun: Token, strong: list[Side], weak: list[Side], brokers: list[Side]) -> None:
    """Adds those named before an agreement noun ("the Norwegian-brokered Israeli-Palestinian accord").

    Args:
        view: The article.
        noun: The agreement noun.
        strong: Where certain parties go.
        weak: Where possible parties go.
        brokers: Where brokers go.
    """
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


def right_of(view: View, noun: Token, strong: list[Side], weak: list[Side], brokers: list[Side]) -> None:
    """Adds those named after an agreement noun ("a truce between X and Y", "a loan to Z").

    Args:
        view: The article.
        noun: The agreement noun.
        strong: Where certain parties go.
        weak: Where possible parties go.
        brokers: Where brokers go.
    """
    lemma = noun.lemma_.lower()
    if lemma in AREAS:  # "a buffer zone between the armies": where it lies, not who agreed
        return
    for obj in linked(noun, BETWEEN):
        strong.extend(view.sides(obj))
    strong.extend(involved(view, noun))
    if lemma in FINANCE or (lemma == "deal" and any(c.lemma_.lower() in FINANCE for c in noun.lefts)):
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
            (strong if obj.head.lower_ == "by" and len(ids(sides)) > 1 else weak).extend(sides)
