"""A watch goes on whatever a tick meets, says so once, and shows from outside how it stands."""

import datetime
import json
import os
import socket

import pytest

from pipeline import watch as watch_module
from pipeline.log import make_log
from pipeline.settings import load_settings
from pipeline.status import print_status, status_of
from pipeline.watch import KEPT_TICKS, KEPT_WATCHES, Stopped, Watch, back_off_seconds
from pipeline.watch_status import watches_of
from pipeline.watched import WatchedSources
from tests.synthetic import write_articles
from transforms.store.documents import failure_from
from transforms.store.protocol import Collection, Document, StoreError

NOW = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)
POLL = 30.0


class Log:
    """Keeps what is told."""

    def __init__(self):
        self.told = []

    def info(self, event, **values):
        self.told.append((event, values))

    warning = error = info

    def events(self):
        return [event for event, _ in self.told]


@pytest.fixture
def desk(tmp_path, store_url, monkeypatch):
    """Returns a folder, and a watch over it with its log."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "wire"
    folder.mkdir()
    settings = load_settings(None, {"store": {"url": store_url}, "watch": {"settle_seconds": 0}})
    log = Log()
    return folder, Watch(settings, WatchedSources(settings, [str(folder)]), [], log), log


def _fail(*_):
    raise StoreError("the store cannot be used:\ndisk full")


@pytest.mark.parametrize(
    ("poll", "failures", "seconds"), [(30, 1, 60), (30, 3, 240), (30, 9, 600), (30, 5_000, 600), (3_600, 4, 3_600)]
)
def test_back_off_grows_to_ten_minutes_and_never_below_the_interval(poll, failures, seconds):
    assert back_off_seconds(poll, failures) == seconds


def test_failing_tick_is_told_and_tried_again_later_and_later(desk, monkeypatch, store):
    _, watch, log = desk
    watch.begin()
    with monkeypatch.context() as broken:
        broken.setattr(watch_module, "run_tick", _fail)
        assert [watch.tick(NOW) for _ in range(3)] == [2 * POLL, 4 * POLL, 8 * POLL]
    assert log.events() == ["watching", *["tick failed"] * 3]
    assert log.told[-1][1]["error"] == "the store cannot be used: disk full"
    (state,) = watches_of(store, NOW)
    assert state["failed_in_row"] == 3
    assert watch.tick(NOW) == POLL
    assert log.events()[-1] == "tick"
    (state,) = watches_of(store, NOW)
    assert (state["failed_in_row"], state["count"]) == (0, 4)


def test_tick_over_nothing_is_cheap_and_counts_nothing(desk, monkeypatch):
    _, watch, log = desk

    def never(*_):
        raise AssertionError("the graph was run over nothing")

    monkeypatch.setattr("pipeline.tick.run_pipeline", never)
    assert watch.tick(NOW) == POLL
    values = log.told[-1][1]
    assert {values[name] for name in ("taken_in", "read", "failed", "polled")} == {0}


def test_tick_keeps_what_cannot_be_taken_in_once(desk, store):
    folder, watch, log = desk
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert watch.tick(NOW) == POLL
    watch.tick(NOW)
    assert [values["failed"] for _, values in log.told] == [1, 0]
    (failure,) = [failure_from(stored) for stored in store.scan(Collection.FAILURES)]
    assert failure.locator == str(folder / "picture.png")


def test_folder_that_goes_and_comes_is_told_once_each(desk):
    folder, watch, log = desk
    folder.rmdir()
    for _ in range(3):
        watch.tick(NOW)
    folder.mkdir()
    watch.tick(NOW)
    assert log.events() == ["cannot watch", *["tick"] * 3, "watching again", "tick"]


def test_list_of_feeds_that_breaks_is_told_and_the_watch_goes_on(tmp_path, store_url, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.yaml").write_text("feeds: []\n", "utf-8")
    settings = load_settings(None, {"store": {"url": store_url}})
    log = Log()
    watch = Watch(settings, WatchedSources(settings, []), [], log)
    (tmp_path / "config" / "feeds.yaml").write_text("feeds: 7\n", "utf-8")
    watch.tick(NOW)
    assert log.events() == ["cannot watch", "tick"]
    assert "feeds.yaml" in str(log.told[0][1]["trouble"])


RULES = """
channels:
  log: {type: jsonl, path: alerts.jsonl}
