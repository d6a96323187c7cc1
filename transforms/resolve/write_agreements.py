"""Writes agreements as computed, and retires those that are no more: an id once given keeps leading to its agreement.

An agreement goes by the id that its earliest mention gave it (earliest taken in, not published), so that an older
report that comes late changes nothing, and when two agreements turn out to be one the older id stays.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from transforms.records import digest, record
from transforms.resolve.accounts import accounts
from transforms.resolve.merge import merge_accounts
from transforms.resolve.sketch import Sketch
from transforms.store.change import change_document
from transforms.store.documents import AgreementView, agreement_document, deadline_document
from transforms.store.protocol import Collection, Document, Store, Stored


@record
class Stamp:
    """Who writes: the run's id and its time."""

    run: str
    now: datetime.datetime


@record
class Found:
    """An agreement as computed: its id, its mentions in order, and those of copies by which it is known, too."""

    id: str
    mentions: tuple[Sketch, ...]
    silent: tuple[Sketch, ...] = ()

    def mention_keys(self) -> list[str]:
        """Returns the keys of its mentions, in order, then those of copies."""
        return [sketch.key for sketch in (*self.mentions, *self.silent)]


def agreement_id(mention: str) -> str:
    """Returns the id that a mention gives to the agreement it was the first to report."""
    return digest("registry", mention)


def current_id(store: Store, record_id: str) -> str:
    """Returns the id that a record goes by now, wherever redirects lead; the id itself where none does."""
    met: set[str] = set()
    while record_id not in met and (found := store.get(Collection.REDIRECTS, [record_id])):
        met.add(record_id)
        record_id = found[record_id].body["to"]
    return record_id


def _created(stored: Iterable[Stored], stamp: Stamp) -> Stamp:
    """Returns the run and time in which the first of some records was met."""
    first = min(stored, key=lambda one: str(one.body["created"]), default=None)
    if first is None:
        return stamp
    return Stamp(run=first.body["run"], now=datetime.datetime.fromisoformat(first.body["created"]))


def _note_ids(store: Store, agreement: str, view: AgreementView, former: Set[str]) -> None:
    """Notes the deadlines an agreement is about to have beside those it had, and the ids that are to lead to it.

    So a kill orphans no deadline, and whoever asks what was told of it finds all its former ids by id.
    """
    ids = {deadline.id for deadline in view.deadlines}

    def change(body: dict[str, Any]) -> dict[str, Any]:
        known = sorted({*body.get("former", ()), *former})
        return {**body, "deadlines": sorted({*body.get("deadlines", ()), *ids}), "former": known}

    change_document(store, Collection.REGISTRY, agreement, change)


def _settle(store: Store, found: Found, view: AgreementView) -> None:
    """Notes, last of all, that an agreement is written as it is; deadlines that went to another are that one's now."""
    settled = {
        "mentions": found.mention_keys(),
        "deadlines": sorted(deadline.id for deadline in view.deadlines),
        "renamed": {former: now for former, now in sorted(view.renamed.items()) if former != now},
    }
    change_document(store, Collection.REGISTRY, found.id, lambda body: {**body, **settled})


