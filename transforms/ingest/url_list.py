"""Reads a list of addresses (.urls), one a line: each becomes an item that waits for its page.

Blank lines, and lines that begin with `#`, are passed over.
"""

import datetime
from collections.abc import Iterator

from transforms.ingest.archive import Found, Position
from transforms.ingest.decode import decode_text
from transforms.ingest.json_lines import lines_of
from transforms.ingest.make_item import read_failure
from transforms.ingest.unreadable import UnreadableInput
from transforms.ingest.urls import MAX_URL_CHARACTERS, canonical_url
from transforms.records import Failure, Item, State, digest

_COMMENT = b"#"
_MAX_LINE_BYTES = 4 * MAX_URL_CHARACTERS  # a character has at most four bytes


def read_urls(path: str, start: Position, *, now: datetime.datetime, growing: bool = False) -> Iterator[Found]:
    """Yields an item for each address, with the position behind it.

    Args:
        path: The list, decompressed where its name ends in .gz.
        start: Where to begin: the position of an earlier line of the same file.
        now: When it is taken in.
        growing: Whether somebody is still writing: a last line without its end is then left for later.

    Raises:
        UnreadableInput: The file cannot be read, or is empty.
    """
    for line, position in lines_of(path, start, limit=_MAX_LINE_BYTES, growing=growing):
        if line.lstrip().startswith(_COMMENT):
            yield None, position
        else:
            yield _read_line(f"{path}#L{position.number}", line, now), position


def _read_line(locator: str, line: bytes, now: datetime.datetime) -> Item | Failure:
    try:
        written = decode_text(line).strip()
        url = canonical_url(written)
        if url is None:
            raise UnreadableInput(f"{written[:80]!r} is not an http or https address; expected one a line")
    except UnreadableInput as error:
        return read_failure(locator, error, now, line)
    return Item(
        id=digest("item", "page", url),
        locator=written,
        media_type="text/plain",
        content="",
        url=url,
        taken_in=now,
        state=State.WAITING,
    )
