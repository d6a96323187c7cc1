"""Reads a file into items: one for a text or page, one for each record of a JSON file, with what its sidecar says.

What the JSON fields are says `json_records`, what a sidecar is `sidecar`.
"""

import contextlib
import datetime
import gzip
import io
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Literal

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.attempt import FAILURES, MAIN
from transforms.ingest.decode import byte_order_encoding, decode_text, refuse_binary
from transforms.ingest.endings import JSON_ENDING, LINES_ENDINGS, MEDIA_TYPES, ending, is_gzip
from transforms.ingest.json_records import Document, load_json, read_record
from transforms.ingest.metadata import Metadata, overlay
from transforms.ingest.sidecar import read_sidecar
from transforms.ingest.unreadable import PAYLOAD_CHARACTERS, UnreadableInput, make_failure, storable
from transforms.records import Failure, Item, PublishedHow, digest

STAGE = "read_file"
MAX_FILE_BYTES = 10_000_000  # twenty times the longest treaties; a larger file is a dump, which belongs in a .jsonl
LIMIT_NAME = "ingest.max_file_bytes"

_PEEK_BYTES = 64
_SKIP_BYTES = 1_048_576
_BROKEN_GZIP = (gzip.BadGzipFile, EOFError, zlib.error)


def read_file(path: str, *, now: datetime.datetime, max_file_bytes: int = MAX_FILE_BYTES) -> Iterator[Item | Failure]:
    """Yields what a file holds, at least one Item or Failure; nothing bad raises.

    Args:
        path: The file. `.md` is Markdown, `.html` and `.htm` pages, `.json` one JSON object or an array of them,
            `.jsonl` and `.ndjson` one object a line, each also with `.gz`; any other ending is plain text.
        now: When it is taken in.
        max_file_bytes: The most that is read of a file (of a line of a .jsonl), after decompression.

    Yields:
        Items, whose ids come from what they hold and not from where; and a Failure of stage `read_file` for a file,
        record or line that cannot be taken in. Locators are the path, with `#L12` for line 12 of a .jsonl and `#R3`
        for the third record of an array.
    """
    kind = ending(path)
    try:
        if kind in LINES_ENDINGS:
            yield from _read_lines(path, now, max_file_bytes)
        elif kind == JSON_ENDING:
            yield from _read_json(path, now, max_file_bytes)
        else:
            yield _read_document(path, MEDIA_TYPES.get(kind, "text/plain"), now, max_file_bytes)
    except UnreadableInput as error:
        yield _failure(path, error, now, error.payload)


def path_of(locator: str) -> str:
    """Returns the path of the file that a locator of `read_file` lies in."""
    path, mark, place = locator.rpartition("#")
    return path if mark and place[:1] in ("L", "R") and place[1:].isdecimal() else locator


def _failure(locator: str, error: UnreadableInput, now: datetime.datetime, payload: str | bytes) -> Failure:
    return make_failure(STAGE, locator, str(error), now=now, payload=payload)


def _open(path: str) -> IO[bytes]:
    """Opens a regular file for buffered reading, decompressing where its name says so.

    Raises:
        UnreadableInput: It does not exist, is no regular file, or may not be read.
    """
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):  # opening a pipe would wait for its writer
            raise UnreadableInput("not a regular file")
        stream: IO[bytes] = Path(path).open("rb")  # noqa: SIM115 closed by the caller
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise UnreadableInput(f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if is_gzip(path):
        return io.BufferedReader(_Gunzipped(stream))
    return stream


class _Gunzipped(gzip.GzipFile):
    """Closes the compressed file too, which `GzipFile` leaves open when it was given one."""

    def __init__(self, compressed: IO[bytes]) -> None:
        super().__init__(fileobj=compressed, mode="rb")
        self._compressed = compressed

    def close(self) -> None:
        super().close()
        self._compressed.close()


def _reading[T](read: Callable[[], T]) -> T:
    """Runs a read, saying what is wrong with the file if it fails."""
    try:
        return read()
    except _BROKEN_GZIP as error:
        raise UnreadableInput(f"broken gzip: {error}") from error
    except OSError as error:
        raise UnreadableInput(f"the file cannot be read: {error.strerror or error}") from error


def _read_all(path: str, limit: int) -> bytes:
    with _open(path) as stream:
        data = _reading(lambda: stream.read(limit + 1))
    if len(data) > limit:
        raise UnreadableInput(_oversized("file", limit, Path(path), len(data)), payload=data[:PAYLOAD_CHARACTERS])
    if not data.strip():
        raise UnreadableInput("the file is empty")
    return data


def _oversized(what: str, limit: int, path: Path | None = None, size: int = 0) -> str:
    if path and not is_gzip(path.name):
        size = max(size, path.stat().st_size)
        held = f"{size:,} bytes"
    else:
        held = f"more than {limit:,} bytes" + (" when decompressed" if path else "")
    return f"oversized: the {what} has {held}, at most {limit:,} are read ({LIMIT_NAME})"


def _read_document(path: str, media_type: str, now: datetime.datetime, limit: int) -> Item:
    said = read_sidecar(Path(path), now=now)
    data = _read_all(path, limit)
    content = decode_text(data, html=media_type == "text/html")
    if not content.strip():
        raise UnreadableInput("the file is empty")
    document = Document(media_type=media_type, content=content, metadata=Metadata())
    return _item(path, document, said, now)


def _read_json(path: str, now: datetime.datetime, limit: int) -> Iterator[Item | Failure]:
    data = _read_all(path, limit)
    try:
        value = load_json(decode_text(data))
    except UnreadableInput as error:
        yield _failure(path, error, now, data)
        return
    if not isinstance(value, list):
        said = read_sidecar(Path(path), now=now)
        yield _read_value(path, value, said, now, data)
        return
    if not value:
        raise UnreadableInput("the array has no records", payload=data)
    said = read_sidecar(Path(path), now=now, shared=True)
    for number, element in enumerate(value, start=1):
        yield _read_value(f"{path}#R{number}", element, said, now, "")


def _read_value(
    locator: str, value: object, said: Metadata | None, now: datetime.datetime, payload: str | bytes
) -> Item | Failure:
    try:
        return _item(locator, read_record(value, now=now), said, now)
    except UnreadableInput as error:
        return _failure(locator, error, now, payload or _shown(value))


def _shown(value: object) -> str:
    """Returns the start of a record as JSON-like text; long texts in it are cut first."""
    if isinstance(value, dict):
        return str({key: text[:PAYLOAD_CHARACTERS] if isinstance(text, str) else text for key, text in value.items()})
    return str(value)


def _read_lines(path: str, now: datetime.datetime, limit: int) -> Iterator[Item | Failure]:
    said = read_sidecar(Path(path), now=now, shared=True)
    empty = True
    with _open(path) as stream, _line_reader(stream) as read_line:
        for number, line in _lines(read_line, limit):
            empty = False
            yield _read_line(f"{path}#L{number}", line, said, now, limit)
    if empty:
        raise UnreadableInput("the file is empty")


def _read_line(locator: str, line: bytes, said: Metadata | None, now: datetime.datetime, limit: int) -> Item | Failure:
    try:
        if len(line) > limit:
            raise UnreadableInput(_oversized("line", limit))
        value = load_json(decode_text(line))
    except UnreadableInput as error:
        return _failure(locator, error, now, line)
    return _read_value(locator, value, said, now, line)


def _lines(read_line: Callable[[int], bytes], limit: int) -> Iterator[tuple[int, bytes]]:
    """Yields number and bytes of each line that is not blank; of one over the limit its first `limit + 1` bytes."""
    number = 0
    while line := _reading(lambda: read_line(limit + 2)):
        number += 1
        content = line.rstrip(b"\r\n")
        if len(content) > limit:
            _reading(lambda: _skip_line(read_line, line))
        if content.strip():
            yield number, content[: limit + 1]


@contextlib.contextmanager
def _line_reader(stream: IO[bytes]) -> Iterator[Callable[[int], bytes]]:
    """Gives what reads the next line as UTF-8, up to a size; the mark at the file's beginning says the encoding."""
    start = _reading(lambda: stream.peek(_PEEK_BYTES)[:_PEEK_BYTES])  # type: ignore[attr-defined]
    refuse_binary(start)
    encoding = byte_order_encoding(start)
    if encoding in (None, "utf-8-sig"):
        yield stream.readline
        return
    with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="\n") as text:
        yield lambda size: text.readline(size).encode("utf-8", "replace")


