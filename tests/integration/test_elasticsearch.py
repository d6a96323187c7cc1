"""The same commands on a real Elasticsearch as on a SQLite file, with the same results, whatever the server does."""

import datetime
import itertools
import json
import threading
import time
from pathlib import Path

import pytest

from pipeline.listings import SEARCHABLE, rows
from tests.command import canonical, pactwatch, start
from tests.elasticsearch import fresh_prefix, server_url, wait_for_done
from tests.proxy import Fault, proxy_to
from tests.synthetic import write_articles
from transforms.store.elasticsearch.address import parse_address
from transforms.store.elasticsearch.indices import index_name, put_templates
from transforms.store.elasticsearch.link import Link
from transforms.store.elasticsearch.templates import mappings_of
from transforms.store.open import open_store
from transforms.store.protocol import Collection

pytestmark = pytest.mark.integration

NOW = ("--now", "2024-03-01")
TODAY = datetime.date(2024, 3, 1)
ARTICLES = 24


@pytest.fixture
def url():
    with fresh_prefix("run") as given:
        yield given


@pytest.fixture(scope="module")
def wire(tmp_path_factory) -> Path:
    return write_articles(tmp_path_factory.mktemp("wire") / "articles", ARTICLES)


@pytest.fixture(scope="module")
def expected(wire, tmp_path_factory) -> str:
    """The store's URL of a whole run on SQLite."""
    made = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'store.db'}"
    pactwatch("run", str(wire), "--store", made, *NOW)
    return made


LOOKS = [
    *((name, None) for name in SEARCHABLE),
    ("agreements", 'kind:"trade"'),
    ("agreements", 'parties:"Mali"'),
    ("deadlines", "date:[2024-04-01 TO 2024-05-31]"),
    ("articles", 'text:"fishing agreement" AND actors:Kenya'),
    ("deadlines", "offic* AND date:[2024-03-01 TO 2024-06-30]"),
    ("agreements", "kind:* AND NOT status:signed"),
]


def _looks(url: str) -> list[object]:
    store = open_store(url)
    shown = [rows(store, SEARCHABLE[name], query, TODAY, limit) for name, query in LOOKS for limit in (None, 3)]
    store.close()
    return shown


def test_run_and_every_look_are_the_same_and_a_second_run_changes_nothing(url, wire, expected):
    pactwatch("run", str(wire), "--store", url, *NOW)
    assert canonical(url) == canonical(expected)
    whole = _looks(url)
    assert whole == _looks(expected)
    deadline = json.loads(pactwatch("deadlines", "--store", url, "--format", "json").stdout)[0]["id"]
    assert len({pactwatch("show", deadline, "--store", store, *NOW).stdout for store in (url, expected)}) == 1
    assert "Nothing new." in pactwatch("run", str(wire), "--store", url, *NOW).stdout
    assert _looks(url) == whole


def test_two_runs_at_once_end_like_one(url, wire, expected):
    processes = [start("run", str(wire), "--store", url, *NOW) for _ in range(2)]
    for process in processes:
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output
    assert canonical(url) == canonical(expected)


def test_seed_is_there(url):
    pactwatch("run", str(Path(__file__).parents[2] / "seeds"), "--store", url)
    deadlines = json.loads(pactwatch("deadlines", "--store", url, "--format", "json").stdout)
    assert [row["date"] for row in deadlines] == ["2018-10-10", "2018-10-15", "2018-12-31"]
    assert len(json.loads(pactwatch("agreements", "--store", url, "--format", "json").stdout)) == 2


class _Away:
    """Has the proxy hang up on everything for some seconds, from the n-th write on."""

    def __init__(self, writes: int, seconds: float) -> None:
        self._turns, self._writes, self._seconds = itertools.count(1), writes, seconds
        self._until: float | None = None
        self._lock = threading.Lock()
        self.turned_away = 0

    def __call__(self, method: str, path: str) -> Fault:
        with self._lock:
            if "_bulk" in path and self._until is None and next(self._turns) >= self._writes:
                self._until = time.monotonic() + self._seconds
            if self._until is None or time.monotonic() > self._until:
                return Fault.NONE
            self.turned_away += 1
            return Fault.AWAY


