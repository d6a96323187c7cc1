import dataclasses
import datetime
import itertools

import pytest

from tests.alert.make_alerts import later, on_both_stores
from tests.alert.news import News, report, run
from tests.make import NOW
from transforms.alert.alert import Alert, AlertKind, alert_from
from transforms.alert.match_changes import match_stored
from transforms.alert.rule import (
    AgreementEvent,
    Keywords,
    Quiet,
    Rule,
    RuleQuery,
    Searched,
    WantedAgreements,
    WantedDeadlines,
)
from transforms.alert.rulebook import Rulebook
from transforms.records import AgreementKind, AgreementStatus
from transforms.store.protocol import Collection, Store

MOVES = Rule(name="Moves", deadlines=WantedDeadlines(moved=True))
NEW_AND_MOVES = Rule(name="Dates", deadlines=WantedDeadlines(new=True, moved=True))
EXTENDED = (
    report("a", "2024-06-01", published="2024-04-28", says="They will withdraw by June 1."),
    report("b", "2024-06-15", published="2024-04-29"),
    report("c", "2024-06-30", published="2024-04-30"),
)


def pairs(alerts: list[Alert]) -> list[tuple[str | None, str | None]]:
    return [(alert.old, alert.new) for alert in alerts if alert.kind is AlertKind.DEADLINE_MOVED]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_each_move_alerts_once_in_one_run_in_any_order(store: Store, order: tuple[int, ...]) -> None:
    alerts = run(store, [EXTENDED[place] for place in order], [MOVES])
    assert sorted(pairs(alerts)) == [("2024-06-01", "2024-06-15"), ("2024-06-15", "2024-06-30")]
    assert "moved from 2024-06-01 to 2024-06-15" in " ".join(alert.headline for alert in alerts)
    assert {alert.sentence for alert in alerts} == {"The deadline was extended."}
    assert run(store, [], [MOVES]) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_no_pair_of_dates_comes_twice_over_runs_in_any_order(store: Store, order: tuple[int, ...]) -> None:
    told: list[tuple[str | None, str | None]] = []
    for day, place in enumerate(order):
        article, reading = EXTENDED[place]
        news = dataclasses.replace(article, taken_in=later(hours=day)), reading
        told += pairs(run(store, [news], [MOVES], later(hours=day)))
    assert len(told) == len(set(told))
    [deadline] = store.scan(Collection.DEADLINES)
    assert [change["new"] for change in deadline.body["record"]["history"]] == [
        "2024-06-01",
        "2024-06-15",
        "2024-06-30",
    ]


@on_both_stores
def test_move_older_than_the_current_date_enters_the_history_without_an_alert(store: Store) -> None:
    first, second, third = EXTENDED
    assert pairs(run(store, [first, third], [MOVES])) == [("2024-06-01", "2024-06-30")]
    assert run(store, [second], [MOVES]) == []


@on_both_stores
def test_same_report_again_and_a_killed_match_repeat_nothing(store: Store) -> None:
    assert len(run(store, EXTENDED, [NEW_AND_MOVES])) == 3
    for note in store.scan(Collection.CHANGES):  # as if the run had been killed before it noted what it matched
        body = {key: value for key, value in note.body.items() if key != "seen"} | {"state": "open"}
        store.replace(Collection.CHANGES, [dataclasses.replace(_document(note), body=body)])
    assert run(store, EXTENDED, [NEW_AND_MOVES]) == []


def _document(stored):  # type: ignore[no-untyped-def]
    from transforms.store.protocol import Document

    return Document(id=stored.id, body=stored.body)


def test_agreement_is_new_once_and_each_status_is_told(store: Store) -> None:
    rule = Rule(name="All", agreements=WantedAgreements())
    first = run(store, [report("a", "2024-06-01", published="2024-04-28", status=AgreementStatus.AGREED)], [rule])
    assert [alert.kind for alert in first] == [AlertKind.AGREEMENT_NEW]
    broken = report("b", "2024-06-01", published="2024-04-29", status=AgreementStatus.VIOLATED)
    [second] = run(store, [broken], [rule])
    assert (second.kind, second.old, second.new) == (AlertKind.AGREEMENT_STATUS, "agreed", "violated")
    late = report("c", "2024-06-01", published="2024-04-27", status=AgreementStatus.NEGOTIATING)
    assert [alert.kind for alert in run(store, [late], [rule])] in ([], [AlertKind.AGREEMENT_STATUS])
    assert run(store, [], [rule]) == []


