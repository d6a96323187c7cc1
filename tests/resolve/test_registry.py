import dataclasses
import datetime
import itertools

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.export import export_lines
from tests.make import NOW, Make
from transforms.index.index import index_article
from transforms.records import AgreementStatus, Deadline, ReadArticle, Reading, from_json
from transforms.resolve.registry import refresh, register
from transforms.resolve.resolve import resolve
from transforms.resolve.write_agreements import Stamp, current_id
from transforms.store.documents import agreement_from
from transforms.store.open import open_store
from transforms.store.protocol import Collection

STAMP = Stamp(run="run", now=NOW)


def _enter(store, article, reading):
    for resolved in resolve(store, ReadArticle(article=article, reading=reading)):
        list(index_article(store, resolved, STAMP))


def _agreements(store):
    return [agreement_from(stored) for stored in store.scan(Collection.AGREEMENTS)]


def _ids(store):
    return [stored.id for kind in (Collection.AGREEMENTS, Collection.DEADLINES) for stored in store.scan(kind)]


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
    refresh(store, register(store, make.article("a"), make.reading("a")), later)
    assert store.find(Collection.AGREEMENTS, "run:run").total == 1
    assert store.find(Collection.AGREEMENTS, "run:later").total == 0


def _moved(make, name, date, *, published, says="The deadline was extended.", **fields):
    """An article that gives a date for the withdrawal, in a sentence that tells of a move or does not."""
    reading = make.reading(name, dates=(date,), reached=None, **fields)
    [deadline] = reading.deadlines
    evidence = dataclasses.replace(deadline.evidence, text=says)
    reading = dataclasses.replace(reading, deadlines=(dataclasses.replace(deadline, evidence=evidence),))
    return make.article(name, published=published), reading


def _deadlines(store):
    return [from_json(Deadline, stored.body["record"]) for stored in store.scan(Collection.DEADLINES)]


def test_follow_up_report_that_does_not_say_when_joins_and_a_later_truce_does_not(store, make):
    _enter(store, make.article("first", published="2024-04-30"), make.reading("first", reached="2024-04-29"))
    _enter(store, make.article("follow", published="2024-06-30"), make.reading("follow", reached=None))
    _enter(store, make.article("next", published="2025-03-01"), make.reading("next", reached="2025-02-28"))
    assert sorted(len(agreement.evidence) for agreement in _agreements(store)) == [1, 2]


def test_truce_agreed_after_one_collapsed_is_another(store, make):
    _enter(store, make.article("a", published="2024-04-01"), make.reading("a", reached=None))
    _enter(
        store,
        make.article("b", published="2024-04-10"),
        make.reading("b", reached=None, status=AgreementStatus.COLLAPSED),
    )
    _enter(store, make.article("c", published="2024-04-20"), make.reading("c", reached=None))
    assert sorted(agreement.status for agreement in _agreements(store)) == ["collapsed", "signed"]


def test_background_of_a_later_article_does_not_turn_a_status_back(store, make):
    for name, published, status in (
        ("a", "2024-04-30", AgreementStatus.SIGNED),
        ("b", "2024-05-03", AgreementStatus.VIOLATED),
        ("c", "2024-05-04", AgreementStatus.SIGNED),
    ):
        _enter(store, make.article(name, published=published), make.reading(name, status=status))
    [agreement] = _agreements(store)
    assert agreement.status is AgreementStatus.VIOLATED
    assert [change.new for change in agreement.history] == ["signed", "violated"]


def test_party_that_joins_later_is_told_in_the_history(store, make):
    _enter(store, make.article("a"), make.reading("a"))
    _enter(store, make.article("b"), make.reading("b", parties=("country:AA", "country:BB", "country:CC")))
    [agreement] = _agreements(store)
    assert [(change.what, change.new, change.article) for change in agreement.history[1:]] == [
        ("party", "country:CC", "b")
    ]


def test_late_older_report_leaves_the_agreement_its_id(store, make):
    _enter(store, make.article("new", published="2024-04-30", taken_in=NOW), make.reading("new"))
    [before] = _agreements(store)
    later = NOW + datetime.timedelta(days=1)
    _enter(store, make.article("old", published="2024-04-29", taken_in=later), make.reading("old"))
    assert [agreement.id for agreement in _agreements(store)] == [before.id]


