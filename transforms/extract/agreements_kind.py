"""Weighs the words around a mention to say what an agreement is about."""

from collections.abc import Iterable

from spacy.tokens import Doc

from transforms.extract.agreements_lexicon import Lexicon
from transforms.records import AgreementKind

# Nouns that tell a kind, and verbs that tell nothing ("strike a deal", "pay").
_DOUBLE = frozenset(
    {"strike", "strikes", "pay", "raise", "raises", "order", "license", "default", "bank", "base", "share", "rescue"}
)
# Words of the agreement's own noun phrase say more than the rest of its sentence (set on the case files).
_PHRASE = 3.0
_BEFORE, _AFTER = 8, 10  # tokens of the phrase before and behind the trigger
_NAMED = 30.0  # a pact known by name is of its kind, whatever stands around it
# Kinds a reader may take for one another (the gold's neighbours); used to tell different agreements apart.
NEIGHBOURS = (
    frozenset({AgreementKind.PEACE, AgreementKind.CEASEFIRE, AgreementKind.POLITICAL}),
    frozenset({AgreementKind.DEMILITARISATION, AgreementKind.CEASEFIRE, AgreementKind.DEFENCE}),
    frozenset({AgreementKind.TRADE, AgreementKind.COMMERCIAL, AgreementKind.ENERGY, AgreementKind.FINANCE}),
    frozenset({AgreementKind.BORDER, AgreementKind.TRANSPORT}),
)


def mention_scores(
    doc: Doc, trigger: int, sentence: tuple[int, int], name: str, lexicon: Lexicon
) -> dict[AgreementKind, float]:
    """Returns the weights of one mention: its noun phrase counts most, then its sentence, and a known name decides.

    Args:
        doc: The article.
        trigger: Token index of the agreement noun or the verb of agreeing.
        sentence: Bounds of its sentence in tokens.
        name: Name of a pact of `lexicon.named`, or "".
        lexicon: The words and their weights.
    """
    left = max(sentence[0], doc[trigger].left_edge.i, trigger - _BEFORE)
    right = min(sentence[1], trigger + _AFTER)
    scores: dict[AgreementKind, float] = {}
    seen: set[str] = set()
    for start, end, factor in ((left, right, _PHRASE), (sentence[0], left, 1.0), (right, sentence[1], 1.0)):
        for i in range(start, end):
            for kind, weight in _weights(doc, i, seen, lexicon):
                scores[kind] = scores.get(kind, 0.0) + weight * factor
    if name:
        kind = AgreementKind(lexicon.named[name])
        scores[kind] = scores.get(kind, 0.0) + _NAMED
    return scores


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
