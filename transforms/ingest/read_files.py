"""Reads a file into items: one for a text or page, one for each record of an archive, with what its sidecar says.

What the JSON fields are says `json_records`, what a sidecar is `sidecar`.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path

from transforms.ingest.archive import Found, Position
from transforms.ingest.decode import decode_text
from transforms.ingest.endings import JSON_ENDING, LINES_ENDINGS, MEDIA_TYPES, URLS_ENDING, WARC_ENDINGS, ending
from transforms.ingest.json_lines import read_lines
from transforms.ingest.json_records import Document, load_json
from transforms.ingest.make_item import item_of_value, make_item, read_failure
from transforms.ingest.metadata import Metadata
from transforms.ingest.open_file import open_file, oversized, reading
from transforms.ingest.sidecar import read_sidecar
from transforms.ingest.unreadable import PAYLOAD_CHARACTERS, UnreadableInput
from transforms.ingest.url_list import read_urls
from transforms.ingest.warc_records import read_warc
from transforms.records import Failure, Item

MAX_FILE_BYTES = 10_000_000  # twenty times the longest treaties; a larger file is a dump, which belongs in a .jsonl


def read_file(path: str, *, now: datetime.datetime, max_file_bytes: int = MAX_FILE_BYTES) -> Iterator[Item | Failure]:
    """Yields what a file holds, at least one Item or Failure; nothing bad raises.

    Args:
        path: The file. `.md` is Markdown, `.html` and `.htm` pages, `.json` one JSON object or an array of them,
            `.jsonl` and `.ndjson` one object a line, `.warc` and `.wet` web archives, `.urls` addresses of
            pages, each also with `.gz`; any other ending is plain text.
        now: When it is taken in.
        max_file_bytes: The most that is read of a file (of a record of an archive), after decompression.

    Yields:
        Items, whose ids come from what they hold and not from where; and a Failure of stage `read_file` for a file,
        record or line that cannot be taken in. Locators are the path, with `#L12` for line 12 of a .jsonl and `#R3`
        for the third record of an array or a web archive.
    """
    try:
        if is_archive(path):
            yield from (found for found, _ in read_archive(path, Position(), now=now, limit=max_file_bytes) if found)
        elif ending(path) == JSON_ENDING:
            yield from _read_json(path, now, max_file_bytes)
        else:
            yield _read_document(path, MEDIA_TYPES.get(ending(path), "text/plain"), now, max_file_bytes)
    except UnreadableInput as error:
        yield read_failure(path, error, now, error.payload)


def is_archive(path: str) -> bool:
    """Returns whether a file of this name holds many records, which can be read from a position on."""
    return ending(path) in LINES_ENDINGS | WARC_ENDINGS | {URLS_ENDING}


def read_archive(
    path: str, start: Position, *, now: datetime.datetime, limit: int, growing: bool = False
) -> Iterator[Found]:
    """Yields what each record of an archive holds, with the position behind it.

    Args:
        path: The archive.
        start: Where to begin: a position behind an earlier record of the same file.
        now: When it is taken in.
        limit: The most bytes of a record, after decompression.
        growing: Whether somebody is still writing: a last line without its end is then left for later.

    Raises:
        UnreadableInput: The archive cannot be read (any further).
    """
    if ending(path) in WARC_ENDINGS:
        return read_warc(path, start, now=now, limit=limit)
    if ending(path) == URLS_ENDING:
        return read_urls(path, start, now=now, growing=growing)
    return read_lines(path, start, now=now, limit=limit, growing=growing)


def path_of(locator: str) -> str:
    """Returns the path of the file that a locator of `read_file` lies in."""
    path, mark, place = locator.rpartition("#")
    return path if mark and place[:1] in ("L", "R") and place[1:].isdecimal() else locator


def _read_all(path: str, limit: int) -> bytes:
    with open_file(path) as stream:
        data = reading(lambda: stream.read(limit + 1))
    if len(data) > limit:
        raise UnreadableInput(oversized("file", limit, Path(path), len(data)), payload=data[:PAYLOAD_CHARACTERS])
    if not data.strip():
        raise UnreadableInput("the file is empty")
    return data


def _read_document(path: str, media_type: str, now: datetime.datetime, limit: int) -> Item:
    said = read_sidecar(Path(path), now=now)
    data = _read_all(path, limit)
    content = decode_text(data, html=media_type == "text/html")
    if not content.strip():
        raise UnreadableInput("the file is empty")
    document = Document(media_type=media_type, content=content, metadata=Metadata())
    return make_item(path, document, said, now)


def _read_json(path: str, now: datetime.datetime, limit: int) -> Iterator[Item | Failure]:
    data = _read_all(path, limit)
    try:
        value = load_json(decode_text(data))
    except UnreadableInput as error:
        yield read_failure(path, error, now, data)
        return
    if not isinstance(value, list):
        said = read_sidecar(Path(path), now=now)
        yield item_of_value(path, value, said, now, data)
        return
    if not value:
        raise UnreadableInput("the array has no records", payload=data)
    said = read_sidecar(Path(path), now=now, shared=True)
    for number, element in enumerate(value, start=1):
        yield item_of_value(f"{path}#R{number}", element, said, now, "")
