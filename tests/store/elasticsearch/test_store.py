"""What is the Elasticsearch store's own: long ids, several processes, pickling, stores of other versions."""

import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document

pytestmark = pytest.mark.integration

WORKER = str(Path(__file__).parents[1] / "worker.py")


@pytest.fixture
def store(emptied_url):
    opened = open_store(emptied_url, patience_seconds=30)
    yield opened
    opened.close()


def _start(task, url, number):
    return subprocess.Popen([sys.executable, WORKER, task, url, str(number)], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("length", [512, 513, 2000])
def test_long_ids_are_kept_whole(store, length):
    ids = ["é" * (length // 2) + end for end in ("", "a", "b")]
    documents = [Document(id=id_, body={"n": number}) for number, id_ in enumerate(ids)]
    assert store.create(Collection.ITEMS, documents) == [True] * 3
    assert store.create(Collection.ITEMS, documents) == [False] * 3
    assert {id_: stored.body["n"] for id_, stored in store.get(Collection.ITEMS, ids).items()} == dict(
        zip(ids, range(3), strict=True)
    )
    assert [stored.id for stored in store.scan(Collection.ITEMS)] == sorted(ids)
    assert store.delete(Collection.ITEMS, ids) == 3


def test_what_another_store_wrote_is_found_by_a_store_opened_after(store, emptied_url):
    other = open_store(emptied_url)
    assert store.count(Collection.ITEMS) == 0
    other.create(Collection.ITEMS, [Document(id="a", body={})])
    assert store.count(Collection.ITEMS) == 1  # the same process: at once
    other.close()
    process = _start("claim", emptied_url, 3)
    assert process.communicate(timeout=120)[0] == "3\n"
    later = open_store(emptied_url)
    assert later.count(Collection.TEXTS) == 3
    later.close()


def test_more_than_a_window_is_found_whole(store, monkeypatch):
    monkeypatch.setattr("transforms.store.elasticsearch.store._MAX_WINDOW", 50)
    store.create(
        Collection.ITEMS, [Document(id=f"{n:03}", body={"title": "news", "state": f"{n % 2}"}) for n in range(120)]
    )
    page = store.find(Collection.ITEMS, "news AND state:1", sort=["-id"], limit=40, offset=15)
    assert page.total == 60
    assert [stored.id for stored in page.documents] == [f"{n:03}" for n in range(119, 0, -2)][15:55]


def test_store_is_not_pickled(store):
    with pytest.raises(TypeError, match="pass its URL"):
        pickle.dumps(store)


def test_counting_processes_lose_no_step(store, emptied_url):
    workers = [_start("count_up", emptied_url, 25) for _ in range(3)]
    assert [worker.wait(120) for worker in workers] == [0] * 3
    for worker in workers:
        worker.stdout.close()
    assert store.get(Collection.REGISTRY, ["counter"])["counter"].body["n"] == 75


def test_processes_share_their_claims(emptied_url):
    workers = [_start("claim", emptied_url, 20) for _ in range(3)]
    assert sum(int(worker.communicate(timeout=120)[0]) for worker in workers) == 20


def test_killed_writer_loses_nothing_that_it_said_was_written(store, emptied_url):
    with _start("write_batches", emptied_url, 1) as writer:
        said = [int(writer.stdout.readline()) for _ in range(5)]
        writer.send_signal(signal.SIGKILL)
        said += [int(line) for line in writer.stdout if line.endswith("\n")]
    there = store.get(Collection.ARTICLES, [f"{number}-{i}" for number in said for i in range(16)])
    assert len(there) == 16 * len(said)
