"""Tells deals of sport, show business and the job market from agreements."""

from collections.abc import Sequence

from spacy.tokens import Doc

from transforms.extract.agreements.lexicon import Lexicon
from transforms.extract.agreements.mention import Mention
from transforms.extract.agreements.view import View
from transforms.extract.pastimes import binds_nobody_of_ours
from transforms.records import ActorKind, AgreementKind

_BARGAINING = frozenset({"union", "unions", "bargaining", "lockout", "strike"})
_BUYING = frozenset({"acquire", "acquisition", "takeover", "merger", "shares", "stake", "buyout"})
_STATES = frozenset({ActorKind.COUNTRY, ActorKind.ARMED_GROUP})
# No employee's contract is about these; the "person" is a firm that bears an unusual name.
_NOT_OF_JOBS = frozenset({AgreementKind.POLITICAL, AgreementKind.ENERGY, AgreementKind.TRADE})
# Between mere persons, where no country and no armed group is named at all, they end feuds and quarrels.
_POWERS = frozenset({ActorKind.COUNTRY, ActorKind.ARMED_GROUP})
_ENDING_WARS = frozenset({AgreementKind.CEASEFIRE, AgreementKind.PEACE, AgreementKind.ARMS_CONTROL})
# Two different words of sport in a deal's own sentences, or six in the article: set on the case files.
_IN_SENTENCES, _IN_ARTICLE = 2, 6


def is_trivial(view: View, mentions: Sequence[Mention], kind: AgreementKind, parties: Sequence[str]) -> bool:
    """Whether a deal is a player's, an artist's or an employee's rather than an agreement between sides.

    Args:
        view: The article.
        mentions: The deal's mentions.
        kind: What it is about.
        parties: Actor ids of those who agree.
    """
    kinds = [view.kinds.get(party) for party in parties]
    between_states = len(kinds) > 1 and set(kinds) <= _STATES  # "the US and Japan signed a pact on computer chips"
    if binds_nobody_of_ours(view.doc, kind, kinds) and not between_states:
        return True
    lexicon = view.lexicon
    private = all(k is ActorKind.PERSON for k in kinds)
    persons = ActorKind.PERSON in kinds and not _POWERS & set(kinds)
    if persons and len(_words(view, mentions) & lexicon.sets["trivia"]) >= _IN_SENTENCES:
        return True  # "agreed to a draw": a truce only in the writer's fancy
    if kinds and private and kind in _ENDING_WARS and not _POWERS & set(view.kinds.values()):
        return True
    if (
        (not private and kind in lexicon.sets["serious"])
        or ActorKind.COUNTRY in kinds
        or ActorKind.ARMED_GROUP in kinds
    ):
        return False
    words = _words(view, mentions)
    if words & _BARGAINING and (kind is AgreementKind.LABOR or ActorKind.PERSON not in kinds):
        return False
    if private and kind is not AgreementKind.POLITICAL and words & lexicon.sets["trivia"]:
        return True
    lone_person = ActorKind.PERSON in kinds and any(k is not ActorKind.PERSON for k in kinds)
    if lone_person and not words & _BUYING and kind not in _NOT_OF_JOBS:
        return True
    if len(words & lexicon.sets["trivia"]) >= _IN_SENTENCES:
        return True
    return bool(words & lexicon.sets["trivia"]) and _sporting(view.doc, lexicon)


def _words(view: View, mentions: Sequence[Mention]) -> set[str]:
    return {word for m in mentions for i in range(*m.sentence) for word in (view.doc[i].lower_, view.doc[i].lemma_)}


def _sporting(doc: Doc, lexicon: Lexicon) -> bool:
    return len({token.lower_ for token in doc} & lexicon.sets["trivia"]) >= _IN_ARTICLE
