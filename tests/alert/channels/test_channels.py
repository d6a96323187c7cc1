"""What each channel makes of an alert, and that nothing in a text from the news can break or alter a message."""

import dataclasses
import datetime
import hashlib
import hmac
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import vobject
from icalendar import Calendar

from tests.alert.make_alerts import an_alert
from tests.make import NOW
from tests.receivers import hook, mail_server
from transforms.alert.alert import Alert, AlertKind
from transforms.alert.channels.channel import (
    AppriseSettings,
    AtomSettings,
    ConsoleSettings,
    ICalendarSettings,
    JsonlSettings,
    SendError,
    WebhookSettings,
)
from transforms.alert.channels.open import open_channel
from transforms.alert.channels.webhook import SIGNATURE_HEADER, retry_after
from transforms.alert.message import DeadlineNow, Message, TemplateMistakeError, Wording, put_into_words
from transforms.alert.safe import MAX_TITLE_CHARACTERS, one_line, web_link

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = [
    "<script>alert(1)</script><b>bold</b> & \"quoted\" 'text' ]]>",
    "Truce\r\nBcc: victim@example.org\r\n\r\nBody",
    "{{ 7 * 7 }} {% for x in range(10**9) %}x{% endfor %} ${jndi:ldap://x} {{ ''.__class__.__mro__ }}",
    "\x00\x01\x1b[31mred\x1b[0m\x07 \u202eback\u2066 \ud800 \ufffe end",
    "END:VEVENT\nEND:VCALENDAR\nBEGIN:VEVENT;X=1,2\\n",
    "Truce " + "a" * 1_000_000,
]


def told_of(text: str) -> Alert:
    """An alert whose every text is this one, made harmless as alerts are."""
    line = one_line(text)
    title = one_line(text, MAX_TITLE_CHARACTERS)
    return an_alert(
        kind=AlertKind.DEADLINE_NEW,
        headline=line,
        title=title,
        sentence=line,
        action=line,
        who=(title, title),
        source=title,
        date="2024-06-01",
        link="https://news.example/a?b=1&c=<d>",
        deadline="d1",
    )


def deadline(date: str = "2024-06-01", action: str = "withdraw", moves: int = 0, status: str = "open") -> DeadlineNow:
    day = datetime.date.fromisoformat(date)
    return DeadlineNow(id="d1", date=day, status=status, action=action, agreement_title="Truce", moves=moves)


