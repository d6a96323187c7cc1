"""Turns an item into an article: its text, title, address, source, date and language."""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.attempt import FAILURES, MAIN
from transforms.ingest.headline import find_title, with_title
from transforms.ingest.html_text import read_page
from transforms.ingest.language import detect_language, language_code
from transforms.ingest.markdown_text import read_markdown
from transforms.ingest.metadata import Metadata
from transforms.ingest.published import infer_published, parse_published, plausible
from transforms.ingest.unreadable import UnreadableArticle, make_failure, storable
from transforms.ingest.urls import canonical_url, site_of
from transforms.present import When, check_when, present
from transforms.records import Article, Failure, Flaw, Item, PublishedHow, digest, record

STAGE = "parse"
MAX_TEXT_CHARACTERS = 1_000_000  # what is read in bounded time (spaCy's own limit, nlp.max_length)
MAX_PAGE_CHARACTERS = 5_000_000  # real pages have up to 2,000,000; trafilatura takes 1.2 s for each million
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # Unicode Cc but for tab and newline
_NO_TEXT = "there is no text in it; expected an article"
_WITHOUT_PAGE = {
    Flaw.PAGE_FAILED: "its page could not be fetched; `pactwatch replay` tries again",
    Flaw.PAGE_REFUSED: "its site's robots.txt keeps the page to itself",
    Flaw.SHORT_PAGE: "there is no article on its page",
}


@record
class _Parts:
    """What an item's content gives: the text that is read, its title, and what it says of itself."""

    text: str
    title: str | None = None
    metadata: Metadata = Metadata()
    author: str | None = None


def parse_article(item: Item, *, now: datetime.datetime) -> Article:
    """Returns the article that an item holds.

    What the item says (sidecar, JSON fields, the command line) goes before what its content says. In plain text every
    character keeps its place; a title found apart from a page's or Markdown's text is put before it.

    Args:
        item: As taken in.
        now: A publication date more than two days later is a mistake and passed over.

    Raises:
        UnreadableArticle: There is no text in it, or more than 1,000,000 characters.
    """
    parts = _READERS.get(item.media_type, _plain)(item)
    text = _CONTROL.sub(" ", storable(parts.text))
    if not text.strip():
        raise UnreadableArticle(next((_WITHOUT_PAGE[flaw] for flaw in item.flaws if flaw in _WITHOUT_PAGE), _NO_TEXT))
    if len(text) > MAX_TEXT_CHARACTERS:
        raise UnreadableArticle(f"the text has {len(text):,} characters; at most {MAX_TEXT_CHARACTERS:,} are read")
    url = _first_url(item.url, parts.metadata.url)
    published, how = _published(item, parts.metadata, text, now)
    text_hash = content_hash(text)
    return Article(
        id=digest("url", url) if url else item.article or digest("text", text_hash),
        item=item.id,
        url=url,
        source=item.source or _clean(parts.metadata.source) or (site_of(url) if url else None),
        title=_clean(item.title) or _clean(parts.title) or find_title(text),
        text=text,
        content_hash=text_hash,
        published=published,
        published_how=how,
        language=_language(item.language, parts.metadata.language, text),
        taken_in=item.taken_in,
        author=item.author or _clean(parts.author),
        flaws=item.flaws,
        backfilled=item.backfilled,
    )


def content_hash(text: str) -> str:
    """Returns a hash that is equal for texts that differ in white space and Unicode form only (32 hex digits)."""
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(folded.encode()).hexdigest()[:32]


def _plain(item: Item) -> _Parts:
    return _Parts(text=item.content)


def _markdown(item: Item) -> _Parts:
    found = read_markdown(item.content)
    title = _clean(item.title) or _clean(found.metadata.title)
    return _Parts(text=with_title(title, found.text), title=title or found.heading, metadata=found.metadata)


def _page(item: Item) -> _Parts:
    if len(item.content) > MAX_PAGE_CHARACTERS:
        raise UnreadableArticle(
            f"the page has {len(item.content):,} characters; at most {MAX_PAGE_CHARACTERS:,} are read"
        )
    found = read_page(item.content)
    title = _clean(item.title) or _clean(found.title)
    said = Metadata(url=found.url, source=found.site, published=found.published)
    return _Parts(text=with_title(title, found.text), title=title, metadata=said, author=found.author)


_READERS = {"text/plain": _plain, "text/markdown": _markdown, "text/html": _page}


def _clean(text: str | None) -> str | None:
    """Returns a value of a page's metadata on one line without control characters."""
    return " ".join(_CONTROL.sub(" ", storable(text)).split()) or None if text else None


def _first_url(*urls: str | None) -> str | None:
    return next((canonical for url in urls if url and (canonical := canonical_url(url))), None)


def _published(item: Item, said: Metadata, text: str, now: datetime.datetime) -> tuple[str | None, PublishedHow]:
    for written, how in ((item.published, item.published_how), (said.published, PublishedHow.PAGE)):
        published = parse_published(written, now=now) if written else None
        if published:
            return published, how
    inferred = infer_published(text)
    if inferred and plausible(inferred, now=now):
        return inferred.isoformat(), PublishedHow.INFERRED
    return None, PublishedHow.UNKNOWN


def _language(given: str | None, said: str | None, text: str) -> str | None:
    for name in (given, said):
        try:
            code = language_code(name) if name else None
        except LookupError:  # front matter may say anything
            code = None
        if code:
            return code
    return detect_language(text)


class _ParseFn(beam.DoFn):
    def __init__(self, now: When) -> None:
        self._now = now
        self._parsed = Metrics.counter("ingest", "articles_parsed")
        self._failed = Metrics.counter("ingest", "parses_failed")

    def process(self, element: Item) -> Iterable[Article | TaggedOutput[Literal["failures"], Failure]]:
        """Yields the article of one item."""
        try:
            article = parse_article(element, now=present(self._now))
        except UnreadableArticle as error:
            self._failed.inc()
            failure = make_failure(
                STAGE, element.id, str(error), now=present(self._now), locator=element.locator, payload=element.content
            )
            yield TaggedOutput("failures", failure)
            return
        self._parsed.inc()
        yield article


class ParseArticles(beam.PTransform[PCollection[Item], DoOutputsTuple]):
    """Turns items into articles.

    Input: Item.
    Output: Article, one an item, by tag `main`; Failure, of stage `parse`, by tag `failures`.
    Guarantee: a retry gives the same articles.
    Failures: pages without an article, texts over 1,000,000 characters.
    """

    def __init__(self, *, now: When) -> None:
        super().__init__()
        check_when(now)
        self._now = now

    def expand(self, items: PCollection[Item]) -> DoOutputsTuple:
        """Wires the parsing."""
        parsed: DoOutputsTuple = items | "Parse" >> beam.ParDo(_ParseFn(self._now)).with_outputs(FAILURES, main=MAIN)
        return parsed
