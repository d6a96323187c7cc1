"""A feed as parsed, whatever its format."""

from transforms.errors import PactwatchError
from transforms.records import record


class NotAFeedError(PactwatchError):
    """A document is no feed that can be used: its message is one line for a person."""


@record
class Entry:
    """One entry of a feed; None where it does not say.

    Attributes:
        guid: The entry's own id, as written.
        link: Of its page, absolute, http or https.
        text: The longest of its texts, HTML where `is_html`.
        published: As written.
        updated: When it was last edited, as written.
        day: YYYY-MM-DD that the parser made of a date of whatever form.
    """

    guid: str | None
    link: str | None
    title: str | None
    text: str
    is_html: bool
    author: str | None
    published: str | None
    day: str | None
    updated: str | None = None


@record
class ParsedFeed:
    """A feed's title, how long it asks to wait (0 where it does not), and its entries in order."""

    title: str | None
    ttl_seconds: float
    entries: tuple[Entry, ...]