def test_agreements_that_turn_out_to_be_one_keep_the_older_id_and_the_other_leads_to_it(store, make):
    _enter(store, make.article("a", published="2024-03-01"), make.reading("a", reached=None))
    later = NOW + datetime.timedelta(hours=1)
    _enter(store, make.article("b", published="2024-05-20", taken_in=later), make.reading("b", reached=None))
    older, younger = sorted(_agreements(store), key=lambda agreement: agreement.evidence[0].article)
    between = NOW + datetime.timedelta(hours=2)
    _enter(store, make.article("c", published="2024-04-10", taken_in=between), make.reading("c", reached=None))
    assert [agreement.id for agreement in _agreements(store)] == [older.id]
    assert current_id(store, younger.id) == older.id
    assert store.count(Collection.DEADLINES) == 1


def test_changed_article_keeps_the_agreement_its_id(store, make):
    _enter(store, make.article("a"), make.reading("a"))
    [before] = _agreements(store)
    parties = ("country:AA", "country:BB", "country:CC")
    _enter(store, make.article("a", text="A longer text."), make.reading("a", parties=parties))
    [after] = _agreements(store)
    assert (after.id, after.parties) == (before.id, parties)


def test_later_report_moves_a_deadline_and_its_history_keeps_the_old_date(store, make):
    _enter(store, make.article("a", published="2024-05-01"), make.reading("a", dates=("2024-06-01",)))
    [before] = _deadlines(store)
    _enter(store, *_moved(make, "b", "2024-06-15", published="2024-05-20"))
    _enter(store, *_moved(make, "c", "2024-06-30", published="2024-06-10"))
    [after] = _deadlines(store)
    assert (after.date.isoformat(), after.status) == ("2024-06-30", "extended")
    assert current_id(store, before.id) == after.id
    assert [(change.old, change.new, change.article) for change in after.history] == [
        (None, "2024-06-01", "a"),
        ("2024-06-01", "2024-06-15", "b"),
        ("2024-06-15", "2024-06-30", "c"),
    ]


def test_another_date_without_a_word_of_a_move_is_another_deadline(store, make):
    _enter(store, make.article("a", published="2024-05-01"), make.reading("a", dates=("2024-06-01",)))
    _enter(store, *_moved(make, "b", "2024-06-15", published="2024-05-20", says="They will withdraw by June 15."))
    assert store.count(Collection.DEADLINES) == 2


def test_old_date_in_a_later_article_does_not_move_it_back(store, make):
    _enter(store, make.article("a", published="2024-05-01"), make.reading("a", dates=("2024-06-01",)))
    _enter(store, *_moved(make, "b", "2024-06-15", published="2024-05-20"))
    _enter(store, *_moved(make, "c", "2024-06-01", published="2024-05-25"))
    [deadline] = _deadlines(store)
    assert deadline.date.isoformat() == "2024-06-15"


def test_deadlines_of_a_collapsed_agreement_are_cancelled(store, make):
    _enter(store, make.article("a", published="2024-05-01"), make.reading("a", dates=("2024-06-01",)))
    collapsed = make.reading("b", status=AgreementStatus.COLLAPSED, dates=())
    _enter(store, make.article("b", published="2024-05-10"), collapsed)
    assert [deadline.status for deadline in _deadlines(store)] == ["cancelled"]


_REPORTS = st.lists(
    st.tuples(
        st.sampled_from(["2024-03-20", "2024-04-28", "2024-05-20", None]),
        st.sampled_from([AgreementStatus.AGREED, AgreementStatus.COLLAPSED, AgreementStatus.EXTENDED]),
        st.lists(st.sampled_from(["2024-06-01", "2024-07-01", "2024-08-01"]), unique=True, max_size=2),
        st.sampled_from(
            [
                ("country:AA", "country:BB"),
                ("country:AA", "country:BB", "country:CC"),
                ("country:AA",),
                ("company:AA-steel", "country:BB"),
                ("company:AA-oil", "country:BB"),
                ("person:marta kolvar", "country:BB"),
                ("person:ivan kolvar", "country:BB"),
                ("person:kolvar", "country:BB"),
            ]
        ),
        st.sampled_from([None, "2024-04-27", "2024-04-29", "2024-04", "2024-05-19"]),
    ),
    min_size=1,
    max_size=4,
)


def _report(n, published, status, dates, parties, reached):
    reading = Make.reading(f"a{n}", status=status, dates=tuple(dates), parties=parties, reached=reached)
    return Make.article(f"a{n}", published=published), reading


# Three of one agreement, of which the one in the middle is withdrawn, so that a deadline goes from one to another.
_PARTED = [
    ("2024-03-20", AgreementStatus.AGREED, [], ("country:AA", "country:BB"), None),
    ("2024-03-20", AgreementStatus.COLLAPSED, [], ("country:AA", "country:BB"), "2024-04-29"),
    ("2024-03-20", AgreementStatus.AGREED, [], ("country:AA", "country:BB"), "2024-04-29"),
    ("2024-03-20", AgreementStatus.AGREED, ["2024-06-01"], ("country:AA", "country:BB"), "2024-04-27"),
]


