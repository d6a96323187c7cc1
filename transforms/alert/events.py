"""What happened to an agreement and its deadlines since they were last matched, read from their histories.

The histories are computed anew whenever an article comes in, so an event is known by what it says and not by where it
stands: an agreement's note in `changes` keeps, for its status and each of its deadlines, how far events were told of.
A change reported earlier than that is old news that came late; it stands in the history and is not told.
"""

from collections.abc import Iterator, Mapping, Sequence

from transforms.alert.alert import AlertKind
from transforms.records import Agreement, Change, Deadline, record
from transforms.store.documents import agreement_from
from transforms.store.protocol import Stored

type Order = tuple[str, str]
type Seen = Mapping[str, Order]

_UNDATED = "9999"  # an article without a date is heard last, as in the registry
STATUS = "status"


@record
class Event:
    """Something that happened to an agreement or to one of its deadlines.

    Attributes:
        article: The article that reports it.
        fact: What makes it this event, beside the agreement's or deadline's id.
    """

    kind: AlertKind
    agreement: Agreement
    deadline: Deadline | None
    article: str
    fact: tuple[str, ...] = ()
    old: str | None = None
    new: str | None = None


def order_of(change: Change) -> Order:
    """Returns where a change stands in time: by publication, then by article."""
    return change.published or _UNDATED, change.article


def agreement_events(agreement: Agreement, seen: Seen) -> Iterator[Event]:
    """Yields what is to be told of an agreement, in the order of its history.

    Args:
        agreement: With its history.
        seen: How far events were told of, by `status` and by deadline id.
    """
    times: dict[tuple[str | None, str | None], int] = {}
    for change in agreement.history:
        pair = (change.old, change.new)
        times[pair] = times.get(pair, 0) + 1
        event = _agreement_event(agreement, change, times[pair])
        if event.kind is not AlertKind.AGREEMENT_STATUS or _is_later(change, seen.get(STATUS)):
            yield event


def _agreement_event(agreement: Agreement, change: Change, occurrence: int) -> Event:
    kind, fact = AlertKind.AGREEMENT_NEW, tuple[str, ...]()
    match change.what:
        case "new":
            pass
        case "status":
            # A truce can break twice: the second time is news.
            kind, fact = AlertKind.AGREEMENT_STATUS, (change.old or "", change.new or "", str(occurrence))
        case _:
            kind, fact = AlertKind.AGREEMENT_PARTY, (change.new or "",)
    return Event(
        kind=kind,
        agreement=agreement,
        deadline=None,
        article=change.article,
        fact=fact,
        old=change.old,
        new=change.new,
    )


def deadline_events(agreement: Agreement, deadline: Deadline, seen: Seen) -> Iterator[Event]:
    """Yields what is to be told of a deadline: that it is new, and each move of its date.

    Args:
        agreement: Whose deadline it is.
        deadline: With its history.
        seen: As for `agreement_events`.
    """
    moves = [change for change in deadline.history if change.what == "deadline_moved"]
    first = next((change for change in deadline.history if change.what == "deadline_new"), None)
    article = first.article if first else deadline.evidence.article
    yield Event(kind=AlertKind.DEADLINE_NEW, agreement=agreement, deadline=deadline, article=article)
    for change in moves:
        if _is_later(change, seen.get(deadline.id)):
            yield Event(
                kind=AlertKind.DEADLINE_MOVED,
                agreement=agreement,
                deadline=deadline,
                article=change.article,
                fact=(change.old or "", change.new or ""),
                old=change.old,
                new=change.new,
            )


def seen_now(agreement: Agreement, deadlines: Sequence[Deadline], seen: Seen) -> dict[str, Order]:
    """Returns how far events are told of once all of today's are."""
    told = {STATUS: [order_of(change) for change in agreement.history if change.what in {"new", STATUS}]}
    told |= {deadline.id: [order_of(change) for change in deadline.history] for deadline in deadlines}
    latest = {key: max(orders) for key, orders in told.items() if orders}
    return {**seen, **{key: max(order, seen.get(key, order)) for key, order in latest.items()}}


def _is_later(change: Change, seen: Order | None) -> bool:
    return seen is None or order_of(change) > seen


def found_events(agreement: Agreement, deadlines: Sequence[Deadline], article: str) -> Iterator[Event]:
    """Yields, for rules that are a query, that an agreement and its deadlines are there."""
    yield Event(kind=AlertKind.AGREEMENT_FOUND, agreement=agreement, deadline=None, article=article)
    for deadline in deadlines:
        yield Event(kind=AlertKind.DEADLINE_FOUND, agreement=agreement, deadline=deadline, article=article)


def events_of(stored: Stored, deadlines: Sequence[Deadline], seen: Seen, article: str) -> Iterator[Event]:
    """Yields all events of a stored agreement; `article` is the latest one taken in that reports it."""
    agreement = agreement_from(stored)
    yield from agreement_events(agreement, seen)
    for deadline in deadlines:
        yield from deadline_events(agreement, deadline, seen)
    yield from found_events(agreement, deadlines, article)
