"""Sends writes in bulk, by bytes and count, and tells what came of each; what is refused for now is sent again."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from elasticsearch import ApiError, TransportError

from transforms.records import record
from transforms.store.elasticsearch.link import Link, is_passing, is_status_passing, one_line

# Elasticsearch's advice is a few megabytes a request (the client's own bound is 100 MB, which fills a small queue).
MAX_REQUEST_BYTES = 5_000_000
MAX_REQUEST_WRITES = 1_000

# What is read of an answer; the rest is half of it.
_TOLD = "errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason"
_CONFLICT = 409


@record
class Write:
    """One write, ready to send: the line that says what to do, and the document's line (none for a removal)."""

    header: bytes
    source: bytes = b""


@record
class Outcome:
    """What came of one write.

    Attributes:
        status: The HTTP status of this one.
        reason: Why it was refused, on one line; empty when it was done.
        kind: The server's name for that, such as `mapper_parsing_exception`.
        doubtful: Whether an earlier attempt may have been done although its answer was lost: a conflict may then be
            with our own write.
    """

    status: int
    reason: str = ""
    kind: str = ""
    doubtful: bool = False

    @property
    def done(self) -> bool:
        """Whether the write was done."""
        return self.status < 300

    @property
    def conflict(self) -> bool:
        """Whether the document was there, or was not the version expected."""
        return self.status == _CONFLICT


def send(link: Link, index: str, writes: Sequence[Write]) -> list[Outcome]:
    """Sends writes and returns what came of each, in order.

    Args:
        link: Where to.
        index: The index, or an alias of one.
        writes: Each must do no harm when repeated.

    Raises:
        StoreError: The server could not be used in time, or refuses all writes.
    """
    return [outcome for batch in batches(writes) for outcome in _send(link, index, batch)]


def batches(writes: Sequence[Write]) -> Iterator[Sequence[Write]]:
    """Yields the writes in batches that one request takes."""
    first, size = 0, 0
    for at, write in enumerate(writes):
        added = len(write.header) + len(write.source)
        if at > first and (size + added > MAX_REQUEST_BYTES or at - first >= MAX_REQUEST_WRITES):
            yield writes[first:at]
            first, size = at, 0
        size += added
    if writes:
        yield writes[first:]


def _send(link: Link, index: str, batch: Sequence[Write]) -> list[Outcome]:
    patience = link.patience()
    outcomes: list[Outcome | None] = [None] * len(batch)
    doubtful = False
    while left := [at for at, outcome in enumerate(outcomes) if outcome is None]:
        try:
            items = _request(link, index, [batch[at] for at in left])
        except (ApiError, TransportError) as error:
            patience.wait(error)
            doubtful = doubtful or _may_be_done(error)
            continue
        passing = []
        for at, item in zip(left, items, strict=True):
            outcome = _outcome(item, doubtful=doubtful)
            if is_status_passing(outcome.status, outcome.kind):
                passing.append(outcome)
            else:
                outcomes[at] = outcome
        if passing:
            patience.pause(passing=True, told=lambda: f"{link.address.server} is overloaded: {passing[0].reason}")  # noqa: B023 - called before the next round
    return [outcome for outcome in outcomes if outcome is not None]


def _may_be_done(error: Exception) -> bool:
    """A request that the server turned away as a whole was not done; of all others nobody knows."""
    return not (isinstance(error, ApiError) and error.status_code == 429) and is_passing(error)


def _request(link: Link, index: str, batch: Sequence[Write]) -> list[dict[str, Any]]:
    lines: Iterator[Any] = itertools.chain.from_iterable(
        (write.header, write.source) if write.source else (write.header,) for write in batch
    )
    answer = link.client.bulk(index=index, operations=list(lines), filter_path=_TOLD)
    return [next(iter(item.values())) for item in answer["items"]]


def _outcome(item: dict[str, Any], *, doubtful: bool) -> Outcome:
    error = item.get("error")
    if error is None:
        return Outcome(status=item["status"], doubtful=doubtful)
    causes = dict.fromkeys(filter(None, (error.get("reason"), error.get("caused_by", {}).get("reason"))))
    reason = one_line(": ".join(causes)) or str(error.get("type"))
    return Outcome(status=item["status"], reason=reason, kind=str(error.get("type")), doubtful=doubtful)
