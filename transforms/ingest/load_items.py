"""Fetches pending items from the store by id; only ids travel between workers before this."""

from collections.abc import Iterator

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple, PCollection

from transforms.attempt import TryEach
from transforms.present import When
from transforms.records import Item, State
from transforms.store.documents import item_from
from transforms.store.protocol import Collection, Store


def load_item(store: Store, item_id: str) -> Iterator[Item]:
    """Yields the item unless somebody else has finished it meanwhile."""
    stored = store.get(Collection.ITEMS, [item_id]).get(item_id)
    if stored is None:
        return
    item = item_from(stored)
    if item.state is not State.DONE:
        yield item


class LoadItems(beam.PTransform[PCollection[str], DoOutputsTuple]):
    """Loads items that are not done.

    Input: item ids. Output: Item, by tag `main`; Failure by tag `failures`.
    Guarantee: read by id, so it sees every write that came before.
    """

    def __init__(self, *, store_url: str, now: When) -> None:
        self._store_url = store_url
        self._now = now

    def expand(self, ids: PCollection[str]) -> DoOutputsTuple:
        """Wires the look-up."""
        return ids | "Get" >> TryEach(stage="ingest", step=load_item, store_url=self._store_url, now=self._now)
