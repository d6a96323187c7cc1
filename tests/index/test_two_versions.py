"""Two versions of one page, each on its way in a worker of its own: however their steps mix, the better one stays."""

import dataclasses
import itertools

import pytest

from tests.make import NOW
from transforms.dedupe.deduplicate import Verdict, judge
from transforms.index.index import index_article
from transforms.index.mark_done import mark_done, mark_known
from transforms.ingest.store_items import store_item
from transforms.records import Item, ReadArticle, State
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp
from transforms.store.protocol import Collection

STEPS = 3  # resolve, index, mark


def _orders():
    places = itertools.combinations(range(2 * STEPS), STEPS)
    return ["".join("d" if step in chosen else "u" for step in range(2 * STEPS)) for chosen in places]


class _Desk:
    """One page that came twice: with its date, and without, where its deadlines cannot be read."""

    def __init__(self, store, make):
        self.store = store
        dated = make.article("page", text="same")
        undated = make.article("page", published=None, text="same")
        self.articles = {
            "d": dataclasses.replace(dated, item="item-d"),
            "u": dataclasses.replace(undated, item="item-u"),
        }
        self.readings = {"d": make.reading("page"), "u": make.reading("page", dates=())}
        for article in self.articles.values():
            item = Item(id=article.item, locator="/a", media_type="text/plain", content=article.text, taken_in=NOW)
            list(store_item(store, item))

    def steps(self, placed):
        """Yields between the steps of an article's way, as another worker may come between them."""
        name = placed.item.removeprefix("item-")
        stamp = Stamp(run="run", now=NOW)
        [resolved] = resolve(self.store, ReadArticle(article=placed, reading=self.readings[name]))
        yield
        [indexed] = index_article(self.store, resolved, stamp)
        yield
        list(mark_done(self.store, indexed.article))
        yield

    def settle(self):
        """Goes on with what is pending, as further passes do."""
        for _ in range(3):
            items = {stored.id for stored in self.store.scan(Collection.ITEMS, {"state": State.PENDING.value})}
            for verdict, placed in judge(self.store, [a for a in self.articles.values() if a.item in items]):
                for _ in self.steps(placed) if verdict is not Verdict.KNOWN else mark_known(self.store, placed):
                    pass
        assert not self.store.count(Collection.ITEMS, {"state": State.PENDING.value})


def _placed(store, article):
    [(_, placed)] = judge(store, [article])
    return placed


@pytest.mark.parametrize("first", ["du", "ud"])
@pytest.mark.parametrize("order", _orders())
def test_better_version_stays_with_its_deadlines(store, make, order, first):
    desk = _Desk(store, make)
    flights = {name: desk.steps(_placed(store, desk.articles[name])) for name in first}
    for name in order:
        next(flights[name])
    desk.settle()
    [article] = store.scan(Collection.ARTICLES)
    assert (article.body["published"], article.body["state"]) == ("2024-04-30", "done")
    assert [stored.body["date"] for stored in store.scan(Collection.DEADLINES)] == ["2024-06-01"]
