"""What one article says of agreements, kept compactly beside the registry: its account.

An account holds what an agreement's record is computed from and nothing else, so that a truce with hundreds of reports
is computed without reading the articles again.
"""

import collections
import dataclasses
import json
import threading
from collections.abc import Iterator, Mapping, Sequence

from transforms.records import (
    Actor,
    ActorKind,
    Agreement,
    Article,
    Deadline,
    Reading,
    digest,
    from_json,
    record,
    to_json,
)
from transforms.resolve.fulfilment import Done, done_in
from transforms.resolve.same_actors import with_same
from transforms.store.analysis import split_words
from transforms.store.protocol import Collection, Document, Store, Stored

# Decoded accounts kept in a process: a hundred bytes to some kilobytes each, so tens of megabytes at most.
_KEPT = 8_192
_SPOKEN_OF = 16  # actors by which an article is compared: those of its news, not of all its background


@record
class Told:
    """One agreement as one article tells it.

    Attributes:
        key: What the mention goes by for good, over all versions of the article.
        entered: When it first came in (RFC 3339): the earliest mention gives the agreement its id.
        agreement: As read; ids of actors are those of the reading.
        deadlines: As read.
    """

    key: str
    entered: str
    agreement: Agreement
    deadlines: tuple[Deadline, ...] = ()

    def dated(self) -> Iterator[tuple[str, Deadline]]:
        """Yields the deadlines, each with the key it goes by for good."""
        for deadline in self.deadlines:
            yield digest(self.key, deadline.kind.value, deadline.date.isoformat()), deadline


@record
class Account:
    """What one article says of agreements, and the names of the actors concerned.

    Attributes:
        same: Pairs of actors: by a person's decision the first is the second.
        about: Whom the article speaks of most: ids, of persons surnames ("~kolvar").
        done: The sentences that tell that something was done, which may be what a deadline asks for.
        silent: Whether the article turned out to be a copy, for which its original speaks. What it was the first to
            report keeps the ids it gave; nothing else is taken from it.
    """

    article: str
    url: str | None
    published: str | None
    told: tuple[Told, ...]
    actors: tuple[Actor, ...]
    same: tuple[tuple[str, str], ...] = ()
    done: tuple[Done, ...] = ()
    about: tuple[str, ...] = ()
    silent: bool = False


def concerned(agreement: Agreement, deadlines: Sequence[Deadline]) -> frozenset[str]:
    """Returns the ids of all actors an agreement and its deadlines name."""
    ids = {*agreement.parties, *agreement.signers, *agreement.brokers}
    ids.update(party for deadline in deadlines for party in deadline.parties)
    ids.update(party for provision in agreement.provisions for party in provision.parties)
    return frozenset(ids)


def _kinship(agreement: Agreement, former: Told) -> tuple[bool, int, bool]:
    """How surely a mention in a new version of an article is one of the old version's."""
    shared = len({*agreement.parties} & {*former.agreement.parties})
    return agreement == former.agreement, shared, agreement.kind is former.agreement.kind


class _Keys:
    """Gives each mention of an article's new version its key: that of the old version's mention it stands for.

    Args:
        article: The new version.
        former: The mentions of the old one.
    """

    def __init__(self, article: Article, former: Sequence[Told]) -> None:
        self._article = article
        self._known = {told.key for told in former}
        self._left = list(former)

    def of(self, agreement: Agreement) -> tuple[str, str]:
        """Returns the key and the time the mention first came in; each old mention is inherited once."""
        best = max(self._left, key=lambda told: _kinship(agreement, told), default=None)
        if best is not None and any(_kinship(agreement, best)):
            self._left.remove(best)
            return best.key, best.entered
        key = agreement.id
        while key in self._known:  # another mention went by it before
            key = digest("mention", key)
        return key, self._article.taken_in.isoformat()


def _spoken_of_most(actors: Sequence[Actor]) -> tuple[str, ...]:
    """Returns by what those are known whom an article speaks of most, sorted."""
    ranked = sorted(actors, key=lambda actor: (-len(actor.mentions), actor.id))
    return tuple(sorted({known_by(actor) for actor in ranked[:_SPOKEN_OF]}))


def known_by(actor: Actor) -> str:
    """Returns what an actor is known by from one article to another: a person's surname, of others the id."""
    words = split_words(actor.name) if actor.kind is ActorKind.PERSON else []
    return f"~{words[-1]}" if words else actor.id


def account_of(article: Article, reading: Reading, former: Account | None) -> Account:
    """Returns the account of an article.

    Args:
        article: Who reports.
        reading: What was read in it.
        former: The account of the article's former version, whose keys live on.
    """
    keys = _Keys(article, former.told if former else ())
    told, wanted = [], set[str]()
    for agreement in reading.agreements:
        deadlines = tuple(deadline for deadline in reading.deadlines if deadline.agreement == agreement.id)
        key, entered = keys.of(agreement)
        told.append(Told(key=key, entered=entered, agreement=agreement, deadlines=deadlines))
        wanted |= concerned(agreement, deadlines)
    return Account(
        article=article.id,
        url=article.url,
        published=article.published,
        told=tuple(told),
        actors=tuple(dataclasses.replace(actor, mentions=()) for actor in reading.actors if actor.id in wanted),
        about=_spoken_of_most(reading.actors) if told else (),
        done=done_in(article.id, article.text, article.published) if told else (),
    )


def _text(account: Account) -> str:
    return json.dumps(to_json(account), ensure_ascii=False)


def version_of(account: Account) -> str:
    """Returns a digest of all that an account says."""
    return digest(_text(account))


def account_document(account: Account, **noted: str | Sequence[str]) -> Document:
    """Returns the document of an account, with what else is noted of it."""
    return Document(id=account.article, body={"account": _text(account), **noted})


def account_from(stored: Stored) -> Account:
    """Returns the account of its stored document."""
    return from_json(Account, json.loads(stored.body["account"]))


def as_decided(account: Account) -> Account:
    """Returns an account that names each actor by the one a person said it is."""
    return with_same(account, dict(account.same))


class _Kept(threading.local):
    """The accounts a thread met last, by version: what was read once is not read again for every further report."""

    def __init__(self) -> None:
        self.accounts: collections.OrderedDict[str, Account] = collections.OrderedDict()


_kept = _Kept()


def accounts(store: Store, versions: Mapping[str, str]) -> dict[str, Account]:
    """Returns what articles say, by article.

    Args:
        store: Where to look.
        versions: By article, the version that is wanted; where the store has another by now, that one is returned.
    """
    kept = _kept.accounts
    found = {article: kept[version] for article, version in versions.items() if version in kept}
    for article, stored in store.get(Collection.READINGS, [key for key in versions if key not in found]).items():
        found[article] = kept[digest(stored.body["account"])] = as_decided(account_from(stored))
    while len(kept) > _KEPT:
        kept.popitem(last=False)
    return found
