"""Tells trade unions from other bodies."""

from transforms.extract.agreements.lookup import Lookup
from transforms.records import ActorKind

_WORDS = frozenset({"union", "workers", "brotherhood", "teamsters", "guild", "machinists", "steelworkers", "pilots"})
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
