"""Finds in a stream the items that should have come further: lost with a worker, put off, or not reached in a turn.

Items go on by themselves as soon as they are taken in. What is looked for here is only what stayed behind, and naming
one that is on its way after all does no harm: whatever is done already is passed over where items are loaded.
"""

import datetime
import time
from collections.abc import Callable, Iterator
from typing import Any

from transforms.present import present
from transforms.records import Item, State
from transforms.store.documents import item_from
from transforms.store.protocol import Collection, Store

OVERDUE_SECONDS = 60.0  # an item is on its way for some seconds
# A look reads every item that is pending, which in a backlog are many.
_LOOK_SECONDS = 10.0

type Since = Callable[[Item], datetime.datetime]


class Overdue:
    """Lists items of a state that are overdue, each again only after the same time once more.

    Args:
        state: Of the items.
        due: When an item may be listed.
        clock: Seconds that only go on.
    """

    def __init__(self, state: State, due: Since, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._due = due
        self._clock = clock
        self._looked = float("-inf")
        self._listed: dict[str, float] = {}

    def __call__(self, store: Store, _: Any) -> Iterator[str]:
        """Yields the ids of items that are overdue now."""
        at = self._clock()
        if at - self._looked < _LOOK_SECONDS:
            return
        self._looked = at
        self._listed = {key: since for key, since in self._listed.items() if at - since < OVERDUE_SECONDS}
        now = present(None)
        for stored in store.scan(Collection.ITEMS, {"state": self._state.value}):
            if stored.id not in self._listed and self._due(item_from(stored)) <= now:
                self._listed[stored.id] = at
                yield stored.id


def overdue_at(item: Item) -> datetime.datetime:
    """Returns when an item that was not put off is overdue."""
    return item.taken_in + datetime.timedelta(seconds=OVERDUE_SECONDS)


def fetch_at(item: Item) -> datetime.datetime:
    """Returns when an item's page is to be fetched that was put off, or was not reached yet."""
    return overdue_at(item) if item.retry_at is None else item.retry_at
