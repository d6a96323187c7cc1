"""Remembers in the store how each file looked when it was taken in, and how far an archive was."""

import os
from collections.abc import Iterable

from transforms.ingest.archive import Position
from transforms.ingest.endings import SIDECAR_ENDINGS, WARC_ENDINGS, ending, is_gzip
from transforms.ingest.open_file import open_file
from transforms.records import digest, from_json, record, to_json
from transforms.store.protocol import Collection, Document, Store

_TAIL_BYTES = 256  # before a position: more than a JSON record's last fields, so that no two lines end alike


@record
class Appearance:
    """How a file and its sidecar look from outside.

    Attributes:
        signature: Equal as long as neither is written to: their sizes and times of modification.
        touched: When either was last written, put in place or renamed: seconds since 1970.
        size: Of the file itself, in bytes.
    """

    signature: str
    touched: float
    size: int


@record
class KnownFile:
    """What is remembered of a file.

    Attributes:
        path: Absolute.
        signature: How it looked when it was taken in.
        whole: Whether all of it was, and not only a part of an archive.
        item: The item it gave last, where it gives only one.
        position: Behind the last record of an archive that is safe in the store.
        tail: Digest of the bytes before that position: the same while the archive only grows.
        size: Bytes, as it lies on the disk.
    """

    path: str
    signature: str
    whole: bool
    item: str | None = None
    position: Position = Position()
    tail: str = ""
    size: int = 0


def appearance(path: str) -> Appearance | None:
    """Returns how a file looks from outside, None where there is none."""
    try:
        states = [os.stat(path)]  # noqa: PTH116 Path() costs as much as the call, on each file of a watched folder
    except (OSError, ValueError):
        return None
    for sidecar_ending in SIDECAR_ENDINGS:
        try:
            states.append(os.stat(path + sidecar_ending))  # noqa: PTH116
        except OSError:
            continue
    return Appearance(
        signature=" ".join(f"{state.st_size}:{state.st_mtime_ns}" for state in states),
        touched=max(max(state.st_mtime, state.st_ctime) for state in states),
        size=states[0].st_size,
    )


def file_id(path: str) -> str:
    """Returns the id under which a file is remembered."""
    return digest("file", path)


def known_files(store: Store, paths: Iterable[str]) -> dict[str, KnownFile]:
    """Returns what is remembered of files, by path, for those that were met before."""
    found = store.get(Collection.FILES, [file_id(path) for path in paths])
    known = (from_json(KnownFile, stored.body) for stored in found.values())
    return {file.path: file for file in known}


def remember_file(store: Store, file: KnownFile) -> None:
    """Notes a file, after all that it gave is safe in the store."""
    store.replace(Collection.FILES, [Document(id=file_id(file.path), body=to_json(file))])


def tail_before(path: str, offset: int) -> str:
    """Returns the digest of the bytes before an offset; empty where offsets do not count the bytes on the disk.

    Raises:
        UnreadableInput: The file cannot be read.
    """
    if offset == 0 or (is_gzip(path) and ending(path) not in WARC_ENDINGS):
        return ""
    with open_file(path, compressed=True) as stream:
        stream.seek(max(0, offset - _TAIL_BYTES))
        return digest(stream.read(min(offset, _TAIL_BYTES)).hex())


def goes_on(known: KnownFile, seen: Appearance) -> bool:
    """Returns whether an archive is as it was remembered, or only grew: then it is read on from its position.

    Of what lies before the position only the last bytes are compared.

    Raises:
        UnreadableInput: The file cannot be read.
    """
    if known.signature == seen.signature:
        return True
    return seen.size > known.size and known.tail != "" and known.tail == tail_before(known.path, known.position.offset)
