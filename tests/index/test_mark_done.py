import dataclasses

from transforms.attempt import failure_of
from transforms.dedupe.texts import join_text
from transforms.index.mark_done import mark_done, mark_known
from transforms.index.store_failures import store_failure
from transforms.ingest.store_items import store_item
from transforms.records import Item, Reading, State
from transforms.store.documents import article_document, article_from, item_from
from transforms.store.protocol import Collection


def _item(article, now):
    return Item(id=article.item, locator="/news/a.txt", media_type="text/plain", content=article.text, taken_in=now)


def _indexed(store, article, now):
    list(store_item(store, _item(article, now)))
    join_text(store, article)
    store.replace(Collection.ARTICLES, [article_document(article, Reading(article=article.id), "run")])


def _state(store, article):
    item = item_from(store.get(Collection.ITEMS, [article.item])[article.item])
    return item.state, article_from(store.get(Collection.ARTICLES, [article.id])[article.id]).state


def test_mark_done_finishes_article_and_item_and_drops_the_item_content(store, make, now):
    article = make.article("a")
    _indexed(store, article, now)
    assert list(mark_done(store, article)) == ["a"]
    assert _state(store, article) == (State.DONE, State.DONE)
    assert item_from(store.get(Collection.ITEMS, [article.item])[article.item]).content == ""


def test_mark_done_leaves_pending_what_became_a_copy_on_its_way(store, make, now):
    article = make.article("b", published="2024-01-02", text="same")
    _indexed(store, article, now)
    join_text(store, make.article("a", published="2024-01-01", text="same"))
    assert list(mark_done(store, article)) == []
    assert _state(store, article) == (State.PENDING, State.PENDING)


def test_mark_done_settles_an_earlier_failure(store, make, now):
    article = make.article("a")
    _indexed(store, article, now)
    store_failure(store, failure_of("read", article, ValueError("bad day"), now), "run")
    assert item_from(store.get(Collection.ITEMS, [article.item])[article.item]).state is State.FAILED
    list(mark_done(store, article))
    assert store.count(Collection.FAILURES) == 0


def test_mark_known_finishes_the_item_alone(store, make, now):
    article = make.article("a")
    list(store_item(store, _item(article, now)))
    assert list(mark_known(store, article)) == ["a"]
    item = item_from(store.get(Collection.ITEMS, [article.item])[article.item])
    assert (item.state, item.article) == (State.DONE, "a")


def test_store_failure_counts_a_record_once_however_often_it_fails(store, make, now):
    failure = failure_of("read", make.article("a"), ValueError("first"), now)
    assert store_failure(store, failure, "one")
    assert not store_failure(store, dataclasses.replace(failure, error="second"), "two")
    [stored] = store.scan(Collection.FAILURES)
    assert (stored.body["error"], stored.body["run"], stored.body["last_run"]) == ("second", "one", "two")
