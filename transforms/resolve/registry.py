"""The registry of agreements: readings by article, articles by block, agreements computed anew from both.

Whoever changes a reading first writes it, then touches the blocks it concerned before and concerns now, then computes
them. Whoever computes a block looks again, after writing, whether it was touched meanwhile. So the last computation
always saw every reading, whatever processes ran at once, and a killed one is made good when its article is read again.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from transforms.records import Reading, digest, from_json, record, to_json
from transforms.resolve.merge import Mention, block_of, merge_mentions
from transforms.store.documents import AgreementView, agreement_document, article_from, deadline_document
from transforms.store.protocol import Collection, Document, Store, Stored


@record
class Registered:
    """The blocks whose agreements may have changed, and what became of the reading's own provisional ids."""

    blocks: tuple[str, ...]
    agreement_ids: tuple[str, ...]


@record
class Stamp:
    """Who writes: the run's id and its time."""

    run: str
    now: datetime.datetime


def agreement_id(block: str) -> str:
    """Returns the id of the agreement of a block (one agreement a block in this version)."""
    return digest("registry", block)


def _blocks(reading: Reading) -> set[str]:
    return {block_of(agreement) for agreement in reading.agreements}


def _touch(store: Store, block: str, article: str) -> None:
    while True:
        stored = store.get(Collection.REGISTRY, [block]).get(block)
        body: dict[str, Any] = dict(stored.body) if stored else {"articles": [], "deadlines": [], "revision": 0}
        body["articles"] = sorted({*body["articles"], article})
        body["revision"] += 1
        if store.compare_and_set(
            Collection.REGISTRY, Document(id=block, body=body), stored.version if stored else None
        ):
            return


def _stored_reading(stored: Stored | None) -> Reading | None:
    return from_json(Reading, stored.body) if stored else None


def register_reading(store: Store, article: str, reading: Reading | None) -> Registered:
    """Makes a reading the one that stands for its article, or withdraws it.

    Args:
        store: Where the registry is kept.
        article: The article's id.
        reading: What was read, or None when the article turned out to be a copy.

    Returns:
        The blocks to refresh: those of this reading and of the one it replaces.
    """
    former = _stored_reading(store.get(Collection.READINGS, [article]).get(article))
    if reading is None:
        store.delete(Collection.READINGS, [article])
    elif reading != former:
        store.replace(Collection.READINGS, [Document(id=article, body=to_json(reading))])
    own = _blocks(reading) if reading else set()
    blocks = sorted(own | (_blocks(former) if former else set()))
    for block in blocks:
        _touch(store, block, article)
    return Registered(blocks=tuple(blocks), agreement_ids=tuple(sorted(agreement_id(block) for block in own)))


def _view(store: Store, block: str, articles: list[str]) -> AgreementView | None:
    readings = store.get(Collection.READINGS, articles)
    documents = store.get(Collection.ARTICLES, list(readings))
    mentions = [
        Mention(article=article_from(documents[key]), reading=reading, agreement=agreement)
        for key, reading in ((key, from_json(Reading, stored.body)) for key, stored in readings.items())
        if key in documents
        for agreement in reading.agreements
        if block_of(agreement) == block
    ]
    return merge_mentions(agreement_id(block), mentions) if mentions else None


def _created(stored: Stored | None, stamp: Stamp) -> Stamp:
    if stored is None:
        return stamp
    return Stamp(run=stored.body["run"], now=datetime.datetime.fromisoformat(stored.body["created"]))


def _write(store: Store, view: AgreementView, stamp: Stamp) -> None:
    """Writes the agreement and its deadlines; what was there before keeps the run and time it was first met in."""
    known = store.get(Collection.AGREEMENTS, [view.agreement.id])
    first = _created(known.get(view.agreement.id), stamp)
    dated = store.get(Collection.DEADLINES, [deadline.id for deadline in view.deadlines])
    store.replace(
        Collection.DEADLINES,
        [
            deadline_document(view, deadline, made.run, made.now)
            for deadline in view.deadlines
            for made in (_created(dated.get(deadline.id), stamp),)
        ],
    )
    store.replace(Collection.AGREEMENTS, [agreement_document(view, first.run, first.now)])


def _note_deadlines(store: Store, stored: Stored, ids: Iterable[str]) -> bool:
    """Notes in the block which deadlines it ever had, before they are written, so that none is ever orphaned."""
    noted = sorted({*stored.body["deadlines"], *ids})
    if noted == stored.body["deadlines"]:
        return True
    body = {**stored.body, "deadlines": noted}
    return store.compare_and_set(Collection.REGISTRY, Document(id=stored.id, body=body), stored.version)


def refresh_block(store: Store, block: str, stamp: Stamp) -> None:
    """Computes the agreement of a block from all readings and writes it with its deadlines.

    Args:
        store: Where the registry is kept.
        block: A block that was touched.
        stamp: The run and time noted on what is written for the first time.
    """
    while True:
        stored = store.get(Collection.REGISTRY, [block])[block]
        view = _view(store, block, stored.body["articles"])
        ids = {deadline.id for deadline in view.deadlines} if view else set()
        if not _note_deadlines(store, stored, ids):
            continue
        if view is None:
            store.delete(Collection.AGREEMENTS, [agreement_id(block)])
        else:
            _write(store, view, stamp)
        store.delete(Collection.DEADLINES, [key for key in stored.body["deadlines"] if key not in ids])
        again = store.get(Collection.REGISTRY, [block])[block]
        if again.body["revision"] == stored.body["revision"]:
            return
