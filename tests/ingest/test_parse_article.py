"""Items become articles; what is said about them goes before what they say."""

import contextlib
import datetime
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.ingest.html_text import read_page
from transforms.ingest.parse_article import ParseArticles, UnreadableArticle, content_hash, parse_article
from transforms.records import Article, Item, PublishedHow

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
DATA = Path(__file__).parents[1] / "data" / "ingest"
TEXT = "Rivals sign pact\n\nThe two rivals signed their pact on Monday and will meet again by 1 May.\n"


def _item(content, media_type="text/plain", **fields):
    return Item(id="i", locator="a", media_type=media_type, content=content, taken_in=NOW, **fields)


def _parse(content, media_type="text/plain", **fields):
    return parse_article(_item(content, media_type, **fields), now=NOW)


def _page(name):
    return (DATA / name).read_text("utf-8")


def test_plain_text_keeps_every_character_in_its_place():
    article = _parse("  Rivals\x07sign\n\n\tThey met.\n", title="A title of their own")
    assert article.text == "  Rivals sign\n\n\tThey met.\n"
    assert article.title == "A title of their own"


def test_plain_text_without_anything_said_about_it():
    article = _parse(TEXT)
    assert (article.title, article.url, article.source) == ("Rivals sign pact", None, None)
    assert (article.published, article.published_how) == (None, PublishedHow.UNKNOWN)
    assert (article.language, article.item, article.taken_in) == ("en", "i", NOW)


def test_page_gives_its_text_without_menus_and_its_metadata():
    article = _parse(_page("modern.html"), "text/html")
    paragraphs = article.text.split("\n\n")
    assert paragraphs[0] == article.title == "River pact extended by a year"
    assert paragraphs[1].startswith("The two governments on either bank extended their river pact by a year")
    assert paragraphs[-1].endswith("publish their rates every month.")
    assert len(paragraphs) == 4
    assert (article.url, article.source) == ("https://www.example.com/world/river-pact", "The Example Times")
    assert (article.published, article.published_how) == ("2022-11-17T23:30:00-05:00", PublishedHow.PAGE)


def test_old_page_gives_the_date_under_its_headline_not_that_of_the_masthead():
    article = _parse(_page("old.html"), "text/html")
    assert (article.published, article.published_how) == ("2006-05-03", PublishedHow.PAGE)
    assert article.title == "Talks end without a deal"
    assert "exchange of prisoners" in article.text


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta name="DC.date.issued" content="2018-09-17">', "2018-09-17"),
        ('<meta itemprop="datePublished" content="2018-09-17T10:00:00Z">', "2018-09-17T10:00:00+00:00"),
        ('<script type="application/ld+json">{"datePublished": "2018-09-17"}</script>', "2018-09-17"),
        ('<link rel="canonical" href="https://example.com/2018/09/17/pact.html">', "2018-09-17"),
        ('<link rel="canonical" href="https://example.com/world/2018/sep/17/pact">', "2018-09-17"),
        ('<meta name="deadline" content="2018-09-17">', None),
    ],
)
def test_page_says_in_many_ways_when_it_was_published(head, published):
    body = "<p>The parties must leave the river by 15 October 2018, the text of the pact says.</p>" * 2
    article = _parse(f"<html><head>{head}</head><body><article>{body}</article></body></html>", "text/html")
    assert article.published == published


def test_page_whose_canonical_address_is_the_front_page_has_no_address_of_its_own():
    page = _page("modern.html").replace("https://www.example.com/world/river-pact?utm_source=front", "https://e.com/")
    assert _parse(page, "text/html").url is None


@pytest.mark.parametrize(
    "page", ["<p>", "<html><body><nav>Home</nav></body></html>", "no page", "<div>" * 5_000, "<!-- x -->"]
)
def test_page_without_an_article_is_unreadable(page):
    with pytest.raises(UnreadableArticle, match="no article text"):
        _parse(page, "text/html")


