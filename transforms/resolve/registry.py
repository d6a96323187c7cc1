"""The registry of agreements: what each article says, listed in blocks, and the agreements computed from it.

A block lists the sketches of mentions that share something (a pair of parties and the year, a party and the day), so
that whoever looks for mentions of the same agreement finds them by id. Whoever changes an article's account first
writes it, then changes the blocks, then computes the agreements its mentions are connected with. Whoever computes
looks again, after writing, whether a block used was changed meanwhile. So the last computation always saw every
account, whatever processes ran at once, and a killed one is made good when its article is read again.
"""

import dataclasses
import functools
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from transforms.dedupe.better_version import standing
from transforms.records import Article, Reading, Registered, from_json, to_json
from transforms.resolve.accounts import Account, account_document, account_from, account_of, as_decided, version_of
from transforms.resolve.blocks import is_lone, listed_in, near_in, sought_in
from transforms.resolve.clusters import cluster, with_silent
from transforms.resolve.same_actors import same_actors
from transforms.resolve.sketch import KEPT, Sketch, may_be_same, sketch_of
from transforms.resolve.weigh import LEAST_IN_COMMON, may_be_one
from transforms.resolve.write_agreements import Found, Stamp, agreement_id, write_agreements
from transforms.store.change import Body, change_documents
from transforms.store.protocol import Collection, Store, Stored


def _labels(store: Store, mentions: Sequence[str]) -> dict[str, str]:
    """Returns the labels that persons gave to mentions, by mention."""
    found = store.get(Collection.DECISIONS, mentions)
    return {key: stored.body["label"] for key, stored in found.items()}


def _sketches(store: Store, account: Account) -> list[Sketch]:
    labels = _labels(store, [told.key for told in account.told])
    version, decided = version_of(account), as_decided(account)
    return [sketch_of(decided, version, told, labels.get(told.key, "")) for told in decided.told]


_ANYBODY = ""  # whom those are compared with that have one side in common with others, or a person's label


def _known_by(sketch: Sketch) -> list[str]:
    """Returns what a mention must have in common with others, twice, to be compared with them at all."""
    return (
        [_ANYBODY] if is_lone(sketch) or sketch.label else [*sketch.about, *(f"name {name}" for name in sketch.names)]
    )


def _is_comparable(one: frozenset[str], other: Sequence[str]) -> bool:
    """Whether two mentions, by what they are known by, need to be compared: most of a block's need not."""
    return _ANYBODY in one or _ANYBODY in other or len(one.intersection(other)) >= LEAST_IN_COMMON


def _listing(article: str, own: Sequence[Sketch], body: Body | None) -> Body:
    """Returns a block with an article's mentions in place of those it had there; each time its revision goes up."""
    listed = body or {"mentions": {}, "revision": 0}
    rows = {key: row for key, row in listed["mentions"].items() if row[0] != article}
    rows |= {sketch.key: [article, json.dumps(to_json(sketch)), _known_by(sketch)] for sketch in own}
    return {"mentions": dict(sorted(rows.items())), "revision": listed["revision"] + 1}


def register(store: Store, article: Article, reading: Reading | None) -> Registered:
    """Makes a reading the one that stands for its article, or silences what was read in it before.

    A copy that came before its original was read, and told of; its original's agreements go by the ids that it gave.

    Args:
        store: Where the registry is kept.
        article: The article.
        reading: What was read, or None when the article turned out to be a copy.

    Returns:
        What to refresh.
    """

    def said(former: Account | None) -> Account | None:
        if reading is not None:
            return account_of(article, reading, former)
        return dataclasses.replace(former, silent=True) if former else None

    return _enter(store, article.id, said, standing(article))


def compute_again(store: Store, articles: Iterable[str], stamp: Stamp) -> None:
    """Enters the accounts of articles again and computes their agreements, after a person's decision about them."""
    for article in sorted(articles):
        refresh(store, _enter(store, article, lambda former: former), stamp)


def is_standing(store: Store, article: Article) -> bool:
    """Whether what the registry holds of an article, if anything, was read in this version of it and in this role."""
    stored = store.get(Collection.READINGS, [article.id]).get(article.id)
    return stored is None or stored.body.get("standing") == standing(article)


def _enter(
    store: Store, article: str, account: Callable[[Account | None], Account | None], told_as: str = ""
) -> Registered:
    """Enters what `account` makes of an article's former account, again where somebody else was faster.

    Args:
        store: Where the registry is kept.
        article: The article's id.
        account: Gives the account to enter; None where there is nothing to be said.
        told_as: In which version and role the article says so; as it was, if empty.
    """
    while True:
        stored = store.get(Collection.READINGS, [article]).get(article)
        said = account(account_from(stored) if stored else None)
        if said is None or not (said.told or stored):
            return Registered()
        entered = _try_enter(store, said, stored, told_as or (stored.body.get("standing", "") if stored else ""))
        if entered is not None:
            return entered


