"""What `pactwatch alerts` and `pactwatch rules` list."""

import dataclasses
import datetime
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.tables import Column, Row, clean
from transforms.alert.alert import Draft, alert_from
from transforms.alert.article_alerts import article_drafts
from transforms.alert.changes import change_drafts, scenes
from transforms.alert.deliver import make_message
from transforms.alert.match_articles import placed
from transforms.alert.message import values
from transforms.alert.outbox import delivery_id
from transforms.alert.reminders import reminder_drafts
from transforms.alert.rule import Rule
from transforms.alert.rulebook import Rulebook, is_old_news, published_at
from transforms.records import digest
from transforms.store.documents import article_from
from transforms.store.protocol import Collection, Store, Stored

_CHUNK = 100  # documents matched together


def _column(name: str, *, wide: bool = False, heading: str | None = None) -> Column:
    return Column(heading=heading or name, text=lambda row: clean(row.get(name)), wide=wide)


ALERT_COLUMNS = (
    Column(heading="created", text=lambda row: clean(row["created"])[:16]),
    _column("rule"),
    _column("kind"),
    Column(
        heading="headline",
        text=lambda row: clean(row["headline"]) + (f" (and {row['more']} more)" if row["more"] else ""),
        wide=True,
    ),
    Column(
        heading="told",
        text=lambda row: ", ".join(f"{name}: {state}" for name, state in row["deliveries"].items()),
        wide=True,
    ),
    _column("id"),
)
RULE_COLUMNS = (
    _column("name", wide=True),
    Column(heading="looks for", text=lambda row: ", ".join(row["parts"])),
    _column("severity"),
    Column(heading="channels", text=lambda row: ", ".join(row["channels"])),
    _column("digest"),
    Column(heading="enabled", text=lambda row: "yes" if row["enabled"] else "no"),
    Column(heading="made", text=lambda row: clean(row["made"])[:16]),
    Column(heading="alerts", text=lambda row: str(row["alerts"])),
)
TEST_COLUMNS = (
    _column("rule"),
    _column("kind"),
    _column("headline", wide=True),
    _column("reason", wide=True),
    Column(heading="published", text=lambda row: clean(row["published"])[:10]),
    _column("remark"),
)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def alert_rows(store: Store, since: str | None, rule: str | None, limit: int | None) -> tuple[list[Row], int]:
    """Returns the alerts recorded, the newest first, and how many there are in all.

    Args:
        store: Where they are.
        since: The first day (YYYY-MM-DD) to list; None for all.
        rule: Only this rule's, by name.
        limit: At most this many; None for all.
    """
    parts = [f"created:[{since[:10]} TO *]"] if since else []
    parts += [f"rule:{_quoted(rule)}"] if rule else []
    page = store.find(Collection.ALERTS, " AND ".join(parts) or None, sort=("-created",), limit=limit)
    return [_alert_row(store, stored) for stored in page.documents], page.total


def _alert_row(store: Store, stored: Stored) -> Row:
    alert = alert_from(stored)
    ids = {delivery_id(alert.id, channel): channel for channel in alert.channels}
    rows = store.get(Collection.DELIVERIES, list(ids))
    states = {channel: rows[key].body["state"] if key in rows else "kept quiet" for key, channel in ids.items()}
    return {**values(make_message(store, alert)), "deliveries": states}


def _parts(rule: Rule) -> list[str]:
    names = ("keywords", "query", "actors", "agreements", "deadlines", "sources", "languages")
    return [name for name in names if getattr(rule, name)]


def rule_rows(rules: Sequence[Rule], store: Store | None) -> list[Row]:
    """Returns the rules as written, each with when it was made and how often it fired where there is a store."""
    ids = {rule.name: digest("rule", rule.name) for rule in rules}
    made = store.get(Collection.RULES, list(ids.values())) if store else {}
    return [
        {
            "name": rule.name,
            "parts": _parts(rule),
            "severity": rule.severity.value,
            "channels": list(rule.channels),
            "digest": rule.digest.every.value if rule.digest else None,
            "enabled": rule.enabled,
            "made": made[ids[rule.name]].body["made"] if ids[rule.name] in made else None,
            "alerts": store.count(Collection.ALERTS, {"rule": rule.name}) if store else 0,
        }
        for rule in rules
    ]


def would_alert(
    store: Store, rulebook: Rulebook, since: datetime.datetime | None, now: datetime.datetime
) -> Iterator[Row]:
    """Yields what each rule would have told of all that is stored, with the sentence that is the reason.

    Args:
        store: What is stored; nothing is written.
        rulebook: The rules.
        since: Only what was published from then on; what has no date counts as published when it was taken in.
        now: The present, for reminders.
    """
    unbounded = Rulebook(rules=_without_age(rulebook.rules), time_zone=rulebook.time_zone, backfill=True)
    rules = {rule.name: rule for rule in rulebook.rules}
    shown: set[str] = set()
    for draft in itertools.chain(_of_articles(store, unbounded, now), _of_changes(store, unbounded, now)):
        if draft.alert.id not in shown:
            shown.add(draft.alert.id)
            article = store.get(Collection.ARTICLES, [draft.alert.article or ""]).get(draft.alert.article or "")
            if since is None or article is None or _is_since(article, since):
                yield _test_row(draft, _remark(store, draft, rules[draft.alert.rule], article))
    for draft in reminder_drafts(store, rulebook, {}, now):
        yield _test_row(draft, "")


def _without_age(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    return tuple(dataclasses.replace(rule, max_age=None) for rule in rules)


def _of_articles(store: Store, rulebook: Rulebook, now: datetime.datetime) -> Iterator[Draft]:
    for chunk in itertools.batched(store.scan(Collection.ARTICLES), _CHUNK):
        candidates, members = placed(store, [stored.id for stored in chunk])
        yield from article_drafts(candidates, members, rulebook, {}, now)


def _of_changes(store: Store, rulebook: Rulebook, now: datetime.datetime) -> Iterator[Draft]:
    for chunk in itertools.batched(store.scan(Collection.AGREEMENTS), _CHUNK):
        yield from change_drafts(store, scenes(store, chunk), {}, rulebook, {}, now)


def _is_since(stored: Stored, since: datetime.datetime) -> bool:
    article = article_from(stored)
    return (published_at(article.published) or article.taken_in) >= since


def _remark(store: Store, draft: Draft, rule: Rule, article: Stored | None) -> str:
    """Returns what kept an alert from being told, or whether it was."""
    if store.get(Collection.ALERTS, draft.known_as):
        return "told"
    if article is not None and article_from(article).backfilled:
        return "taken in as old news"
    if article is not None and is_old_news(rule, article_from(article)):
        return "older than max_age"
    made: Mapping[str, Stored] = store.get(Collection.RULES, [digest("rule", rule.name)])
    times = [stored.body["made"] for stored in made.values()]
    if times and article is not None and article_from(article).taken_in < datetime.datetime.fromisoformat(times[0]):
        return "before the rule was made"
    return ""


def _test_row(draft: Draft, remark: str) -> dict[str, Any]:
    alert = draft.alert
    return {
        "rule": alert.rule,
        "kind": alert.kind.value,
        "headline": alert.headline,
        "reason": alert.sentence,
        "published": alert.published,
        "remark": remark,
        "article": alert.article,
        "agreement": alert.agreement,
        "deadline": alert.deadline,
    }
