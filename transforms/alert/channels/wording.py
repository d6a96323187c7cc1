"""Which words a channel uses: its own templates, else the built-in ones."""

from transforms.alert.channels.channel import AppriseSettings, ChannelSettings
from transforms.alert.message import HTML, TEXT, TITLE, Wording


def wording_of(settings: ChannelSettings) -> Wording:
    """Returns the templates of a channel."""
    html = isinstance(settings, AppriseSettings) and settings.html
    return Wording(title=settings.title or TITLE, text=settings.text or (HTML if html else TEXT), html=html)
