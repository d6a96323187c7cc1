"""Tells trade unions from other bodies, and finds who bargains where no sentence of a contract names both."""

from collections.abc import Sequence

from transforms.extract.agreements.lookup import Lookup
from transforms.records import ActorKind

_WORDS = frozenset({"union", "workers", "brotherhood", "teamsters", "guild", "machinists", "steelworkers", "pilots"})
_APART = ("org:", "media:", "party:", "group:")
_OFFICIAL = frozenset({"service", "board", "commission", "department", "ministry", "court", "council", "agency"})
_NOT_OF_WORK = frozenset({"european", "african", "soviet", "customs", "monetary", "credit", "western", "arab"})


def is_union(view: Lookup, actor: str) -> bool:
    """Whether an actor is a trade union with a name of its own.

    Args:
        view: The article.
        actor: Its id.
    """
    if actor.startswith("union:"):
        return True
    if view.kinds.get(actor) is not ActorKind.ORGANIZATION or view.unnamed(actor) or actor.startswith("org:"):
        return False
    words = set(view.names.get(actor, "").lower().split())
    return bool(words & _WORDS) and not words & _NOT_OF_WORK


def bargainers(view: Lookup, told: Sequence[str]) -> tuple[str, ...]:
    """Returns the only union of an article with the firm that it bargains with, where one of the two is told.

    Args:
        view: The article.
        told: Actor ids of the sides that the sentences of the contract name.
    """
    unions = [actor for actor in view.names if is_union(view, actor)]
    firms = [actor for actor in view.names if _is_firm(view, actor)]
    if len(unions) != 1 or len(told) > 1 or not set(told) <= {*unions, *firms}:
        return tuple(told)
    return (*firms, *unions) if len(firms) == 1 else tuple(dict.fromkeys((*told, *unions)))


def _is_firm(view: Lookup, actor: str) -> bool:
    """Whether an actor may employ people: a body that is no union, medium, party or authority."""
    if view.kinds.get(actor) is not ActorKind.ORGANIZATION or view.unnamed(actor) or actor.startswith(_APART):
        return False
    return not is_union(view, actor) and not set(view.names[actor].lower().split()) & _OFFICIAL
