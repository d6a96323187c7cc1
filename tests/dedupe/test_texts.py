import itertools

import pytest

from transforms.dedupe.texts import join_text, leave_text, texts_of


def _ids(store, content_hash):
    return [article for _, article in texts_of(store, [content_hash])[content_hash].articles]


@pytest.mark.parametrize("order", list(itertools.permutations(["first", "second", "undated"])))
def test_join_text_puts_earliest_published_first_in_any_order(store, make, order):
    published = {"first": "2024-01-01", "second": "2024-01-02", "undated": None}
    for name in order:
        join_text(store, make.article(name, published=published[name], text="same"))
    assert _ids(store, "hash of same") == ["first", "second", "undated"]


def test_join_text_breaks_ties_by_id(store, make):
    for name in ("b", "a"):
        text = join_text(store, make.article(name, text="same"))
    assert [article for _, article in text.articles] == ["a", "b"]


def test_join_text_replaces_own_entry_when_date_changes(store, make):
    join_text(store, make.article("a", published="2024-01-02", text="same"))
    join_text(store, make.article("b", published="2024-01-03", text="same"))
    join_text(store, make.article("a", published="2024-01-04", text="same"))
    assert _ids(store, "hash of same") == ["b", "a"]


def test_leave_text_hands_original_to_next(store, make):
    join_text(store, make.article("a", published="2024-01-02", text="same"))
    join_text(store, make.article("b", published="2024-01-03", text="same"))
    leave_text(store, "a", "hash of same")
    assert _ids(store, "hash of same") == ["b"]


def test_leave_text_of_unknown_text_writes_nothing(store):
    leave_text(store, "a", "no such text")
    assert texts_of(store, ["no such text"]) == {}


def test_text_keeps_what_it_is_compared_by(store, make):
    joined = join_text(store, make.article("a", text="Both sides agreed to a truce until 1 May."))
    assert texts_of(store, [joined.hash])[joined.hash] == joined
    assert joined.fingerprint.telling
