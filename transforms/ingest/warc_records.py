"""Reads a web archive (WARC, ISO 28500): its pages, each with its address, from the beginning or from a position on.

warcio reads the records; going from one to the next is done here, because a damaged record must not hide the others:
after one, the next beginning of a record is looked for.
"""

import datetime
import io
import mmap
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader

from transforms.ingest.archive import Found, Position
from transforms.ingest.decode import decode_text
from transforms.ingest.json_records import Document
from transforms.ingest.make_item import make_item, read_failure
from transforms.ingest.metadata import Metadata
from transforms.ingest.open_file import open_file, oversized, reading
from transforms.ingest.sidecar import read_sidecar
from transforms.ingest.unreadable import UnreadableInput, storable
from transforms.ingest.urls import canonical_url
from transforms.records import Failure, Item

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_GZIP = b"\x1f\x8b\x08"  # RFC 1952: the mark of a gzip member, and its only method
_RECORD = b"WARC/"
_PARTED = b"\r\n\r\n"  # behind every record
_BLOCK_BYTES = 1_048_576
_OK = "200"
# What warcio and zlib raise for bytes that are no record.
_BROKEN = (ArchiveLoadFailed, zlib.error, EOFError, ValueError, TypeError, AttributeError, LookupError)


class _BrokenRecordError(Exception):
    """A record is damaged, or the archive ends within it."""


class _Member(io.RawIOBase):
    """One gzip member of a file, decompressed; behind its end, `used` says how many bytes of the file it took."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._read = 0

    @property
    def used(self) -> int:
        return self._read - len(self._decompressor.unused_data)

    @property
    def ended(self) -> bool:
        return self._decompressor.eof

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = b""
        while not data and not self.ended:
            block = self._decompressor.unconsumed_tail
            if not block:
                block = self._stream.read(io.DEFAULT_BUFFER_SIZE)
                self._read += len(block)
            if not block:
                break
            data = self._decompressor.decompress(block, len(buffer))
        buffer[: len(data)] = data
        return len(data)


def read_warc(path: str, start: Position, *, now: datetime.datetime, limit: int) -> Iterator[Found]:
    """Yields what each record holds, with the position behind it.

    Pages that were answered with 200, and texts taken from pages, are articles; other records give None.

    Args:
        path: The archive; each record is a gzip member of its own, or none is compressed.
        start: Where to begin: a position behind an earlier record of the same file.
        now: When it is taken in.
        limit: The most bytes of a page, after decompression.

    Raises:
        UnreadableInput: The file or its sidecar cannot be read, or it is no web archive.
    """
    said = read_sidecar(Path(path), now=now, shared=True)
    with open_file(path, compressed=True) as stream:
        compressed = _is_compressed(stream)
        offset, number = start.offset, start.number
        while (begin := _skip_blank(stream, offset, compressed)) is not None:
            number += 1
            locator = f"{path}#R{number}"
            found: Item | Failure | None
            try:
                found, offset = _read_record(stream, begin, compressed, locator, said, now, limit)
            except _BrokenRecordError as error:
                found = read_failure(locator, UnreadableInput(f"a damaged record: {error}"), now, "")
                offset = _next_begin(stream, begin + 1, compressed)
            yield found, Position(offset=offset, number=number)


def _is_compressed(stream: IO[bytes]) -> bool:
    first = reading(lambda: stream.read(len(_RECORD)))
    if not first:
        raise UnreadableInput("the file is empty")
    if first.startswith(_GZIP[:2]):
        return True
    if first != _RECORD:
        raise UnreadableInput(f"not a web archive: expected it to begin with {_RECORD.decode()}", payload=first)
    return False


def _skip_blank(stream: IO[bytes], offset: int, compressed: bool) -> int | None:
    """Returns where the next record begins, None at the end of the file."""
    reading(lambda: stream.seek(offset))
    while byte := reading(lambda: stream.read(1)):
        if compressed or byte not in b"\r\n":
            return offset
        offset += 1
    return None


def _read_record(
    stream: IO[bytes],
    begin: int,
    compressed: bool,
    locator: str,
    said: Metadata | None,
    now: datetime.datetime,
    limit: int,
) -> tuple[Item | Failure | None, int]:
    """Returns what the record at an offset holds, and the offset behind it."""
    reading(lambda: stream.seek(begin))
    member = _Member(stream) if compressed else None
    source: Any = io.BufferedReader(member) if member else stream
    try:
        record = ArcWarcRecordLoader(verify_http=False, arc2warc=False).parse_record_stream(source, known_format="warc")
        found = _found(record, locator, said, now, limit)
        _read_to_end(record)
        if member is None:
            return found, stream.tell()
        _read_member_to_end(source, member)
    except UnreadableInput as error:
        raise _BrokenRecordError(str(error)) from error
    except _BROKEN as error:
        raise _BrokenRecordError(str(error).strip() or "it breaks off") from error
    return found, begin + member.used


def _read_to_end(record: ArcWarcRecord) -> None:
    while reading(lambda: record.raw_stream.read(_BLOCK_BYTES)):
        pass
    if getattr(record.raw_stream, "limit", 0):
        raise _BrokenRecordError("the archive ends within it")


def _read_member_to_end(source: IO[bytes], member: _Member) -> None:
    while rest := reading(lambda: source.read(_BLOCK_BYTES)):
        if rest.strip():
            raise _BrokenRecordError("it is gzipped together with others; `warcio recompress` mends the archive")
    if not member.ended:
        raise _BrokenRecordError("the archive ends within it")


def _found(
    record: ArcWarcRecord, locator: str, said: Metadata | None, now: datetime.datetime, limit: int
) -> Item | Failure | None:
    media_type = _media_type(record)
    url = canonical_url(record.rec_headers.get_header("WARC-Target-URI") or "")
    if media_type is None or url is None:
        return None
    data = reading(lambda: record.content_stream().read(limit + 1))
    try:
        if len(data) > limit:
            raise UnreadableInput(oversized("page", limit))
        if not data.strip():
            raise UnreadableInput("the page is empty")
        content = decode_text(data, html=media_type == "text/html")
        document = Document(media_type=media_type, content=content, metadata=Metadata(url=storable(url)))
        return make_item(locator, document, said, now)
    except UnreadableInput as error:
        return read_failure(locator, error, now, data)


def _media_type(record: ArcWarcRecord) -> str | None:
    """Returns what an article in this record is written in, None where it holds no article."""
    kind = record.rec_type
    if kind == "response" and record.http_headers and record.http_headers.get_statuscode() == _OK:
        said = record.http_headers.get_header("Content-Type")
    elif kind in ("resource", "conversion"):
        said = record.content_type
    else:
        return None
    written_in = (said or "").partition(";")[0].strip().lower()
    if written_in == "text/plain" and kind == "conversion":
        return written_in
    return "text/html" if written_in in _PAGES else None


def _next_begin(stream: IO[bytes], offset: int, compressed: bool) -> int:
    """Returns where the next record after a damaged one begins, or the end of the file."""
    mark, ahead = (_GZIP, 0) if compressed else (_PARTED + _RECORD, len(_PARTED))
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = data.find(mark, offset)
        while compressed and place >= 0 and not _begins_record(stream, place):
            place = data.find(mark, place + 1)
        return place + ahead if place >= 0 else len(data)


def _begins_record(stream: IO[bytes], offset: int) -> bool:
    reading(lambda: stream.seek(offset))
    try:
        return io.BufferedReader(_Member(stream)).read(len(_RECORD)) == _RECORD
    except zlib.error:
        return False
