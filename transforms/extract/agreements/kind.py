"""Weighs the words around a mention to say what an agreement is about."""

import functools
from collections.abc import Iterable

from spacy.symbols import NOUN
from spacy.tokens import Doc

from transforms.extract.agreements.lexicon import Lexicon, load_lexicon
from transforms.extract.agreements.mention import Mention
from transforms.extract.agreements.parse import hashes_of
from transforms.extract.agreements.view import View
from transforms.records import ActorKind, AgreementKind

# Nouns that tell a kind, and verbs that tell nothing ("strike a deal", "pay").
_DOUBLE = frozenset(
    {"strike", "strikes", "pay", "raise", "raises", "order", "license", "default", "bank", "base", "share", "rescue"}
)
# Words of the agreement's own noun phrase say more than the rest of its sentence (set on the case files).
_PHRASE = 3.0
_BEFORE, _AFTER = 8, 10  # tokens of the phrase before and behind the trigger
_FAMILY = 12.0  # what the noun or verb itself says ("truce", "merge")
# Words of a name say little: Piedmont Aviation, Union Carbide; Soviet Union.
_SHARES = {ActorKind.ORGANIZATION: 0.3, ActorKind.COUNTRY: 0.0, ActorKind.PERSON: 0.0, ActorKind.ARMED_GROUP: 0.2}
_TELLING = frozenset(
    {"unions", "workers", "teamsters", "monetary", "opec", "gazprom", "creditors", "imf", "club", "steelworkers"}
    | {"autoworkers", "longshoremen", "mineworkers", "machinists", "teachers", "nurses", "pilots", "dockers", "miners"}
)
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_LEAST = 1.5  # a single weak word decides nothing
_NAMED = 30.0  # a pact known by name is of its kind, whatever stands around it
# Kinds a reader may take for one another (the gold's neighbours); used to tell different agreements apart.
NEIGHBOURS = (
    frozenset({AgreementKind.PEACE, AgreementKind.CEASEFIRE, AgreementKind.POLITICAL}),
    frozenset({AgreementKind.DEMILITARISATION, AgreementKind.CEASEFIRE, AgreementKind.DEFENCE}),
    frozenset({AgreementKind.TRADE, AgreementKind.COMMERCIAL, AgreementKind.ENERGY, AgreementKind.FINANCE}),
    frozenset({AgreementKind.BORDER, AgreementKind.TRANSPORT}),
)
_ORDER = {kind: number for number, kind in enumerate(AgreementKind)}


def mention_scores(view: View, mention: Mention) -> dict[AgreementKind, float]:
    """Returns the weights of one mention: its noun phrase counts most, then its sentence, and a known name decides."""
    start, end = mention.sentence
    left = max(start, view.doc[mention.trigger].left_edge.i, mention.trigger - _BEFORE)
    right = min(end, mention.trigger + _AFTER)
    seen: set[str] = set()
    scores = added(
        weigh(view, first, last, factor, seen)
        for first, last, factor in ((left, right, _PHRASE), (start, left, 1.0), (right, end, 1.0))
    )
    for word, weight in ((mention.family, _FAMILY), (view.lexicon.named.get(mention.name), _NAMED)):
        if word:
            scores[AgreementKind(word)] = scores.get(AgreementKind(word), 0.0) + weight
    return scores


def weigh(view: View, start: int, end: int, factor: float, seen: set[str]) -> dict[AgreementKind, float]:
    """Returns the weight of every kind over the words of tokens start to end.

    Args:
        view: The article.
        start: First token.
        end: Past-last token.
        factor: What every weight is multiplied with.
        seen: Words counted already, which count no more; added to.
    """
    scores: dict[AgreementKind, float] = {}
    telling = _telling()
    for i in range(start, end):
        if view.lower[i] not in telling and view.pos[i] != NOUN:
            continue
        found = _weights(view.doc, i, seen, view.lexicon)
        if found:
            share = factor * _share(view, i)
            for kind, weight in found:
                scores[kind] = scores.get(kind, 0.0) + weight * share
    return scores


@functools.cache
def _telling() -> frozenset[int]:
    """Returns the hashes of the words that say something of the kind as they are written."""
    lexicon = load_lexicon()
    return hashes_of(frozenset({*lexicon.words, *lexicon.phrases}))


def _share(view: View, i: int) -> float:
    """Returns how much a word counts by the name it stands in ("Soviet Union" is no union)."""
    names = view.at(i)
    if not names and view.doc[i].tag_ == "NNP" and view.doc[i].ent_type_ in _PLACES:
        return 0.0  # "the Plate River accord"
    if not names or view.doc[i].lower_ in _TELLING:
        return 1.0
    return _SHARES.get(view.kinds.get(names[0].actor, ActorKind.OTHER), 1.0)


def _weights(doc: Doc, i: int, seen: set[str], lexicon: Lexicon) -> list[tuple[AgreementKind, float]]:
    """Returns what the word at token i says of the kind; a word counts once in a sentence."""
    token = doc[i]
    word = token.lower_
    if word not in lexicon.words and word not in lexicon.phrases:
        if token.pos_ != "NOUN":
            return []
        word = token.lemma_.lower()
    found: list[tuple[AgreementKind, float]] = []
    for rest, kind, weight in lexicon.phrases.get(word, ()):
        if all(i + 1 + n < len(doc) and doc[i + 1 + n].lower_ == part for n, part in enumerate(rest.split(" "))):
            found.append((kind, weight))
    if word not in seen and not (word in _DOUBLE and token.pos_ == "VERB"):
        seen.add(word)
        found.extend(lexicon.words.get(word, ()))
    return found


def best(scores: dict[AgreementKind, float]) -> AgreementKind:
    """Returns the heaviest kind (ties: in the order of `AgreementKind`), or OTHER."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], _ORDER[item[0]]))
    return ranked[0][0] if ranked and ranked[0][1] >= _LEAST else AgreementKind.OTHER


def added(many: Iterable[dict[AgreementKind, float]]) -> dict[AgreementKind, float]:
    """Returns the sum of several weights."""
    total: dict[AgreementKind, float] = {}
    for scores in many:
        for kind, weight in scores.items():
            total[kind] = total.get(kind, 0.0) + weight
    return total


def compatible(one: AgreementKind, other: AgreementKind) -> bool:
    """Whether two kinds may be said of the same agreement."""
    if one is other or AgreementKind.OTHER in {one, other}:
        return True
    return any(one in group and other in group for group in NEIGHBOURS)
