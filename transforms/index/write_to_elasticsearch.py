"""Writes documents to any Elasticsearch index from a Beam pipeline, and says which were written and which refused."""

import concurrent.futures
import datetime
import json
from collections import deque
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput
from apache_beam.utils.windowed_value import WindowedValue

from transforms.attempt import FAILURES, MAIN
from transforms.ingest.unreadable import make_failure
from transforms.records import Failure, record
from transforms.store.bodies import json_line
from transforms.store.elasticsearch.address import parse_address
from transforms.store.elasticsearch.bulk import MAX_REQUEST_BYTES, MAX_REQUEST_WRITES, Outcome, Write, send
from transforms.store.elasticsearch.documents import header
from transforms.store.elasticsearch.link import Link
from transforms.store.open import WORKING_SECONDS
from transforms.store.protocol import Document

STAGE = "write"

# One request is prepared while others are on their way; a single node of few cores is busy with that.
REQUESTS_IN_FLIGHT = 4


class Operation(StrEnum):
    """What becomes of a document whose id is there already: it stays (create), or gives way (index)."""

    CREATE = "create"
    INDEX = "index"


@record
class _Sent:
    """A document on its way: what to write, and the place in time at which its result belongs."""

    document: Document
    write: Write
    at: WindowedValue


class _WriteFn(beam.DoFn):
    """Gathers a bundle's documents into requests and sends several at once; the bundle ends when all are answered."""

    def __init__(
        self,
        *,
        url: str,
        index: str,
        operation: Operation,
        max_request_bytes: int,
        max_request_documents: int,
        requests_in_flight: int,
        patience_seconds: float,
        now: datetime.datetime,
    ) -> None:
        self._address = parse_address(url)
        self._index = index
        self._operation = operation
        self._max_bytes = max_request_bytes
        self._max_documents = max_request_documents
        self._in_flight = requests_in_flight
        self._patience_seconds = patience_seconds
        self._now = now

    def setup(self) -> None:
        self._link = Link(self._address, patience_seconds=self._patience_seconds)
        self._pool = concurrent.futures.ThreadPoolExecutor(self._in_flight, thread_name_prefix="write")

    def start_bundle(self) -> None:
        self._batch: list[_Sent] = []
        self._bytes = 0
        self._flying: deque[tuple[list[_Sent], concurrent.futures.Future[list[Outcome]]]] = deque()
        self._results: list[Any] = []

    def process(
        self,
        document: Document,
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        """Gathers a document; one that is no JSON fails at once."""
        try:
            write = self._write(document)
        except (TypeError, ValueError) as error:
            yield TaggedOutput(FAILURES, self._failure(document, f"{type(error).__name__}: {error}"))
            return
        size = len(write.header) + len(write.source)
        if self._batch and (self._bytes + size > self._max_bytes or len(self._batch) >= self._max_documents):
            self._send()
        self._batch.append(_Sent(document=document, write=write, at=WindowedValue(None, timestamp, (window,))))
        self._bytes += size

    def finish_bundle(self) -> Iterable[Any]:
        """Waits for all answers and yields them, each at its document's own time and window."""
        if self._batch:
            self._send()
        while self._flying:
            self._land()
        return self._results

    def teardown(self) -> None:
        self._pool.shutdown()
        self._link.close()

    def _write(self, document: Document) -> Write:
        return Write(header=header(self._operation.value, document.id), source=json_line(document.body))

    def _send(self) -> None:
        if len(self._flying) >= self._in_flight:
            self._land()
        batch, self._batch, self._bytes = self._batch, [], 0
        self._flying.append((batch, self._pool.submit(send, self._link, self._index, [each.write for each in batch])))

    def _land(self) -> None:
        batch, answer = self._flying.popleft()
        written = 0
        for sent, outcome in zip(batch, answer.result(), strict=True):
            if outcome.done or (outcome.conflict and self._operation is Operation.CREATE):
                written += 1
                self._results.append(sent.at.with_value(sent.document.id))
            else:
                failure = self._failure(sent.document, f"Elasticsearch refuses it ({outcome.status}): {outcome.reason}")
                self._results.append(TaggedOutput(FAILURES, sent.at.with_value(failure)))
        Metrics.counter(STAGE, "documents_written").inc(written)

    def _failure(self, document: Document, error: str) -> Failure:
        Metrics.counter(STAGE, "documents_refused").inc()
        locator, payload = f"{self._index}/{document.id}", json.dumps(document.body, ensure_ascii=False, default=str)
        return make_failure(STAGE, document.id, error, now=self._now, locator=locator, payload=payload)


class WriteToElasticsearch(beam.PTransform[PCollection[Document], DoOutputsTuple]):
    """Writes each document under its id into one index.

    Requests hold so many bytes and documents at most, and several are on their way at once. What the server cannot
    take now (429, 5xx, no answer), whole requests and single documents, is sent again with growing pauses. Secrets come
    from the environment (`transforms.store.elasticsearch.address`).

    Input: Document; its body is the document as Elasticsearch gets it.
    Output: ids of the documents that are in the index, by tag `main`; Failure, with the server's reason, of those it
    refuses, by tag `failures`.
    Guarantee: ids are the documents' own, so a retry writes the same again; when `create` finds the id there, that is
    success. A document is in `main` only after the server acknowledged it.
    Failures: a server that stays away longer than `patience_seconds` fails the bundle with a StoreError.

    Args:
        url: The server: `elasticsearch://host:9200`, `https://host:9200` (a path is not used).
        index: The index, or an alias with a write index.
        operation: Whether a document whose id is there stays (`create`) or gives way (`index`).
        max_request_bytes: At most so many bytes a request; a larger document goes alone.
        max_request_documents: At most so many documents a request.
        requests_in_flight: At most so many requests at once, for each worker thread.
        patience_seconds: How long one request is tried again.
        now: The time noted on failures; None for the time of construction.

    Raises:
        ValueError: A bound is below 1, or the index has no name.
        StoreError: The URL names no server.
    """

    def __init__(
        self,
        *,
        url: str,
        index: str,
        operation: Operation = Operation.CREATE,
        max_request_bytes: int = MAX_REQUEST_BYTES,
        max_request_documents: int = MAX_REQUEST_WRITES,
        requests_in_flight: int = REQUESTS_IN_FLIGHT,
        patience_seconds: float = WORKING_SECONDS,
        now: datetime.datetime | None = None,
    ) -> None:
        if not index:
            raise ValueError("index is empty: name the index to write to")
        bounds = (max_request_bytes, max_request_documents, requests_in_flight)
        if min(bounds) < 1:
            raise ValueError(f"bounds must be 1 or more, found {bounds} (bytes, documents, requests)")
        self._fn = _WriteFn(
            url=url,
            index=index,
            operation=Operation(operation),
            max_request_bytes=min(max_request_bytes, MAX_REQUEST_BYTES),
            max_request_documents=min(max_request_documents, MAX_REQUEST_WRITES),
            requests_in_flight=requests_in_flight,
            patience_seconds=patience_seconds,
            now=now or datetime.datetime.now(datetime.UTC),
        )

    def expand(self, documents: PCollection[Document]) -> DoOutputsTuple:
        """Wires the writes."""
        return documents | "Send" >> beam.ParDo(self._fn).with_outputs(FAILURES, main=MAIN)
