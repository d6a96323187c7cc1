"""One page has one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.ingest.urls import canonical_url, site_of


@pytest.mark.parametrize(
    "same",
    [
        "https://www.example.com/a/b?id=3&x=1",
        "HTTPS://WWW.Example.com:443/a/b/?x=1&id=3#top",
        "https://user:word@www.example.com/a//b?utm_source=mail&id=3&x=1&fbclid=Q",
    ],
)
def test_canonical_url_is_one_for_all_forms(same):
    assert canonical_url(same) == "https://www.example.com/a/b?id=3&x=1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/story?12345", "https://example.com/story?12346"),
        ("https://example.com/?p=1", "https://example.com/?p=2"),
        ("https://example.com/?cid=1", "https://example.com/?cid=2"),
        ("https://example.com/?section=1&copy=2", "https://example.com/?section=1&copy=3"),
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com:8080/a", "https://example.com/a"),
    ],
)
def test_canonical_url_keeps_what_chooses_the_article(one, other):
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    "bad", ["", "example.com/a", "ftp://example.com/a", "javascript:x", "http://", "http://[::1", "https://a b.com/"]
)
def test_canonical_url_is_none_for_what_is_no_page(bad):
    assert canonical_url(bad) is None


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=40))
def test_canonical_url_applied_twice_changes_nothing(tail):
    once = canonical_url("https://example.com/" + tail)
    assert once is None or canonical_url(once) == once


@given(st.text(max_size=40))
def test_canonical_url_never_raises(text):
    canonical_url(text)
    canonical_url("http://" + text)


def test_site_of_drops_www():
    assert site_of("https://www.example.com/a") == "example.com"