def wanted(**parts: object) -> Rule:
    return Rule(name="Narrow", agreements=WantedAgreements(events=(AgreementEvent.NEW,), **parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (wanted(kinds=(AgreementKind.CEASEFIRE,)), True),
        (wanted(kinds=(AgreementKind.TRADE,)), False),
        (wanted(parties=("Country:AA",)), True),
        (wanted(parties=("COUNTRY:CC",)), False),
        (dataclasses.replace(wanted(), keywords=Keywords(any=("withdraw",))), True),
        (dataclasses.replace(wanted(), keywords=Keywords(any=("tariff",))), False),
        (dataclasses.replace(wanted(), sources=("example",)), True),
        (dataclasses.replace(wanted(), sources=("Another",)), False),
        (dataclasses.replace(wanted(), languages=("fr",)), False),
        (Rule(name="Q", query=RuleQuery(text="kind:ceasefire AND status:signed", searched=Searched.AGREEMENTS)), True),
        (Rule(name="Q", query=RuleQuery(text="kind:trade", searched=Searched.AGREEMENTS)), False),
        (Rule(name="Q", query=RuleQuery(text="date:[2024-06-01 TO *]", searched=Searched.DEADLINES)), True),
        (Rule(name="Q", query=RuleQuery(text="date:[2025 TO *]", searched=Searched.DEADLINES)), False),
    ],
)
def test_rule_is_narrowed_by_all_its_parts(store: Store, rule: Rule, told: bool) -> None:
    news = [report("a", "2024-06-01", published="2024-04-28", says="They will withdraw by June 1.")]
    assert len(run(store, news, [rule])) == told
    assert run(store, news, [rule]) == []


def test_old_news_does_not_alert_unless_asked_for(store: Store) -> None:
    old = [report("a", "2018-10-10", published="2018-09-17", reached="2018-09-17")]
    assert run(store, old, [NEW_AND_MOVES]) == []
    unbounded = dataclasses.replace(NEW_AND_MOVES, name="Any age", max_age=None)
    assert run(store, [], [unbounded], later(days=1)) == [], "taken in before this rule was made"
    assert match_stored(store, Rulebook(rules=(unbounded,), backfill=True), NOW) == 1


def test_rule_sees_what_was_taken_in_since_it_was_made(store: Store) -> None:
    run(store, [report("a", "2024-06-01", published="2024-04-28")], [])
    assert run(store, [report("b", "2024-06-01", published="2024-04-30")], [NEW_AND_MOVES], later(days=1)) == []


@on_both_stores
def test_quiet_rule_tells_once_and_then_how_many_were_kept_back(store: Store) -> None:
    rule = Rule(
        name="Quiet", agreements=WantedAgreements(), quiet=Quiet(period=datetime.timedelta(hours=6)), max_age=None
    )
    told = []
    for hour, status in enumerate(("agreed", "signed", "in_force", "suspended", "in_force", "violated")):
        news = report(
            f"n{hour}", "2024-06-01", published=f"2024-04-29T{hour:02}:00:00Z", status=AgreementStatus(status)
        )
        told.append(run(store, [news], [rule], later(hours=2 * hour)))
    loud = [alert for batch in told for alert in batch if not alert.quieted]
    assert (loud[0].new, loud[0].kept_back) == ("agreed", 0)
    assert loud[1].kept_back == 2, "the two after it, within six hours"
    assert len(loud) == 2, "the period has doubled"
    assert store.count(Collection.DELIVERIES) == 2
    assert {alert_from(one).rule for one in store.scan(Collection.ALERTS)} == {"Quiet"}


@on_both_stores
def test_merged_agreements_do_not_tell_again(store: Store) -> None:
    rule = Rule(name="New", agreements=WantedAgreements(events=(AgreementEvent.NEW,)))

    def joining(name: str, published: str, parties: tuple[str, ...]) -> News:
        return report(name, "2024-06-01", published=published, parties=parties)

    one = joining("a", "2024-04-28", ("country:AA", "country:BB"))
    other = joining("b", "2024-04-28", ("country:CC", "country:DD"))
    both = joining("c", "2024-04-28", ("country:AA", "country:BB", "country:CC", "country:DD"))
    first = run(store, [one, other], [rule])
    run(store, [both], [rule])
    assert run(store, [], [rule]) == []
    kinds = {stored.body["kind"] for stored in store.scan(Collection.ALERTS)}
    assert kinds == {"agreement_new"}
    assert len(first) == 2
    assert store.count(Collection.ALERTS) == 2
