"""Parts mentions into agreements: which of them speak of the same one. A function of the mentions alone.

Mentions are placed one after the other, the surest first: those that say when the agreement was reached, then those
that only talk of it, then those that name one side alone. Each joins the agreement that fits it best or begins a new
one; one that names a single side and fits agreements of several others begins its own, since a false join is worse than
a missed one. Last, agreements whose sides go by other names (a state for its firm) are joined, where no third fits.
"""

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence

from transforms.records import AgreementStatus
from transforms.resolve.blocks import kin_blocks
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
from transforms.resolve.stand_ins import may_stand_in

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

    def may_stand_in(self, other: "Cluster") -> bool:
        """Returns whether two agreements may be one whose sides go by other names."""
        if not self._articles.isdisjoint(other._articles) or self._is_apart_from(other):
            return False
        return any(may_stand_in(one, another) for one in self.mentions for another in other.mentions)

    def _is_apart_from(self, other: "Cluster") -> bool:
        """Whether a person told the two apart, or their names do, or one is told as new after the other's end."""
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


def _with_stand_ins(clusters: list[Cluster]) -> list[Cluster]:
    """Joins agreements whose sides go by other names, where all that may stand for each other are the same."""
    ties: dict[int, set[int]] = {number: {number} for number in range(len(clusters))}
    for one, other in _near(clusters):
        if clusters[one].may_stand_in(clusters[other]):
            ties[one].add(other)
            ties[other].add(one)
    joined = []
    for number, tied in ties.items():
        if any(ties[other] != tied for other in tied):
            joined.append(clusters[number])  # it fits two that do not fit each other
        elif number == min(tied):
            joined.append(Cluster([mention for other in sorted(tied) for mention in clusters[other].mentions]))
    return joined


def _near(clusters: Sequence[Cluster]) -> set[tuple[int, int]]:
    """Returns the pairs of agreements, by number, that share a block in which stand-ins find each other."""
    blocks: dict[str, list[int]] = {}
    for number, one in enumerate(clusters):
        for block in {block for mention in one.mentions for block in kin_blocks(mention)}:
            blocks.setdefault(block, []).append(number)
    return {pair for numbers in blocks.values() for pair in itertools.combinations(numbers, 2)}


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
    clusters = _with_stand_ins(clusters)
    return [tuple(sorted(cluster.mentions, key=lambda mention: mention.order)) for cluster in clusters]
