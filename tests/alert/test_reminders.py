import datetime

import pytest

from tests.alert.make_alerts import on_both_stores
from tests.alert.news import report, run
from transforms.alert.alert import Alert, AlertKind
from transforms.alert.rule import Digest, Every, Rule, WantedDeadlines
from transforms.alert.schedule import next_digest
from transforms.records import AgreementStatus
from transforms.store.protocol import Store

ALL = Rule(name="Reminders", deadlines=WantedDeadlines(within=(7, 1), due=True, passed=True))
NEWS = report("a", "2024-06-01", published="2024-04-30")


def at(day: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(day)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def told(store: Store, moments: list[str], rule: Rule = ALL, zone: str = "UTC") -> list[tuple[str, str]]:
    """The day (of the tick) and the kind of every reminder."""
    return [
        (moment, alert.kind.value.removeprefix("deadline_"))
        for moment in moments
        for alert in run(store, [], [rule], at(moment), time_zone=zone)
    ]


def days(first: str, count: int) -> list[str]:
    return [(datetime.date.fromisoformat(first) + datetime.timedelta(n)).isoformat() for n in range(count)]


def test_reminders_come_on_their_days_and_once(store: Store) -> None:
    run(store, [NEWS], [ALL])
    ticks = [tick for day in days("2024-05-20", 20) for tick in (f"{day}T06:00", f"{day}T18:00")]
    assert told(store, ticks) == [
        ("2024-05-25T06:00", "near"),
        ("2024-05-31T06:00", "near"),
        ("2024-06-01T06:00", "due"),
        ("2024-06-02T06:00", "passed"),
    ]


@on_both_stores
def test_machine_that_slept_tells_the_last_of_what_it_missed(store: Store) -> None:
    run(store, [NEWS], [ALL])
    assert told(store, ["2024-05-24", "2024-05-27"]) == [("2024-05-27", "near")]
    assert told(store, ["2024-06-03"]) == [("2024-06-03", "passed")]


def test_rule_for_the_day_itself_tells_late_rather_than_never(store: Store) -> None:
    rule = Rule(name="Due", deadlines=WantedDeadlines(due=True))
    run(store, [NEWS], [rule])
    [alert] = run(store, [], [rule], at("2024-06-04"))
    assert alert.headline.startswith("Passed on 2024-06-01")


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("UTC", "2024-05-31T23:59:59+00:00", "2024-06-01T00:00:00+00:00"),
        ("Asia/Tokyo", "2024-05-31T14:59:59+00:00", "2024-05-31T15:00:00+00:00"),
        ("America/New_York", "2024-06-01T03:59:59+00:00", "2024-06-01T04:00:00+00:00"),
    ],
)
def test_day_begins_in_the_time_zone_of_the_settings(store: Store, zone: str, before: str, after: str) -> None:
    rule = Rule(name="Due", deadlines=WantedDeadlines(due=True))
    run(store, [NEWS], [rule])
    assert told(store, [before, after], rule, zone) == [(after, "due")]


def test_old_deadlines_do_not_flood_a_new_store_or_a_new_rule(store: Store) -> None:
    run(store, [report("old", "2023-06-01", published="2023-05-01", reached="2023-05-01")], [ALL])
    run(store, [NEWS], [])
    rule = Rule(name="Made late", deadlines=WantedDeadlines(due=True, passed=True))
    assert told(store, ["2024-06-03"], rule) == []


def test_new_rule_reminds_of_deadlines_known_before_it(store: Store) -> None:
    run(store, [NEWS], [])
    assert told(store, ["2024-05-28"]) == [("2024-05-28", "near")]


@on_both_stores
def test_moved_deadline_is_reminded_of_anew_and_one_called_off_not_at_all(store: Store) -> None:
    run(store, [NEWS], [ALL])
    assert told(store, ["2024-05-31"]) == [("2024-05-31", "near")]
    moved = report("b", "2024-06-20", published="2024-05-31", taken_in=at("2024-05-31"))
    run(store, [moved], [ALL], at("2024-05-31T12:00"))
    assert told(store, ["2024-06-01", "2024-06-02", "2024-06-13"]) == [("2024-06-13", "near")]
    over = report(
        "c", "2024-06-20", published="2024-06-14", status=AgreementStatus.COLLAPSED, taken_in=at("2024-06-14")
    )
    run(store, [over], [ALL], at("2024-06-14"))
    assert told(store, ["2024-06-19", "2024-06-20", "2024-06-21"]) == []


def test_reminder_says_what_who_when_and_why(store: Store) -> None:
    run(store, [NEWS], [ALL])
    [alert] = run(store, [], [ALL], at("2024-05-25"))
    assert isinstance(alert, Alert)
    assert alert.kind is AlertKind.DEADLINE_NEAR
    assert alert.headline == "Due in 7 days, on 2024-06-01: withdraw"
    assert alert.who == ("COUNTRY:AA", "COUNTRY:BB")
    assert alert.sentence == "The deadline was extended."
    assert alert.link == "https://news.example/a"


@pytest.mark.parametrize(
    ("digest", "after", "due"),
    [
        (Digest(every=Every.HOURLY), "2024-05-01T12:00:01", "2024-05-01T13:00"),
        (Digest(every=Every.HOURLY), "2024-05-01T12:00:00", "2024-05-01T13:00"),
        (Digest(every=Every.DAILY), "2024-05-01T12:00", "2024-05-02T08:00"),
        (Digest(every=Every.DAILY, at="18:00"), "2024-05-01T12:00", "2024-05-01T18:00"),
        (Digest(every=Every.DAILY, time_zone="Europe/Berlin"), "2024-03-30T12:00", "2024-03-31T06:00"),
        (Digest(every=Every.DAILY, time_zone="Europe/Berlin"), "2024-03-29T12:00", "2024-03-30T07:00"),
        (Digest(every=Every.DAILY, at="02:30", time_zone="Europe/Berlin"), "2024-03-30T12:00", "2024-03-31T01:30"),
        (Digest(every=Every.DAILY, at="02:30", time_zone="Europe/Berlin"), "2024-10-26T12:00", "2024-10-27T00:30"),
    ],
)
def test_digest_keeps_its_hour_over_time_zones_and_daylight_saving(digest: Digest, after: str, due: str) -> None:
    assert next_digest(digest, at(after), "UTC") == at(due)
    assert next_digest(digest, at(due), "UTC") > at(due)
