"""Reads files without a store: the contract of `pactwatch extract`."""

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from transforms.extract.layers import Timex
from transforms.extract.model import load_reader
from transforms.extract.reading import read_doc, reading_of
from transforms.ingest.parse_article import parse_article
from transforms.ingest.read_files import read_file
from transforms.ingest.unreadable import UnreadableArticle
from transforms.records import Article, Failure, Item, PublishedHow, Reading, record, to_json

_ARTICLE_KEYS = ("id", "title", "url", "source", "published", "published_how", "language")


def _people(ids: Iterable[str], names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"id": actor, "name": names.get(actor, actor)} for actor in ids]


def _evidence(span: Mapping[str, Any], explain: bool) -> dict[str, Any]:
    keys = ("start", "end", "text", *(("rule",) if explain else ()))
    return {key: span[key] for key in keys}


def _agreement(row: Mapping[str, Any], names: Mapping[str, str], explain: bool) -> dict[str, Any]:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "title": row["title"],
        "parties": _people(row["parties"], names),
        "signers": _people(row["signers"], names),
        "brokers": _people(row["brokers"], names),
        "place": row["place"],
        "reached": row["reached"],
        "status": row["status"],
        "provisions": row["provisions"],
        "evidence": [_evidence(span, explain) for span in row["evidence"]],
    }


def _deadline(row: Mapping[str, Any], names: Mapping[str, str], explain: bool) -> dict[str, Any]:
    keys = ("id", "agreement", "kind", "date", "precision", "time", "time_zone", "text", "action")
    return {
        **{key: row[key] for key in keys},
        "parties": _people(row["parties"], names),
        "evidence": _evidence(row["evidence"], explain),
    }


def reading_json(article: Article, reading: Reading, *, explain: bool = False) -> dict[str, Any]:
    """Returns what was read in an article in the form the README documents.

    Args:
        article: The article.
        reading: What was read in it.
        explain: Whether each piece of evidence carries the id of the rule that found it.
    """
    whole, told = to_json(article), to_json(reading)
    names = {actor.id: actor.name for actor in reading.actors}
    actor_keys = ("id", "name", "kind", "aliases", "country", "role", "mentions")
    return {
        "article": {key: whole[key] for key in _ARTICLE_KEYS},
        "actors": [{key: actor[key] for key in actor_keys} for actor in told["actors"]],
        "agreements": [_agreement(row, names, explain) for row in told["agreements"]],
        "deadlines": [_deadline(row, names, explain) for row in told["deadlines"]],
    }


def _dated(item: Item, published: str | None) -> Item:
    if published is None:
        return item
    return dataclasses.replace(item, published=published, published_how=PublishedHow.GIVEN)


def articles_of(
    path: str, *, published: str | None, now: datetime.datetime, max_file_bytes: int
) -> Iterator[Article | str]:
    """Yields the articles of a file, or one line for each that cannot be used."""
    for found in read_file(path, now=now, max_file_bytes=max_file_bytes):
        if isinstance(found, Failure):
            yield f"{found.locator}: {found.error}"
            continue
        try:
            yield parse_article(_dated(found, published), now=now)
        except UnreadableArticle as error:
            yield f"{found.locator}: {error}"


@record
class Extracted:
    """An article, what was read in it, and its time expressions."""

    article: Article
    reading: Reading
    timexes: tuple[Timex, ...]


def extract(
    path: str, *, published: str | None, now: datetime.datetime, model: str, gazetteer: str | None, max_file_bytes: int
) -> Iterator[Extracted | str]:
    """Reads the articles of one file.

    Args:
        path: A file in any form that `pactwatch run` takes.
        published: A publication date that overrides the file's own, or None.
        now: The present, against which absurd dates are judged.
        model: An installed spaCy pipeline.
        gazetteer: The user's actors.yaml, or None.
        max_file_bytes: The largest file taken.

    Yields:
        What was read in an article, or one line that says why it cannot be used.
    """
    nlp = load_reader(model, gazetteer)
    for article in articles_of(path, published=published, now=now, max_file_bytes=max_file_bytes):
        if isinstance(article, str):
            yield article
            continue
        try:
            doc = read_doc(nlp, article)
            yield Extracted(article=article, reading=reading_of(doc, article.text), timexes=doc._.timexes)
        except Exception as error:  # whatever one article brings must not stop the others; the line tells it
            yield f"{path}: {type(error).__name__}: {error}"
