"""Opens a file for reading, decompressing it where its name says so, and says in one line what is wrong with it."""

import gzip
import io
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from transforms.ingest.endings import is_gzip
from transforms.ingest.unreadable import UnreadableInput

LIMIT_NAME = "ingest.max_file_bytes"

_BROKEN_GZIP = (gzip.BadGzipFile, EOFError, zlib.error)


def open_file(path: str, *, compressed: bool = False) -> IO[bytes]:
    """Opens a regular file for buffered reading, decompressing where its name says so.

    Args:
        path: The file.
        compressed: Whether it is wanted as it lies on the disk, whatever its name.

    Raises:
        UnreadableInput: It does not exist, is no regular file, or may not be read.
    """
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):  # opening a pipe would wait for its writer
            raise UnreadableInput("not a regular file")
        stream: IO[bytes] = Path(path).open("rb")  # noqa: SIM115 closed by the caller
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise UnreadableInput(f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if is_gzip(path) and not compressed:
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


def reading[T](read: Callable[[], T]) -> T:
    """Runs a read, saying what is wrong with the file if it fails.

    Raises:
        UnreadableInput: It failed.
    """
    try:
        return read()
    except _BROKEN_GZIP as error:
        raise UnreadableInput(f"broken gzip: {error}") from error
    except OSError as error:
        raise UnreadableInput(f"the file cannot be read: {error.strerror or error}") from error


def oversized(what: str, limit: int, path: Path | None = None, size: int = 0) -> str:
    """Returns the line that says that a file, line or record is too large."""
    if path and not is_gzip(path.name):
        size = max(size, path.stat().st_size)
        held = f"{size:,} bytes"
    else:
        held = f"more than {limit:,} bytes" + (" when decompressed" if path else "")
    return f"oversized: the {what} has {held}, at most {limit:,} are read ({LIMIT_NAME})"
