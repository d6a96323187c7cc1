"""Parts mentions into agreements: which of them speak of the same one. A function of the mentions alone.

Mentions are placed one after the other, the surest first: those that say when the agreement was reached, then those
that only talk of it, then those that name one side alone. Each joins the agreement that fits it best or begins a new
one; one that names a single side and fits agreements of several others begins its own, since a false join is worse than
a missed one. Last, agreements whose sides are told in other ways (a state for its firm, a broker as a side) are joined
where enough else speaks for it, and nothing against it.
"""

import bisect
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from transforms.records import AgreementStatus
from transforms.resolve.blocks import at_hand
from transforms.resolve.pact_names import told_apart
from transforms.resolve.sketch import (
    SETTLED,
    Sketch,
    distance,
    is_partial,
    may_be_same,
    may_have_the_same_sides,
    shared_parties,
)
from transforms.resolve.weigh import AGAINST, ENOUGH, weigh

_OVER = frozenset({AgreementStatus.REJECTED, AgreementStatus.EXPIRED, AgreementStatus.COLLAPSED})
_FRESH = frozenset(
    {AgreementStatus.PROPOSED, AgreementStatus.NEGOTIATING, AgreementStatus.AGREED, AgreementStatus.SIGNED}
)


class _Alike:
    """Mentions of the same parties, kind, names and standing, of which only time tells which one is nearest."""

    def __init__(self) -> None:
        self._reached: dict[tuple[int, int] | None, Sketch] = {}
        self._seen: list[int] = []
        self._talk: dict[int, Sketch] = {}

    def add(self, mention: Sketch) -> None:
        """Takes a mention in; one of each day stands for all of the day."""
        if mention.reached or mention.seen is None:
            self._reached.setdefault(mention.reached, mention)
        elif mention.seen not in self._talk:
            self._talk[mention.seen] = mention
            bisect.insort(self._seen, mention.seen)

    def near(self, mention: Sketch) -> Iterator[Sketch]:
        """Yields the mentions among which the one nearest in time is."""
        yield from self._reached.values()
        for day in mention.reached or (mention.seen,):
            if day is not None:
                at = bisect.bisect_left(self._seen, day)
                yield from (self._talk[seen] for seen in self._seen[max(at - 1, 0) : at + 1])


def _sort(mention: Sketch) -> tuple[object, ...]:
    return mention.parties, mention.kind, mention.vague, mention.names, mention.status in SETTLED


class Cluster:
    """Mentions of one agreement, as they are gathered."""

    def __init__(self, first: Sequence[Sketch]) -> None:
        self.mentions: list[Sketch] = []
        self._articles: set[str] = set()
        self._alike: dict[tuple[object, ...], _Alike] = {}
        self._over: list[tuple[str, str, int]] = []
        for mention in first:
            self.add(mention)

    def add(self, mention: Sketch) -> None:
        """Takes a mention in."""
        self.mentions.append(mention)
        self._articles.add(mention.article)
        self._alike.setdefault(_sort(mention), _Alike()).add(mention)
        if mention.status in _OVER:
            self._over.append(mention.order)

    def is_apart_from(self, other: "Cluster") -> bool:
        """Returns whether two agreements are told apart: by one article, a person, names, or as new after an end."""
        if not self._articles.isdisjoint(other._articles):
            return True
        if any(mention.label for mention in self.mentions) and any(mention.label for mention in other.mentions):
            return True
        mine, theirs = ([name for mention in one.mentions for name in mention.names] for one in (self, other))
        ended = any(map(self._is_over_for, other.mentions)) or any(map(other._is_over_for, self.mentions))
        return ended or told_apart(mine, theirs)

    def _is_over_for(self, mention: Sketch) -> bool:
        """Whether what a mention reports as new comes after this agreement ended."""
        return mention.status in _FRESH and any(order < mention.order for order in self._over)

    def fit(self, mention: Sketch) -> tuple[int, int] | None:
        """Returns how well a mention fits, the greater the better: parties in common, then nearness in time.

        None where it does not fit: what one article tells apart stays apart.
        """
        if mention.article in self._articles or self._is_over_for(mention):
            return None
        near = [other for alike in self._alike.values() for other in alike.near(mention) if may_be_same(mention, other)]
        if not near:
            return None
        shared = max(shared_parties(mention, other) for other in near)
        return shared, -min(distance(mention, other) for other in near)


def _sureness(mention: Sketch) -> tuple[bool, bool, bool, int, tuple[str, str, int]]:
    first, last = mention.reached or (0, 1)
    return is_partial(mention), mention.reached is None, first != last, first, mention.order


def _are_of_the_same(clusters: Sequence[Cluster]) -> bool:
    """Whether several agreements are of the same two, so that only time tells of which of them the news is."""
    return all(
        may_have_the_same_sides(one.mentions[0], other.mentions[0])
        for one, other in itertools.combinations(clusters, 2)
    )


