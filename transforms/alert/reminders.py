"""Reminders: deadlines that come near, are due, or have passed, found in the store at every run or tick.

Nothing is timed: each tick asks what is to be told by now. So a machine that slept tells what it missed, and of several
reminders missed for one deadline only the last.
"""

import datetime
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence

from transforms.alert.alert import AlertKind, Draft, alert_ids
from transforms.alert.changes import Conditions, Scene, concerns, scene_alert, scenes
from transforms.alert.rule import Rule
from transforms.alert.rulebook import Rulebook
from transforms.alert.wording import reminder_headline
from transforms.records import Deadline, DeadlineStatus, from_json, record
from transforms.store.documents import article_from
from transforms.store.protocol import Collection, Store, Stored

_DAY = datetime.timedelta(1)
# A date that was moved is a deadline like any other; what was met or called off needs no reminder.
_STANDING = f"(status:{DeadlineStatus.OPEN.value} OR status:{DeadlineStatus.EXTENDED.value})"


@record
class Point:
    """A day on which a rule reminds of a deadline."""

    day: datetime.date
    kind: AlertKind
    name: str


def points(rule: Rule, date: datetime.date) -> Iterator[Point]:
    """Yields the days on which a rule reminds of a deadline."""
    asked = rule.deadlines
    if asked is None:
        return
    for days in asked.within:
        yield Point(day=date - days * _DAY, kind=AlertKind.DEADLINE_NEAR, name=f"within {days}")
    if asked.due:
        yield Point(day=date, kind=AlertKind.DEADLINE_DUE, name="due")
    if asked.passed:
        yield Point(day=date + _DAY, kind=AlertKind.DEADLINE_PASSED, name="passed")


def point_now(
    rule: Rule, date: datetime.date, today: datetime.date, made: datetime.date, met: datetime.date
) -> Point | None:
    """Returns the reminder that a deadline calls for by today, told already or not; None when there is none.

    Args:
        rule: Whose reminders.
        date: The deadline's.
        today: The present day where days end.
        made: The day the rule was made: what passed before is not told, unless
        met: the day the deadline was first met, is not before it.
    """
    reached = [point for point in points(rule, date) if point.day <= today]
    if not reached:
        return None
    last = max(reached, key=lambda point: point.day)
    if rule.max_age is not None and (today - last.day) > rule.max_age and today > date:
        return None
    stands = today <= date
    return last if stands or last.day >= made or met >= made else None


@record
class _Due:
    rule: Rule
    point: Point
    stored: Stored


def _reminding(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.deadlines and next(points(rule, datetime.date(2000, 6, 1)), None))


def _candidates(store: Store, rules: Sequence[Rule], today: datetime.date) -> list[Stored]:
    ages = [rule.max_age for rule in rules]
    longest = max((age for age in ages if age is not None), default=_DAY)
    first = "*" if None in ages else (today - min(longest, today - datetime.date.min - 2 * _DAY) - 2 * _DAY).isoformat()
    ahead = max((days for rule in rules if rule.deadlines for days in rule.deadlines.within), default=0)
    last = today + min(ahead * _DAY, datetime.date.max - today)
    query = f"{_STANDING} AND date:[{first} TO {last.isoformat()}]"
    return list(store.find(Collection.DEADLINES, query, sort=("date",)).documents)


def reminder_drafts(
    store: Store, rulebook: Rulebook, made: Mapping[str, datetime.datetime], now: datetime.datetime
) -> Iterator[Draft]:
    """Yields the reminders to be told by now that the ledger does not have yet.

    Args:
        store: Where deadlines are.
        rulebook: The rules, and where days end.
        made: When each rule was made; a rule that is not in it is taken for older than everything.
        now: The present.
    """
    rules = _reminding(rulebook.rules)
    if not rules:
        return
    zone = zoneinfo.ZoneInfo(rulebook.time_zone)
    today = now.astimezone(zone).date()

    def day_made(rule: Rule) -> datetime.date:
        known = made.get(rule.name)
        return known.astimezone(zone).date() if known and not rulebook.backfill else datetime.date.min

    due: list[_Due] = []
    for stored in _candidates(store, rules, today):
        date = datetime.date.fromisoformat(stored.body["date"])
        met = datetime.datetime.fromisoformat(stored.body["created"]).astimezone(zone).date()
        for rule in rules:
            point = point_now(rule, date, today, day_made(rule), met)
            if point is not None:
                due.append(_Due(rule=rule, point=point, stored=stored))
    yield from _drafts(store, _untold(store, due), rules, today, now)


def _fact(due: _Due, deadline_id: str) -> tuple[str, ...]:
    return deadline_id, due.stored.body["date"], due.point.name


def _untold(store: Store, due: Sequence[_Due]) -> list[_Due]:
    """Leaves out what the ledger has: at most ticks that is everything."""
    ids = [alert_ids(one.rule.name, one.point.kind, [_fact(one, one.stored.id)])[0] for one in due]
    known = store.get(Collection.ALERTS, ids)
    return [one for one, key in zip(due, ids, strict=True) if key not in known]


def _drafts(
    store: Store, due: Sequence[_Due], rules: tuple[Rule, ...], today: datetime.date, now: datetime.datetime
) -> Iterator[Draft]:
    if not due:
        return
    agreements = store.get(Collection.AGREEMENTS, sorted({one.stored.body["agreement"] for one in due}))
    found = {scene.stored.id: scene for scene in scenes(store, list(agreements.values()))}
    conditions = Conditions(rules, list(found.values()))
    for one in due:
        scene = found.get(one.stored.body["agreement"])
        if scene is None or not concerns(one.rule, scene) or not _holds(conditions, one, scene):
            continue
        ids = scene.former.get(one.stored.id, (one.stored.id,))
        yield _draft(one, scene, ids, today, now)


def _holds(conditions: Conditions, due: _Due, scene: Scene) -> bool:
    return (
        conditions.hold(due.rule, Collection.ARTICLES, tuple(scene.articles))
        and conditions.hold(due.rule, Collection.AGREEMENTS, [scene.stored.id])
        and conditions.hold(due.rule, Collection.DEADLINES, [due.stored.id])
    )


def _draft(due: _Due, scene: Scene, ids: Sequence[str], today: datetime.date, now: datetime.datetime) -> Draft:
    deadline = from_json(Deadline, due.stored.body["record"])
    known_as = alert_ids(due.rule.name, due.point.kind, [_fact(due, key) for key in ids])
    article = scene.articles.get(deadline.evidence.article)
    alert = scene_alert(
        known_as[0],
        due.rule,
        due.point.kind,
        scene,
        deadline,
        article_from(article) if article else None,
        now,
        headline=reminder_headline(deadline, today),
        sentence=deadline.evidence.text,
    )
    return Draft(alert=alert, known_as=known_as)