def test_markdown_is_read_without_marks():
    article = _parse(_page("note.md"), "text/markdown")
    assert (article.title, article.url) == ("Ferry strike called off", "https://example.com/ferry")
    assert (article.published, article.published_how) == ("2019-03-01", PublishedHow.PAGE)
    assert article.source == "example.com"
    assert article.text.startswith("Ferry strike called off\n\nThe union and the operator")


def test_what_is_said_goes_before_what_the_page_says():
    article = _parse(
        _page("modern.html"),
        "text/html",
        title="Another title",
        url="HTTPS://example.com/b/?fbclid=1",
        source="Example Wire",
        published="17 September 2018",
        published_how=PublishedHow.SIDECAR,
        language="en",
    )
    assert article.text.startswith("Another title\n\n")
    assert (article.title, article.url, article.source) == ("Another title", "https://example.com/b", "Example Wire")
    assert (article.published, article.published_how) == ("2018-09-17", PublishedHow.SIDECAR)


def test_published_is_inferred_where_nothing_says_it():
    article = _parse("Rivals sign\n\nGENEVA, Feb. 3, 2012 (AP) - They met.")
    assert (article.published, article.published_how) == ("2012-02-03", PublishedHow.INFERRED)
    assert _parse("Rivals sign\n\nGENEVA, Feb. 3, 2052 (AP) - They met.").published is None


def test_article_id_is_of_the_address_else_of_the_text():
    assert _parse(TEXT, url="https://example.com/a/").id == _parse("Other.", url="https://example.com/a#b").id
    assert _parse(TEXT).id == _parse(TEXT.replace("\n\n", "\n"), title="T", published="2018-09-17").id
    assert _parse(TEXT).id != _parse("Other.").id


def test_content_hash_folds_white_space_and_unicode_forms():
    assert content_hash("Café  on\nMonday ") == content_hash("Cafe\u0301 on Monday")
    assert len(content_hash("")) == 32


def test_a_text_over_the_limit_is_unreadable():
    assert _parse("They met. " * 100_000)
    with pytest.raises(UnreadableArticle, match="1,000,001 characters; at most 1,000,000"):
        _parse("x" * 1_000_001)
    with pytest.raises(UnreadableArticle, match="at most 5,000,000"):
        _parse("x" * 5_000_001, "text/html")


def test_a_text_of_nothing_is_unreadable():
    for content, media_type in ((" \x07 ", "text/plain"), ("---\ntitle: T\n---\n", "text/markdown")):
        with pytest.raises(UnreadableArticle):
            _parse(content, media_type, title=None)


@settings(max_examples=60)
@given(
    st.text(max_size=200) | st.text(alphabet="<>/abp=\"' !-[]&;#*_`\n", max_size=200),
    st.sampled_from(["text/plain", "text/markdown", "text/html"]),
)
def test_parse_article_reads_or_refuses_anything(content, media_type):
    with contextlib.suppress(UnreadableArticle):
        article = _parse(content, media_type)
        assert article.text.strip()
        assert article == _parse(content, media_type)
        assert media_type != "text/plain" or len(article.text) == len(content)


def test_read_page_parts_paragraphs_by_blank_lines():
    assert "\n\n" in read_page(_page("modern.html")).text


def test_parse_articles_transform_parts_articles_and_failures():
    with test_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        items = pipeline | beam.Create([_item(TEXT), _item("<nav>Home</nav>", "text/html")])
        parsed = items | ParseArticles(now=NOW)
        titles = parsed["main"] | "Titles" >> beam.Map(lambda article: (type(article), article.title))
        failures = parsed["failures"] | "What" >> beam.Map(lambda f: (f.stage, f.record, f.locator, f.payload))
        assert_that(titles, equal_to([(Article, "Rivals sign pact")]), label="Articles")
        assert_that(failures, equal_to([("parse", "i", "a", "<nav>Home</nav>")]), label="Failures")


def test_parse_articles_transform_refuses_a_time_without_offset():
    with pytest.raises(ValueError, match="now"):
        ParseArticles(now=datetime.datetime(2024, 1, 1))