def _choice(mention: Sketch, clusters: Sequence[Cluster]) -> list[tuple[tuple[int, int], Cluster]]:
    """Returns the agreements that a mention may join, each with how well it fits.

    One that names a single side and fits agreements of several others may join those of which no more is known.
    """
    fits = [(fit, cluster) for cluster in clusters if (fit := cluster.fit(mention)) is not None]
    if is_partial(mention) and not _are_of_the_same([cluster for _, cluster in fits]):
        return [(fit, cluster) for fit, cluster in fits if all(map(is_partial, cluster.mentions))]
    return fits


def _place(mention: Sketch, clusters: list[Cluster]) -> None:
    fits = _choice(mention, clusters)
    if not fits:
        clusters.append(Cluster([mention]))
        return
    best = max(fit for fit, _ in fits)
    next(cluster for fit, cluster in fits if fit == best).add(mention)


def _weights(clusters: Sequence[Cluster]) -> dict[tuple[int, int], float]:
    """Returns for agreements at hand, by number, how much at most speaks for two of their mentions being of one."""
    near: dict[str, list[tuple[int, Sketch]]] = {}
    for number, one in enumerate(clusters):
        for mention in one.mentions:
            for block in at_hand(mention):
                near.setdefault(block, []).append((number, mention))
    weights: dict[tuple[int, int], float] = {}
    for listed in near.values():
        for (number, one_mention), (again, other) in itertools.combinations(listed, 2):
            if number != again and (weight := weigh(one_mention, other)) is not None:
                pair = (number, again)
                weights[pair] = max(weight, weights.get(pair, weight))
    return weights


def _joined(clusters: Sequence[Cluster]) -> list[Cluster]:
    """Joins agreements for whose being one enough speaks, where none of those so tied is apart from another."""
    weights = {pair: weight for pair, weight in _weights(clusters).items() if weight > AGAINST}
    weights = {
        (one, other): weight
        for (one, other), weight in weights.items()
        if not clusters[one].is_apart_from(clusters[other])
    }
    ties: dict[int, set[int]] = {number: {number} for number in range(len(clusters))}
    for (one, other), weight in weights.items():
        if weight >= ENOUGH:
            ties[one].add(other)
            ties[other].add(one)
    joined = []
    for group in _groups(ties):
        if all(pair in weights for pair in itertools.combinations(group, 2)):
            joined.append(Cluster([mention for number in group for mention in clusters[number].mentions]))
        else:
            joined += [clusters[number] for number in group]
    return joined


def _groups(ties: Mapping[int, Set[int]]) -> list[list[int]]:
    """Returns the numbers that hang together, each group sorted."""
    groups, met = [], set[int]()
    for number in ties:
        group, frontier = set[int](), {number} - met
        while frontier:
            group |= frontier
            frontier = {other for one in frontier for other in ties[one]} - group
        met |= group
        groups += [sorted(group)] if group else []
    return groups


def with_silent(
    agreements: Sequence[tuple[Sketch, ...]], silent: Sequence[Sketch]
) -> list[tuple[tuple[Sketch, ...], tuple[Sketch, ...]]]:
    """Returns agreements, each with the mentions of copies that speak of it; one that fits none is left out.

    Args:
        agreements: Their mentions.
        silent: Mentions of articles that turned out to be copies: they change nothing in who belongs together.
    """
    if not silent:
        return [(mentions, ()) for mentions in agreements]
    clusters = [Cluster(mentions) for mentions in agreements]
    known_by: list[list[Sketch]] = [[] for _ in clusters]
    for mention in sorted(silent, key=lambda mention: mention.order):
        fits = [(fit, -place) for place, one in enumerate(clusters) if (fit := one.fit(mention)) is not None]
        if fits:
            known_by[-max(fits)[1]].append(mention)
    return [(mentions, tuple(others)) for mentions, others in zip(agreements, known_by, strict=True)]


def cluster(mentions: Iterable[Sketch]) -> list[tuple[Sketch, ...]]:
    """Returns the mentions by agreement, each agreement's in their order; the same in whatever order they are given.

    Args:
        mentions: All that are connected by `may_be_same`, and none that is connected with others. What a person
            labelled is placed first, by label.
    """
    ordered = sorted(mentions, key=lambda mention: mention.order)
    labels = dict.fromkeys(mention.label for mention in ordered if mention.label)
    clusters = [Cluster([mention for mention in ordered if mention.label == label]) for label in labels]
    for mention in sorted((mention for mention in ordered if not mention.label), key=_sureness):
        _place(mention, clusters)
    clusters = _joined(clusters)
    return [tuple(sorted(cluster.mentions, key=lambda mention: mention.order)) for cluster in clusters]
