"""Loads the words agreements are told in from patterns.yaml, once a process."""

import functools
import importlib.resources
from collections.abc import Mapping

from ruamel.yaml import YAML

from transforms.records import AgreementKind, record


@record
class Lexicon:
    """The word lists of patterns.yaml as sets and maps of lower-case lemmas.

    Attributes:
        strength: Agreement noun to strong, plain or weak.
        needs: Weak noun to the words of which one must stand beside it; no entry means none is needed.
        verb_class: Verb lemma to what its deed says of an agreement.
        kinds: Kind to weights of single words.
        phrases: First word to (second word, kind, weight).
    """

    strength: Mapping[str, str]
    needs: Mapping[str, frozenset[str]]
    verb_class: Mapping[str, str]
    particles: Mapping[str, frozenset[str]]
    phrasal: Mapping[tuple[str, str], str]
    governors: Mapping[str, frozenset[str]]
    sets: Mapping[str, frozenset[str]]
    modifiers: Mapping[str, str]
    adjectives: Mapping[str, str]
    families: Mapping[str, str]
    brokers: Mapping[str, tuple[str, ...]]
    noun_deeds: Mapping[str, str]
    same_pact: Mapping[str, str]
    epithets: Mapping[str, tuple[str, ...]]
    body_kinds: Mapping[str, AgreementKind]
    named: Mapping[str, str]
    words: Mapping[str, tuple[tuple[AgreementKind, float], ...]]
    phrases: Mapping[str, tuple[tuple[str, AgreementKind, float], ...]]


_SETS = (
    "pending_nouns",
    "talk_nouns",
    "talk_verbs",
    "ruins",
    "stalemates",
    "earlier",
    "side_words",
    "commercial_verbs",
    "idle_complements",
    "bodies",
    "trivia",
    "serious",
    "institutions",
    "offices",
    "businesses",
    "light_nouns",
    "unreal",
    "stipulating",
    "collective",
    "multilateral",
)


def _inverted(groups: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: group for group, words in groups.items() for word in words}


def _kind_words(
    kinds: Mapping[str, Mapping[str, float]],
) -> tuple[
    dict[str, tuple[tuple[AgreementKind, float], ...]],
    dict[str, tuple[tuple[str, AgreementKind, float], ...]],
]:
    words: dict[str, list[tuple[AgreementKind, float]]] = {}
    phrases: dict[str, list[tuple[str, AgreementKind, float]]] = {}
    for name, weights in kinds.items():
        kind = AgreementKind(name)
        for term, weight in weights.items():
            for spelt in {term, term.replace("-", " - ")}:  # the tokeniser splits at most hyphens, not at "S-300"
                first, _, rest = spelt.partition(" ")
                if rest:
                    phrases.setdefault(first, []).append((rest, kind, float(weight)))
                else:
                    words.setdefault(first, []).append((kind, float(weight)))
    return {w: tuple(v) for w, v in words.items()}, {w: tuple(v) for w, v in phrases.items()}


@functools.cache
def load_lexicon() -> Lexicon:
    """Returns the lexicon; read once a process.

    Raises:
        ValueError: A kind in the file is not one of `AgreementKind`.
    """
    path = importlib.resources.files("transforms.extract.agreements") / "patterns.yaml"
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    words, phrases = _kind_words(data["kinds"])
    return Lexicon(
        strength=_inverted(data["nouns"]),
        needs={noun: frozenset(beside) for noun, beside in data["needs"].items() if beside},
        verb_class=_inverted(data["verbs"]),
        particles={verb: frozenset(words) for verb, words in data["particles"].items()},
        phrasal={(k.split(" ", 1)[0], k.split(" ", 1)[1]): v for k, v in data["phrasal"].items()},
        governors={name: frozenset(words) for name, words in data["governors"].items()},
        sets={name: frozenset(data[name]) for name in _SETS},
        modifiers=_inverted(data["modifiers"]),
        adjectives=_inverted(data["adjectives"]),
        families=_inverted(data["families"]),
        brokers={name: tuple(words) for name, words in data["brokers"].items()},
        noun_deeds=_inverted(data["noun_deeds"]),
        same_pact=data["same_pact"],
        body_kinds={name: AgreementKind(kind) for name, kind in data["body_kinds"].items()},
        epithets={noun: tuple(names) for noun, names in data["epithets"].items()},
        named=data["named"],
        words=words,
        phrases=phrases,
    )
