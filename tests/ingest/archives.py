"""Writes web archives as crawlers do, for tests (ISO 28500)."""

import gzip
from collections.abc import Sequence
from pathlib import Path

MATTERS = ("fishing", "border", "railway", "energy", "water", "debt", "transit", "aviation", "mining", "grain")


def page(number: int) -> str:
    """Returns a page with an article of its own."""
    matter = MATTERS[number % len(MATTERS)]
    return (
        f"<html><head><title>Ministers sign {matter} accord {number}</title></head><body><article>"
        f"<h1>Ministers sign {matter} accord {number}</h1>"
        f"<p>Peru and Chile signed a {matter} agreement on Monday, their ministers said in statement {number}.</p>"
        f"<p>Under the agreement both countries must open {number + 2} offices by June {number % 27 + 1}, 2024.</p>"
        f"<p>Observers called the step long overdue, after {number % 9 + 2} weeks of talks about {matter}.</p>"
        "</article></body></html>"
    )


def warc_record(kind: str, url: str, content_type: str, block: bytes) -> bytes:
    """Returns one record."""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:12345678-feed-b000-0000-88dd11eeff22>\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(url: str, body: bytes, *, kind: str = "text/html", status: str = "200 OK", more: str = "") -> bytes:
    """Returns the record of an HTTP answer."""
    block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body
    return warc_record("response", url, "application/http; msgtype=response", block)


def write_records(path: Path, records: Sequence[bytes]) -> Path:
    """Writes records, each gzipped by itself where the archive's name says so."""
    pack = gzip.compress if path.name.endswith(".gz") else bytes
    path.write_bytes(b"".join(pack(record) for record in records))
    return path


def write_warc(path: Path, pages: Sequence[str | bytes]) -> Path:
    """Writes a web archive: its description, and for each page a request and a response."""
    records = [warc_record("warcinfo", "", "application/warc-fields", b"software: test\r\n")]
    for number, content in enumerate(pages):
        url = f"https://archive.example/{path.name.split('.')[0]}/{number}"
        asked = b"GET / HTTP/1.1\r\nHost: archive.example\r\n\r\n"
        records.append(warc_record("request", url, "application/http; msgtype=request", asked))
        records.append(response(url, content if isinstance(content, bytes) else content.encode()))
    return write_records(path, records)
