"""A desk that watches changing feeds of truces, each with a deadline of its own, and tells a webhook of them."""

import itertools
import time
from pathlib import Path

from tests.integration.feed_server import FeedServer, rss, rss_item

SHOWN = 20  # entries that a feed shows
SETTINGS = """
store: {{url: "{store}"}}
sources: {{folders: [{folder}/wire], feeds: {folder}/config/feeds.yaml}}
polling: {{spacing_seconds: 0}}
fetch: {{allow_private_hosts: true}}
alerts: {{file: {folder}/config/alerts.yaml}}
"""
RULES = """
channels:
  desk: {{type: webhook, url: "{url}"}}
rules:
  - {{name: Truces, keywords: [truce], channels: [desk], max_age: none}}
  - {{name: Dates, deadlines: [new, moved], channels: [desk], max_age: none}}
"""


_LANDS = "Chad Mali Peru Kenya Nepal Ghana Fiji Oman Laos Cuba Togo Malta Brazil Egypt India Japan Spain Sudan Yemen"
_SIDES = list(itertools.combinations(_LANDS.split(), 2))  # enough that no agreement has many reports


class Newsroom:
    """Feeds on a server of the test's, each on a host of its own; `published` are the links, in order."""

    def __init__(self, server: FeedServer) -> None:
        self._server = server
        self._items: dict[int, list[str]] = {}
        self.published: list[str] = []

    def publish(self, feed: int) -> str:
        number = len(self.published)
        one, other = _SIDES[number % len(_SIDES)]
        text = f"{one} and {other} agreed a truce in district {number} on Monday. They will withdraw by June 1, 2030."
        link = f"https://wire.example/{number}"
        item = rss_item(link=link, guid=link, title=f"Truce in district {number}", text=text, published=time.time())
        self._items.setdefault(feed, []).insert(0, item)
        self.published.append(link)
        self._server.put_feed(f"/{feed}", rss(self._items[feed][:SHOWN]))
        return self._server.url(f"/{feed}", host=f"127.0.1.{feed + 1}")


def desk(folder: Path, store: str, hook_url: str, feeds: list[str], interval_seconds: int = 1) -> Path:
    """Returns a folder with settings, feeds and rules for a webhook; a folder `wire` in it is watched too."""
    (folder / "config").mkdir()
    (folder / "wire").mkdir()
    (folder / "config" / "pactwatch.yaml").write_text(SETTINGS.format(store=store, folder=folder), encoding="utf-8")
    (folder / "config" / "alerts.yaml").write_text(RULES.format(url=hook_url), encoding="utf-8")
    listed = "".join(f"  - {{url: {url}, interval_seconds: {interval_seconds}, full_text: false}}\n" for url in feeds)
    (folder / "config" / "feeds.yaml").write_text(f"feeds:\n{listed}", encoding="utf-8")
    return folder
