"""Says who is meant by rebels without a name: the group or the leader that the article tells of beside the same foe."""

from collections.abc import Iterable, Sequence

from transforms.extract.agreements.lookup import Lookup
from transforms.extract.agreements.merge import Cluster
from transforms.records import ActorKind

_PAIR = 2

Settled = tuple[Cluster, tuple[str, ...]]


def named_for(view: Lookup, settled: Sequence[Settled]) -> list[Settled]:
    """Returns the agreements with names for parties without one, where another mention of the same foes has them.

    Args:
        view: The article.
        settled: Its agreements with their parties.
    """
    sides = [dict.fromkeys(s.actor for s in m.found.strong) for cluster, _ in settled for m in cluster.mentions]
    names = {party: name for _, parties in settled for party in parties if (name := _name(view, party, parties, sides))}
    return [(cluster, tuple(dict.fromkeys(names.get(p, p) for p in parties))) for cluster, parties in settled]


def _name(view: Lookup, party: str, parties: Sequence[str], sides: Iterable[dict[str, None]]) -> str | None:
    """Returns the group or leader named elsewhere in an unnamed group's place, None where there is none or several."""
    if not view.unnamed(party) or view.kinds.get(party) is not ActorKind.ARMED_GROUP or len(parties) != _PAIR:
        return None
    foe = next((other for other in parties if other != party), "")
    meant = {
        other
        for pair in sides
        if foe in pair and len(pair) == _PAIR
        for other in pair
        if other not in {foe, party} and _fits(view, party, other)
    }
    return meant.pop() if len(meant) == 1 else None


def _fits(view: Lookup, party: str, other: str) -> bool:
    kind = view.kinds.get(other)
    group = kind is ActorKind.ARMED_GROUP and not view.unnamed(other)
    return view.country.get(other) == view.country.get(party) and (group or kind is ActorKind.PERSON)