def _note_change(store: Store, agreement: str) -> None:
    """Notes that an agreement's events are to be matched by rules; each time the note is another one."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "state": "open", "revision": body.get("revision", 0) + 1}

    change_document(store, Collection.CHANGES, agreement, change)


def _write(store: Store, view: AgreementView, former: Iterable[str], stamp: Stamp) -> None:
    """Writes an agreement and its deadlines; what was there before keeps the run and time it was first met in."""
    known = store.get(Collection.AGREEMENTS, [view.agreement.id, *former])
    first = _created(known.values(), stamp)
    dated = store.get(Collection.DEADLINES, [deadline.id for deadline in view.deadlines])
    documents = []
    for deadline in view.deadlines:
        made = _created([dated[deadline.id]] if deadline.id in dated else [], stamp)
        documents.append(deadline_document(view, deadline, made.run, made.now))
    store.replace(Collection.DEADLINES, documents)
    store.replace(Collection.AGREEMENTS, [agreement_document(view, first.run, first.now)])


def _redirect(store: Store, targets: Mapping[str, str]) -> None:
    documents = [Document(id=former, body={"to": now}) for former, now in targets.items()]
    store.replace(Collection.REDIRECTS, documents)


class _Writer:
    """Writes the agreements of one computation.

    Args:
        store: Where to.
        found: All agreements of the mentions that were looked at.
        own: Keys of mentions whose agreements are written in any case, among them such as are no more.
        stamp: Who writes.
    """

    def __init__(self, store: Store, found: Sequence[Found], own: Set[str], stamp: Stamp) -> None:
        self._store = store
        self._found = found
        self._own = own
        self._stamp = stamp
        self._holder = {key: one.id for one in found for key in one.mention_keys()}
        self._given = {agreement_id(key): key for key in (*self._holder, *own)}
        self._known = store.get(Collection.REGISTRY, list(self._given))
        self._retired = self._known.keys() - {one.id for one in found}

    def _stale(self) -> list[Found]:
        """Returns the agreements that are not written as they are."""
        return [
            one
            for one in self._found
            if not self._own.isdisjoint(one.mention_keys())
            or one.id not in self._known
            or self._known[one.id].body.get("mentions") != one.mention_keys()
        ]

    def _former(self, found: Found) -> list[str]:
        """Returns the retired ids that lead to an agreement now."""
        return [former for former in self._retired if self._heir(former) == found.id]

    def _heir(self, former: str) -> str | None:
        """Returns the agreement that a retired id leads to: that of the mention which gave it, else of its others."""
        mentions = [self._given[former], *self._known[former].body.get("mentions", ())]
        return next((self._holder[key] for key in mentions if key in self._holder), None)

    def write(self) -> frozenset[str]:
        """Writes what is stale, then retires what is no more; returns the ids of what was written."""
        views = {one.id: (one, view) for one in self._stale() if (view := self._view(one)) is not None}
        kept = {deadline.id for _, view in views.values() for deadline in view.deadlines} | self._held_by_others(views)
        renamed = {former: now for _, view in views.values() for former, now in view.renamed.items()}
        for one, view in views.values():
            led_here = self._former(one)
            earlier = {key for retired in led_here for key in self._known[retired].body.get("former", ())}
            _note_ids(self._store, one.id, view, {*led_here, *earlier})
            _write(self._store, view, led_here, self._stamp)
        for former in sorted(self._retired):
            self._drop_deadlines(former, kept, renamed)
            self._retire(former)
        for one, view in views.values():
            _note_change(self._store, one.id)
            self._drop_deadlines(one.id, kept, renamed)
            _settle(self._store, one, view)
        return frozenset(views)

    def _held_by_others(self, written: Mapping[str, object]) -> set[str]:
        """Returns the deadlines of agreements that stay as they are; one may have come to them from what is written."""
        others = [one.id for one in self._found if one.id not in written and one.id in self._known]
        return {deadline for other in others for deadline in self._known[other].body.get("deadlines", ())}

    def _view(self, found: Found) -> AgreementView | None:
        """Returns an agreement with all that shows it; None when every account of it was changed meanwhile."""
        said = accounts(self._store, {sketch.article: sketch.account for sketch in (*found.mentions, *found.silent)})
        return merge_accounts(found.id, found.mentions, said, found.silent)

    def _drop_deadlines(self, agreement: str, kept: Set[str], renamed: Mapping[str, str]) -> None:
        """Deletes the deadlines an agreement no longer has; their ids lead to what became of them."""
        stored = self._store.get(Collection.REGISTRY, [agreement]).get(agreement)
        gone = {*stored.body.get("deadlines", ())} - kept if stored else set()
        _redirect(self._store, {key: renamed[key] for key in sorted(gone) if key in renamed})
        self._store.delete(Collection.DEADLINES, sorted(gone))

    def _retire(self, former: str) -> None:
        heir = self._heir(former)
        _redirect(self._store, {former: heir} if heir else {})
        self._store.delete(Collection.AGREEMENTS, [former])
        self._store.delete(Collection.REGISTRY, [former])


def write_agreements(store: Store, found: Sequence[Found], own: Set[str], stamp: Stamp) -> frozenset[str]:
    """Writes the agreements that are new or changed, with their deadlines, and retires those that are no more.

    Args:
        store: Where to.
        found: All agreements of the mentions that were looked at.
        own: Keys of mentions whose agreements are written in any case, among them such as are no more.
        stamp: The run and time noted on what is written for the first time.

    Returns:
        The ids of the agreements written.
    """
    return _Writer(store, found, own, stamp).write()
