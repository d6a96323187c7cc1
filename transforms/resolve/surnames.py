"""Ties a surname alone in one report of an agreement to whoever bears it in the others, where that is one person.

It follows from the reports of the agreement alone: where one that names a second bearer comes, or the one that names
the person is withdrawn, the surname stands for itself again. Beyond an agreement nobody is tied: among the persons of a
hundred thousand articles nearly every surname has several bearers.
"""

import dataclasses
from collections.abc import Iterable, Mapping

from transforms.records import Actor, ActorKind
from transforms.resolve.accounts import Account
from transforms.resolve.same_actors import with_same
from transforms.store.analysis import split_words


def bearers(actors: Iterable[Actor]) -> dict[str, str]:
    """Returns, for persons named by a surname alone, the only one among all who bears it in full (id to id)."""
    alone: dict[str, str] = {}
    full: dict[str, set[str]] = {}
    for actor in actors:
        words = split_words(actor.name) if actor.kind is ActorKind.PERSON else []
        if len(words) > 1:
            full.setdefault(words[-1], set()).add(actor.id)
        elif words:
            alone[actor.id] = words[0]
    return {actor: next(iter(full[name])) for actor, name in alone.items() if len(full.get(name, ())) == 1}


def with_full_names(accounts: Mapping[str, Account]) -> dict[str, Account]:
    """Returns what the reports of one agreement say, by article, with surnames tied to their only bearers."""
    same = bearers(actor for account in accounts.values() for actor in account.actors)
    return {article: _tied(account, same) for article, account in accounts.items()} if same else dict(accounts)


def _tied(account: Account, same: Mapping[str, str]) -> Account:
    kept = tuple(actor for actor in account.actors if same.get(actor.id, actor.id) == actor.id)
    return with_same(dataclasses.replace(account, actors=kept), same)