@pytest.mark.soak
@pytest.mark.parametrize("seconds", [5, 60])
def test_run_waits_while_the_server_is_away(url, wire, expected, seconds):
    address = parse_address(url)
    with proxy_to(address.server) as proxy:
        proxy.choose = away = _Away(writes=30, seconds=seconds)
        pactwatch("run", str(wire), "--store", f"{proxy.url}/{address.prefix}", *NOW)
    assert 0 < away.turned_away < 40 * (seconds + 10)  # a few a second from all threads together: it does not spin
    assert canonical(url) == canonical(expected)


@pytest.mark.soak
def test_run_outlasts_a_server_that_turns_every_fourth_write_away(url, wire, expected):
    address = parse_address(url)
    turns = itertools.count()
    faults = itertools.cycle([*[Fault.NONE] * 9, Fault.BUSY, Fault.REJECTED, Fault.LOST])
    with proxy_to(address.server) as proxy:
        proxy.choose = lambda method, path: next(faults) if "_bulk" in path and next(turns) >= 0 else Fault.NONE
        pactwatch("run", str(wire), "--store", f"{proxy.url}/{address.prefix}", *NOW)
    assert canonical(url) == canonical(expected)


@pytest.mark.soak
def test_run_on_an_index_without_room_says_so_and_goes_on_when_there_is(url, wire, expected):
    open_store(url).close()
    link = Link(parse_address(url), patience_seconds=30)
    index = index_name(link.address.prefix, Collection.ARTICLES, 1)
    link.client.indices.put_settings(index=index, settings={"index.blocks.read_only_allow_delete": True})
    done = pactwatch("run", str(wire), "--store", url, *NOW, code=1)
    [line] = [line for line in done.stderr.splitlines() if not line.startswith("reading:")]
    assert "takes no writes" in line
    link.client.indices.put_settings(index=index, settings={"index.blocks.read_only_allow_delete": None})
    link.close()
    pactwatch("run", str(wire), "--store", url, *NOW)
    assert canonical(url) == canonical(expected)


def test_refused_articles_are_failures_with_the_servers_reason(url, wire):
    link = Link(parse_address(url), patience_seconds=30)
    mappings = mappings_of(Collection.ARTICLES)
    mappings["properties"]["language"] = {"type": "integer"}
    name = index_name(link.address.prefix, Collection.ARTICLES, 1)
    put_templates(link)
    link.client.indices.create(index=name, mappings=mappings, aliases={f"{link.address.prefix}-articles": {}})
    link.close()
    done = pactwatch("run", str(wire), "--store", url, *NOW)
    assert f"{ARTICLES} new failures" in done.stdout
    failures = json.loads(pactwatch("failures", "--store", url, "--format", "json").stdout)
    assert len(failures) == ARTICLES
    assert all("language" in row["error"] and "integer" in row["error"] for row in failures)


def test_server_that_is_not_there_is_told_at_once():
    for command in (("run", str(Path(__file__).parents[2] / "seeds")), ("search", "talks")):
        done = pactwatch(*command, "--store", "elasticsearch://127.0.0.1:9", code=1)
        assert len(done.stderr.splitlines()) == 1
        assert "cannot be reached" in done.stderr


def test_server_that_refuses_the_client_is_told_with_the_versions_that_go_together():
    with proxy_to(parse_address(server_url()).server) as proxy:
        proxy.choose = lambda method, path: Fault.OLD
        done = pactwatch("search", "talks", "--store", proxy.url, code=1)
    assert len(done.stderr.splitlines()) == 1
    assert "goes with Elasticsearch 9.x" in done.stderr


@pytest.mark.soak
def test_killed_run_started_again_loses_nothing(url, wire, expected):
    for done in (0, 8):
        process = start("run", str(wire), "--store", url, *NOW)
        store = open_store(url, patience_seconds=120)
        wait_for_done(store, done, process)
        store.close()
        process.kill()
        process.communicate()
    pactwatch("run", str(wire), "--store", url, *NOW)
    assert canonical(url) == canonical(expected)
