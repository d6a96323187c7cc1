"""Reads a file of one JSON record a line (.jsonl, .ndjson), from its beginning or from where an earlier read ended."""

import contextlib
import datetime
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from transforms.ingest.archive import Found, Position
from transforms.ingest.decode import byte_order_encoding, decode_text, refuse_binary
from transforms.ingest.json_records import load_json
from transforms.ingest.make_item import item_of_value, read_failure
from transforms.ingest.metadata import Metadata
from transforms.ingest.open_file import open_file, oversized, reading
from transforms.ingest.sidecar import read_sidecar
from transforms.ingest.unreadable import UnreadableInput
from transforms.records import Failure, Item

_PEEK_BYTES = 64
_SKIP_BYTES = 1_048_576


def read_lines(
    path: str, start: Position, *, now: datetime.datetime, limit: int, growing: bool = False
) -> Iterator[Found]:
    """Yields what each line holds that is not blank, with the position behind it.

    Args:
        path: The file, decompressed where its name ends in .gz.
        start: Where to begin: the position of an earlier line of the same file.
        now: When it is taken in.
        limit: The most bytes of a line.
        growing: Whether somebody is still writing: a last line without its end is then left for later.

    Raises:
        UnreadableInput: The file or its sidecar cannot be read, or is empty.
    """
    said = read_sidecar(Path(path), now=now, shared=True)
    for line, position in lines_of(path, start, limit=limit, growing=growing):
        yield _read_line(f"{path}#L{position.number}", line, said, now, limit), position


def lines_of(path: str, start: Position, *, limit: int, growing: bool) -> Iterator[tuple[bytes, Position]]:
    """Yields each line of a file that is not blank, as UTF-8, and the position behind it; see `read_lines`.

    A line over the limit is given as its first `limit + 1` bytes.

    Raises:
        UnreadableInput: The file cannot be read, or is empty.
    """
    empty = start == Position()
    with open_file(path) as stream, _line_reader(stream, start) as read_line:
        for line, position in _lines(read_line, start, limit, growing):
            if line.strip():
                empty = False
                yield line, position
    if empty and not growing:
        raise UnreadableInput("the file is empty")


def _read_line(locator: str, line: bytes, said: Metadata | None, now: datetime.datetime, limit: int) -> Item | Failure:
    try:
        if len(line) > limit:
            raise UnreadableInput(oversized("line", limit))
        value = load_json(decode_text(line))
    except UnreadableInput as error:
        return read_failure(locator, error, now, line)
    return item_of_value(locator, value, said, now, line)


def _lines(
    read_line: Callable[[int], bytes], start: Position, limit: int, growing: bool
) -> Iterator[tuple[bytes, Position]]:
    """Yields each line and the position behind it."""
    offset, number = start.offset, start.number
    while line := reading(lambda: read_line(limit + 2)):
        content = line.rstrip(b"\r\n")
        ended, skipped = line.endswith(b"\n"), 0
        if len(content) > limit:
            ended, skipped = _skip_line(read_line, ended)
        if growing and not ended:
            return
        offset, number = offset + len(line) + skipped, number + 1
        yield content[: limit + 1], Position(offset=offset, number=number)


@contextlib.contextmanager
def _line_reader(stream: IO[bytes], start: Position) -> Iterator[Callable[[int], bytes]]:
    """Gives what reads the next line as UTF-8, up to a size; the mark at the file's beginning says the encoding."""
    first = reading(lambda: stream.peek(_PEEK_BYTES)[:_PEEK_BYTES])  # type: ignore[attr-defined]
    refuse_binary(first)
    encoding = byte_order_encoding(first)
    if encoding in (None, "utf-8-sig"):
        reading(lambda: stream.seek(start.offset))
        yield stream.readline
        return
    with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="\n") as text:
        for _ in range(start.number):  # offsets count UTF-8, which this file is not in
            reading(text.readline)
        yield lambda size: text.readline(size).encode("utf-8", "replace")


def _skip_line(read_line: Callable[[int], bytes], ended: bool) -> tuple[bool, int]:
    """Reads to the end of a line; returns whether it has one, and how many bytes were passed over."""
    skipped = 0
    while not ended and (part := reading(lambda: read_line(_SKIP_BYTES))):
        ended = part.endswith(b"\n")
        skipped += len(part)
    return ended, skipped
