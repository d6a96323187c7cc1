"""Makes text from the news harmless before it enters an alert: one line, no control characters, bounded."""

import re

# Control characters, line separators, and the signs that turn the direction of writing: with any of them a title
# could end a header, hide a word in a terminal, or make a feed invalid.
_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\xa0\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+"
)

MAX_TITLE_CHARACTERS = 200  # a mail's subject and a feed's title beyond this are cut by their readers anyway
MAX_SENTENCE_CHARACTERS = 800  # three times a long sentence of news

_WEB = re.compile(r"https?://", re.IGNORECASE)
_MAX_LINK_CHARACTERS = 2_000  # what browsers and mail programs follow


def web_link(url: str | None) -> str | None:
    """Returns an address that may become a link: http or https, on one line; None for anything else."""
    if url is None or not _WEB.match(url) or len(url) > _MAX_LINK_CHARACTERS:
        return None
    return one_line(url, _MAX_LINK_CHARACTERS)


def one_line(text: object, limit: int = MAX_SENTENCE_CHARACTERS) -> str:
    """Returns text on one line, without control characters, at most `limit` characters with an ellipsis at the cut."""
    head = str(text)[: 4 * limit]  # a title of a megabyte need not be searched to its end
    line = _UNSAFE.sub(" ", head).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
