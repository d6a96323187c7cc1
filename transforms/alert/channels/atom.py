"""Keeps an Atom feed (RFC 4287) of the latest alerts in a file."""

import datetime
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from transforms.alert.channels.channel import AtomSettings, SendError
from transforms.alert.channels.files import replace_file
from transforms.alert.channels.wording import wording_of
from transforms.alert.message import Message, put_into_words
from transforms.records import digest

_ATOM = "http://www.w3.org/2005/Atom"
_MAX_ENTRIES = 200
_MAX_FILE_BYTES = 50_000_000  # far above 200 entries: what is larger is not ours


def _tag(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, _tag(name), attributes)
    element.text = text
    return element


class AtomFile:
    """A feed file; an alert sent again takes the place of its entry."""

    def __init__(self, settings: AtomSettings) -> None:
        self._settings = settings
        self._wording = wording_of(settings)

    def send(self, messages: Sequence[Message]) -> None:
        """Puts an entry for each message at the head of the feed."""
        new = [self._entry(message) for message in messages]
        ids = {entry.findtext(_tag("id")) for entry in new}
        old = [entry for entry in self._entries() if entry.findtext(_tag("id")) not in ids]
        feed = self._feed(messages[-1].alert.created)
        feed.extend([*reversed(new), *old][:_MAX_ENTRIES])
        ET.register_namespace("", _ATOM)
        replace_file(self._settings.path, ET.tostring(feed, encoding="utf-8", xml_declaration=True))

    def close(self) -> None:
        """Nothing is held open."""

    def _feed(self, updated: datetime.datetime) -> ET.Element:
        feed = ET.Element(_tag("feed"))
        _add(feed, "id", f"urn:pactwatch:feed:{digest(str(self._settings.path))}")
        _add(feed, "title", self._settings.feed_title)
        _add(feed, "updated", updated.isoformat())
        _add(_add(feed, "author"), "name", "Pactwatch")
        _add(feed, "generator", "Pactwatch")
        if self._settings.link:
            _add(feed, "link", href=self._settings.link, rel="self")
        return feed

    def _entry(self, message: Message) -> ET.Element:
        alert = message.alert
        title, text = put_into_words([message], self._wording)
        entry = ET.Element(_tag("entry"))
        _add(entry, "id", f"urn:pactwatch:alert:{alert.id}")
        _add(entry, "title", title, type="text")
        _add(entry, "updated", alert.created.isoformat())
        _add(entry, "category", term=alert.rule)
        _add(entry, "category", term=alert.kind.value)
        if alert.link:
            _add(entry, "link", href=alert.link, rel="alternate")
        _add(entry, "content", text, type="text")
        return entry

    def _entries(self) -> list[ET.Element]:
        path = self._settings.path
        try:
            if not path.exists():
                return []
            if path.stat().st_size > _MAX_FILE_BYTES:
                raise SendError(f"{path} is too large to be our feed: move it away")
            return ET.fromstring(path.read_bytes()).findall(_tag("entry"))  # noqa: S314 (our own file)
        except ET.ParseError as error:
            raise SendError(f"{path} is no XML any more: move it away, and it is begun anew") from error
        except OSError as error:
            raise SendError(f"{path} cannot be read: {error.strerror}") from error
