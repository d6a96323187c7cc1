"""From the news to whoever asked: what a user sees of alerts, through the command line and real servers."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.command import PACTWATCH, pactwatch
from tests.integration.feed_server import feed_server, rss, rss_item
from tests.make import NOW, Make
from tests.receivers import hook
from transforms.records import PublishedHow, Reading
from transforms.store.documents import article_document
from transforms.store.open import open_store
from transforms.store.protocol import Collection

POLL_SECONDS = 2
LATE_SECONDS = 3  # what an alert may take beyond the interval
PATIENCE_SECONDS = 120

pytestmark = pytest.mark.integration

SETTINGS = """
store: {{url: "sqlite:///{store}"}}
sources: {{folders: [], feeds: {folder}/config/feeds.yaml}}
watch: {{poll_seconds: 0.5}}
polling: {{spacing_seconds: 0}}
fetch: {{allow_private_hosts: true}}
alerts: {{file: {folder}/config/alerts.yaml}}
"""
RULES = """
channels:
  console: {{type: console}}
  desk: {{type: webhook, url: "{url}", secret: "${{HOOK_SECRET}}"}}
  dead: {{type: webhook, url: "http://127.0.0.1:9/"}}
rules:
  - {{name: Truces, keywords: [truce], channels: [desk, dead], max_age: none}}
"""


def desk(folder: Path, hook_url: str, feed_url: str = "") -> Path:
    """A folder with settings, a feed, and a rule for a webhook (and one for a channel that is dead)."""
    config = folder / "config"
    config.mkdir()
    (config / "pactwatch.yaml").write_text(SETTINGS.format(store=folder / "store.db", folder=folder), encoding="utf-8")
    (config / "alerts.yaml").write_text(RULES.format(url=hook_url), encoding="utf-8")
    feeds = f"feeds:\n  - {{url: {feed_url}, interval_seconds: {POLL_SECONDS}, full_text: false}}\n"
    (config / "feeds.yaml").write_text(feeds if feed_url else "feeds: []\n", encoding="utf-8")
    return folder


def until_alerts(server, number: int) -> float:
    began = time.monotonic()
    while len(server.ids) < number:
        assert time.monotonic() - began < PATIENCE_SECONDS, "no alert came"
        time.sleep(0.02)
    return time.monotonic() - began


def item(number: int) -> str:
    text = f"Chad and Mali agreed a truce in district {number} on Monday. They will withdraw by June 1, 2024."
    link = f"https://wire.example/{number}"
    return rss_item(link=link, guid=link, title=f"Truce in district {number}", text=text, published=time.time())


def test_alert_reaches_a_webhook_within_the_poll_interval_and_three_seconds(tmp_path):
    with hook() as server, feed_server() as wire, (tmp_path / "log").open("w") as log:
        feed = wire.put_feed("/feed.xml", rss([item(0)]))
        folder = desk(tmp_path, server.url, feed)
        process = subprocess.Popen(
            [PACTWATCH, "run", "--watch"],
            cwd=folder,
            env={**os.environ, "HOOK_SECRET": "shared"},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            until_alerts(server, 1)
            for number in (1, 2):
                wire.put_feed("/feed.xml", rss([item(each) for each in range(number + 1)]))
                took = until_alerts(server, number + 1)
                assert took < POLL_SECONDS + LATE_SECONDS, (folder / "log").read_text("utf-8")
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()
            process.wait()
        assert len(server.ids) == len(set(server.ids)) == 3
        assert "channel dead" in (folder / "log").read_text("utf-8")
        sentence = json.loads(server.requests[-1][1])["alerts"][0]["sentence"]
        assert "truce" in sentence.lower()


def store_old_articles(path: Path, count: int) -> str:
    """Fills a store with articles of 2018, as if they had been taken in before there were rules."""
    url = f"sqlite:///{path}"
    with contextlib.closing(open_store(url)) as store:
        documents = []
        for number in range(count):
            text = f"Both sides agreed truce number {number}. It holds."
            article = Make.article(f"a{number}", published="2018-09-17", text=text, taken_in=NOW)
            article = dataclasses.replace(article, published_how=PublishedHow.PAGE, story=article.id)
            documents.append(article_document(article, Reading(article=article.id), "old"))
        store.create(Collection.ARTICLES, documents)
    return url


def check_no_flood(tmp_path: Path, count: int) -> None:
    with hook() as server:
        folder = desk(tmp_path, server.url)
        (folder / "config" / "alerts.yaml").write_text(
            RULES.format(url=server.url).replace("${HOOK_SECRET}", "shared").replace(", max_age: none", ""),
            encoding="utf-8",
        )
        store_old_articles(folder / "store.db", count)
        fresh = folder / "fresh.txt"
        fresh.write_text("Chad and Mali agree truce\n\nChad and Mali agreed a truce on Monday.\n", encoding="utf-8")
        pactwatch("run", str(fresh), cwd=folder)
        assert len(server.ids) == 1, "the new article, and none of the old ones"
        rows = json.loads(pactwatch("rules", "test", "--format", "json", cwd=folder).stdout)
        assert len(rows) == count + 1
        assert [row["remark"] for row in rows].count("older than max_age") == count
        assert "truce number" in next(row["reason"] for row in rows if row["article"] == "a7")
        assert pactwatch("rules", "backfill", cwd=folder, code=1).stdout == "0 new alerts\n"


def test_first_start_on_old_articles_does_not_flood(tmp_path):
    check_no_flood(tmp_path, 300)


@pytest.mark.soak
def test_first_start_on_10_000_old_articles_does_not_flood(tmp_path):
    check_no_flood(tmp_path, 10_000)


def test_dead_channel_is_told_its_alerts_listed_and_sent_again(tmp_path):
    with hook() as server:
        folder = desk(tmp_path, server.url)
        rules = folder / "config" / "alerts.yaml"
        rules.write_text(RULES.format(url=server.url).replace("${HOOK_SECRET}", "shared"), encoding="utf-8")
        news = folder / "news.txt"
        news.write_text("Chad and Mali agree truce\n\nChad and Mali agreed a truce on Monday.\n", encoding="utf-8")
        done = pactwatch("run", str(news), cwd=folder)
        assert "channel dead: the receiver cannot be reached" in done.stderr
        [alert] = json.loads(pactwatch("alerts", "--format", "json", cwd=folder).stdout)
        assert alert["deliveries"] == {"desk": "sent", "dead": "waiting"}
        rules.write_text(rules.read_text("utf-8").replace("http://127.0.0.1:9/", server.url), encoding="utf-8")
        pactwatch("alerts", "resend", alert["id"], "--channel", "dead", cwd=folder)
        assert server.ids == [alert["id"], alert["id"]]
        pactwatch("channels", "test", "desk", cwd=folder)
        assert len(server.ids) == 3


def test_mistake_in_the_rules_stops_a_run_with_one_line(tmp_path):
    folder = desk(tmp_path, "http://127.0.0.1:9/")
    (folder / "config" / "alerts.yaml").write_text("rules:\n  - {name: a, keyword: x}\n", encoding="utf-8")
    for command in (("run", "."), ("rules", "check")):
        done = pactwatch(*command, cwd=folder, code=2)
        assert "alerts.yaml:2: rule 'a': unknown key 'keyword'; did you mean 'keywords'?" in done.stderr
        assert len(done.stderr.splitlines()) == 1
