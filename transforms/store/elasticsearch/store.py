"""The store in Elasticsearch: create-once by `op_type=create`, compare-and-set by sequence number, search refreshed."""

import itertools
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from transforms.store.bodies import body_json
from transforms.store.elasticsearch.address import Address
from transforms.store.elasticsearch.bulk import Outcome, Write, send
from transforms.store.elasticsearch.documents import (
    READ_FIELDS,
    create_header,
    header,
    parts_of,
    server_id,
    source_json,
    stored_of,
    token_of,
)
from transforms.store.elasticsearch.dsl import Query, compile_query
from transforms.store.elasticsearch.indices import open_indices
from transforms.store.elasticsearch.link import BLOCK, Link, RefusedDocumentError
from transforms.store.elasticsearch.order import checked_sort, server_order, sorted_here
from transforms.store.protocol import Collection, Document, Page, Stored, StoreError
from transforms.store.query import All, Node, all_equal, parse_query

# Documents read by one request: 500 articles of 4 KB with their bodies are 4 MB.
_CHUNK = 500

# Elasticsearch's own bound on `from` + `size` (`index.max_result_window`).
_MAX_WINDOW = 10_000

# The latest write of this process to each server and index, so that a search knows whether anything is to be made
# findable first.
_LATEST: dict[tuple[str, str], object] = {}

# What other processes wrote is found after so long at most.
REFRESH_SECONDS = 1.0

# Elasticsearch keeps a search open so long between two of its pages.
_KEEP_OPEN = "5m"


