import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.make import Make
from transforms.records import Article, Item, Reading, digest, from_json, to_json


@given(st.builds(Item, id=st.text(), locator=st.text(), media_type=st.just("text/plain"), content=st.text(),
                 taken_in=st.datetimes(timezones=st.just(datetime.UTC))))  # fmt: skip
def test_item_survives_json(item):
    assert from_json(Item, to_json(item)) == item


def test_article_and_reading_survive_json():
    for value in (Make.article("a"), Make.reading("a")):
        assert from_json(type(value), to_json(value)) == value


def test_from_json_refuses_what_does_not_fit():
    with pytest.raises(ValidationError):
        from_json(Reading, {"article": 3, "actors": "none"})


def test_records_cannot_be_changed():
    article = Make.article("a")
    with pytest.raises(AttributeError):
        article.title = "other"
    assert isinstance(article, Article)


def test_digest_keeps_parts_apart():
    assert digest("ab", "c") != digest("a", "bc")
