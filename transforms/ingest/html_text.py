"""Takes the article out of a page: its text without navigation, and what the page says about it."""

import dataclasses
import logging
import re
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from lxml.etree import LxmlError
from trafilatura.utils import load_html

from transforms.ingest.page_published import published_of_page
from transforms.ingest.unreadable import UnreadableArticle
from transforms.records import record

# An article of this many characters is taken as found; less is looked for again, less strictly (trafilatura's own
# measure for "too short": MIN_EXTRACTED_SIZE = 250).
ENOUGH_CHARACTERS = 250
MIN_CHARACTERS = 50  # less is a menu or a button, not even the shortest flash
_CELLS = re.compile(r"\s*\|\s*")

# It reports every page without text as a warning; here that is a Failure.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@record
class PageText:
    """The article on a page; None where the page does not say."""

    text: str
    title: str | None = None
    url: str | None = None
    site: str | None = None
    published: str | None = None
    author: str | None = None


def read_page(html: str) -> PageText:
    """Returns the article on a page, paragraphs parted by blank lines.

    Args:
        html: The page, decoded.

    Raises:
        UnreadableArticle: No article is found on it.
    """
    try:
        tree = load_html(html)
        found = _extract(html) if tree is not None else None
        published = published_of_page(tree) if found is not None else None
    # What lxml and trafilatura raise for pages that are broken beyond repair or nested without end.
    except (LxmlError, ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError) as error:
        raise UnreadableArticle(f"the page cannot be parsed: {error or type(error).__name__}") from error
    if found is None or len(found.text) < MIN_CHARACTERS:
        raise UnreadableArticle("no article text is found on the page; expected a page with one article")
    return dataclasses.replace(found, published=published)


def _extract(html: str) -> PageText | None:
    """Strictly first, so that links to other articles stay out; then with all that trafilatura can find."""
    strict = _bare(html, favor_precision=True)
    if strict is not None and len(strict.text) >= ENOUGH_CHARACTERS:
        return strict
    found = [page for page in (strict, _bare(html)) if page is not None and page.text]
    return max(found, key=lambda page: len(page.text), default=None)


def _bare(html: str, *, favor_precision: bool = False) -> PageText | None:
    found: Any = trafilatura.bare_extraction(
        html,
        favor_precision=favor_precision,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},  # its date is not used
    )
    if found is None:
        return None
    return PageText(
        text=_paragraphs(found.text or ""),
        title=found.title,
        url=_own_url(found.url),
        site=found.sitename,
        author=found.author,
    )


def _paragraphs(text: str) -> str:
    """Parts paragraphs by blank lines; a row of a table reads as its cells."""
    lines = (_row(line.strip()) for line in text.split("\n"))
    return "\n\n".join(line for line in lines if line)


def _row(line: str) -> str:
    if not line.startswith("|"):
        return line
    return "\n".join(cell for cell in _CELLS.split(line) if cell.strip("-: "))


def _own_url(url: str | None) -> str | None:
    """Many sites give their front page as the canonical address of every article."""
    if not url:
        return None
    parts = urlsplit(url)
    return url if parts.path.strip("/") or parts.query else None