class ElasticsearchStore:
    """A `Store` in an Elasticsearch cluster. One instance serves one thread, and cannot be pickled.

    Searches find all that this process wrote, all that others wrote before the store was opened, and what they wrote
    more than `REFRESH_SECONDS` ago. Reads by id find everything.

    Args:
        address: Where it is.
        patience_seconds: How long each request is tried again while the server is away or overloaded.

    Raises:
        StoreError: The server cannot be used, or its indices are of another version of Pactwatch.
    """

    def __init__(self, address: Address, *, patience_seconds: float) -> None:
        self._closed = False
        self._link = Link(address, patience_seconds=patience_seconds)
        try:
            self._indices = open_indices(self._link)
        except BaseException:
            self.close()
            raise
        self._refreshed: dict[str, tuple[float, object]] = {}

    def create(self, collection: Collection, documents: Sequence[Document]) -> list[bool]:
        """Writes each document unless its id exists; returns for each whether it was created."""
        mark = uuid.uuid4().hex
        writes = [_created(collection, document, mark) for document in documents]
        outcomes = self._send(collection, writes)
        for document, outcome in zip(documents, outcomes, strict=True):
            _refuse(collection, document, outcome)
        return self._ours(collection, documents, outcomes, mark)

    def replace(self, collection: Collection, documents: Sequence[Document]) -> None:
        """Writes each document, whether its id exists or not; an unchanged body is not written again.

        Each is written over the very version that was read, and read again when another came between, so that no
        answer that was lost and no request that was delayed can undo a later write.
        """
        left = {document.id: (document, body_json(document.body)) for document in documents}
        while left:
            there = self._answers(collection, list(left))
            changed = [(d, there.get(d.id)) for d, body in left.values() if not _is_same(there.get(d.id), body)]
            mark = uuid.uuid4().hex
            outcomes = self._send(collection, [_replaced(collection, d, answer, mark) for d, answer in changed])
            left = {}
            for (document, _), outcome in zip(changed, outcomes, strict=True):
                if outcome.conflict:
                    left[document.id] = (document, body_json(document.body))
                else:
                    _refuse(collection, document, outcome)

    def compare_and_set(self, collection: Collection, document: Document, version: int | None) -> bool:
        """Writes the document if the stored version is still `version` (None: if its id does not exist)."""
        return self.compare_and_set_each(collection, [(document, version)])[0]

    def compare_and_set_each(
        self, collection: Collection, changes: Sequence[tuple[Document, int | None]]
    ) -> list[bool]:
        """Does `compare_and_set` for each (document, version), in one request but each by itself."""
        mark = uuid.uuid4().hex
        # A version that is none of this store's (their terms count from 1) is nobody's: it is not even tried.
        known = [(d, version) for d, version in changes if version is None or parts_of(version)[1]]
        writes = [
            _created(collection, d, mark) if version is None else _over(collection, d, version, mark)
            for d, version in known
        ]
        outcomes = self._send(collection, writes)
        for (document, _), outcome in zip(known, outcomes, strict=True):
            _refuse(collection, document, outcome)
        ours = iter(self._ours(collection, [document for document, _ in known], outcomes, mark))
        return [next(ours) if version is None or parts_of(version)[1] else False for _, version in changes]

    def delete(self, collection: Collection, ids: Sequence[str]) -> int:
        """Removes documents by id; returns how many there were."""
        there = self._answers(collection, ids, fields=[])
        for document_id, outcome in zip(there, self._send(collection, [_removed(i) for i in there]), strict=True):
            if outcome.status != 404:
                _refuse(collection, Document(id=document_id, body={}), outcome)
        return len(there)

    def get(self, collection: Collection, ids: Sequence[str]) -> dict[str, Stored]:
        """Returns the documents that exist among `ids`, by id, as last written."""
        return {document_id: stored_of(answer) for document_id, answer in self._answers(collection, ids).items()}

    def find(
        self,
        collection: Collection,
        query: str | None = None,
        *,
        sort: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Page:
        """Returns the documents that match a query of the search language, sorted; see the protocol."""
        node: Node = All() if query is None else parse_query(collection, query)
        fields = checked_sort(collection, sort)
        compiled, order = compile_query(collection, node), server_order(collection, fields)
        self._refresh(collection)
        if order is None:
            found = sorted_here(self._all(collection, compiled), fields)
            return Page(total=len(found), documents=tuple(found[offset:][:limit]))
        if limit is None or offset + limit > _MAX_WINDOW:
            whole = list(self._all(collection, compiled, order))
            return Page(total=len(whole), documents=tuple(whole[offset:][:limit]))
        found_page = self._search(index=self._index(collection), query=compiled, sort=order, size=limit, from_=offset)
        hits = found_page["hits"]
        return Page(total=hits["total"]["value"], documents=tuple(map(stored_of, hits["hits"])))

    def scan(self, collection: Collection, where: Mapping[str, str] | None = None) -> Iterator[Stored]:
        """Yields every document (whose keyword fields equal `where`), in the order of ids, in bounded memory."""
        query = compile_query(collection, all_equal(collection, where))
        order = server_order(collection, ())
        self._refresh(collection)
        after: dict[str, Any] = {}
        while True:
            answer = self._search(index=self._index(collection), query=query, sort=order, size=_CHUNK, **after)
            hits = answer["hits"]["hits"]
            yield from map(stored_of, hits)
            if len(hits) < _CHUNK:
                return
            after = {"search_after": hits[-1]["sort"]}

    def count(self, collection: Collection, where: Mapping[str, str] | None = None) -> int:
        """Returns how many documents there are (whose keyword fields equal `where`)."""
        query = compile_query(collection, all_equal(collection, where))
        self._refresh(collection)
        index = self._index(collection)
        return int(self._link.ask(lambda client: client.count(index=index, query=query))["count"])

    def close(self) -> None:
        """Gives back the connections; the store cannot be used afterwards."""
        self._closed = True
        self._link.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a store is not pickled: pass its URL and open it in `setup` (transforms.store.open.store_for)")

    def _index(self, collection: Collection) -> str:
        if self._closed:
            raise StoreError("the store is closed")
        return self._indices[collection]

    def _send(self, collection: Collection, writes: Sequence[Write]) -> list[Outcome]:
        index = self._index(collection)
        if not writes:
            return []
        outcomes = send(self._link, index, writes)
        _LATEST[self._link.address.server, index] = object()
        for outcome in outcomes:
            if (outcome.status in (403, 404) and outcome.reason) or outcome.kind == BLOCK:
                raise StoreError(f"{self._link.address.server} takes no writes into {index}: {outcome.reason}")
        return outcomes

    def _ours(
        self, collection: Collection, documents: Sequence[Document], outcomes: Sequence[Outcome], mark: str
    ) -> list[bool]:
        """Returns which writes were done; a conflict after a lost answer may be with our own write, so it is read."""
        doubtful = [d.id for d, o in zip(documents, outcomes, strict=True) if o.conflict and o.doubtful]
        there = self._answers(collection, doubtful, fields=["write"]) if doubtful else {}
        own = {document_id for document_id, answer in there.items() if answer["_source"].get("write") == mark}
        return [o.done or d.id in own for d, o in zip(documents, outcomes, strict=True)]

    def _answers(
        self, collection: Collection, ids: Sequence[str], fields: Sequence[str] = READ_FIELDS
    ) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for chunk in itertools.batched(dict.fromkeys(ids), _CHUNK):
            told = self._ask_by_id(self._index(collection), [server_id(each) for each in chunk], list(fields))
            found.update((each, answer) for each, answer in zip(chunk, told, strict=True) if answer["found"])
        return found

    def _ask_by_id(self, index: str, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        """Asks again while an index is only starting: that is told of each document, not of the request."""
        patience = self._link.patience()
        while True:
            docs = self._link.ask(lambda client: client.mget(index=index, ids=ids, source=fields or False))["docs"]
            error = next((told["error"] for told in docs if "error" in told), None)
            if error is None:
                return list(docs)
            passing = "shard" in error.get("type", "")
            patience.pause(passing, lambda: f"{self._link.address.server}: {error.get('reason')}")  # noqa: B023 - now

    def _search(self, **asked: Any) -> Any:
        return self._link.ask(
            lambda client: client.search(
                **asked,
                source={"includes": READ_FIELDS},
                seq_no_primary_term=True,
                track_total_hits="search_after" not in asked,
            )
        )

    def _all(self, collection: Collection, query: Query, order: list[dict[str, Any]] | None = None) -> Iterator[Stored]:
        """Yields all that matches at one moment."""
        index = self._index(collection)
        moment = self._link.ask(lambda client: client.open_point_in_time(index=index, keep_alive=_KEEP_OPEN))["id"]
        after: dict[str, Any] = {}
        try:
            while True:
                pit = {"id": moment, "keep_alive": _KEEP_OPEN}
                answer = self._search(
                    pit=pit, query=query, sort=order or server_order(collection, ()), size=_CHUNK, **after
                )
                hits = answer["hits"]["hits"]
                yield from map(stored_of, hits)
                if len(hits) < _CHUNK:
                    return
                after = {"search_after": hits[-1]["sort"]}
        finally:
            self._link.ask(lambda client: client.close_point_in_time(id=moment), absent={})

    def _refresh(self, collection: Collection) -> None:
        """Makes what was written findable, where this process wrote or others may have."""
        index = self._index(collection)
        latest, now = _LATEST.get((self._link.address.server, index)), time.monotonic()
        refreshed, seen = self._refreshed.get(index, (-REFRESH_SECONDS, None))
        if seen is latest and now - refreshed < REFRESH_SECONDS:
            return
        self._link.ask(lambda client: client.indices.refresh(index=index))
        self._refreshed[index] = (now, latest)


def _created(collection: Collection, document: Document, mark: str) -> Write:
    source = source_json(collection, document, mark)
    return Write(header=create_header(document.id), source=source)


def _over(collection: Collection, document: Document, version: int, mark: str) -> Write:
    source = source_json(collection, document, mark)
    number, term = parts_of(version)
    return Write(header=header("index", document.id, if_seq_no=number, if_primary_term=term), source=source)


def _replaced(collection: Collection, document: Document, answer: Mapping[str, Any] | None, mark: str) -> Write:
    if answer is None:
        return _created(collection, document, mark)
    return _over(collection, document, token_of(answer), mark)


def _removed(document_id: str) -> Write:
    return Write(header=header("delete", document_id))


def _is_same(answer: Mapping[str, Any] | None, body: str) -> bool:
    return answer is not None and answer["_source"]["body"] == body


def _refuse(collection: Collection, document: Document, outcome: Outcome) -> None:
    if not outcome.done and not outcome.conflict:
        raise RefusedDocumentError(
            f"Elasticsearch refuses {collection}/{document.id} ({outcome.status}): {outcome.reason}"
        )
