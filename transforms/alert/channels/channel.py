"""What a channel is: where it is written down, and what sending to it can end in."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import Field, TypeAdapter

from transforms.alert.message import Message
from transforms.alert.rule import STRICT
from transforms.errors import PactwatchError
from transforms.records import record

type Text = Annotated[str, Field(min_length=1)]


class SendError(PactwatchError):
    """A message did not reach its channel.

    Attributes:
        lasting: Whether sending the very same message again is of no use.
        retry_after: How long the other side asked to be left alone, or None.
    """

    def __init__(self, message: str, *, lasting: bool = False, retry_after: datetime.timedelta | None = None) -> None:
        super().__init__(message)
        self.lasting = lasting
        self.retry_after = retry_after


class Channel(Protocol):
    """Somewhere messages go. One instance serves one thread."""

    def send(self, messages: Sequence[Message]) -> None:
        """Sends one alert, or a digest of several, as one message.

        Raises:
            SendError: It did not arrive, or nobody can tell.
        """

    def close(self) -> None:
        """Gives back what the channel holds open."""


@record
class ChannelSettings:
    """A channel as config/alerts.yaml describes it.

    Attributes:
        name: What rules call it.
        title, text: Templates (jinja2) in place of the built-in ones.
    """

    __pydantic_config__ = STRICT
    name: str
    title: Text | None = None
    text: Text | None = None


@record
class ConsoleSettings(ChannelSettings):
    """Standard output."""


@record
class JsonlSettings(ChannelSettings):
    """A file that grows by one JSON object a line."""

    path: Path


@record
class WebhookSettings(ChannelSettings):
    """An http(s) address to which JSON is posted, signed when there is a secret."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
    secret: Text | None = None


@record
class AppriseSettings(ChannelSettings):
    """Any address that Apprise knows: mailto://, slack://, tgram://, msteams://, ..."""

    url: Text
    html: bool = False


@record
class AtomSettings(ChannelSettings):
    """An Atom feed in a file."""

    path: Path
    feed_title: str = "Pactwatch alerts"
    link: str | None = None


@record
class ICalendarSettings(ChannelSettings):
    """A calendar of deadlines in a file."""

    path: Path


CHANNEL_TYPES: Mapping[str, type[ChannelSettings]] = {
    "console": ConsoleSettings,
    "jsonl": JsonlSettings,
    "webhook": WebhookSettings,
    "apprise": AppriseSettings,
    "atom": AtomSettings,
    "icalendar": ICalendarSettings,
}
CHANNEL_ADAPTERS = {name: TypeAdapter(cls) for name, cls in CHANNEL_TYPES.items()}
