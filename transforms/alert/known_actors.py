"""Lets a rule name an actor by any name the gazetteer knows, whichever of them an article uses."""

import dataclasses
from collections.abc import Iterable, Mapping

from transforms.alert.rule import Rule
from transforms.store.analysis import keyword


def with_known_actors(rules: tuple[Rule, ...], gazetteer: str | None) -> tuple[Rule, ...]:
    """Returns the rules with the ids of the actors that they name.

    Args:
        rules: As written.
        gazetteer: The user's own gazetteer file; None for the shipped one alone.

    Raises:
        GazetteerError: The file cannot be used.
    """
    if not any(_names(rule) for rule in rules):
        return rules
    from transforms.extract.actors.gazetteer import load_gazetteer  # loading spaCy takes a second

    ids: dict[str, set[str]] = {}
    for entry in load_gazetteer(gazetteer).by_id.values():
        for name in (entry.name, *entry.aliases):
            ids.setdefault(keyword(name), set()).add(entry.id)
    return tuple(_with_ids(rule, ids) for rule in rules)


def _names(rule: Rule) -> tuple[str, ...]:
    parties = tuple(name for part in (rule.agreements, rule.deadlines) if part for name in part.parties)
    return (*rule.actors.any, *rule.actors.all, *parties) if rule.actors else parties


def _with_ids(rule: Rule, ids: Mapping[str, set[str]]) -> Rule:
    if not _names(rule):
        return rule
    actors, agreements, deadlines = rule.actors, rule.agreements, rule.deadlines
    if actors is not None:
        # All of some: a name that is one known actor's stands for that actor, whatever the article calls it.
        every = tuple(_only(name, ids) for name in actors.all)
        actors = dataclasses.replace(actors, any=_added(actors.any, ids), all=every)
    if agreements is not None:
        agreements = dataclasses.replace(agreements, parties=_added(agreements.parties, ids))
    if deadlines is not None:
        deadlines = dataclasses.replace(deadlines, parties=_added(deadlines.parties, ids))
    return dataclasses.replace(rule, actors=actors, agreements=agreements, deadlines=deadlines)


def _added(names: Iterable[str], ids: Mapping[str, set[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for name in names for text in (name, *sorted(ids.get(keyword(name), ())))))


def _only(name: str, ids: Mapping[str, set[str]]) -> str:
    known = ids.get(keyword(name), set())
    return next(iter(known)) if len(known) == 1 else name
