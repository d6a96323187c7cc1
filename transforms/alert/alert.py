"""What an alert is, and what it is known by: the same fact makes the same alert, however often it is met."""

import datetime
from collections.abc import Sequence
from enum import StrEnum

from transforms.alert.rule import Severity
from transforms.records import digest, from_json, record, to_json
from transforms.store.protocol import Document, Stored


class AlertKind(StrEnum):
    """What an alert tells of."""

    ARTICLE = "article"
    AGREEMENT_NEW = "agreement_new"
    AGREEMENT_STATUS = "agreement_status"
    AGREEMENT_PARTY = "agreement_party"
    AGREEMENT_FOUND = "agreement_found"  # a rule's query matches it
    DEADLINE_NEW = "deadline_new"
    DEADLINE_MOVED = "deadline_moved"
    DEADLINE_FOUND = "deadline_found"
    DEADLINE_NEAR = "deadline_near"
    DEADLINE_DUE = "deadline_due"
    DEADLINE_PASSED = "deadline_passed"


@record
class Alert:
    """One thing told to those who asked for it. Every text is one harmless line (`transforms.alert.safe`).

    Attributes:
        id: From rule, kind and fact.
        rule: The rule's name.
        subject: What quiet periods count by: the agreement's id, or "articles".
        headline: What happened, in one line.
        title: The article's or the agreement's title.
        who: Names of the parties, or of the actors looked for.
        date: By when: a day, or several with commas; None where no date is involved.
        action: What must be done by then.
        old, new: What changed: dates, statuses, or the party that joined.
        sentence: The words that prove it.
        source, published: Of the article it comes from.
        story: The near-duplicate cluster of that article, for an alert about an article.
        created: When it was recorded.
        quieted: Whether it was kept back because its subject was told of a short while ago.
        kept_back: How many alerts on its subject were kept back before it.
    """

    id: str
    rule: str
    kind: AlertKind
    subject: str
    severity: Severity
    headline: str
    title: str
    sentence: str
    created: datetime.datetime
    channels: tuple[str, ...]
    who: tuple[str, ...] = ()
    date: str | None = None
    action: str | None = None
    old: str | None = None
    new: str | None = None
    link: str | None = None
    source: str | None = None
    published: str | None = None
    article: str | None = None
    story: str | None = None
    agreement: str | None = None
    deadline: str | None = None
    quieted: bool = False
    kept_back: int = 0


@record
class Draft:
    """An alert about to be recorded, and the ids it may be recorded under already.

    Attributes:
        known_as: The alert's own id first, then those the same fact had under ids that were merged since.
    """

    alert: Alert
    known_as: tuple[str, ...]


def alert_id(rule: str, kind: AlertKind, *fact: str) -> str:
    """Returns the id of the alert of a rule on a fact."""
    return digest("alert", rule, kind.value, *fact)


def alert_ids(rule: str, kind: AlertKind, facts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Returns the ids of an alert under each way of naming its fact, in order, each once."""
    return tuple(dict.fromkeys(alert_id(rule, kind, *fact) for fact in facts))


def alert_document(alert: Alert) -> Document:
    """Returns the document of an alert."""
    return Document(id=alert.id, body=to_json(alert))


def alert_from(stored: Stored) -> Alert:
    """Returns the alert of its stored document."""
    return from_json(Alert, stored.body)
