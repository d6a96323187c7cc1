import dataclasses

from transforms.attempt import failure_of
from transforms.dedupe.deduplicate import judge
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
    for _, placed in judge(store, [article]):
        store.replace(Collection.ARTICLES, [article_document(placed, Reading(article=article.id), "run")])


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
    list(judge(store, [make.article("a", published="2024-01-01", text="same")]))
    assert list(mark_done(store, article)) == []
    assert _state(store, article) == (State.PENDING, State.PENDING)


def test_mark_done_meets_a_done_article_again_that_was_written_in_an_outdated_role(store, make, now):
    article = make.article("b", published="2024-01-02", text="same")
    _indexed(store, article, now)
    list(mark_done(store, article))
    list(judge(store, [make.article("a", published="2024-01-01", text="same")]))
    assert list(mark_done(store, article)) == []
    item = item_from(store.get(Collection.ITEMS, [article.item])[article.item])
    assert (item.state, item.content, item.published) == (State.PENDING, "same", "2024-01-02")


def test_mark_done_waits_until_what_it_turned_into_a_copy_is_written(store, make, now):
    known = make.article("late", published="2024-01-02", text="same")
    _indexed(store, known, now)
    list(mark_done(store, known))
    original = make.article("early", published="2024-01-01", text="same")
    list(store_item(store, _item(original, now)))
    changed, placed = (placed for _, placed in judge(store, [original]))
    store.replace(Collection.ARTICLES, [article_document(placed, Reading(article=placed.id), "run")])
    assert list(mark_done(store, placed)) == []
    store.replace(Collection.ARTICLES, [article_document(changed, Reading(article=changed.id), "run")])
    assert list(mark_done(store, changed)) == ["late"]
    assert list(mark_done(store, placed)) == ["early"]


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