def _try_enter(store: Store, said: Account, stored: Stored | None, told_as: str) -> Registered | None:
    """Writes an account, noting every block that may list it, before any block does: nothing is orphaned by a kill.

    Returns:
        What to refresh; None when the account was changed meanwhile.
    """
    same = same_actors(store, [actor.id for actor in said.actors])
    said = dataclasses.replace(said, same=tuple(sorted(same.items())))
    sketches = _sketches(store, said)
    own: dict[str, list[Sketch]] = {}
    for sketch in sketches:
        for block in listed_in(sketch):
            own.setdefault(block, []).append(sketch)
    blocks = _noted(stored, "blocks", own)
    near = _noted(stored, "near", *(sought_in(sketch) for sketch in sketches))
    keys = _noted(stored, "mentions", (told.key for told in said.told))
    known = _noted(stored, "known", *(_known_by(sketch) for sketch in sketches))
    noted = account_document(said, standing=told_as, blocks=blocks, near=near, mentions=keys, known=known)
    if not store.compare_and_set(Collection.READINGS, noted, stored.version if stored else None):
        return None
    changes = {block: functools.partial(_listing, said.article, own.get(block, ())) for block in blocks}
    change_documents(store, Collection.REGISTRY, changes)
    return Registered(mentions=tuple(keys), blocks=tuple(near), known=tuple(known), anew=stored is not None)


def _noted(stored: Stored | None, name: str, *added: Iterable[str]) -> list[str]:
    return sorted({*(stored.body[name] if stored else ()), *itertools.chain(*added)})


@functools.lru_cache(maxsize=KEPT)
def _sketch(text: str) -> Sketch:
    return from_json(Sketch, json.loads(text))


class Neighbourhood:
    """The mentions connected with some, read block by block.

    Attributes:
        revisions: The revision of every block that was looked at; 0 where there is none.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: dict[str, Mapping[str, Sequence[Any]]] = {}
        self.revisions: dict[str, int] = {}

    def _load(self, blocks: Iterable[str]) -> None:
        wanted = sorted(set(blocks) - self.revisions.keys())
        found = self._store.get(Collection.REGISTRY, wanted) if wanted else {}
        for block in wanted:
            body: Mapping[str, Any] = found[block].body if block in found else {"mentions": {}, "revision": 0}
            self.revisions[block] = body["revision"]
            self._rows[block] = body["mentions"]

    def listed(self, blocks: Sequence[str], known_by: frozenset[str]) -> dict[str, Sketch]:
        """Returns the mentions that blocks list, by key, but for those not comparable with what is known by this."""
        self._load(blocks)
        return {other.key: other for block in blocks for other in self._comparable(block, known_by, frozenset())}

    def _comparable(self, block: str, known_by: frozenset[str], but: Set[str]) -> Iterator[Sketch]:
        for key, row in self._rows[block].items():
            if key not in but and _is_comparable(known_by, row[2]):
                yield _sketch(row[1])

    def connected(self, start: Iterable[Sketch]) -> list[Sketch]:
        """Returns the mentions that are connected with some of `start`, at whatever remove, these too."""
        found: dict[str, Sketch] = {}
        sorts: set[tuple[object, ...]] = set()  # those of one sort may be the same as just the same others
        frontier = {sketch.key: sketch for sketch in start}
        while frontier:
            found |= frontier
            self._load({block for sketch in frontier.values() for block in sought_in(sketch)})
            new: dict[str, Sketch] = {}
            for sketch in frontier.values():
                new |= self._neighbours(sketch, found.keys() | new.keys(), alike=sketch.sort in sorts)
                sorts.add(sketch.sort)
            frontier = new
        return list(found.values())

    def _neighbours(self, sketch: Sketch, but: Set[str], *, alike: bool) -> dict[str, Sketch]:
        """Returns the further mentions that may be the same as one; `alike`, if one of its sort was asked already."""
        known_by = frozenset(_known_by(sketch))
        return {
            other.key: other
            for block in (near_in(sketch) if alike else sought_in(sketch))
            for other in self._comparable(block, known_by, but)
            if (not alike and may_be_same(sketch, other)) or may_be_one(sketch, other)
        }

    def changed(self) -> bool:
        """Returns whether a block was changed since it was looked at."""
        now = self._store.get(Collection.REGISTRY, list(self.revisions))
        return any(
            (now[block].body["revision"] if block in now else 0) != revision
            for block, revision in self.revisions.items()
        )


def _found(mentions: tuple[Sketch, ...], silent: tuple[Sketch, ...]) -> Found:
    first = min((*mentions, *silent), key=lambda sketch: (sketch.entered, sketch.key))
    return Found(id=agreement_id(first.key), mentions=mentions, silent=silent)


def _agreements(mentions: Iterable[Sketch]) -> list[Found]:
    told = list(mentions)
    voiced = cluster(one for one in told if not one.silent)
    return [_found(*one) for one in with_silent(voiced, [one for one in told if one.silent])]


def refresh(store: Store, registered: Registered, stamp: Stamp) -> frozenset[str]:
    """Computes the agreements that a registration concerns and writes them with their deadlines.

    Args:
        store: Where the registry is kept.
        registered: What was entered.
        stamp: The run and time noted on what is written for the first time.

    Returns:
        The ids of the agreements written.
    """
    written: frozenset[str] = frozenset()
    while registered.blocks:
        near = Neighbourhood(store)
        listed = near.listed(registered.blocks, frozenset(registered.known))
        own = set(registered.mentions)
        start = [sketch for key, sketch in listed.items() if registered.anew or key in own]
        written |= write_agreements(store, _agreements(near.connected(start)), own, stamp)
        if not near.changed():
            break
    return written
