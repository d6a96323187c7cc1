"""A watched file is due when it is new or changed and nobody is writing it; what is taken in is not due again."""

import datetime
import os
from pathlib import Path

import pytest

from transforms.ingest.take_in_files import Intake, take_in_file
from transforms.ingest.watch_files import WatchedFiles
from transforms.store.documents import item_from
from transforms.store.protocol import Collection

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
SETTLE = 2.0


class Clock:
    """A file system's time that a test moves."""

    def __init__(self, start):
        self.time = start

    def __call__(self):
        return self.time


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "wire").mkdir()
    return tmp_path / "wire"


@pytest.fixture
def desk(folder, store):
    """Gives a clock a minute after the folder was made, what looks, and what takes in all that a look finds."""
    clock = Clock(folder.stat().st_ctime + 60)
    watched = WatchedFiles([str(folder)], settle_seconds=SETTLE, clock=clock)
    intake = Intake(run="run", now=NOW, lines_by_portion=True)

    def take_in(look):
        for due in look.due:
            list(take_in_file(store, due, intake))
        watched.confirm(look)
        return [Path(due.path).name for due in look.due]

    return clock, lambda: watched.look(store, NOW), take_in


def _write(path, text, clock, ago=60.0):
    """Writes a file as if it had been written `ago` seconds before the clock's time (its ctime is the system's)."""
    path.write_text(text, "utf-8")
    os.utime(path, (clock.time - ago, clock.time - ago))


def _contents(store):
    return sorted(item_from(stored).content for stored in store.scan(Collection.ITEMS))


def test_watched_file_is_due_once_and_again_when_it_changes(folder, desk, store):
    clock, look, take_in = desk
    _write(folder / "a.txt", "One.", clock)
    assert take_in(look()) == ["a.txt"]
    assert take_in(look()) == []
    _write(folder / "a.txt", "Two!", clock, ago=30)
    assert take_in(look()) == ["a.txt"]
    assert _contents(store) == ["One.", "Two!"]


def test_watched_file_is_known_after_a_restart(folder, desk, store):
    clock, look, take_in = desk
    _write(folder / "a.txt", "One.", clock)
    take_in(look())
    again = WatchedFiles([str(folder)], settle_seconds=SETTLE, clock=clock)
    assert again.look(store, NOW).due == ()


def test_watched_file_that_is_being_written_is_left_until_it_rests(folder, desk):
    clock, look, take_in = desk
    clock.time = folder.stat().st_ctime  # from here on files are as old as they look
    (folder / "a.txt").write_text("Half", "utf-8")
    clock.time = (folder / "a.txt").stat().st_ctime + 0.5
    found = look()
    assert (found.due, found.unsettled) == ((), 1)
    assert found.rest_seconds == pytest.approx(SETTLE - 0.5)
    clock.time += SETTLE
    assert take_in(look()) == ["a.txt"]


def test_watched_file_from_the_future_is_taken_in_when_it_stays_as_it_is(folder, desk):
    clock, look, take_in = desk
    clock.time = folder.stat().st_ctime - 86_400
    (folder / "a.txt").write_text("From a server whose clock is a day ahead.", "utf-8")
    assert take_in(look()) == []
    clock.time += SETTLE
    assert take_in(look()) == ["a.txt"]


def test_watched_lines_are_taken_in_while_somebody_writes_them(folder, desk, store):
    clock, look, take_in = desk
    path = folder / "wire.jsonl"
    path.write_text('{"text": "One."}\n{"text": "Tw', "utf-8")
    clock.time = path.stat().st_ctime
    assert take_in(look()) == ["wire.jsonl"]
    assert _contents(store) == ["One."]
    assert take_in(look()) == []  # nothing was added
    with path.open("a") as stream:
        stream.write('o."}\n{"text": "Three."}')
    clock.time = path.stat().st_ctime
    assert take_in(look()) == ["wire.jsonl"]
    assert _contents(store) == ["One.", "Two."]
    clock.time += SETTLE
    assert take_in(look()) == ["wire.jsonl"]
    assert _contents(store) == ["One.", "Three.", "Two."]
    assert store.count(Collection.FAILURES) == 0
    assert take_in(look()) == []


def test_watched_lines_that_are_replaced_are_read_from_the_start(folder, desk, store):
    clock, look, take_in = desk
    _write(folder / "wire.jsonl", '{"text": "One."}\n', clock)
    take_in(look())
    _write(folder / "wire.jsonl", '{"text": "Instead."}\n{"text": "More."}\n', clock, ago=30)
    take_in(look())
    assert _contents(store) == ["Instead.", "More.", "One."]


def test_watched_sidecar_that_comes_later_is_taken_in(folder, desk, store):
    clock, look, take_in = desk
    _write(folder / "a.txt", "One.", clock)
    take_in(look())
    _write(folder / "a.txt.yaml", "published: 2023-12-31\n", clock)
    assert take_in(look()) == ["a.txt"]
    assert "2023-12-31" in {item_from(stored).published for stored in store.scan(Collection.ITEMS)}


def test_watched_file_that_cannot_be_read_fails_once_until_it_changes(folder, desk, store):
    clock, look, take_in = desk
    (folder / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert take_in(look()) == ["a.txt"]
    assert store.count(Collection.FAILURES) == 1
    assert take_in(look()) == []
    _write(folder / "a.txt", "Mended.", clock)
    take_in(look())
    assert store.count(Collection.FAILURES) == 0


def test_look_tells_what_is_not_supported_once(folder, desk):
    _, look, take_in = desk
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    first = look()
    assert [failure.locator for failure in first.unlisted] == [str(folder / "picture.png")]
    assert look().unlisted == first.unlisted  # not confirmed: the tick may have failed
    take_in(first)
    assert look().unlisted == ()


def test_look_tells_that_a_folder_is_gone_and_goes_on(folder, desk):
    clock, look, take_in = desk
    folder.rmdir()
    (trouble,) = look().troubles
    assert str(folder) in trouble
    assert "no such file or folder" in trouble
    folder.mkdir()
    _write(folder / "a.txt", "Back.", clock)
    found = look()
    assert found.troubles == ()
    assert take_in(found) == ["a.txt"]


def test_look_waits_for_a_pattern_that_matches_nothing_yet(folder, store):
    watched = WatchedFiles([f"{folder}/*.txt"], settle_seconds=0)
    assert watched.look(store, NOW).troubles == ()
    (folder / "a.txt").write_text("One.", "utf-8")
    assert len(watched.look(store, NOW).due) == 1


def test_watched_files_refuse_a_negative_time():
    with pytest.raises(ValueError, match="settle_seconds"):
        WatchedFiles([], settle_seconds=-1)
