"""The outbox: a row for each alert and channel, leased before it is sent, kept after.

Rows of a channel leave in the order in which they were written. Whoever sends leases the first row by compare-and-set
and notes after sending that it is sent; a crash between the two sends it once more when the lease is void.
"""

import dataclasses
import datetime
import itertools
import time
from collections.abc import Iterator, Sequence
from enum import StrEnum

from transforms.alert.alert import Alert
from transforms.alert.channels.channel import SendError
from transforms.ingest.unreadable import failure_id, make_failure
from transforms.records import digest, from_json, record, to_json
from transforms.store.documents import failure_document
from transforms.store.owner import is_void
from transforms.store.protocol import Collection, Document, Store, Stored

STAGE = "deliver"
# Longer than any channel's own time-outs together, so that a slow sender is not overtaken.
LEASE_SECONDS = 120
FIRST_PAUSE_SECONDS = 2.0
MAX_PAUSE_SECONDS = 1_800.0  # a channel that comes back is heard within half an hour
GIVE_UP_AFTER = datetime.timedelta(days=3)  # a long weekend
_HEAD = 200  # rows read at once; a digest holds at most so many


class RowState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@record
class Row:
    """One alert on its way to one channel.

    Attributes:
        sequence: Orders the rows of a channel; from the clock at which the row was first written.
        due: Not before this.
        group: Equal for rows that go out as one digest; None for one that goes alone.
        next_try: After a failure, not before this.
        owner, leased_until: Who sends it now, and until when nobody else may.
    """

    id: str
    alert: str
    channel: str
    rule: str
    state: RowState
    sequence: str
    created: datetime.datetime
    due: datetime.datetime
    group: str | None = None
    attempts: int = 0
    next_try: datetime.datetime | None = None
    owner: str | None = None
    leased_until: datetime.datetime | None = None
    sent: datetime.datetime | None = None
    error: str | None = None


@record
class Batch:
    """The rows to send next as one message, with their versions."""

    rows: tuple[tuple[Row, int], ...]


def delivery_id(alert: str, channel: str) -> str:
    """Returns the id of an alert's row for a channel."""
    return digest("delivery", alert, channel)


def row_document(alert: Alert, channel: str, *, digest_due: datetime.datetime | None) -> Document:
    """Returns the row that takes an alert to a channel, at once or with the digest of that time."""
    # Whole seconds in UTC: as text they sort as the moments do.
    due = (digest_due or alert.created).astimezone(datetime.UTC).replace(microsecond=0)
    group = digest("digest", alert.rule, channel, due.isoformat()) if digest_due else None
    row = Row(
        id=delivery_id(alert.id, channel),
        alert=alert.id,
        channel=channel,
        rule=alert.rule,
        state=RowState.WAITING,
        sequence=f"{time.time_ns():020d}",
        created=alert.created,
        due=due,
        group=group,
    )
    return _document(row)


def row_from(stored: Stored) -> Row:
    """Returns the row of its stored document."""
    return from_json(Row, stored.body)


def _document(row: Row) -> Document:
    return Document(id=row.id, body=to_json(row))


def next_batch(store: Store, channel: str, now: datetime.datetime) -> Batch | None:
    """Returns the first rows of a channel that are due: one, or those of one digest; None when there are none.

    Args:
        store: Where the outbox is.
        channel: The channel's name.
        now: Rows due later are passed over.
    """
    waiting = next(filter(None, _due_rows(store, channel, now)), None)
    if waiting is None:
        return None
    head = waiting[0][0]
    if head.group is None:
        return Batch(rows=(waiting[0],))
    return Batch(rows=tuple(pair for pair in waiting if pair[0].group == head.group))


def _due_rows(store: Store, channel: str, now: datetime.datetime) -> Iterator[list[tuple[Row, int]]]:
    """Yields a channel's rows that wait and are due, page by page, each with its version."""
    query = f'channel:"{channel}" AND state:waiting AND due:[* TO {now.astimezone(datetime.UTC).date()}]'
    for offset in itertools.count(0, _HEAD):
        found = store.find(Collection.DELIVERIES, query, sort=("due", "sequence"), limit=_HEAD, offset=offset).documents
        # A search may lag behind writes and find what is sent already, so what it suggests is read again.
        current = store.get(Collection.DELIVERIES, [stored.id for stored in found])
        rows = [(row_from(current[each.id]), current[each.id].version) for each in found if each.id in current]
        yield [(row, version) for row, version in rows if row.state is RowState.WAITING and row.due <= now]
        if len(found) < _HEAD:
            return


