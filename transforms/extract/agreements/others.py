"""Finds the parties of an agreement that its own sentence does not name: "the two sides", "the other buyers are X"."""

import dataclasses
from collections.abc import Sequence

from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.mentions import Mention
from transforms.extract.agreements.view import View
from transforms.extract.layers import Form
from transforms.records import ActorKind

_OTHERS = 2  # sentences after the news in which "the other buyers are X and Y" adds to it


def same_sides(view: View, earlier: Sequence[Sequence[Mention]], mention: Mention) -> Mention:
    """Returns the mention with the sides of the agreement before where it only says "the two sides".

    Args:
        view: The article.
        earlier: The mentions of each agreement told so far.
        mention: One of the next.
    """
    strong = mention.found.strong
    if not strong or not all(_collective(view, side) for side in strong):
        return mention
    named = {side.actor for side in strong}
    for mentions in reversed(earlier):
        theirs = {side.actor: side for m in mentions for side in m.found.strong}
        if len(theirs) == 2 and len(named & set(theirs)) == 1:
            found = dataclasses.replace(mention.found, strong=tuple(theirs.values()))
            return dataclasses.replace(mention, found=found)
    return mention


def _collective(view: View, side: Side) -> bool:
    return any(mention.form is Form.COLLECTIVE for mention in view.at(side.token))


def other_parties(view: View, mention: Mention) -> list[Side]:
    """Returns those named in the sentences after as further parties ("The other buyers are X and Y")."""
    found: list[Side] = []
    start = mention.sentence[1]
    for _ in range(_OTHERS):
        if start >= len(view.doc):
            break
        _, end = view.sentence(start)
        for token in view.doc[start : min(end, start + 6)]:
            if token.lower_ == "other" and token.head.tag_ == "NNS" and token.head.head.lemma_ in {"be", "include"}:
                verb = token.head.head
                for child in verb.children:
                    if child.dep_ in {"attr", "dobj"} and child.i > verb.i:
                        found.extend(view.sides(child))
        start = end
    return [side for side in found if view.kinds.get(side.actor) in {ActorKind.ORGANIZATION, ActorKind.COUNTRY}]
