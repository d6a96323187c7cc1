"""Notes items as pending before anything else is done with them, so that no later failure can lose them."""

import datetime
from collections.abc import Iterator

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection

from transforms.attempt import TryEach, failure_id
from transforms.ingest.read_files import path_of
from transforms.records import Item, State
from transforms.store.documents import item_document, item_from
from transforms.store.protocol import Collection, Store

STAGE = "ingest"


def store_item(store: Store, item: Item) -> Iterator[str]:
    """Stores an item as pending, once; a failure that its locator or its file had earlier is settled.

    Args:
        store: Where to.
        item: As read from its file.

    Yields:
        The item's id unless it is done already. An item that failed before is pending again.
    """
    known = store.get(Collection.ITEMS, [item.id]).get(item.id)
    store.delete(Collection.FAILURES, [failure_id(item.locator), failure_id(path_of(item.locator))])
    if known is not None and item_from(known).state is State.DONE:
        Metrics.counter(STAGE, "items_known").inc()
        return
    created = known is None and store.create(Collection.ITEMS, [item_document(item)])[0]
    Metrics.counter(STAGE, "items_taken_in" if created else "items_met_again").inc()
    yield item.id


class StoreItems(beam.PTransform[PCollection[Item], DoOutputsTuple]):
    """Stores items create-once.

    Input: Item. Output: ids of the items not yet done, by tag `main`; Failure by tag `failures`.
    Guarantee: an item's id is emitted only after the item is safe in the store.
    """

    def __init__(self, *, store_url: str, now: datetime.datetime) -> None:
        self._store_url = store_url
        self._now = now

    def expand(self, items: PCollection[Item]) -> DoOutputsTuple:
        """Wires the writes."""
        return items | "Create" >> TryEach(stage=STAGE, step=store_item, store_url=self._store_url, now=self._now)
