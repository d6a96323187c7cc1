"""Reads articles with the spaCy pipeline: text and publication date in, a Reading out."""

import dataclasses
import datetime
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from transforms.extract.layers import text_of
from transforms.extract.model import prepare
from transforms.records import Article, Evidence, Reading, Span


def published_day(published: str | None) -> datetime.date | None:
    """Returns the day of a publication date in its own offset: relative dates count from it."""
    return datetime.date.fromisoformat(published[:10]) if published else None


def _as_written[T: (Span, Evidence)](span: T, text: str) -> T:
    return dataclasses.replace(span, text=text[span.start : span.end])


def _in_original_words(reading: Reading, text: str) -> Reading:
    """Returns the reading with the article's own letters in place of those of headlines written as sentences."""
    replace = dataclasses.replace
    actors = (
        replace(actor, mentions=tuple(_as_written(mention, text) for mention in actor.mentions))
        for actor in reading.actors
    )
    agreements = (
        replace(agreement, evidence=tuple(_as_written(evidence, text) for evidence in agreement.evidence))
        for agreement in reading.agreements
    )
    deadlines = (replace(deadline, evidence=_as_written(deadline.evidence, text)) for deadline in reading.deadlines)
    return replace(reading, actors=tuple(actors), agreements=tuple(agreements), deadlines=tuple(deadlines))


def reading_of(doc: Doc, text: str) -> Reading:
    """Returns what the components left on a processed Doc.

    Args:
        doc: From `prepare`, processed.
        text: The article's text, from which mentions and evidence are quoted.
    """
    reading = Reading(
        article=doc._.article_id,
        actors=doc._.actors,
        agreements=doc._.agreements,
        deadlines=doc._.deadlines,
    )
    return reading if text_of(doc) == text else _in_original_words(reading, text)


def _doc(nlp: Language, article: Article) -> Doc:
    return prepare(nlp, article.text, article.id, published_day(article.published))


def read_doc(nlp: Language, article: Article) -> Doc:
    """Returns an article's Doc with all that the components left on it (`transforms.extract.layers`)."""
    return nlp(_doc(nlp, article))


def _read_one(nlp: Language, article: Article) -> Reading | Exception:
    try:
        return reading_of(read_doc(nlp, article), article.text)
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
        read = nlp.pipe(docs, batch_size=len(docs) or 1)
        return [reading_of(doc, article.text) for doc, article in zip(read, articles, strict=True)]
    except Exception:  # found out one by one below, where each error is kept
        return [_read_one(nlp, article) for article in articles]