def _skip_line(read_line: Callable[[int], bytes], line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = read_line(_SKIP_BYTES)


def _item(locator: str, document: Document, said: Metadata | None, now: datetime.datetime) -> Item:
    """Returns the item of a document; its id comes from all that is read of it, not from where it lies."""
    metadata = overlay(document.metadata, said) if said else document.metadata
    content = storable(document.content).replace("\r\n", "\n").replace("\r", "\n")
    identity = (metadata.url, metadata.title, metadata.published, metadata.source, metadata.language)
    return Item(
        id=digest("item", document.media_type, *(value or "" for value in identity), content),
        locator=locator,
        media_type=document.media_type,
        content=content,
        title=metadata.title,
        url=metadata.url,
        source=metadata.source,
        published=metadata.published,
        published_how=_published_how(document.metadata, said),
        language=metadata.language,
        taken_in=now,
    )


def _published_how(of_record: Metadata, said: Metadata | None) -> PublishedHow:
    if said and said.published:
        return PublishedHow.SIDECAR
    return PublishedHow.FEED if of_record.published else PublishedHow.UNKNOWN


class _ReadFn(beam.DoFn):
    def __init__(self, now: datetime.datetime, max_file_bytes: int) -> None:
        self._now = now
        self._max_file_bytes = max_file_bytes
        self._read = Metrics.counter("ingest", "items_read")
        self._failed = Metrics.counter("ingest", "reads_failed")

    def process(self, element: str) -> Iterable[Item | TaggedOutput[Literal["failures"], Failure]]:
        """Yields what one file holds."""
        for found in read_file(element, now=self._now, max_file_bytes=self._max_file_bytes):
            if isinstance(found, Failure):
                self._failed.inc()
                yield TaggedOutput("failures", found)
            else:
                self._read.inc()
                yield found


class ReadFiles(beam.PTransform[PCollection[str], DoOutputsTuple]):
    """Turns locators of files into the items they hold.

    Input: locators, as `ListFiles` gives them.
    Output: Item, by tag `main`; Failure, of stage `read_file`, by tag `failures`.
    Guarantee: a retry gives the same items and Failures with the same ids, for files that did not change.
    Failures: files, records and lines that are empty, binary, oversized, malformed, or whose sidecar is.
    """

    def __init__(self, *, now: datetime.datetime, max_file_bytes: int = MAX_FILE_BYTES) -> None:
        super().__init__()
        if now.tzinfo is None:
            raise ValueError(f"now: expected a time with its offset, got {now}")
        if max_file_bytes < 1:
            raise ValueError(f"{LIMIT_NAME}: expected at least 1, got {max_file_bytes}")
        self._now = now
        self._max_file_bytes = max_file_bytes

    def expand(self, locators: PCollection[str]) -> DoOutputsTuple:
        """Wires the reading."""
        fn = _ReadFn(self._now, self._max_file_bytes)
        read: DoOutputsTuple = locators | "Read" >> beam.ParDo(fn).with_outputs(FAILURES, main=MAIN)
        return read
