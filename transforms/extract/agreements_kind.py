"""Weighs the words around a mention to say what an agreement is about."""

from collections.abc import Iterable

from spacy.tokens import Doc

from transforms.extract.agreements_lexicon import Lexicon
from transforms.records import AgreementKind

# Words of the agreement's own noun phrase say more than the rest of its sentence (set on the case files).
_PHRASE, _SENTENCE = 3.0, 1.0
# Kinds a reader may take for one another (the gold's neighbours); used to tell different agreements apart.
NEIGHBOURS = (
    frozenset({AgreementKind.PEACE, AgreementKind.CEASEFIRE, AgreementKind.POLITICAL}),
    frozenset({AgreementKind.DEMILITARISATION, AgreementKind.CEASEFIRE, AgreementKind.DEFENCE}),
    frozenset({AgreementKind.TRADE, AgreementKind.COMMERCIAL, AgreementKind.ENERGY, AgreementKind.FINANCE}),
    frozenset({AgreementKind.BORDER, AgreementKind.TRANSPORT}),
)


def weigh(doc: Doc, start: int, end: int, lexicon: Lexicon) -> dict[AgreementKind, float]:
    """Returns the weight of every kind over the words of tokens start to end, each word counted once."""
    scores: dict[AgreementKind, float] = {}
    seen: set[str] = set()
    for i in range(start, end):
        lower = doc[i].lower_
        if lower not in lexicon.words and lower not in lexicon.phrases and doc[i].pos_ == "NOUN":
            lower = doc[i].lemma_.lower()
        for rest, kind, weight in lexicon.phrases.get(lower, ()):
            words = rest.split(" ")
            if all(i + 1 + n < len(doc) and doc[i + 1 + n].lower_ == word for n, word in enumerate(words)):
                scores[kind] = scores.get(kind, 0.0) + weight
        if lower in seen:
            continue
        seen.add(lower)
        for kind, weight in lexicon.words.get(lower, ()):
            scores[kind] = scores.get(kind, 0.0) + weight
    return scores


def mention_scores(
    doc: Doc, trigger: int, sentence: tuple[int, int], name: str, lexicon: Lexicon
) -> dict[AgreementKind, float]:
    """Returns the weights of one mention: its noun phrase counts most, then its sentence, and a known name decides."""
    token = doc[trigger]
    left = max(sentence[0], token.left_edge.i, trigger - 8)
    right = min(sentence[1], trigger + 10)
    scores = {kind: weight * _SENTENCE for kind, weight in weigh(doc, *sentence, lexicon).items()}
    for kind, weight in weigh(doc, left, right, lexicon).items():
        scores[kind] = scores.get(kind, 0.0) + weight * (_PHRASE - _SENTENCE)
    if name:
        kind = AgreementKind(lexicon.named[name])
        scores[kind] = scores.get(kind, 0.0) + 30.0  # a pact known by name is of its kind, whatever stands around it
    return scores


def best(scores: dict[AgreementKind, float]) -> AgreementKind:
    """Returns the heaviest kind (ties: in the order of `AgreementKind`), or OTHER."""
    order = list(AgreementKind)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], order.index(item[0])))
    return ranked[0][0] if ranked and ranked[0][1] >= 1.5 else AgreementKind.OTHER


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
