"""Takes an entry that was edited since it was met for a new version of its article: read again, but not new news."""

import dataclasses
import datetime
from collections.abc import Iterator, Mapping, Sequence

from transforms.ingest.feeds.entry_items import entry_item
from transforms.ingest.feeds.identity import Mark
from transforms.ingest.feeds.parsed import Entry
from transforms.ingest.feeds.records import Feed
from transforms.records import Article, Flaw, Item, State, digest, record
from transforms.store.documents import article_from, item_from
from transforms.store.protocol import Collection, Store

# Between two versions of an entry. Some feeds change all their texts at every poll (counters, advertisements): the
# share of its age makes their versions ever rarer, some fifty in a month, while an edit is seen soon where news is new.
SOONEST_SECONDS = 600.0
SHARE_OF_AGE = 0.25
# A feed's text that is shorter is a teaser: it does not replace the page's text where the page cannot be had now.
WHOLE_SHARE = 0.8
_DATE_FLAWS = frozenset({Flaw.DATE_REFUSED, Flaw.DATE_MENDED})


@record
class Edited:
    """An entry that was edited, with the mark it left when it was met, and the one it leaves now."""

    entry: Entry
    before: Mark
    now: Mark


@record
class Revised:
    """What becomes of an edited entry.

    Attributes:
        mark: To be kept: still that of before where the version is taken in later.
        item: The new version; None where there is none to take in now.
        is_postponed: Whether it is to be looked at again.
    """

    mark: Mark
    item: Item | None = None
    is_postponed: bool = False


def revise(
    store: Store, feed: Feed, title: str | None, edited: Sequence[Edited], now: datetime.datetime
) -> Iterator[Revised]:
    """Yields what becomes of each edited entry.

    Args:
        store: Where their items and articles are.
        feed: Whose entries they are.
        title: What it calls itself.
        edited: The entries.
        now: When they are taken in.
    """
    if not edited:
        return
    keys = [key for each in edited for key in (each.before.item, _last_item(each.before))]
    items = {key: item_from(stored) for key, stored in store.get(Collection.ITEMS, keys).items()}
    ids = [item.article for item in items.values() if item.article]
    articles = {key: article_from(stored) for key, stored in store.get(Collection.ARTICLES, ids).items()}
    for each in edited:
        yield _revised(feed, title, each, items, articles, now)


def _last_item(mark: Mark) -> str:
    """Returns the id of the item of an entry's last version, the same however often it is computed."""
    return digest("version", mark.item, str(mark.version)) if mark.version else mark.item


def _revised(
    feed: Feed,
    title: str | None,
    edited: Edited,
    items: Mapping[str, Item],
    articles: Mapping[str, Article],
    now: datetime.datetime,
) -> Revised:
    before = edited.before
    first, last = items.get(before.item), items.get(_last_item(before))
    mark = dataclasses.replace(edited.now, item=before.item, version=before.version)
    if first is None or last is None or last.state is State.WAITING:  # its page is fetched as it is then
        return Revised(mark=mark)
    if last.state is State.PENDING or _is_soon(first, last, now):
        return Revised(mark=before, is_postponed=True)
    article = articles.get(last.article or "")
    if article is None and last.state is State.DONE:  # pruned
        return Revised(mark=mark)
    mark = dataclasses.replace(mark, version=before.version + 1)
    item = entry_item(feed, title, edited.entry, id_=_last_item(mark), now=now)
    return Revised(mark=mark, item=_version(item, article) if article is not None else item)


def _is_soon(first: Item, last: Item, now: datetime.datetime) -> bool:
    age = (now - first.taken_in).total_seconds()
    return (now - last.taken_in).total_seconds() < max(SOONEST_SECONDS, SHARE_OF_AGE * age)


def _version(item: Item, article: Article) -> Item:
    """Returns an item as the new version of an article: with its address and its date, for it is the same news."""
    is_whole = Flaw.SHORT_PAGE in article.flaws or len(item.content) >= WHOLE_SHARE * len(article.text)
    return dataclasses.replace(
        item,
        article=article.id,
        url=article.url,
        published=article.published,
        published_how=article.published_how,
        content=item.content if is_whole or item.state is not State.WAITING else "",
        flaws=tuple(flaw for flaw in article.flaws if flaw in _DATE_FLAWS),
    )
