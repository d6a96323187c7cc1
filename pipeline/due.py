"""Says whether a run would find anything to do: asking costs milliseconds, a graph that finds nothing half a second.

A stage that works from the store alone (and not on items that others bring) must be asked here too, or a watch does not
run it while nothing comes in.
"""

import itertools
from collections.abc import Iterator

from pipeline.graph import Plan
from transforms.alert.reminders import reminder_drafts
from transforms.alert.rulebook import rule_times
from transforms.ingest.feeds.poll_feeds import is_due
from transforms.ingest.feeds.records import Feed, cursor_from
from transforms.ingest.pages.fetch_pages import list_waiting
from transforms.records import State
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
    return any(_due_feeds(store, plan)) or any(list_waiting(store, plan.now)) or _has_alerts(store, plan)


def _has_alerts(store: Store, plan: Plan) -> bool:
    """Returns whether an earlier run left changes unmatched, or a deadline's reminder has become due."""
    if store.count(Collection.CHANGES, {"state": "open"}):
        return True
    made = rule_times(store, plan.rulebook.rules, plan.now)
    return any(reminder_drafts(store, plan.rulebook, made, plan.now))


def _due_feeds(store: Store, plan: Plan) -> Iterator[Feed]:
    for feeds in itertools.batched(plan.feeds, _ASKED_AT_ONCE):
        known = store.get(Collection.FEEDS, [feed.id for feed in feeds])
        for feed in feeds:
            if not plan.due_only or feed.id not in known or is_due(cursor_from(known[feed.id]), plan.now):
                yield feed
