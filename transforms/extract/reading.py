"""Reads articles with the spaCy pipeline: text and publication date in, a Reading out."""

import datetime
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from transforms.extract.model import prepare
from transforms.records import Article, Reading


def published_day(published: str | None) -> datetime.date | None:
    """Returns the day of a publication date in its own offset: relative dates count from it."""
    return datetime.date.fromisoformat(published[:10]) if published else None


def reading_of(doc: Doc) -> Reading:
    """Returns what the components left on a processed Doc."""
    return Reading(
        article=doc._.article_id,
        actors=doc._.actors,
        agreements=doc._.agreements,
        deadlines=doc._.deadlines,
    )


def _doc(nlp: Language, article: Article) -> Doc:
    return prepare(nlp, article.text, article.id, published_day(article.published))


def _read_one(nlp: Language, article: Article) -> Reading | Exception:
    try:
        return reading_of(nlp(_doc(nlp, article)))
    except Exception as error:  # one article must not take its batch with it
        return error


def read_articles(nlp: Language, articles: Sequence[Article]) -> list[Reading | Exception]:
    """Reads a batch of articles.

    Args:
        nlp: From `load_reader`.
        articles: Any number; they are read together for speed, and apart when one of them fails.

    Returns:
        For each article, in order, its Reading or the error it met.
    """
    try:
        docs = [_doc(nlp, article) for article in articles]
        return [reading_of(doc) for doc in nlp.pipe(docs, batch_size=len(docs) or 1)]
    except Exception:  # found out one by one below, where each error is kept
        return [_read_one(nlp, article) for article in articles]
