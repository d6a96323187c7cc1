"""Shows feeds and their health: last success, last new item, failures, next poll."""

import datetime
from collections.abc import Sequence
from typing import Any

from pipeline.tables import Column, clean
from transforms.ingest.feeds.records import Cursor, Feed, cursor_from
from transforms.store.protocol import Collection, Store


def _moment(value: datetime.datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def health(cursor: Cursor | None) -> str:
    """Returns a feed's health in a word: new (never polled), ok, failing or gone."""
    if cursor is None or not cursor.polls:
        return "new"
    return "gone" if cursor.is_gone else "failing" if cursor.failures else "ok"


def feed_row(feed: Feed, cursor: Cursor | None) -> dict[str, Any]:
    """Returns a feed as listings show it."""
    polls = cursor.polls if cursor else ()
    return {
        "url": feed.url,
        "name": feed.name or (cursor.title if cursor else None),
        "health": health(cursor),
        "moved_to": cursor.address if cursor and cursor.address != feed.url else None,
        "last_success": _moment(cursor.last_success) if cursor else None,
        "last_new": _moment(cursor.last_new) if cursor else None,
        "failures": cursor.failures if cursor else 0,
        "failing_since": _moment(cursor.failing_since) if cursor else None,
        "next_poll": _moment(cursor.next_poll) if cursor and not cursor.is_gone else None,
        "cadence_seconds": feed.interval_seconds or (round(cursor.cadence_seconds) if cursor else None),
        "full_text": feed.full_text,
        "language": feed.language,
        "error": polls[-1].error if polls else None,
        "polls": [
            {"at": _moment(poll.at), "outcome": poll.outcome.value, "new_items": poll.new_items, "error": poll.error}
            for poll in reversed(polls)
        ],
    }


def feed_rows(feeds: Sequence[Feed], store: Store | None) -> list[dict[str, Any]]:
    """Returns feeds as listings show them, with what the store knows of them, where there is one."""
    stored = store.get(Collection.FEEDS, [feed.id for feed in feeds]) if store is not None else {}
    return [feed_row(feed, cursor_from(stored[feed.id]) if feed.id in stored else None) for feed in feeds]


def _field(name: str, heading: str | None = None, *, wide: bool = False) -> Column:
    return Column(heading=heading or name.replace("_", " "), text=lambda row: clean(row[name]), wide=wide)


def _time(name: str) -> Column:
    return Column(heading=name.replace("_", " "), text=lambda row: clean(row[name])[:16].replace("T", " "))


COLUMNS = (
    _field("name", wide=True),
    _field("health"),
    _time("last_success"),
    _time("last_new"),
    _field("failures"),
    _time("next_poll"),
    _field("url", wide=True),
    _field("error", wide=True),
)
