"""Keeps a calendar (RFC 5545) of the deadlines told of in a file that calendar programs subscribe to."""

import datetime
from collections.abc import Sequence

from icalendar import Calendar, Component, Event

from transforms.alert.channels.channel import ICalendarSettings, SendError
from transforms.alert.channels.files import replace_file
from transforms.alert.channels.wording import wording_of
from transforms.alert.message import DeadlineNow, Message, put_into_words
from transforms.alert.safe import MAX_TITLE_CHARACTERS, one_line
from transforms.records import DeadlineStatus


class ICalendarFile:
    """A calendar file with one all-day event a deadline; alerts about anything else pass it by."""

    def __init__(self, settings: ICalendarSettings) -> None:
        self._path = settings.path
        self._wording = wording_of(settings)

    def send(self, messages: Sequence[Message]) -> None:
        """Adds the deadlines, or changes those that are there: the UID stays, SEQUENCE goes up."""
        calendar = self._calendar()
        events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
        for message in messages:
            self._put(message, events)
        calendar.subcomponents = list(events.values())
        replace_file(self._path, calendar.to_ical())

    def close(self) -> None:
        """Nothing is held open."""

    def _put(self, message: Message, events: dict[str, Component]) -> None:
        if message.deadline is None:
            return
        uid = f"{message.deadline.id}@pactwatch"
        _, text = put_into_words([message], self._wording)
        events[uid] = _event(uid, message, message.deadline, text, events.get(uid))

    def _calendar(self) -> Calendar:
        try:
            if self._path.exists():
                return Calendar.from_ical(self._path.read_bytes())
        except OSError as error:
            raise SendError(f"{self._path} cannot be read: {error.strerror}") from error
        except (ValueError, IndexError, KeyError) as error:
            raise SendError(f"{self._path} is no calendar any more: move it away, and it is begun anew") from error
        calendar = Calendar()
        calendar.add("prodid", "-//Pactwatch//Deadlines//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", "Deadlines")
        return calendar


def _event(uid: str, message: Message, deadline: DeadlineNow, text: str, former: Component | None) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", message.alert.created.astimezone(datetime.UTC))
    event.add("dtstart", deadline.date)
    event.add("dtend", deadline.date + datetime.timedelta(1))
    event.add("summary", one_line(deadline.action or deadline.agreement_title, MAX_TITLE_CHARACTERS))
    event.add("description", text)
    cancelled = deadline.status == DeadlineStatus.CANCELLED.value
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if message.alert.link:
        event.add("url", message.alert.link)
    event.add("sequence", _sequence(event, deadline, former))
    return event


def _sequence(event: Event, deadline: DeadlineNow, former: Component | None) -> int:
    """Returns the revision: one up when date or status change, and never below the moves that history knows of."""
    if former is None:
        return deadline.moves
    moved = former.decoded("dtstart") != event.decoded("dtstart") or former.get("status") != event.get("status")
    return max(int(former.get("sequence", 0)) + moved, deadline.moves)