def message(text: str = "Truce", **fields: str | int) -> Message:
    return Message(alert=told_of(text), deadline=deadline(action=text, **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_one_harmless_line(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 800
    assert line.isprintable()
    line.encode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is_and_changes_no_message(text: str) -> None:
    title, body = put_into_words([message(text)], Wording())
    assert "\n" not in title
    plain = put_into_words([message("Truce")], Wording())[1]
    # A title that was cut is told beside the longer headline: one line more.
    assert body.count("\n") - plain.count("\n") == (len(text) > MAX_TITLE_CHARACTERS)
    assert one_line(text)[:50] in body
    html = put_into_words([message(text)], dataclasses.replace(Wording(), text="<p>{{ headline }}</p>", html=True))[1]
    assert ET.fromstring(html).text == one_line(text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.integration
def test_hostile_text_cannot_reach_a_mail_s_headers(text: str) -> None:
    with mail_server() as (mailbox, address):
        channel = open_channel(AppriseSettings(name="mail", url=address, html=True))
        channel.send([message(text)])
        channel.close()
    [mail] = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["To"] == "desk@pactwatch.example"
    [html] = [part for part in mail.walk() if part.get_content_type() == "text/html"]
    payload = html.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert b"<script>" not in payload


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_leaves_feed_calendar_and_file_whole(tmp_path: Path, text: str) -> None:
    feed, calendar, log = tmp_path / "a.atom", tmp_path / "d.ics", tmp_path / "a.jsonl"
    for settings in (
        AtomSettings(name="feed", path=feed),
        ICalendarSettings(name="calendar", path=calendar),
        JsonlSettings(name="log", path=log),
    ):
        channel = open_channel(settings)
        channel.send([message(text)])
        channel.close()
    [entry] = ET.parse(feed).getroot().findall(f"{ATOM}entry")
    assert one_line(text)[:50] in (entry.findtext(f"{ATOM}content") or "")
    [event] = vobject.readOne(calendar.read_text(encoding="utf-8")).vevent_list
    assert event.summary.value == one_line(text, MAX_TITLE_CHARACTERS)
    assert event.uid.value == "d1@pactwatch"
    [line] = log.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["headline"] == one_line(text)


def test_calendar_keeps_uids_and_raises_the_sequence_when_a_date_moves(tmp_path: Path) -> None:
    path = tmp_path / "d.ics"
    channel = open_channel(ICalendarSettings(name="calendar", path=path))

    def event() -> tuple[str, int, str, str]:
        [found] = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
        start = found.decoded("dtstart").isoformat()
        assert vobject.readOne(path.read_text(encoding="utf-8")).vevent.dtstart.value.isoformat() == start
        return str(found["uid"]), int(found["sequence"]), start, str(found["status"])

    channel.send([message()])
    assert event() == ("d1@pactwatch", 0, "2024-06-01", "CONFIRMED")
    channel.send([message()])
    assert event()[1] == 0, "told again, not changed"
    channel.send([Message(alert=told_of("Truce"), deadline=deadline("2024-06-20", moves=1))])
    assert event() == ("d1@pactwatch", 1, "2024-06-20", "CONFIRMED")
    channel.send([Message(alert=told_of("Truce"), deadline=deadline("2024-06-20", moves=1, status="cancelled"))])
    assert event() == ("d1@pactwatch", 2, "2024-06-20", "CANCELLED")
    path.unlink()
    channel.send([Message(alert=told_of("Truce"), deadline=deadline("2024-06-30", moves=4))])
    assert event()[1] == 4, "a lost file does not begin at 0: calendars would ignore it"


def test_feed_has_the_latest_first_and_one_entry_an_alert(tmp_path: Path) -> None:
    path = tmp_path / "a.atom"
    channel = open_channel(AtomSettings(name="feed", path=path))
    for number in (0, 1, 0):
        channel.send([Message(alert=an_alert(number))])
    root = ET.parse(path).getroot()
    assert [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")] == [
        "info: Truce number 0",
        "info: Truce number 1",
    ]
    assert root.findtext(f"{ATOM}updated") == NOW.isoformat()


@pytest.mark.parametrize(
    "settings", [AtomSettings(name="f", path=Path("x")), ICalendarSettings(name="c", path=Path("x"))]
)
def test_file_that_somebody_else_spoilt_is_left_alone(tmp_path: Path, settings: AtomSettings) -> None:
    path = tmp_path / "notes"
    path.write_text("my notes", encoding="utf-8")
    channel = open_channel(dataclasses.replace(settings, path=path))
    with pytest.raises(SendError, match="move it away"):
        channel.send([message()])
    assert path.read_text(encoding="utf-8") == "my notes"


@pytest.mark.integration
def test_webhook_is_signed_over_time_and_body() -> None:
    with hook() as server:
        channel = open_channel(WebhookSettings(name="hook", url=server.url, secret="shared"))
        channel.send([Message(alert=an_alert(), more=12)])
        channel.close()
    [(headers, body)] = server.requests
    timestamp, mac = (part.split("=", 1)[1] for part in headers[SIGNATURE_HEADER].split(","))
    assert hmac.new(b"shared", timestamp.encode() + b"." + body, hashlib.sha256).hexdigest() == mac
    [alert] = json.loads(body)["alerts"]
    assert (alert["id"], alert["more"], alert["headline"]) == (an_alert().id, 12, "Truce number 0")


def test_only_addresses_of_the_web_become_links() -> None:
    assert web_link("https://news.example/a?b=1&c=ü") == "https://news.example/a?b=1&c=ü"
    assert web_link("HTTP://news.example/a\nb") == "HTTP://news.example/a b"
    for other in ("javascript:alert(1)", "data:text/html,x", "/etc/passwd", "", None):
        assert web_link(other) is None


def test_retry_after_is_read_in_seconds_and_as_a_date() -> None:
    assert retry_after("120", NOW) == datetime.timedelta(minutes=2)
    assert retry_after("Wed, 01 May 2024 12:01:00 GMT", NOW) == datetime.timedelta(minutes=1)
    assert retry_after("Wed, 01 May 2023 12:01:00 GMT", NOW) == datetime.timedelta(0)
    assert retry_after("soon", NOW) is None


def test_console_shows_the_sentence_and_what_is_more(capsys: pytest.CaptureFixture[str]) -> None:
    channel = open_channel(ConsoleSettings(name="console"))
    channel.send([Message(alert=an_alert(), more=12)])
    channel.close()
    shown = capsys.readouterr().out
    assert '"Both sides agreed a truce."' in shown
    assert "and 12 more articles on it" in shown


def test_console_stops_after_thirty(capsys: pytest.CaptureFixture[str]) -> None:
    channel = open_channel(ConsoleSettings(name="console"))
    for number in range(500):
        channel.send([Message(alert=an_alert(number))])
    channel.close()
    shown = capsys.readouterr().out
    assert shown.count("Both sides") == 30
    assert "and 470 more alerts: pactwatch alerts" in shown


@pytest.mark.parametrize("text", ["{{ nothing }}", "{{ id.__class__.__mro__ }}", "{% for %}", "{{ 1 // 0 }}"])
def test_template_that_cannot_be_used_is_told(text: str) -> None:
    with pytest.raises(TemplateMistakeError):
        put_into_words([Message(alert=an_alert())], Wording(text=text))


def test_own_template_is_used() -> None:
    wording = Wording(title="[{{ rule }}]", text="{{ headline }}|{{ more }}")
    assert put_into_words([Message(alert=an_alert(), more=3)], wording) == ("[Truces]", "Truce number 0|3")
