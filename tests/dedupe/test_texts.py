import itertools

import pytest

from transforms.dedupe.texts import join_texts, leave_texts, texts_of


def _ids(store, content_hash):
    return [article for _, article in texts_of(store, [content_hash])[content_hash].articles]


@pytest.mark.parametrize("order", list(itertools.permutations(["first", "second", "undated"])))
def test_join_texts_puts_earliest_published_first_in_any_order(store, make, order):
    published = {"first": "2024-01-01", "second": "2024-01-02", "undated": None}
    for name in order:
        join_texts(store, [make.article(name, published=published[name], text="same")])
    assert _ids(store, "hash of same") == ["first", "second", "undated"]


def test_join_texts_breaks_ties_by_id(store, make):
    joined = join_texts(store, [make.article(name, text="same") for name in ("b", "a")])
    assert [article for _, article in joined["hash of same"].articles] == ["a", "b"]


def test_join_texts_replaces_own_entry_when_date_changes(store, make):
    join_texts(store, [make.article("a", published="2024-01-02", text="same")])
    join_texts(store, [make.article("b", published="2024-01-03", text="same")])
    join_texts(store, [make.article("a", published="2024-01-04", text="same")])
    assert _ids(store, "hash of same") == ["b", "a"]


def test_leave_texts_hands_original_to_next(store, make):
    join_texts(store, [make.article("a", published="2024-01-02", text="same")])
    join_texts(store, [make.article("b", published="2024-01-03", text="same")])
    leave_texts(store, {"a": "hash of same"})
    assert _ids(store, "hash of same") == ["b"]


def test_leave_texts_of_unknown_text_writes_nothing(store):
    leave_texts(store, {"a": "no such text"})
    assert texts_of(store, ["no such text"]) == {}


def test_text_keeps_what_it_is_compared_by(store, make):
    [joined] = join_texts(store, [make.article("a", text="Both sides agreed to a truce until 1 May.")]).values()
    assert texts_of(store, [joined.hash])[joined.hash] == joined
    assert joined.fingerprint.telling
