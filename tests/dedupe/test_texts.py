import itertools

import pytest

from transforms.dedupe.texts import join_text, leave_text, with_text


@pytest.mark.parametrize("order", list(itertools.permutations(["first", "second", "undated"])))
def test_join_text_puts_earliest_published_first_in_any_order(store, make, order):
    published = {"first": "2024-01-01", "second": "2024-01-02", "undated": None}
    for name in order:
        join_text(store, make.article(name, published=published[name], text="same"))
    assert with_text(store, "hash of same") == ("first", "second", "undated")


def test_join_text_breaks_ties_by_id(store, make):
    for name in ("b", "a"):
        ids = join_text(store, make.article(name, text="same"))
    assert ids == ("a", "b")


def test_join_text_replaces_own_entry_when_date_changes(store, make):
    join_text(store, make.article("a", published="2024-01-02", text="same"))
    join_text(store, make.article("b", published="2024-01-03", text="same"))
    assert join_text(store, make.article("a", published="2024-01-04", text="same")) == ("b", "a")


def test_leave_text_hands_original_to_next(store, make):
    join_text(store, make.article("a", published="2024-01-02", text="same"))
    join_text(store, make.article("b", published="2024-01-03", text="same"))
    assert leave_text(store, "a", "hash of same") == ("b",)


def test_leave_text_of_unknown_text_is_empty(store):
    assert leave_text(store, "a", "no such text") == ()
