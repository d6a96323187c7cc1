"""Takes invented articles through registry, index and rules without a pipeline, as one run or as several."""

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

from tests.make import NOW, Make
from transforms.alert.alert import Alert, alert_from
from transforms.alert.match_changes import match_changes
from transforms.alert.note_articles import note_articles
from transforms.alert.rule import Rule
from transforms.alert.rulebook import Rulebook
from transforms.index.index import index_article
from transforms.records import Article, Evidence, ReadArticle, Reading
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp
from transforms.store.protocol import Collection, Store

type News = tuple[Article, Reading]


def report(
    name: str, date: str, *, published: str | None, says: str = "The deadline was extended.", **how: Any
) -> News:
    """An article that sets or moves the one deadline of an agreement."""
    taken_in = how.pop("taken_in", NOW)
    reading = Make.reading(name, dates=(date,), **how)
    text = f"{says} It is {date}."
    evidence = Evidence(article=name, start=0, end=len(says), text=says)
    deadlines = tuple(dataclasses.replace(one, evidence=evidence) for one in reading.deadlines)
    article = Make.article(name, published=published, text=text, taken_in=taken_in)
    return article, dataclasses.replace(reading, deadlines=deadlines)


def run(
    store: Store, news: Sequence[News], rules: Sequence[Rule], now: datetime.datetime = NOW, **book: Any
) -> list[Alert]:
    """One run: every article is indexed, then rules are matched; returns the alerts that are new, in order."""
    before = {stored.id for stored in store.scan(Collection.ALERTS)}
    rulebook = Rulebook(rules=tuple(rules), **book)
    for article, reading in news:
        for resolved in resolve(store, ReadArticle(article=article, reading=reading)):
            for indexed in index_article(store, resolved, Stamp(run="run", now=now)):
                note_articles(store, [indexed.article.id])
    list(match_changes(store, (), rulebook, now))
    rows = store.find(Collection.DELIVERIES, None, sort=("sequence",)).documents
    order = {row.body["alert"]: place for place, row in enumerate(rows)}
    new = [alert_from(stored) for stored in store.scan(Collection.ALERTS) if stored.id not in before]
    return sorted(new, key=lambda alert: order.get(alert.id, len(order)))
