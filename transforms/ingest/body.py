"""Receives the body of a response: decompressed, and never more of it than a limit, however well it was packed."""

import zlib
from collections.abc import Iterable, Iterator

from transforms.errors import PactwatchError

ACCEPTED = "gzip, deflate"  # what is decompressed here; both are bounded to 1,032 times their size

_GZIP = 16 + zlib.MAX_WBITS
_STEP_BYTES = 65_536


class OversizedBodyError(PactwatchError):
    """A body is larger than the limit; the rest was not received."""


class BrokenBodyError(PactwatchError):
    """A body is not compressed as its header says."""


def receive(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """Returns the whole body.

    Args:
        chunks: As received.
        encoding: The value of Content-Encoding; empty for none.
        max_bytes: The limit, for what is received and for what becomes of it.

    Raises:
        OversizedBodyError: It is larger.
        BrokenBodyError: It is damaged, cut short, or its encoding was not asked for.
    """
    body = bytearray()
    for part in _decoded(_limited(chunks, max_bytes), encoding.strip().lower()):
        body += part
        if len(body) > max_bytes:
            raise OversizedBodyError(f"the answer has more than {max_bytes:,} bytes")
    return bytes(body)


def _limited(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > max_bytes:
            raise OversizedBodyError(f"the answer has more than {max_bytes:,} bytes")
        yield chunk


def _decoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        return chunks
    if encoding in ("gzip", "x-gzip"):
        return _inflated(chunks, _GZIP)
    if encoding == "deflate":
        return _deflated(chunks)
    raise BrokenBodyError(f"the answer is packed as {encoding[:40]!r}, which was not asked for")


def _deflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Many servers leave out zlib's header (RFC 9110, section 8.4.1.2)."""
    first = next(chunks, b"")
    has_header = len(first) >= 2 and first[0] & 0x0F == 8 and (first[0] << 8 | first[1]) % 31 == 0
    yield from _inflated(_chained(first, chunks), zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _inflated(chunks: Iterator[bytes], window: int) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(window)
    received = False
    for chunk in chunks:
        data = chunk
        received = received or bool(chunk)
        while data:
            if unpacking.eof:  # gzip files may be put one after another
                if window != _GZIP or not data.startswith(b"\x1f\x8b"):
                    return
                unpacking = zlib.decompressobj(window)
            try:
                yield unpacking.decompress(data, _STEP_BYTES)
            except zlib.error as error:
                raise BrokenBodyError(f"the answer is not packed as it says ({error})") from error
            data = unpacking.unconsumed_tail or unpacking.unused_data
    if received and not unpacking.eof:
        raise BrokenBodyError("the answer was cut short")
