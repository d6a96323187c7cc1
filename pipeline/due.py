"""Says whether a run would find anything to do: asking costs milliseconds, a graph that finds nothing half a second.

A stage that works from the store alone (and not on items that others bring) must be asked here too, or a watch does not
run it while nothing comes in.
"""

import datetime
import itertools
from collections.abc import Iterator, Mapping

from pipeline.graph import Plan
from transforms.alert.reminders import reminder_drafts
from transforms.alert.rulebook import rule_times
from transforms.ingest.feeds.poll_feeds import is_due
from transforms.ingest.feeds.records import Cursor, Feed, cursor_from, host_of, new_cursor
from transforms.ingest.pages.fetch_pages import list_waiting
from transforms.records import State, record
from transforms.store.protocol import Collection, Store

_ASKED_AT_ONCE = 500  # feeds looked up in the store with one query


def has_work(store: Store, plan: Plan) -> bool:
    """Returns whether there is something to take in, to fetch, to finish, or to alert to.

    Args:
        store: The plan's.
        plan: What would be run.
    """
    if plan.paths or plan.files or plan.unlisted:
        return True
    if store.count(Collection.ITEMS, {"state": State.PENDING.value}):
        return True
    if not plan.is_web_apart and (due_feeds(store, plan).any or has_waiting(store, plan.now)):
        return True
    return _has_alerts(store, plan)


def has_waiting(store: Store, now: datetime.datetime, begun: datetime.datetime | None = None) -> bool:
    """Returns whether pages are to be fetched by now.

    Args:
        store: The plan's.
        now: The present.
        begun: When the last of those who fetch pages now began; they see to what waited then.
    """
    return any(list_waiting(store, now, begun))


def _has_alerts(store: Store, plan: Plan) -> bool:
    """Returns whether an earlier run left changes unmatched, or a deadline's reminder has become due."""
    if store.count(Collection.CHANGES, {"state": "open"}):
        return True
    made = rule_times(store, plan.rulebook.rules, plan.now)
    return any(reminder_drafts(store, plan.rulebook, made, plan.now))


@record
class DueFeeds:
    """Feeds of hosts where one is due; whoever polls them sees which are, and spares a busy host all of them.

    Attributes:
        sound: Of hosts where all answered when they were polled last.
        failing: Of the others, which may keep whoever asks them waiting.
    """

    sound: tuple[Feed, ...]
    failing: tuple[Feed, ...]

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.sound or self.failing)


def due_feeds(store: Store, plan: Plan, begun: Mapping[str, datetime.datetime] | None = None) -> DueFeeds:
    """Returns the plan's feeds that are to be polled by now, with the others of their hosts.

    Args:
        store: The plan's.
        plan: Its feeds.
        begun: When polling feeds began that still goes on, by feed; hosts that it has not got through are left out.
    """
    cursors = list(_cursors(store, plan))
    due = {host_of(cursor.address) for _, cursor in cursors if not plan.due_only or is_due(cursor, plan.now)}
    due -= {
        host_of(cursor.address)
        for feed, cursor in cursors
        if (since := (begun or {}).get(feed.id)) is not None and is_due(cursor, since)
    }
    failing = {host_of(cursor.address) for _, cursor in cursors if cursor.failures}
    found = [(feed, host) for feed, cursor in cursors if (host := host_of(cursor.address)) in due]
    return DueFeeds(
        sound=tuple(feed for feed, host in found if host not in failing),
        failing=tuple(feed for feed, host in found if host in failing),
    )


def _cursors(store: Store, plan: Plan) -> Iterator[tuple[Feed, Cursor]]:
    for feeds in itertools.batched(plan.feeds, _ASKED_AT_ONCE):
        known = store.get(Collection.FEEDS, [feed.id for feed in feeds])
        for feed in feeds:
            yield feed, cursor_from(known[feed.id]) if feed.id in known else new_cursor(feed)
