"""Opens a channel by its settings."""

from transforms.alert.channels.atom import AtomFile
from transforms.alert.channels.channel import (
    AppriseSettings,
    AtomSettings,
    Channel,
    ChannelSettings,
    ConsoleSettings,
    ICalendarSettings,
    JsonlSettings,
    WebhookSettings,
)
from transforms.alert.channels.console import Console
from transforms.alert.channels.icalendar_file import ICalendarFile
from transforms.alert.channels.jsonl import JsonlFile
from transforms.alert.channels.webhook import Webhook


def open_channel(settings: ChannelSettings) -> Channel:
    """Returns the channel that the settings describe.

    Raises:
        UsageError: The settings cannot be used.
        TypeError: They are of no kind that is known.
    """
    match settings:
        case ConsoleSettings():
            return Console(settings)
        case JsonlSettings():
            return JsonlFile(settings)
        case WebhookSettings():
            return Webhook(settings)
        case AppriseSettings():
            from transforms.alert.channels.apprise_url import AppriseChannel  # loading Apprise takes 0.3 s

            return AppriseChannel(settings)
        case AtomSettings():
            return AtomFile(settings)
        case ICalendarSettings():
            return ICalendarFile(settings)
        case _:
            raise TypeError(f"no channel is made of {type(settings).__name__}")
