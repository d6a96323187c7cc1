"""Finds the parties of an agreement that its own sentence does not name: "the two sides", "the other buyers are X"."""

import dataclasses
import itertools
from collections.abc import Sequence

from spacy.tokens import Token

from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.mention import Mention
from transforms.extract.agreements.view import View
from transforms.extract.layers import Form
from transforms.records import ActorKind

_JOINING = frozenset(
    {"and", "and the", "and its", "-", "with", "with the", "&", "/", "and president", "and prime minister"}
)
_OPENING = 250  # tokens in which a document says who makes it
_OTHERS = 2  # sentences after the news in which "the other buyers are X and Y" adds to it


def same_sides(view: View, earlier: Sequence[Sequence[Mention]], mention: Mention) -> Mention:
    """Returns the mention with the sides of the agreement before where it only says "the two sides".

    Args:
        view: The article.
        earlier: The mentions of each agreement told so far.
        mention: One of the next.
    """
    strong = mention.found.strong
    vague = mention.found.vague and not strong
    if not vague and (not strong or not all(_collective(view, mention, side) for side in strong)):
        return mention
    told = _told_last(earlier, mention)
    theirs = _sides_of(view, told) if told is not None else _contracting(view, strong)
    if vague and told is None:
        theirs = {side.actor: side for side in mention.found.meant}
    named = {side.actor for side in strong}
    counted = not vague and any(_counted(view.doc[side.token]) for side in strong)
    if not theirs or named == set(theirs) or (counted and len(theirs) != len(named)):
        return mention
    if told is not None and _named_since(view, told, mention, named):
        return mention
    found = dataclasses.replace(mention.found, strong=tuple(theirs.values()))
    return dataclasses.replace(mention, found=found)


def _sides_of(view: View, told: Sequence[Mention]) -> dict[str, Side]:
    """Returns the sides of an agreement by actor: countries and named groups rather than who signs for them."""
    theirs = {side.actor: side for m in told if not m.headline for side in m.found.strong}
    if len(theirs) < 2:
        theirs = {side.actor: side for m in told for side in m.found.strong}
    sure = {
        actor: side
        for actor, side in theirs.items()
        if view.kinds.get(actor) not in {ActorKind.PERSON, ActorKind.OTHER} and not view.unnamed(actor)
    }
    return sure if len(sure) > 1 else theirs


def _counted(token: Token) -> bool:
    same = any(child.lower_ == "same" for child in token.lefts)
    return not same and (token.lower_ in {"both", "two"} or any(c.like_num or c.lower_ == "both" for c in token.lefts))


def _contracting(view: View, strong: Sequence[Side]) -> dict[str, Side]:
    """Returns those who a document's first sentence says act together, for "the Parties" further down."""
    if not any(view.doc[side.token].text in {"Parties", "Sides", "Panels"} for side in strong):
        return {}
    for verb in (token for token in view.doc[:_OPENING] if token.dep_ == "ROOT" and token.pos_ == "VERB"):
        sides = {side.actor: side for side in view.subjects(verb)}
        if len(sides) > 1:
            return sides
    return {}


def _told_last(earlier: Sequence[Sequence[Mention]], mention: Mention) -> Sequence[Mention] | None:
    """Returns the agreement with two sides spoken of last; the news is meant before what is older than it."""
    full = [m for m in earlier if len({side.actor for told in m for side in told.found.strong}) > 1]
    news = [m for m in full if not any(told.earlier for told in m)]
    return max(news or full, key=lambda mentions: _last(mentions, mention), default=None)


def _last(mentions: Sequence[Mention], before: Mention) -> int:
    return max((m.sentence[1] for m in mentions if m.trigger < before.trigger), default=-1)


def _named_since(view: View, told: Sequence[Mention], mention: Mention, named: set[str]) -> bool:
    """Whether the text has named a pair of its own, as a pair, after it last spoke of the agreement told before."""
    word = min((side.token for side in mention.found.strong), default=mention.trigger)
    if not named or any(child.lower_ == "same" for child in view.doc[word].lefts):
        return False
    also_here = {m.actor for _s, _e, m in view.covered(*mention.sentence) if m.form is not Form.COLLECTIVE}
    theirs = {side.actor for m in told for side in m.found.strong}
    if not named <= also_here and theirs & also_here - named:
        return False  # "a treaty signed by the three countries, under which X, of the news, gives up Y"
    here = mention.sentence[0] if word >= mention.sentence[0] else view.sentence(word)[0]
    before = view.sentence(here - 1)[0] if here else here
    entries = [e for e in view.covered(max(_last(told, mention), before), word) if e[2].form is not Form.COLLECTIVE]
    for (_s, end, one), (start, last, two) in itertools.pairwise(entries):
        pair = {view.represents.get(one.actor, one.actor), view.represents.get(two.actor, two.actor)}
        joined = end <= start and view.doc[end:start].text.lower().strip(" ,") in _JOINING
        if joined and pair <= named | {one.actor, two.actor} and len(pair) > 1:
            return not _done_to(view, last - 1, word)
    return False


def _done_to(view: View, doer: int, word: int) -> bool:
    """Whether a pair only does something to "the two sides" ("X and Y pushed both leaders to a truce")."""
    token = view.doc[doer]
    while token.dep_ in {"conj", "compound"} and token.head.i != token.i:
        token = token.head
    target = view.doc[word]
    return token.dep_ in {"nsubj", "nsubjpass"} and token.head.i == target.head.i and target.dep_ in {"dobj", "pobj"}


def _collective(view: View, told: Mention, side: Side) -> bool:
    """Whether a side is only meant by a word such as "the two sides"; named elsewhere, it stands in for such a word."""
    start, end = told.sentence
    return not start <= side.token < end or any(mention.form is Form.COLLECTIVE for mention in view.at(side.token))


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
