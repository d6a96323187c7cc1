"""Finds the feeds that a page names as its own."""

from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.utils import load_html

_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
)
_COMMENTS = ("/comments/feed", "/feed/comments")  # WordPress names the feed of readers' comments beside its own


def find_feeds(body: bytes, *, url: str) -> list[str]:
    """Returns the addresses of the feeds that a page names (`link rel="alternate"`), those of comments last.

    Args:
        body: The page.
        url: Where it was fetched; relative addresses count from it.
    """
    try:
        tree = load_html(body)
    except (etree.LxmlError, ValueError):  # no page
        return []
    found = dict.fromkeys(address for link in _links(tree) if (address := _address(link, url)))
    return sorted(found, key=lambda address: any(part in address for part in _COMMENTS))


def _links(tree: HtmlElement | None) -> list[HtmlElement]:
    if tree is None:
        return []
    return [
        link
        for link in tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").partition(";")[0].strip().lower() in _TYPES
    ]


def _address(link: HtmlElement, url: str) -> str | None:
    try:
        address = urljoin(url, (link.get("href") or "").strip())
        return address if urlsplit(address).scheme in ("http", "https") and link.get("href") else None
    except ValueError:  # brackets that are none of an address
        return None
