import datetime

import pytest

from tests.make import NOW, Make
from transforms.errors import UsageError
from transforms.index.index import index_article
from transforms.records import ReadArticle
from transforms.resolve.decide_agreements import merge_agreements, split_agreement, undo_agreement
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp, current_id
from transforms.store.protocol import Collection

STAMP = Stamp(run="run", now=NOW)


def _enter(store, name, hours=0, **reading):
    article = Make.article(name, taken_in=NOW + datetime.timedelta(hours=hours))
    for resolved in resolve(store, ReadArticle(article=article, reading=Make.reading(name, **reading))):
        list(index_article(store, resolved, STAMP))


def _agreements(store):
    """Returns the reports of each agreement by its id."""
    return {stored.id: stored.body["articles"] for stored in store.scan(Collection.AGREEMENTS)}


@pytest.fixture
def two(store):
    """Two agreements of different parties: the ids of the older and the younger."""
    _enter(store, "a")
    _enter(store, "b", 1, parties=("country:CC", "country:DD"))
    by_report = {reports[0]: key for key, reports in _agreements(store).items()}
    return by_report["a"], by_report["b"]


def test_merged_agreements_are_one_and_keep_the_older_id(store, two):
    older, younger = two
    assert merge_agreements(store, [younger, older], STAMP) == older
    assert _agreements(store) == {older: ["a", "b"]}
    assert current_id(store, younger) == older


def test_merge_outlives_later_reports_and_further_readings(store, two):
    merge_agreements(store, two, STAMP)
    _enter(store, "b", 1, parties=("country:CC", "country:DD"))
    _enter(store, "c", 2, parties=("country:CC", "country:DD"))
    assert list(_agreements(store).values()) == [["a", "b", "c"]]


def test_undo_takes_a_merge_back(store, two):
    merge_agreements(store, two, STAMP)
    assert undo_agreement(store, two[0], STAMP) == 2
    assert _agreements(store) == {two[0]: ["a"], two[1]: ["b"]}


def test_split_reports_are_another_agreement_and_stay_so(store):
    for hours, name in enumerate("abc"):
        _enter(store, name, hours)
    [agreement] = _agreements(store)
    split_agreement(store, agreement, ["c"], STAMP)
    assert sorted(_agreements(store).values()) == [["a", "b"], ["c"]]
    _enter(store, "c", 2)
    assert sorted(_agreements(store).values()) == [["a", "b"], ["c"]]
    undo_agreement(store, agreement, STAMP)
    assert list(_agreements(store).values()) == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("decide", "message"),
    [
        (lambda store, one, other: merge_agreements(store, [one, one], STAMP), "two different agreements"),
        (lambda store, one, other: merge_agreements(store, [one, "nothing"], STAMP), "no agreement"),
        (lambda store, one, other: split_agreement(store, one, ["b"], STAMP), "no report of"),
        (lambda store, one, other: split_agreement(store, one, ["a"], STAMP), "at least one"),
        (lambda store, one, other: undo_agreement(store, "nothing", STAMP), "no agreement"),
    ],
)
def test_decision_that_makes_no_sense_is_refused(store, two, decide, message):
    with pytest.raises(UsageError, match=message):
        decide(store, *two)
