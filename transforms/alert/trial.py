"""Sends a trial message over a channel, so that a person sees whether it arrives before anything depends on it."""

import datetime

from transforms.alert.alert import Alert, AlertKind, alert_id
from transforms.alert.channels.channel import ChannelSettings, SendError
from transforms.alert.channels.open import open_channel
from transforms.alert.message import Message, TemplateMistakeError
from transforms.alert.rule import Severity


def trial_alert(now: datetime.datetime) -> Alert:
    """Returns an alert that says it is a trial; it has every field that a template may use."""
    return Alert(
        id=alert_id("Trial", AlertKind.AGREEMENT_NEW, now.isoformat()),
        rule="Trial",
        kind=AlertKind.AGREEMENT_NEW,
        subject="trial",
        severity=Severity.INFO,
        headline="This is a trial of a Pactwatch channel",
        title="Trial agreement",
        sentence="If you can read this, alerts arrive here.",
        created=now,
        channels=("trial",),
        who=("One side", "The other side"),
        date=now.date().isoformat(),
        link="https://pactwatch.example/trial",
    )


def try_channel(settings: ChannelSettings, now: datetime.datetime) -> str | None:
    """Sends a trial message; returns why it did not arrive, or None.

    Raises:
        UsageError: The channel's settings cannot be used.
    """
    channel = open_channel(settings)
    try:
        channel.send([Message(alert=trial_alert(now))])
    except (SendError, TemplateMistakeError) as error:
        return str(error)
    finally:
        channel.close()
    return None
