import pytest

from tests.elasticsearch import fresh_prefix
from transforms.store.elasticsearch import templates
from transforms.store.elasticsearch.address import parse_address
from transforms.store.elasticsearch.link import Link
from transforms.store.elasticsearch.setup import plan_setup
from transforms.store.open import open_store, store_exists
from transforms.store.protocol import Collection, Document, StoreError

pytestmark = pytest.mark.integration

TALKS = [
    Document(id=f"{n}", body={"text": f"Talks {n}", "kinds": ["peace"], "published": "2018-09"}) for n in range(600)
]


@pytest.fixture
def url():
    with fresh_prefix("setup") as given:
        yield given


@pytest.fixture
def link(url):
    opened = Link(parse_address(url), patience_seconds=30)
    yield opened
    opened.close()


def _set_up(link):
    told = []
    for step in plan_setup(link):
        told.append(step.told)
        step.make()
    return told


def test_setup_makes_all_once_and_a_plan_makes_nothing(link, url):
    planned = [step.told for step in plan_setup(link)]
    assert not store_exists(url)
    assert _set_up(link) == planned
    assert f"make index {link.address.prefix}-articles-000001 with alias {link.address.prefix}-articles" in planned
    assert plan_setup(link) == []
    assert store_exists(url)


def test_changed_mappings_move_the_alias_and_lose_nothing(link, url, monkeypatch):
    store = open_store(url)
    store.create(Collection.ARTICLES, TALKS)
    before = [(stored.id, stored.body) for stored in store.scan(Collection.ARTICLES)]
    monkeypatch.setattr(templates, "LAYOUT_VERSION", 999)
    with pytest.raises(StoreError, match="made by another version of Pactwatch: run `pactwatch setup elasticsearch`"):
        open_store(url)
    told = [line for line in _set_up(link) if "articles" in line and "copy" in line]
    assert len(told) == 1
    assert "(600 documents)" in told[0]
    assert plan_setup(link) == []
    newer = open_store(url)
    assert [(stored.id, stored.body) for stored in newer.scan(Collection.ARTICLES)] == before
    assert newer.find(Collection.ARTICLES, "talk AND kinds:peace AND published:2018").total == 600
    with pytest.raises(StoreError, match="takes no writes"):  # a run of the older version is on its way
        store.create(Collection.ARTICLES, [Document(id="late", body={})])
    store.close()
    newer.close()


def test_copy_that_was_broken_off_is_made_anew(link, url, monkeypatch):
    store = open_store(url)
    store.create(Collection.ARTICLES, TALKS[:3])
    store.close()
    link.client.indices.create(index=f"{link.address.prefix}-articles-000002")
    monkeypatch.setattr(templates, "LAYOUT_VERSION", 999)
    assert f"remove the unfinished copy {link.address.prefix}-articles-000002" in _set_up(link)
    newer = open_store(url)
    assert newer.count(Collection.ARTICLES) == 3
    newer.close()
