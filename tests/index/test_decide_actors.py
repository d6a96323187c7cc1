import pytest

from pipeline.export import export_lines
from tests.make import NOW, Make
from transforms.errors import UsageError
from transforms.index.decide_actors import merge_actor, split_actor
from transforms.index.index import index_article
from transforms.records import ReadArticle
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp
from transforms.store.protocol import Collection

STAMP = Stamp(run="run", now=NOW)


def _enter(store, name, *parties):
    reading = Make.reading(name, parties=parties)
    for resolved in resolve(store, ReadArticle(article=Make.article(name), reading=reading)):
        list(index_article(store, resolved, STAMP))


def _parties(store):
    return sorted(stored.body["record"]["parties"] for stored in store.scan(Collection.AGREEMENTS))


def test_merged_actors_are_one_in_agreements_articles_and_to_come(store):
    _enter(store, "a", "country:AA", "country:BB")
    _enter(store, "b", "country:AA", "group:bb")
    assert len(_parties(store)) == 2
    merge_actor(store, "country:BB", "group:bb", STAMP)
    assert _parties(store) == [["country:AA", "country:BB"]]
    _enter(store, "c", "country:AA", "group:bb")
    assert _parties(store) == [["country:AA", "country:BB"]]
    assert not store.get(Collection.ACTORS, ["group:bb"])
    assert store.count(Collection.ARTICLES, {"actor_ids": "country:bb"}) == 3
    assert "GROUP:BB" in store.get(Collection.ACTORS, ["country:BB"])["country:BB"].body["aliases"]


def test_split_takes_a_merge_back(store):
    _enter(store, "a", "country:AA", "country:BB")
    _enter(store, "b", "country:AA", "group:bb")
    before = list(export_lines(store, canonical=True))
    merge_actor(store, "country:BB", "group:bb", STAMP)
    assert split_actor(store, "group:bb", STAMP) == "country:BB"
    assert list(export_lines(store, canonical=True)) == before


def test_merge_of_what_is_not_there_is_refused(store):
    _enter(store, "a", "country:AA", "country:BB")
    for actor, other in (("country:AA", "country:AA"), ("country:AA", "nobody"), ("nobody", "country:AA")):
        with pytest.raises(UsageError):
            merge_actor(store, actor, other, STAMP)
    with pytest.raises(UsageError):
        split_actor(store, "country:AA", STAMP)
