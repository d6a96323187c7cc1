"""Finds for whom those who sign stand: "General X signed it for the army and Minister Y for the Croats"."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from transforms.extract.agreements.found import ids
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import hashes_of
from transforms.extract.agreements.view import View
from transforms.records import ActorKind

_FOR = frozenset({"for", "behalf"})
_SIDES = frozenset({ActorKind.COUNTRY, ActorKind.ORGANIZATION, ActorKind.ARMED_GROUP})


def signed_for(view: View, verb: Token) -> list[Side]:
    """Returns the sides that signers are said to stand for, where a sentence tells of two, else none.

    Args:
        view: The article.
        verb: A verb of signing.
    """
    _, end = view.sentence(verb.i)
    if hashes_of(_FOR).isdisjoint(view.lower[verb.i : end]):
        return []
    found: list[Side] = []
    signers = False
    for before, prep in _fors(view.doc[verb.i : end]):
        sides = [side for obj in prep.children if obj.dep_ == "pobj" for side in view.sides(obj)]
        sides = [side for side in sides if view.kinds.get(side.actor) in _SIDES]
        person = any(view.kinds.get(mention.actor) is ActorKind.PERSON for mention in view.at(before.i))
        signers = signers or (person and bool(sides))
        found.extend(sides)
    return found if signers and len(ids(found)) > 1 else []


def _fors(words: Iterable[Token]) -> Iterator[tuple[Token, Token]]:
    """Yields each "for" and the "of" of each "on behalf of", with the token before the phrase."""
    for token in words:
        if token.i == 0:
            continue
        if token.lower_ == "for":
            yield token.nbor(-1), token
        elif token.lower_ == "of" and token.i > 2 and token.nbor(-1).lower_ == "behalf":
            yield token.nbor(-3), token
