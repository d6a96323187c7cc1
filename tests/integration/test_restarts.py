"""A run can be killed at any moment, run twice at once, and repeated: the store ends up the same."""

import json
import sqlite3
import time
from pathlib import Path

import pytest

from tests.benchmarks.end_to_end import shuffled_texts, write_texts
from tests.command import canonical, pactwatch, start
from tests.synthetic import write_articles
from transforms.records import State
from transforms.store.open import open_store
from transforms.store.protocol import Collection, StoreError

NOW = ("--now", "2024-03-01")
PATIENCE_SECONDS = 120

pytestmark = pytest.mark.integration


def _done(store_url: str) -> int:
    """How many items are done in a store that another process writes; 0 before it exists."""
    if not Path(store_url.removeprefix("sqlite:///")).exists():
        return 0
    try:
        store = open_store(store_url)
    except (StoreError, sqlite3.Error):
        return 0
    try:
        return store.count(Collection.ITEMS, {"state": State.DONE.value})
    finally:
        store.close()


def _kill_after(folder: Path, store_url: str, done: int) -> None:
    """Starts a run and kills it (SIGKILL) when at least `done` more items are done than before."""
    before = _done(store_url)
    process = start("run", str(folder), "--store", store_url, *NOW)
    limit = time.monotonic() + PATIENCE_SECONDS
    while _done(store_url) < before + done and process.poll() is None and time.monotonic() < limit:
        pass
    process.kill()
    process.communicate()


def _check_kills(tmp_path: Path, count: int, moments: list[int]) -> None:
    folder = write_articles(tmp_path / "wire", count)
    whole, killed = (f"sqlite:///{tmp_path / name}.db" for name in ("whole", "killed"))
    pactwatch("run", str(folder), "--store", whole, *NOW)
    for moment in moments:
        _kill_after(folder, killed, moment)
    pactwatch("run", str(folder), "--store", killed, *NOW)
    assert _done(killed) == _done(whole) == count
    assert canonical(killed) == canonical(whole)


def test_killed_run_started_again_loses_nothing(tmp_path):
    _check_kills(tmp_path, 96, [0, 1, 16, 33])


@pytest.mark.soak
def test_killed_run_of_500_started_again_loses_nothing(tmp_path):
    _check_kills(tmp_path, 500, [0, 1, 16, 40, 41, 100, 150])


def test_two_runs_at_once_end_like_one(tmp_path):
    folder = write_articles(tmp_path / "wire", 64)
    one, both = (f"sqlite:///{tmp_path / name}.db" for name in ("one", "both"))
    pactwatch("run", str(folder), "--store", one, *NOW)
    processes = [start("run", str(folder), "--store", both, *NOW) for _ in range(2)]
    for process in processes:
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output
    assert _done(both) == 64
    assert canonical(both) == canonical(one)


def test_second_run_reads_nothing_and_changes_nothing(tmp_path):
    folder = write_articles(tmp_path / "wire", 48)
    url = f"sqlite:///{tmp_path / 'store.db'}"
    pactwatch("run", str(folder), "--store", url, *NOW)
    before = pactwatch("export", "--store", url).stdout
    again = pactwatch("run", str(folder), "--store", url, *NOW).stdout
    assert "Nothing new." in again
    assert " 0 read" in again
    assert pactwatch("export", "--store", url).stdout == before


@pytest.mark.soak
def test_second_run_over_500_long_articles_is_twenty_times_faster(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    write_texts(folder, shuffled_texts(500))
    url = f"sqlite:///{tmp_path / 'store.db'}"
    for _ in range(2):
        pactwatch("run", str(folder), "--store", url, *NOW)
    runs = json.loads(pactwatch("status", "--store", url, "--format", "json").stdout)["runs"]
    seconds = sorted(run["seconds"] for run in runs)
    assert seconds[1] >= 20 * seconds[0], seconds


def test_articles_in_another_order_end_the_same(tmp_path):
    folder = write_articles(tmp_path / "wire", 48, files=4)
    files = sorted(folder.iterdir())
    forwards, backwards = (f"sqlite:///{tmp_path / name}.db" for name in ("forwards", "backwards"))
    pactwatch("run", *map(str, files), "--store", forwards, *NOW)
    for file in reversed(files):
        pactwatch("run", str(file), "--store", backwards, *NOW)
    assert canonical(forwards) == canonical(backwards)
