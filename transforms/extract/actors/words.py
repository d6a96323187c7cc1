"""The word lists of patterns.yaml, folded and ready to look up."""

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from transforms.extract.actors.text import fold, key_of
from transforms.records import ActorKind, record

_FILE = Path(__file__).with_name("patterns.yaml")


@record
class Unnamed:
    """An unnamed side.

    Attributes:
        name: What it goes by.
        kind: What it is.
        adjective: Whether the word is an adjective ("rebel leaders").
        beside: Words of which one must stand right before it ("creditor banks", "its banks"); empty for any.
    """

    name: str
    kind: ActorKind
    adjective: bool
    beside: frozenset[str]


@record
class WordLists:
    """The lists by which actors are told apart; the data file says what each is for."""

    titles: frozenset[str]
    name_titles: frozenset[str]
    role_heads: frozenset[str]
    role_words: frozenset[str]
    top_roles: frozenset[str]
    not_in_office: frozenset[str]
    org_heads: frozenset[str]
    org_suffixes: frozenset[str]
    armed_names: tuple[str, ...]
    armed_cues: frozenset[str]
    state_bodies: frozenset[tuple[str, ...]]
    state_arms: frozenset[tuple[str, ...]]
    government_nouns: frozenset[str]
    unnamed: dict[str, Unnamed]
    group_people: frozenset[str]
    company_nouns: frozenset[str]
    company_traits: frozenset[str]
    body_nouns: frozenset[str]
    general_words: frozenset[str]
    group_nouns: frozenset[str]
    collective_nouns: dict[str, str]
    numbers: dict[str, int]
    locative: frozenset[str]
    motion: frozenset[str]
    place_nouns: frozenset[str]
    not_actor_heads: frozenset[str]
    not_actors: frozenset[tuple[str, ...]]
    named_pacts: frozenset[tuple[str, ...]]
    speech_verbs: frozenset[str]
    given_names: frozenset[str]


def _folded(words: Iterable[object]) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in words)


def _keys(names: Iterable[object]) -> frozenset[tuple[str, ...]]:
    return frozenset(key_of(str(name)) for name in names)


@functools.cache
def word_lists() -> WordLists:
    """Returns the lists, read once a process."""
    data = YAML(typ="safe").load(_FILE)
    special = {"state_bodies", "state_arms", "not_actors", "named_pacts", "armed_names", "unnamed", "collective_nouns"}
    words: dict[str, Any] = {
        name: _folded(value) for name, value in data.items() if name not in special and name != "numbers"
    }
    return WordLists(
        **words,
        state_bodies=_keys(data["state_bodies"]),
        state_arms=_keys(data["state_arms"]),
        not_actors=_keys(data["not_actors"]),
        named_pacts=_keys(data["named_pacts"]),
        armed_names=tuple(f"{' '.join(key_of(name))} " for name in data["armed_names"]),
        unnamed={
            fold(word): Unnamed(
                name=it["name"],
                kind=ActorKind(it["kind"]),
                adjective=it.get("adjective", False),
                beside=_folded(it.get("beside", ())),
            )
            for word, it in data["unnamed"].items()
        },
        collective_nouns={fold(word): str(kind) for word, kind in data["collective_nouns"].items()},
        numbers={fold(str(word)): int(number) for word, number in data["numbers"].items()},
    )
