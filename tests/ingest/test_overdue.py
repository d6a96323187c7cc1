"""What stays behind in a stream is found again, and not over and over."""

import dataclasses
import datetime

import pytest

from transforms.ingest.overdue import OVERDUE_SECONDS, Overdue, fetch_at, overdue_at
from transforms.present import present
from transforms.records import Item, State
from transforms.store.documents import item_document
from transforms.store.protocol import Collection


def _item(key: str, age_seconds: float, state: State = State.PENDING, **more: object) -> Item:
    taken_in = present(None) - datetime.timedelta(seconds=age_seconds)
    return Item(id=key, locator=key, media_type="text/plain", content="x", taken_in=taken_in, state=state, **more)


class _Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock():
    return _Clock()


def test_item_that_stays_pending_is_listed_when_it_is_overdue_and_once_a_minute(store, clock):
    old, new = _item("old", OVERDUE_SECONDS + 1), _item("new", 1)
    store.create(Collection.ITEMS, [item_document(old), item_document(new)])
    overdue = Overdue(State.PENDING, overdue_at, clock=clock)
    assert list(overdue(store, None)) == ["old"]
    clock.at = OVERDUE_SECONDS - 1
    assert list(overdue(store, None)) == []
    clock.at = OVERDUE_SECONDS + 10
    assert list(overdue(store, None)) == ["old"]
    store.replace(Collection.ITEMS, [item_document(dataclasses.replace(old, state=State.DONE))])
    clock.at = 3 * OVERDUE_SECONDS
    assert list(overdue(store, None)) == []


def test_page_that_was_put_off_is_listed_at_its_time(store, clock):
    soon = present(None) + datetime.timedelta(hours=1)
    past = present(None) - datetime.timedelta(seconds=1)
    items = [_item("later", 100, State.WAITING, retry_at=soon), _item("now", 1, State.WAITING, retry_at=past)]
    store.create(Collection.ITEMS, [item_document(item) for item in items])
    assert list(Overdue(State.WAITING, fetch_at, clock=clock)(store, None)) == ["now"]
