"""The one line that says what happened."""

import datetime

from transforms.alert.alert import AlertKind
from transforms.alert.events import Event
from transforms.records import Deadline


def headline(event: Event, new: str | None) -> str:
    """Returns what happened to an agreement or a deadline; `new` is what it is now, as a person reads it."""
    title = event.agreement.title
    if event.deadline is not None:
        return _of_deadline(event, event.deadline, new)
    match event.kind:
        case AlertKind.AGREEMENT_STATUS:
            return f"{title}: {event.old} -> {new}"
        case AlertKind.AGREEMENT_PARTY:
            return f"{title}: {new} is a party now"
        case AlertKind.AGREEMENT_NEW:
            return f"New agreement ({event.agreement.status.value}): {title}"
        case _:
            return f"Agreement ({event.agreement.status.value}): {title}"


def _of_deadline(event: Event, deadline: Deadline, new: str | None) -> str:
    what = deadline.action or deadline.text
    match event.kind:
        case AlertKind.DEADLINE_MOVED:
            return f"Deadline moved from {event.old} to {new}: {what}"
        case AlertKind.DEADLINE_NEW:
            return f"New deadline {deadline.date}: {what}"
        case _:
            return f"Deadline {deadline.date}: {what}"


def reminder_headline(deadline: Deadline, today: datetime.date) -> str:
    """Returns how a deadline stands on a day."""
    what = deadline.action or deadline.text
    days = (deadline.date - today).days
    if days > 1:
        return f"Due in {days} days, on {deadline.date}: {what}"
    if days >= 0:
        return f"Due {('today', 'tomorrow')[days]}, {deadline.date}: {what}"
    return f"Passed on {deadline.date}, nothing read of its being met: {what}"
