"""A watch takes in what appears, tells each look in one line, and can be stopped or killed at any moment."""

import contextlib
import json
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command import PACTWATCH, canonical, pactwatch
from tests.synthetic import articles
from transforms.records import State
from transforms.store.open import open_store
from transforms.store.protocol import Collection

POLL_SECONDS = 1
LATE_SECONDS = 3  # what an article may take beyond the interval
PATIENCE_SECONDS = 120

pytestmark = pytest.mark.integration


class Watched:
    """A watch in a process of its own, over a folder, with its log in a file."""

    def __init__(self, folder: Path, store_url: str, log: Path) -> None:
        self.store_url = store_url
        self._log = log
        self._stream = log.open("a")
        arguments = ["run", str(folder), "--watch", "--poll-seconds", str(POLL_SECONDS), "--store", store_url]
        self.process = subprocess.Popen(
            [PACTWATCH, *arguments, "--log-format", "json"], stdout=subprocess.DEVNULL, stderr=self._stream
        )

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._stream.close()

    def lines(self, event: str) -> list[dict[str, object]]:
        told = [json.loads(line) for line in self._log.read_text("utf-8").splitlines() if line.endswith("}")]
        return [line for line in told if line["event"] == event]

    def done(self) -> int:
        with contextlib.closing(open_store(self.store_url)) as store:
            return store.count(Collection.ITEMS, {"state": State.DONE.value})


def until(true: Callable[[], bool]) -> float:
    """Waits until something is true; returns how many seconds that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < PATIENCE_SECONDS, "it does not come true"
        time.sleep(0.02)
    return time.monotonic() - began


@contextlib.contextmanager
def watching(folder: Path, store_url: str, log: Path) -> Iterator[Watched]:
    watched = Watched(folder, store_url, log)
    try:
        yield watched
    finally:
        watched.close()


def put(folder: Path, number: int, text: str) -> None:
    """Writes an article's file in pieces, as a slow program does."""
    with (folder / f"{number:04}.txt").open("w", encoding="utf-8") as stream:
        for start in range(0, len(text), 200):
            stream.write(text[start : start + 200])
            stream.flush()


def test_watch_takes_in_what_appears_and_stops_when_told(tmp_path):
    folder, url = tmp_path / "wire", f"sqlite:///{tmp_path / 'store.db'}"
    folder.mkdir()
    texts = [article["text"] for article in articles(3)]
    with watching(folder, url, tmp_path / "log") as watched:
        until(lambda: bool(watched.lines("tick")))
        put(folder, 0, texts[0])
        assert until(lambda: watched.done() == 1) < POLL_SECONDS + LATE_SECONDS
        put(folder, 1, texts[1])
        (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        until(lambda: watched.done() == 2)

        state = json.loads(pactwatch("status", "--store", url, "--format", "json").stdout)
        assert state["counts"]["failures"] == 1
        assert [watch["alive"] for watch in state["watches"]] == [True]
        assert "next look in" in pactwatch("status", "--store", url).stdout

        shutil.rmtree(folder)
        until(lambda: bool(watched.lines("cannot watch")))
        looks = len(watched.lines("tick"))
        until(lambda: len(watched.lines("tick")) > looks + 1)
        folder.mkdir()
        put(folder, 2, texts[2])
        until(lambda: watched.done() == 3)
        assert [str(folder) in str(line["trouble"]) for line in watched.lines("cannot watch")] == [True]

        watched.process.send_signal(signal.SIGTERM)
        assert watched.process.wait(timeout=10) == 0
        assert watched.lines("stopped")[0]["signal"] == "SIGTERM"
        assert watched.lines("tick failed") == []
    assert "watch       stopped" in pactwatch("status", "--store", url).stdout


def _check_kills(tmp_path: Path, kills: int, seed: int) -> None:
    """Kills a watch again and again, at random moments, while articles keep coming in files and in lines."""
    chance = random.Random(seed)
    folder, killed, whole = tmp_path / "wire", f"sqlite:///{tmp_path}/killed.db", f"sqlite:///{tmp_path}/whole.db"
    folder.mkdir()
    records = articles(6 * kills)
    given = iter(enumerate(records))
    for _ in range(kills):
        with watching(folder, killed, tmp_path / "log") as watched:
            for number, record in (next(given) for _ in range(3)):
                put(folder, number, record["text"])
            with (folder / "wire.jsonl").open("a", encoding="utf-8") as stream:
                stream.writelines(json.dumps(record) + "\n" for _, record in (next(given) for _ in range(3)))
            until(lambda: Path(killed.removeprefix("sqlite:///")).exists())
            with contextlib.suppress(subprocess.TimeoutExpired):
                watched.process.wait(timeout=chance.uniform(0, 8))
    with watching(folder, killed, tmp_path / "log") as watched:
        until(lambda: watched.done() == len(records))
        until(lambda: [line["taken_in"] for line in watched.lines("tick")[-1:]] == [0])
        watched.process.send_signal(signal.SIGINT)
        assert watched.process.wait(timeout=10) == 0
    pactwatch("run", str(folder), "--store", whole)
    assert canonical(killed) == canonical(whole)


def test_watch_killed_at_any_moment_loses_and_doubles_nothing(tmp_path):
    _check_kills(tmp_path, kills=3, seed=1)


@pytest.mark.soak
def test_watch_killed_twenty_times_loses_and_doubles_nothing(tmp_path):
    _check_kills(tmp_path, kills=20, seed=2)