def test_reports_that_name_one_side_of_several_agreements_are_one_by_themselves(store):
    sides = [("country:AA", "country:BB"), ("country:AA", "country:CC"), ("country:AA",), ("country:AA",)]
    for n, parties in enumerate(sides):
        _enter(store, *_report(n, "2024-04-28", AgreementStatus.AGREED, [], parties, "2024-04-27"))
    assert sorted(len(agreement.evidence) for agreement in _agreements(store)) == [1, 1, 2]


# A deal of two states, and two of their firms, one of which is withdrawn: the other is the states' deal then.
_STANDING_IN = [
    ("2024-04-28", AgreementStatus.AGREED, ["2024-06-01"], ("country:AA", "country:BB"), "2024-04-27"),
    ("2024-04-28", AgreementStatus.AGREED, [], ("company:AA-steel", "country:BB"), "2024-04-27"),
    ("2024-04-28", AgreementStatus.AGREED, ["2024-07-01"], ("company:AA-oil", "country:BB"), "2024-04-27"),
]


def test_deal_of_a_firm_is_the_deal_of_its_state_where_no_other_firm_has_one(store):
    articles = [_report(n, *report) for n, report in enumerate(_STANDING_IN)]
    for article, reading in articles:
        _enter(store, article, reading)
    assert len(_agreements(store)) == 3
    _enter(store, articles[2][0], Reading(article=articles[2][0].id))
    [agreement] = _agreements(store)
    assert [evidence.article for evidence in agreement.evidence] == ["a0", "a1"]


def _of(person):
    return ("2024-04-28", AgreementStatus.AGREED, [], (f"person:{person}", "country:BB"), "2024-04-27")


# A surname, somebody who bears it, and another who does.
_NAMESAKES = [_of("kolvar"), _of("marta kolvar"), _of("ivan kolvar")]


def test_surname_is_its_only_bearer_and_nobody_where_two_bear_it(store):
    articles = [_report(n, *report) for n, report in enumerate(_NAMESAKES)]
    for article, reading in articles[:2]:
        _enter(store, article, reading)
    [agreement] = _agreements(store)
    assert agreement.parties == ("person:marta kolvar", "country:BB")
    _enter(store, *articles[2])
    assert len(_agreements(store)) == 3
    _enter(store, articles[1][0], Reading(article=articles[1][0].id))
    [agreement] = _agreements(store)
    assert agreement.parties == ("person:ivan kolvar", "country:BB")


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1)])
def test_original_that_comes_after_its_copy_keeps_the_ids_that_were_told(store, order):
    """The copy is read and told of; then its original comes, for which it falls silent, in one worker or in two."""
    told = ("2024-04-28", AgreementStatus.AGREED, ["2024-06-01"], ("country:AA", "country:BB"), "2024-04-27")
    copy, original = _report(1, *told), _report(0, *told)
    original = dataclasses.replace(original[0], taken_in=NOW + datetime.timedelta(days=1)), original[1]
    silent = dataclasses.replace(copy[0], duplicate_of=original[0].id), copy[1]
    steps = [copy, original, silent]
    _enter(store, *steps[order[0]])
    ids = _ids(store)
    for step in order[1:]:
        _enter(store, *steps[step])
    assert _ids(store) == ids
    [agreement] = _agreements(store)
    assert [evidence.article for evidence in agreement.evidence] == ["a0"]


@pytest.mark.parametrize("url", ["sqlite:///:memory:"])
@example(reports=_NAMESAKES, withdrawn=1)
@example(reports=_NAMESAKES, withdrawn=3)
@example(reports=_PARTED, withdrawn=2)
@example(reports=_STANDING_IN, withdrawn=2)
@example(reports=_STANDING_IN, withdrawn=3)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=_REPORTS, withdrawn=st.integers(0, 3))
def test_any_order_of_articles_ends_in_the_same_canonical_export(url, reports, withdrawn):
    articles = [_report(n, *report) for n, report in enumerate(reports)]
    exports = set()
    for order in itertools.permutations(articles):
        store = open_store(url)
        for article, reading in order:
            _enter(store, article, reading)
        if withdrawn < len(articles):
            _enter(store, articles[withdrawn][0], Reading(article=articles[withdrawn][0].id))
        exports.add(tuple(export_lines(store, canonical=True)))
        store.close()
    assert len(exports) == 1
