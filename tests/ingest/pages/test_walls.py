"""Walls are told from articles."""

import pytest

from transforms.ingest.pages.walls import is_cookie_wall, is_paywall_stub

ARTICLE = "Both governments signed the pact on Tuesday, and parliaments must ratify it by 1 June. " * 30


@pytest.mark.parametrize(
    "text",
    [
        "We value your privacy. We and our partners store information on a device.",
        "Before you continue to the site",
        "Please enable JavaScript and cookies to read on.",
        "Checking your browser before accessing the site.",
    ],
)
def test_cookie_walls_are_recognised(text):
    assert is_cookie_wall(text)


@pytest.mark.parametrize(
    "text",
    [
        "The pact was signed. Subscribe to continue reading.",
        "The pact was signed. This article is for subscribers only. Already a subscriber? Log in.",
        "The pact was signed. You have 2 free articles left.",
    ],
)
def test_paywall_stubs_are_recognised(text):
    assert is_paywall_stub(text)
    assert not is_cookie_wall(text)


def test_articles_are_no_walls():
    assert not is_cookie_wall(ARTICLE + "We use cookies and value your privacy.")
    assert not is_paywall_stub(ARTICLE + "Subscribe to continue reading our news every day.")
    assert not is_paywall_stub("Members voted to sign the treaty in Geneva.")
