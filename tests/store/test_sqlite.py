import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from transforms.store import sqlite, sqlite_migrate, sqlite_schema
from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document, StoreError

WORKER = str(Path(__file__).with_name("worker.py"))
TALKS = Document(id="a", body={"text": "Ceasefire talks", "kinds": ["ceasefire"], "published": "2018-10-10"})


def _start(task, url, number):
    return subprocess.Popen([sys.executable, WORKER, task, url, str(number)], stdout=subprocess.PIPE, text=True)


def _url(path):
    return f"sqlite:///{path}"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.db"


def _written(path):
    store = open_store(_url(path))
    store.create(Collection.ARTICLES, [TALKS])
    store.close()


def _change(path, sql):
    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.commit()
    connection.close()


def test_what_was_written_is_there_after_closing(path):
    _written(path)
    store = open_store(_url(path))
    assert store.get(Collection.ARTICLES, ["a"])["a"].body == TALKS.body
    assert store.find(Collection.ARTICLES, "ceasefire").total == 1
    store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_folders_of_the_store_are_made(tmp_path):
    _written(tmp_path / "a" / "b" / "store.db")
    assert (tmp_path / "a" / "b" / "store.db").exists()


def test_empty_file_becomes_a_store(path):
    path.touch()
    _written(path)


def test_unchanged_body_is_not_written_again(path):
    _written(path)
    store = open_store(_url(path))
    store.replace(Collection.ARTICLES, [TALKS])
    assert store.get(Collection.ARTICLES, ["a"])["a"].version == 1
    store.close()


def test_two_stores_on_one_file_see_each_other(path):
    first, second = open_store(_url(path)), open_store(_url(path))
    first.create(Collection.ARTICLES, [TALKS])
    assert second.create(Collection.ARTICLES, [TALKS]) == [False]
    assert second.find(Collection.ARTICLES, "talks").total == 1
    first.close()
    second.close()


def test_store_of_a_newer_version_is_refused(path):
    _written(path)
    _change(path, "PRAGMA user_version = 999")
    with pytest.raises(StoreError, match=r"newer version of Pactwatch \(its schema is 999.*upgrade Pactwatch"):
        open_store(_url(path))


def test_other_programs_database_is_refused_and_left_alone(path):
    _change(path, "CREATE TABLE bookmarks (url)")
    with pytest.raises(StoreError, match="another program's SQLite file"):
        open_store(_url(path))
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("bookmarks",)]
    connection.close()


def test_file_that_is_no_database_is_refused(path):
    path.write_text("published: 2018\n" * 1000)
    with pytest.raises(StoreError, match=r"store\.db cannot be used: file is not a database"):
        open_store(_url(path))
    assert path.read_text().startswith("published")


def test_folder_is_refused(tmp_path):
    with pytest.raises(StoreError, match="is a folder"):
        open_store(_url(tmp_path))


def test_path_below_a_file_is_refused(path):
    path.touch()
    with pytest.raises(StoreError, match=r"no store can be made at .*: (File exists|Not a directory)"):
        open_store(_url(path / "store.db"))


def test_older_store_is_migrated_with_what_it_holds(path, monkeypatch):
    _written(path)

    def add_table():
        yield "CREATE TABLE inventions (id TEXT)"

    with monkeypatch.context() as newer:
        newer.setattr(sqlite_migrate, "_MIGRATIONS", (*sqlite_migrate._MIGRATIONS, add_table))
        for _ in range(2):
            store = open_store(_url(path))
            assert store.find(Collection.ARTICLES, "talks").total == 1
            store.close()
    with pytest.raises(StoreError, match="newer version"):
        open_store(_url(path))


def test_bands_of_an_older_store_are_kept(path):
    open_store(_url(path)).close()
    _change(path, "DROP TABLE bands")
    _change(path, "CREATE TABLE bands (doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER, body TEXT)")
    _change(path, """INSERT INTO bands (id, version, body) VALUES ('b', 3, '{"texts":["t"]}'), ('a', 1, '{}')""")
    _change(path, "PRAGMA user_version = 3")
    store = open_store(_url(path))
    assert store.get(Collection.BANDS, ["b"])["b"].body == {"texts": ["t"]}
    assert [stored.id for stored in store.find(Collection.BANDS).documents] == ["a", "b"]
    assert store.compare_and_set(Collection.BANDS, Document(id="b", body={"texts": []}), 3)
    assert store.delete(Collection.BANDS, ["a", "b"]) == 2
    store.close()


