"""Makes alerts and puts them into the ledger and the outbox."""

import dataclasses
import datetime
from typing import Any

import pytest

from tests.make import NOW
from transforms.alert.alert import Alert, AlertKind, Draft, alert_id
from transforms.alert.ledger import record_drafts
from transforms.alert.rule import Keywords, Rule, Severity
from transforms.alert.rulebook import Rulebook
from transforms.store.protocol import Store

# One test body for both stores.
on_both_stores = pytest.mark.parametrize(
    "store_url",
    ["sqlite", pytest.param("elasticsearch", marks=pytest.mark.integration)],
    indirect=True,
)


def rule(name: str = "Truces", **parts: Any) -> Rule:
    wanted = parts or {"keywords": Keywords(any=("truce",))}
    return Rule(name=name, **wanted)


def an_alert(number: int = 0, *, channels: tuple[str, ...] = ("hook",), **fields: Any) -> Alert:
    alert = Alert(
        id=alert_id("Truces", AlertKind.ARTICLE, str(number)),
        rule="Truces",
        kind=AlertKind.ARTICLE,
        subject="articles",
        severity=Severity.INFO,
        headline=f"Truce number {number}",
        title=f"Truce number {number}",
        sentence="Both sides agreed a truce.",
        created=NOW,
        channels=channels,
    )
    return dataclasses.replace(alert, **fields)


def put_out(store: Store, *alerts: Alert, time_zone: str = "UTC", **parts: Any) -> list[str]:
    """Records alerts of one rule with their outbox rows; returns their ids."""
    book = Rulebook(rules=(dataclasses.replace(rule(), **parts),), time_zone=time_zone)
    record_drafts(store, [Draft(alert=alert, known_as=(alert.id,)) for alert in alerts], book)
    return [alert.id for alert in alerts]


def later(**duration: float) -> datetime.datetime:
    return NOW + datetime.timedelta(**duration)