rules:
  - {name: Reminders, deadlines: {within: [1], due: true}, channels: [log]}
"""


def test_reminder_is_told_though_nothing_new_comes(tmp_path, store_url, store, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "alerts.yaml").write_text(RULES, "utf-8")
    write_articles(tmp_path / "wire", 1, files=1)  # of February 1; it sets a deadline on March 1
    settings = load_settings(None, {"store": {"url": store_url}, "watch": {"settle_seconds": 0}})
    watch = Watch(settings, WatchedSources(settings, [str(tmp_path / "wire")]), [], Log())
    days = {1: 0, 28: 0, 29: 1}  # of February 2024, and the alerts by then
    for day, told in days.items():
        watch.tick(datetime.datetime(2024, 2, day, 12, tzinfo=datetime.UTC))
        assert store.count(Collection.ALERTS) == told, day
    watch.tick(datetime.datetime(2024, 3, 1, 12, tzinfo=datetime.UTC))
    assert store.count(Collection.ALERTS) == 2
    watch.stop(Stopped(signal=15, finished=True))


def test_rules_that_break_are_told_and_the_watch_goes_on(desk, tmp_path):
    folder, watch, log = desk
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "alerts.yaml").write_text("rules: 7\n", "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert watch.tick(NOW) == POLL
    assert "cannot watch" in log.events()
    assert [values["failed"] for event, values in log.told if event == "tick"] == [1]


def test_store_keeps_the_last_ticks_and_the_last_watches(desk, store):
    _, watch, _ = desk
    ended = [
        Document(id=f"old-{number}", body={"seen": f"2024-01-{number:02}", "started": f"2024-01-{number:02}"})
        for number in range(1, 11)
    ]
    store.replace(Collection.WATCHES, ended)
    watch.begin()
    for _ in range(KEPT_TICKS + 3):
        watch.tick(NOW)
    kept = {stored.id: stored.body for stored in store.scan(Collection.WATCHES)}
    assert len(kept) == KEPT_WATCHES
    assert "old-10" in kept
    own = next(body for body in kept.values() if "ticks" in body)
    assert (len(own["ticks"]), own["count"]) == (KEPT_TICKS, KEPT_TICKS + 3)


def test_status_shows_a_running_watch_and_a_stopped_one(desk, store, store_url, capsys):
    _, watch, _ = desk
    watch.begin()
    watch.tick(NOW)
    print_status(status_of(store, store_url, NOW), NOW)
    shown = capsys.readouterr().out
    assert "next look in 30 s" in shown
    assert "nothing new" in shown
    watch.stop(Stopped(signal=15, finished=True))
    print_status(status_of(store, store_url, NOW), NOW)
    assert "watch       stopped" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("host", "pid", "late", "alive", "words"),
    [
        (socket.gethostname(), os.getpid(), 0, True, "next look in"),
        (socket.gethostname(), 2**22 + 1, 0, False, "ended without a word"),
        ("elsewhere", 1, 0, True, "next look in"),
        ("elsewhere", 1, 3_600, None, "no sign of life"),
    ],
)
def test_status_tells_a_dead_watch_from_a_living_one(desk, store, store_url, capsys, host, pid, late, alive, words):
    _, watch, _ = desk
    watch.begin()
    watch.tick(NOW)
    (stored,) = store.scan(Collection.WATCHES)
    store.replace(Collection.WATCHES, [Document(id=stored.id, body={**stored.body, "host": host, "pid": pid})])
    now = NOW + datetime.timedelta(seconds=late)
    state = status_of(store, store_url, now)
    assert state["watches"][0]["alive"] is alive
    print_status(state, now)
    assert words in capsys.readouterr().out


def test_log_line_is_json_with_time_level_and_event(capsys):
    make_log(json=True).info("tick", taken_in=3, source="Ähnlich")
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert list(json.loads(line)) == ["timestamp", "level", "event", "taken_in", "source"]
    assert "Ähnlich" in line


def test_log_line_for_people_stays_one_line(capsys):
    make_log(json=False).error("tick failed", error="one\ntwo")
    assert capsys.readouterr().err.count("\n") == 1