def test_migration_that_fails_changes_nothing(path, monkeypatch):
    _written(path)

    def add_table():
        yield "CREATE TABLE inventions (id TEXT)"
        yield "CREATE TABLE inventions (id TEXT)"

    with monkeypatch.context() as newer:
        newer.setattr(sqlite_migrate, "_MIGRATIONS", (*sqlite_migrate._MIGRATIONS, add_table))
        with pytest.raises(StoreError, match="inventions already exists"):
            open_store(_url(path))
    store = open_store(_url(path))
    assert store.count(Collection.ARTICLES) == 1
    store.close()


def test_index_is_made_anew_when_the_words_are_made_otherwise(path, monkeypatch):
    _written(path)
    _change(path, "DELETE FROM articles_keywords")
    store = open_store(_url(path))
    assert store.count(Collection.ARTICLES, {"kinds": "ceasefire"}) == 0
    store.close()
    monkeypatch.setattr(sqlite_schema, "ANALYSIS_VERSION", 999)
    store = open_store(_url(path))
    assert store.count(Collection.ARTICLES, {"kinds": "ceasefire"}) == 1
    assert store.find(Collection.ARTICLES, "talk").total == 1
    assert store.get(Collection.ARTICLES, ["a"])["a"].version == 1
    store.close()


def test_scan_gives_the_same_however_many_match(path, monkeypatch):
    store = open_store(_url(path))
    store.create(
        Collection.ITEMS,
        [
            Document(id=f"{n:04}", body={"state": "pending" if n % 3 else "done", "source": f"{n % 2}"})
            for n in range(1800)
        ],
    )
    for where in ({"state": "pending"}, {"state": "Pending", "source": "1"}, {"state": "done", "source": "2"}):
        monkeypatch.setattr(sqlite, "_FEW", 5_000)
        few = [stored.id for stored in store.scan(Collection.ITEMS, where)]
        monkeypatch.setattr(sqlite, "_FEW", 0)
        many = [stored.id for stored in store.scan(Collection.ITEMS, where)]
        assert few == many == sorted(many)
        assert len(many) == store.count(Collection.ITEMS, where)
    store.close()


@pytest.mark.integration
def test_counting_processes_lose_no_step(path):
    workers = [_start("count_up", _url(path), 200) for _ in range(4)]
    assert [worker.wait(120) for worker in workers] == [0] * 4
    for worker in workers:
        worker.stdout.close()
    store = open_store(_url(path))
    counter = store.get(Collection.REGISTRY, ["counter"])["counter"]
    assert (counter.body["n"], counter.version) == (800, 800)
    store.close()


@pytest.mark.integration
def test_processes_that_open_a_new_store_at_once_share_its_claims(path):
    for round_ in range(2):
        url = _url(path.with_name(f"{round_}.db"))
        workers = [_start("claim", url, 50) for _ in range(4)]
        assert sum(int(worker.communicate(timeout=120)[0]) for worker in workers) == 50


@pytest.mark.integration
def test_killed_writer_leaves_whole_batches(path):
    acknowledged = [_kill_after(_url(path), first * 1000, batches) for first, batches in ((1, 1), (2, 7), (3, 20))]
    store = open_store(_url(path))
    for number in (number for numbers in acknowledged for number in numbers):
        assert store.find(Collection.ARTICLES, f"batch{number}").total == 16
    batches = {stored.body["source"] for stored in store.scan(Collection.ARTICLES)}
    assert {store.count(Collection.ARTICLES, {"source": batch}) for batch in batches} == {16}
    assert store.find(Collection.ARTICLES, "ceasefire talks").total == 16 * len(batches)
    store.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for index in ("articles_stems", "articles_exact"):
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
    connection.close()


def _kill_after(url, first, batches):
    """Kills a writer in the middle of its work; returns the batches that it said were written."""
    with _start("write_batches", url, first) as writer:
        numbers = [int(writer.stdout.readline()) for _ in range(batches)]
        writer.send_signal(signal.SIGKILL)
        return [*numbers, *(int(line) for line in writer.stdout if line.endswith("\n"))]
