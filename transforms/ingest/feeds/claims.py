"""Claims on hosts, kept in the store: whoever holds one is alone in asking that host, in a whole cluster.

A claim ends by itself, so that nothing waits for long for a worker that died. It also tells when the host was last
asked, so that the next holder keeps the distance that the last one would have kept. Claims go by the world's clock,
whatever time a run is said to be at.
"""

import datetime
import functools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from transforms.ingest.feeds.hosts import TURNS
from transforms.ingest.limits import FetchLimits
from transforms.present import present
from transforms.records import digest, from_json, record, to_json
from transforms.store.change import Body, change_documents
from transforms.store.owner import is_void, new_owner
from transforms.store.protocol import Collection, Document, Store, Stored

# Beside two requests that take all the time they may: a pause between them, and a machine that is busy.
_MARGIN_SECONDS = 60.0


@record
class Claim:
    """Who asks a host.

    Attributes:
        owner: Who holds it, by `transforms.store.owner`; None where nobody does.
        until: When it ends by itself.
        asked: When the last holder was through.
    """

    id: str
    host: str
    owner: str | None = None
    until: datetime.datetime | None = None
    asked: datetime.datetime | None = None


def claim_id(host: str) -> str:
    """Returns the id of a host's claim."""
    return digest("claim", host)


def claim_seconds(limits: FetchLimits) -> float:
    """Returns how long a claim lasts: longer than there can be nothing to store of what its holder asked."""
    return 2 * limits.total_seconds + _MARGIN_SECONDS


class HostClaims:
    """The hosts that one worker claims for a while.

    Args:
        store: Where claims are kept.
        seconds: How long one lasts.
    """

    def __init__(self, store: Store, seconds: float) -> None:
        self._store = store
        self._length = datetime.timedelta(seconds=seconds)
        self._owner = new_owner()
        self._held: dict[str, Claim] = {}
        self._renew_at = present(None)

    def take(self, hosts: Iterable[str], now: datetime.datetime) -> frozenset[str]:
        """Returns those of the hosts that are this worker's now.

        Args:
            hosts: To be claimed.
            now: The time of the run, by which turns at a host are counted.
        """
        wanted = {claim_id(host): host for host in hosts}
        stored = self._store.get(Collection.CLAIMS, list(wanted))
        at = present(None)
        free = {key: host for key, host in wanted.items() if key not in stored or _is_free(_read(stored[key]), at)}
        taken = self._write({host: stored.get(key) for key, host in free.items()}, at)
        for host in taken:
            before = stored.get(claim_id(host))
            if before is not None and (asked := _read(before).asked) is not None:
                TURNS.note(host, now - (at - asked))
        return frozenset(taken)

    def renew(self) -> bool:
        """Lengthens the claims where it is time to; returns whether all are still this worker's."""
        at = present(None)
        if at < self._renew_at:
            return True
        stored = self._store.get(Collection.CLAIMS, list(map(claim_id, self._held)))
        mine = {host: each for host in self._held if (each := stored.get(claim_id(host))) and self._is_mine(each)}
        lost = len(self._held) - len(self._write(mine, at))
        return not lost

    def release(self, hosts: Iterable[str] | None = None) -> None:
        """Gives back what is held, or so much of it as is named."""
        given = set(self._held) if hosts is None else set(self._held).intersection(hosts)
        if not given:
            return
        freed = functools.partial(self._freed, at=present(None))
        change_documents(self._store, Collection.CLAIMS, dict.fromkeys(map(claim_id, given), freed))
        self._held = {host: claim for host, claim in self._held.items() if host not in given}

    def _freed(self, body: Body | None, at: datetime.datetime) -> Body | None:
        if body is None or body["owner"] != self._owner:
            return body
        return to_json(Claim(id=body["id"], host=body["host"], asked=at))

    def _is_mine(self, stored: Stored) -> bool:
        return bool(stored.body["owner"] == self._owner)

    def _write(self, hosts: Mapping[str, Stored | None], at: datetime.datetime) -> list[str]:
        until = at + self._length
        claims = [Claim(id=claim_id(host), host=host, owner=self._owner, until=until) for host in hosts]
        changes = [
            (_document(claim), before.version if before else None)
            for claim, before in zip(claims, hosts.values(), strict=True)
        ]
        won = self._store.compare_and_set_each(Collection.CLAIMS, changes)
        self._held = {claim.host: claim for claim, is_won in zip(claims, won, strict=True) if is_won}
        self._renew_at = at + self._length / 4
        return list(self._held)


def _is_free(claim: Claim, at: datetime.datetime) -> bool:
    return claim.owner is None or claim.until is None or claim.until <= at or is_void(claim.owner)


def _read(stored: Stored) -> Claim:
    return from_json(Claim, stored.body)


def _document(claim: Claim) -> Document:
    return Document(id=claim.id, body=to_json(claim))


@contextmanager
def claimed(
    store: Store, limits: FetchLimits, hosts: Iterable[str], now: datetime.datetime
) -> Iterator[tuple[HostClaims, frozenset[str]]]:
    """Claims hosts and gives them back at the end, whatever happens; gives the claims and the hosts obtained."""
    claims = HostClaims(store, claim_seconds(limits))
    try:
        yield claims, claims.take(hosts, now)
    finally:
        claims.release()
