import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.export import export_lines
from tests.make import NOW, Make
from transforms.index.index import index_article
from transforms.records import AgreementStatus, ReadArticle, Reading
from transforms.resolve.registry import Stamp, refresh_block, register_reading
from transforms.resolve.resolve import resolve
from transforms.store.documents import agreement_from
from transforms.store.open import open_store
from transforms.store.protocol import Collection

STAMP = Stamp(run="run", now=NOW)


def _enter(store, article, reading):
    for resolved in resolve(store, ReadArticle(article=article, reading=reading)):
        list(index_article(store, resolved, STAMP))


def _agreements(store):
    return [agreement_from(stored) for stored in store.scan(Collection.AGREEMENTS)]


def test_two_reports_of_one_agreement_are_one_with_both_evidences(store, make):
    for name in ("a", "b"):
        _enter(store, make.article(name), make.reading(name))
    [agreement] = _agreements(store)
    assert [evidence.article for evidence in agreement.evidence] == ["a", "b"]
    assert store.count(Collection.DEADLINES) == 1


def test_latest_published_status_stands_whatever_arrives_last(store, make):
    _enter(store, make.article("new", published="2024-04-30"), make.reading("new", status=AgreementStatus.COLLAPSED))
    _enter(store, make.article("old", published="2024-04-29"), make.reading("old", status=AgreementStatus.SIGNED))
    [agreement] = _agreements(store)
    assert agreement.status is AgreementStatus.COLLAPSED
    assert [(change.what, change.new) for change in agreement.history] == [("new", "signed"), ("status", "collapsed")]


def test_other_parties_are_another_agreement(store, make):
    _enter(store, make.article("a"), make.reading("a"))
    _enter(store, make.article("b"), make.reading("b", parties=("country:AA", "country:CC")))
    assert len(_agreements(store)) == 2


def test_reading_an_article_again_removes_what_it_no_longer_says(store, make):
    _enter(store, make.article("a"), make.reading("a", dates=("2024-06-01", "2024-07-01")))
    _enter(store, make.article("a"), make.reading("a", dates=("2024-07-01",)))
    assert [stored.body["date"] for stored in store.scan(Collection.DEADLINES)] == ["2024-07-01"]
    _enter(store, make.article("a"), Reading(article="a"))
    assert store.count(Collection.AGREEMENTS) == store.count(Collection.DEADLINES) == 0


def test_agreement_keeps_the_run_that_met_it_first(store, make):
    _enter(store, make.article("a"), make.reading("a"))
    later = Stamp(run="later", now=NOW)
    registered = register_reading(store, "a", make.reading("a"))
    for block in registered.blocks:
        refresh_block(store, block, later)
    assert store.find(Collection.AGREEMENTS, "run:run").total == 1
    assert store.find(Collection.AGREEMENTS, "run:later").total == 0


_STATUSES = st.sampled_from([AgreementStatus.AGREED, AgreementStatus.SIGNED, AgreementStatus.VIOLATED])
_DATES = st.lists(st.sampled_from(["2024-06-01", "2024-07-01", "2024-08-01"]), unique=True, max_size=3)
_REPORTS = st.lists(
    st.tuples(st.sampled_from(["2024-04-28", "2024-04-29", None]), _STATUSES, _DATES), min_size=1, max_size=4
)


@pytest.mark.parametrize("url", ["sqlite:///:memory:"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=_REPORTS)
def test_any_order_of_articles_ends_in_the_same_canonical_export(url, reports):
    articles = [
        (Make.article(f"a{n}", published=published), Make.reading(f"a{n}", status=status, dates=tuple(dates)))
        for n, (published, status, dates) in enumerate(reports)
    ]
    exports = set()
    for order in itertools.permutations(articles):
        store = open_store(url)
        for article, reading in order:
            _enter(store, article, reading)
        exports.add(tuple(export_lines(store, canonical=True)))
        store.close()
    assert len(exports) == 1
