"""Sends alerts wherever Apprise can: mail, Slack, Teams, Telegram, and a hundred more."""

from collections.abc import Sequence

import apprise

from transforms.alert.channels.channel import AppriseSettings, SendError
from transforms.alert.channels.wording import wording_of
from transforms.alert.message import Message, put_into_words
from transforms.alert.rule import Severity
from transforms.errors import UsageError

_TYPES = {
    Severity.INFO: apprise.NotifyType.INFO,
    Severity.WARNING: apprise.NotifyType.WARNING,
    Severity.CRITICAL: apprise.NotifyType.FAILURE,
}


def check_url(url: str) -> None:
    """Checks that Apprise knows an address.

    Raises:
        UsageError: It does not; the address, which may hold a secret, is not repeated.
    """
    with apprise.LogCapture(level=apprise.logging.ERROR):
        known = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if known is None:
        scheme = url.split("://", 1)[0] if "://" in url else "?"
        raise UsageError(f"Apprise cannot use this {scheme}:// address: see its list of services for the form")


class AppriseChannel:
    """One Apprise address."""

    def __init__(self, settings: AppriseSettings) -> None:
        check_url(settings.url)
        self._wording = wording_of(settings)
        # Texts are data: neither emoji names nor escape sequences in them mean anything.
        asset = apprise.AppriseAsset(
            app_id="Pactwatch", interpret_emojis=False, interpret_escapes=False, async_mode=False, secure_logging=True
        )
        self._apprise = apprise.Apprise(asset=asset)
        self._apprise.add(settings.url)

    def send(self, messages: Sequence[Message]) -> None:
        """Sends the messages as one."""
        title, text = put_into_words(messages, self._wording)
        form = apprise.NotifyFormat.HTML if self._wording.html else apprise.NotifyFormat.TEXT
        with apprise.LogCapture(level=apprise.logging.WARNING):
            arrived = self._apprise.notify(
                title=title, body=text, body_format=form, notify_type=_TYPES[messages[0].alert.severity]
            )
        if not arrived:
            raise SendError("the service refused the message or cannot be reached")

    def close(self) -> None:
        """Nothing is held open."""
