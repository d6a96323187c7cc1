import dataclasses
import datetime

import pytest

from pipeline.prune import PRUNED, prune
from tests.make import NOW
from transforms.records import AgreementStatus, State
from transforms.resolve.registry import refresh, register
from transforms.resolve.write_agreements import Stamp
from transforms.store.documents import article_document
from transforms.store.protocol import Collection, Document

LATER = NOW + datetime.timedelta(days=400)


@pytest.fixture
def desk(store, make):
    """An open and a collapsed agreement, each with its article, and an article without any."""
    readings = {
        "open": make.reading("open"),
        "over": make.reading("over", parties=("country:CC", "country:DD"), status=AgreementStatus.COLLAPSED),
        "none": dataclasses.replace(make.reading("none"), agreements=(), deadlines=()),
    }
    for name, reading in readings.items():
        article = dataclasses.replace(make.article(name), state=State.DONE)
        store.create(Collection.ARTICLES, [article_document(article, reading, "run")])
        refresh(store, register(store, article, reading), Stamp(run="run", now=NOW))
    store.create(Collection.FAILURES, [Document(id="f", body={"created": NOW.isoformat()})])
    store.create(Collection.RUNS, [Document(id="r", body={"started": NOW.isoformat()})])
    return store


def _held(store):
    held = (Collection.ARTICLES, Collection.AGREEMENTS, Collection.DEADLINES, *PRUNED[2:])
    return {collection: store.count(collection) for collection in held}


def test_open_agreements_and_their_articles_are_kept(desk):
    prune(desk, LATER, PRUNED, dry_run=False)
    assert [stored.id for stored in desk.scan(Collection.ARTICLES)] == ["open"]
    [agreement] = desk.scan(Collection.AGREEMENTS)
    assert agreement.body["articles"] == ["open"]
    assert {stored.body["agreement"] for stored in desk.scan(Collection.DEADLINES)} == {agreement.id}
    assert desk.count(Collection.FAILURES) == desk.count(Collection.RUNS) == 0


def test_nothing_young_is_removed(desk):
    before = _held(desk)
    assert set(prune(desk, NOW, PRUNED, dry_run=False).counts.values()) == {0}
    assert _held(desk) == before


def test_agreement_with_a_deadline_to_come_is_open(desk):
    prune(desk, datetime.datetime(2024, 5, 20, tzinfo=datetime.UTC), PRUNED, dry_run=False)
    assert desk.count(Collection.AGREEMENTS) == 2


def test_dry_run_counts_and_removes_nothing(desk):
    before = _held(desk)
    counts = prune(desk, LATER, PRUNED, dry_run=True).counts
    assert counts[Collection.ARTICLES] == 2
    assert counts[Collection.AGREEMENTS] == counts[Collection.DEADLINES] == 1
    assert _held(desk) == before


def test_only_what_is_named_is_pruned(desk):
    prune(desk, LATER, (Collection.RUNS,), dry_run=False)
    assert desk.count(Collection.RUNS) == 0
    assert desk.count(Collection.ARTICLES) == 3
    prune(desk, LATER, (Collection.ARTICLES,), dry_run=False)
    assert {stored.id for stored in desk.scan(Collection.ARTICLES)} == {"open", "over"}
