"""What the store does when answers are lost, requests are turned away, or the server will not write."""

import itertools
import threading

import pytest

from tests.elasticsearch import fresh_prefix, server_url
from tests.proxy import Fault, proxy_to
from transforms.store.elasticsearch.address import parse_address
from transforms.store.elasticsearch.indices import index_name, put_templates
from transforms.store.elasticsearch.link import Link, RefusedDocumentError
from transforms.store.elasticsearch.templates import mappings_of
from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document, StoreError

pytestmark = pytest.mark.integration


@pytest.fixture
def proxy():
    with proxy_to(parse_address(server_url()).server) as running:
        yield running


@pytest.fixture
def store(proxy, emptied_url):
    opened = open_store(f"{proxy.url}/{parse_address(emptied_url).prefix}", patience_seconds=30)
    yield opened
    opened.close()


@pytest.fixture
def settings(emptied_url):
    """Sets settings of a collection's index for one test."""
    link = Link(parse_address(emptied_url), patience_seconds=30)
    put = []

    def change(collection, **given):
        alias = f"{link.address.prefix}-{collection}"
        put.append((alias, dict.fromkeys(given)))
        link.client.indices.put_settings(index=alias, settings=given)

    yield change
    for alias, lifted in put:
        link.client.indices.put_settings(index=alias, settings=lifted)
    link.close()


def _every_second(fault):
    turns, lock = itertools.count(), threading.Lock()

    def choose(method, path):
        with lock:
            return fault if "_bulk" in path and next(turns) % 2 == 0 else Fault.NONE

    return choose


def _items(numbers, **body):
    return [Document(id=f"{n}", body={"n": n, **body}) for n in numbers]


FAULTS = [Fault.LOST, Fault.AWAY, Fault.BUSY, Fault.REJECTED, Fault.BROKEN]


@pytest.mark.parametrize("fault", FAULTS)
def test_claims_are_ours_once_whatever_became_of_the_answers(store, proxy, fault):
    proxy.choose = _every_second(fault)
    for numbers in itertools.batched(range(20), 5):
        assert store.create(Collection.ITEMS, _items(numbers)) == [True] * 5
    assert store.create(Collection.ITEMS, _items(range(22), late=True)) == [False] * 20 + [True] * 2
    assert store.count(Collection.ITEMS) == 22


@pytest.mark.parametrize("fault", FAULTS)
def test_steps_are_counted_once_whatever_became_of_the_answers(store, proxy, fault):
    proxy.choose = _every_second(fault)
    version = None
    for number in range(6):
        document = Document(id="counter", body={"n": number})
        assert store.compare_and_set(Collection.REGISTRY, document, version)
        stored = store.get(Collection.REGISTRY, ["counter"])["counter"]
        assert stored.body == {"n": number}
        version = stored.version


@pytest.mark.parametrize("fault", FAULTS)
def test_replaced_and_removed_documents_stay_so(store, proxy, fault):
    proxy.choose = _every_second(fault)
    store.replace(Collection.ITEMS, _items(range(10)))
    store.replace(Collection.ITEMS, _items(range(5), new=True))
    assert store.delete(Collection.ITEMS, ["0", "9", "nobody"]) == 2
    found = {stored.id: "new" in stored.body for stored in store.scan(Collection.ITEMS)}
    assert found == {f"{n}": n < 5 for n in range(1, 9)}


def test_reading_waits_while_the_server_is_away(store, proxy):
    store.create(Collection.ITEMS, _items(range(3)))
    turns = itertools.count()
    proxy.choose = lambda method, path: Fault.AWAY if next(turns) < 4 else Fault.NONE
    assert store.count(Collection.ITEMS) == 3


def test_server_that_stays_away_is_told_in_one_line(proxy, emptied_url):
    url = f"{proxy.url}/{parse_address(emptied_url).prefix}"
    store = open_store(url, patience_seconds=0.5)
    proxy.choose = lambda method, path: Fault.AWAY
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        store.create(Collection.ITEMS, _items(range(3)))
    assert "\n" not in str(caught.value)
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store(url, patience_seconds=0.1)
    store.close()


# A node whose disk fills up sets `read_only_allow_delete` on its indices, by itself.
@pytest.mark.parametrize(
    "block", ["index.blocks.read_only_allow_delete", "index.blocks.write", "index.blocks.read_only"]
)
def test_index_that_takes_no_writes_is_told_in_one_line(store, settings, block):
    store.create(Collection.ITEMS, _items(range(2)))
    settings(Collection.ITEMS, **{block: True})
    for write in (
        lambda: store.create(Collection.ITEMS, _items(range(4))),
        lambda: store.replace(Collection.ITEMS, _items(range(2), new=True)),
    ):
        with pytest.raises(StoreError, match="takes no writes") as caught:
            write()
        assert "\n" not in str(caught.value)
    assert store.get(Collection.ITEMS, ["0"])["0"].body == {"n": 0}


@pytest.fixture
def misfit():
    """A store whose index of items holds another mapping than this version's: a title that is a number."""
    with fresh_prefix("misfit") as url:
        link = Link(parse_address(url), patience_seconds=30)
        mappings = mappings_of(Collection.ITEMS)
        mappings["properties"]["title"] = {"type": "integer"}
        name, alias = (index_name(link.address.prefix, Collection.ITEMS, 1), f"{link.address.prefix}-items")
        put_templates(link)
        link.client.indices.create(index=name, mappings=mappings, aliases={alias: {}})
        link.close()
        opened = open_store(url)
        yield opened
        opened.close()


def test_document_that_the_mapping_refuses_says_why_and_stops_no_other(misfit):
    documents = [*_items([1]), *_items([2], title="Talks resume"), *_items([3])]
    with pytest.raises(RefusedDocumentError, match=r"items/2 \(400\): .*title.*integer"):
        misfit.create(Collection.ITEMS, documents)
    assert set(misfit.get(Collection.ITEMS, ["1", "2", "3"])) == {"1", "3"}
    assert not issubclass(RefusedDocumentError, StoreError)  # so that it becomes a Failure and the bundle goes on
