import os
import pickle
import threading

import pytest

from transforms.store.open import open_store, store_for
from transforms.store.protocol import Collection, Document, StoreError


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "sqlite:///PATH"),
        ("store.db", "sqlite:///PATH"),
        ("sqlite://store.db", "sqlite:///PATH"),
        ("sqlite:///", "sqlite:///PATH"),
        ("postgres://host/db", "sqlite:///PATH"),
        ("elasticsearch://", "elasticsearch://HOST:9200"),
    ],
)
def test_url_that_names_no_store_is_refused(url, message):
    with pytest.raises(StoreError, match=message):
        open_store(url)


def test_relative_and_absolute_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///data/relative.db").close()
    open_store(f"sqlite:///{tmp_path}/absolute.db").close()
    assert (tmp_path / "data" / "relative.db").exists()
    assert (tmp_path / "absolute.db").exists()


def test_thread_keeps_its_store(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    assert store_for(url) is store_for(url)
    others = []
    thread = threading.Thread(target=lambda: others.append(store_for(url)))
    thread.start()
    thread.join()
    assert others[0] is not store_for(url)


def test_stores_of_ended_threads_are_closed(tmp_path):
    stores = []
    for number in range(3):
        url = f"sqlite:///{tmp_path}/{number}.db"
        thread = threading.Thread(target=lambda url=url: stores.append(store_for(url)))
        thread.start()
        thread.join()
    store_for(f"sqlite:///{tmp_path}/last.db")
    for store in stores:
        with pytest.raises(StoreError, match="closed"):
            store.count(Collection.ITEMS)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_process_opens_its_own(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    store = store_for(url)
    child = os.fork()
    if child == 0:
        own = store_for(url)
        written = own is not store and own.create(Collection.ITEMS, [Document(id="a", body={})]) == [True]
        os._exit(0 if written else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.count(Collection.ITEMS) == 1


def test_store_is_not_pickled():
    store = open_store("sqlite:///:memory:")
    with pytest.raises(TypeError, match="pass its URL"):
        pickle.dumps(store)
    store.close()
