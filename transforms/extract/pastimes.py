"""Tells articles of sport, culture and gadgets, whose deals bind nobody that our readers watch."""

import functools
import importlib.resources
from collections.abc import Collection

from ruamel.yaml import YAML
from spacy.attrs import LOWER
from spacy.strings import StringStore
from spacy.tokens import Doc, Span

from transforms.extract.layers import register
from transforms.records import ActorKind, AgreementKind

register()

# Of 150 made-up articles with an agreement none scores above 1; real ones on sport, culture and gadgets nearly
# all reach 3 (80 of 84).
_PASTIME = 3
_TELLING = 2  # what a telling word counts
# What such articles call a deal; a ceasefire or a treaty that one of them mentions stays one.
_LIGHT = frozenset(
    {
        *(AgreementKind.OTHER, AgreementKind.COMMERCIAL, AgreementKind.LABOR, AgreementKind.FINANCE),
        *(AgreementKind.TRADE, AgreementKind.ENERGY, AgreementKind.TRANSPORT),
    }
)

_POWERS = frozenset({ActorKind.COUNTRY, ActorKind.ARMED_GROUP})


def binds_nobody_of_ours(doc: Doc, kind: AgreementKind, sides: Collection[ActorKind | None]) -> bool:
    """Whether an agreement is a light one, or one between no powers, in an article of sport, culture or gadgets.

    Args:
        doc: The article.
        kind: What the agreement is about, as far as its words tell: "an arms race for talent" is about no arms.
        sides: What its parties are.
    """
    if not is_pastime(doc):
        return False
    coalition = kind is AgreementKind.POLITICAL and len(sides) > 1
    return kind in _LIGHT or not (coalition or _POWERS & set(sides))


def is_pastime(doc: Doc) -> bool:
    """Whether an article is about sport, culture or gadgets, by the different words it uses; found out once.

    Args:
        doc: The article; tokens are enough.
    """
    if doc._.pastime is None:
        doc._.pastime = _uses_its_words(doc)
    kept: bool = doc._.pastime
    return kept


def _uses_its_words(doc: Doc) -> bool:
    words = set(doc.to_array([LOWER]).tolist())
    weights = _weights()
    return sum(weights.get(word, 0) for word in words) >= _PASTIME


def tells_of_pastime(sentence: Span) -> bool:
    """Whether a sentence holds a word that hardly stands in other news ("a film of the novel will be released").

    Args:
        sentence: Tokens of the article.
    """
    return any(_weights().get(token.lower, 0) == _TELLING for token in sentence)


@functools.cache
def _weights() -> dict[int, int]:
    path = importlib.resources.files("transforms.extract") / "pastimes.yaml"
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    values = {"telling": _TELLING, "common": 1, "sober": -1, "grave": -2}
    strings = StringStore()
    return {strings[word]: value for name, value in values.items() for word in data[name]}
