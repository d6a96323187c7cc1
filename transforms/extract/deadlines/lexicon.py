"""Loads the words deadlines are told in from patterns.yaml, once a process."""

import functools
import importlib.resources
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from transforms.records import record


@record
class Turn:
    """How verbs tell that something starts or ends at a date.

    Attributes:
        plain: Verbs that say it alone.
        phrases: Verbs that say it with one of these words in their subtree ("take": "effect").
        with_agreement: Verbs that say it of an agreement only.
        adjectives: Adjectives and participles that say it.
    """

    plain: frozenset[str] = frozenset()
    phrases: Mapping[str, frozenset[str]]
    with_agreement: frozenset[str] = frozenset()
    adjectives: frozenset[str] = frozenset()


@record
class Lexicon:
    """The word lists of patterns.yaml as sets of lower-case lemmas."""

    words: Mapping[str, frozenset[str]]
    effective: Turn
    expires: Turn
    modals: Mapping[str, frozenset[str]]


@functools.cache
def load_lexicon() -> Lexicon:
    """Returns the lexicon; read once a process."""
    path = importlib.resources.files("transforms.extract.deadlines") / "patterns.yaml"
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return Lexicon(
        words={name: frozenset(words) for name, words in data.items() if isinstance(words, list)},
        effective=_turn(data["effective"]),
        expires=_turn(data["expires"]),
        modals={name: frozenset(words) for name, words in data["modals"].items()},
    )


def _turn(data: Mapping[str, Any]) -> Turn:
    lists = {name: frozenset(words) for name, words in data.items() if name != "phrases"}
    phrases: Mapping[str, list[str]] = data["phrases"]
    return Turn(phrases={verb: frozenset(words) for verb, words in phrases.items()}, **lists)