def waits_until(batch: Batch, now: datetime.datetime) -> datetime.datetime:
    """Returns when a batch may be sent: now, or later after a failure or while somebody else sends it."""
    moments = [now]
    for row, _ in batch.rows:
        moments += [row.next_try] if row.next_try else []
        moments += [row.leased_until] if row.leased_until and not is_void(row.owner) else []
    return max(moments)


def lease(store: Store, batch: Batch, owner: str, now: datetime.datetime) -> Batch | None:
    """Takes a batch for its sender; None when somebody else was faster."""
    until = now + datetime.timedelta(seconds=LEASE_SECONDS)
    taken = []
    for row, version in batch.rows:
        leased = dataclasses.replace(row, owner=owner, leased_until=until, attempts=row.attempts + 1)
        if store.compare_and_set(Collection.DELIVERIES, _document(leased), version):
            taken.append(row.id)
        elif not taken:
            return None
    current = store.get(Collection.DELIVERIES, taken)
    rows = ((row_from(current[key]), current[key].version) for key in taken if key in current)
    return Batch(rows=tuple((row, version) for row, version in rows if row.owner == owner))


def note_sent(store: Store, batch: Batch, now: datetime.datetime) -> None:
    """Notes that a leased batch arrived."""
    for row, version in batch.rows:
        sent = dataclasses.replace(
            row, state=RowState.SENT, sent=now, owner=None, leased_until=None, next_try=None, error=None
        )
        store.compare_and_set(Collection.DELIVERIES, _document(sent), version)


def note_failed(store: Store, batch: Batch, error: SendError, now: datetime.datetime, run: str) -> bool:
    """Notes that a leased batch did not arrive: to be tried again, or given up into `failures`.

    Returns:
        Whether it was given up.
    """
    gives_up = error.lasting or any(now - row.due >= GIVE_UP_AFTER and row.attempts > 1 for row, _ in batch.rows)
    for row, version in batch.rows:
        if gives_up:
            _store_failure(store, row, str(error), now, run)
        state = RowState.FAILED if gives_up else RowState.WAITING
        failed = dataclasses.replace(
            row,
            state=state,
            owner=None,
            leased_until=None,
            next_try=None if gives_up else now + pause(row.attempts, error),
            error=str(error),
        )
        store.compare_and_set(Collection.DELIVERIES, _document(failed), version)
    return gives_up


def pause(attempts: int, error: SendError) -> datetime.timedelta:
    """Returns how long to leave a channel alone after so many attempts: doubling, or as long as it asked for."""
    doubled = FIRST_PAUSE_SECONDS * 2 ** min(attempts - 1, 20)
    asked = error.retry_after or datetime.timedelta(0)
    return max(datetime.timedelta(seconds=min(doubled, MAX_PAUSE_SECONDS)), min(asked, GIVE_UP_AFTER))


def _store_failure(store: Store, row: Row, error: str, now: datetime.datetime, run: str) -> None:
    locator = f"channel {row.channel}, alert {row.alert}"
    failure = make_failure(STAGE, row.id, error, now=now, locator=locator, payload=row.rule)
    store.replace(Collection.FAILURES, [failure_document(failure, run, run)])


def send_again(store: Store, ids: Sequence[str], now: datetime.datetime) -> list[str]:
    """Makes rows waiting again, whatever became of them, behind those that wait already; returns the ids found.

    Args:
        store: Where the outbox is.
        ids: Of rows.
        now: From when they are due.
    """
    done = []
    for key in ids:
        while stored := store.get(Collection.DELIVERIES, [key]).get(key):
            row = dataclasses.replace(
                row_from(stored),
                state=RowState.WAITING,
                due=now.astimezone(datetime.UTC).replace(microsecond=0),
                group=None,
                attempts=0,
                next_try=None,
                error=None,
                sequence=f"{time.time_ns():020d}",
            )
            if store.compare_and_set(Collection.DELIVERIES, _document(row), stored.version):
                store.delete(Collection.FAILURES, [failure_id(key)])
                done.append(key)
                break
    return done
