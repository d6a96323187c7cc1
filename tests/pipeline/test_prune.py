import dataclasses
import datetime

import pytest

from pipeline.prune import PRUNED, prune
from tests.alert.make_alerts import an_alert, put_out
from tests.make import NOW
from transforms.alert.channels.channel import SendError
from transforms.alert.outbox import lease, next_batch, note_failed, note_sent
from transforms.records import AgreementStatus, State
from transforms.resolve.registry import refresh, register
from transforms.resolve.write_agreements import Stamp
from transforms.store.documents import article_document
from transforms.store.owner import new_owner
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
    agreements = {one.body["articles"][0]: one.id for one in store.scan(Collection.AGREEMENTS)}
    put_out(
        store,
        an_alert(1, article="none", story="none"),
        an_alert(2, article="open", story="open"),
        an_alert(3, article="over", agreement=agreements["over"]),
        an_alert(4, article="open", agreement=agreements["open"]),
    )
    send_waiting(store)
    store.create(Collection.FAILURES, [Document(id="f", body={"created": NOW.isoformat()})])
    store.create(Collection.RUNS, [Document(id="r", body={"started": NOW.isoformat()})])
    return store


def send_waiting(store):
    while batch := next_batch(store, "hook", NOW):
        note_sent(store, lease(store, batch, new_owner(), NOW), NOW)


def _alerts(store):
    return {stored.body["headline"][-1] for stored in store.scan(Collection.ALERTS)}


def _held(store):
    held = (Collection.ARTICLES, Collection.AGREEMENTS, Collection.DEADLINES, Collection.DELIVERIES, *PRUNED[2:])
    return {collection: store.count(collection) for collection in held}


def test_open_agreements_and_their_articles_are_kept(desk):
    prune(desk, LATER, PRUNED, dry_run=False)
    assert [stored.id for stored in desk.scan(Collection.ARTICLES)] == ["open"]
    [agreement] = desk.scan(Collection.AGREEMENTS)
    assert agreement.body["articles"] == ["open"]
    assert {stored.body["agreement"] for stored in desk.scan(Collection.DEADLINES)} == {agreement.id}
    assert desk.count(Collection.FAILURES) == desk.count(Collection.RUNS) == 0


def test_alerts_go_with_what_they_tell_of_and_take_their_deliveries_along(desk):
    prune(desk, LATER, PRUNED, dry_run=False)
    assert _alerts(desk) == {"2", "4"}
    assert {row.body["alert"] for row in desk.scan(Collection.DELIVERIES)} == {
        stored.id for stored in desk.scan(Collection.ALERTS)
    }


def test_alerts_alone_are_pruned_only_where_their_articles_are_gone(desk):
    prune(desk, LATER, (Collection.ALERTS,), dry_run=False)
    assert _alerts(desk) == {"1", "2", "3", "4"}
    prune(desk, LATER, (Collection.ARTICLES,), dry_run=False)
    prune(desk, LATER, (Collection.ALERTS,), dry_run=False)
    assert _alerts(desk) == {"2", "3", "4"}


def test_alert_on_an_agreement_that_goes_by_another_id_now_is_kept(desk):
    [agreement] = [one.id for one in desk.scan(Collection.AGREEMENTS) if one.body["articles"] == ["open"]]
    desk.create(Collection.REDIRECTS, [Document(id="former", body={"id": "former", "to": agreement})])
    put_out(desk, an_alert(5, agreement="former"))
    send_waiting(desk)
    prune(desk, LATER, PRUNED, dry_run=False)
    assert _alerts(desk) == {"2", "4", "5"}


def test_alert_that_waits_or_can_be_sent_again_is_kept(desk):
    waiting, refused = put_out(desk, an_alert(6, article="gone"), an_alert(7, article="gone", channels=("dead",)))
    batch = lease(desk, next_batch(desk, "dead", NOW), new_owner(), NOW)
    note_failed(desk, batch, SendError("the receiver answered 404", lasting=True), LATER, "run")
    prune(desk, LATER, PRUNED, dry_run=False)
    assert {waiting, refused} <= {stored.id for stored in desk.scan(Collection.ALERTS)}
    prune(desk, LATER + datetime.timedelta(days=1), PRUNED, dry_run=False)
    assert _alerts(desk) == {"2", "4", "6"}


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
