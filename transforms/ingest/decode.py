"""Turns the bytes of a file into text, or says why they are no text."""

import codecs
import re
import unicodedata
from collections.abc import Sequence

from charset_normalizer import from_bytes

from transforms.ingest.unreadable import UnreadableInput

# The longest first: the UTF-32 mark begins with the UTF-16 one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh9", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_DECLARATION_BYTES = 4_096  # HTML asks for the declaration in the first 1,024; real pages are later
_DECLARED = re.compile(rb"""(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
# Encodings that a page may declare (WHATWG Encoding Standard), by Python's names; others (punycode,
# unicode_escape ...) are codecs but not how pages are written. UTF-16 in a meta element means UTF-8 (WHATWG).
_PAGE_ENCODINGS = frozenset(
    {f"cp{number}" for number in (866, 932, 949, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)}
    | {f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
    | {"koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp874", "tis-620"}
    | {"gbk", "gb2312", "gb18030", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "shift_jis", "euc_kr"}
)
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874"}  # WHATWG labels

_MIN_NUL_SHARE = 0.05  # of the bytes: western UTF-16 has 0.5, Cyrillic UTF-16 (spaces, points) 0.08
_MIN_NULS_AT_ONE_SIDE = 0.95  # in UTF-16 the NULs are the high bytes, all even or all odd
_MAX_ODD_SHARE = 0.02  # of decoded characters that are unassigned or controls: chance gives 0.15 in UTF-16
_MAX_CONTROL_SHARE = 0.1  # old wire files carry some control characters (Reuters-21578: under 0.02)
_MAX_WESTERN_SHARE = 0.04  # of bytes over 127: English with foreign names and typographic quotes stays under it
_DETECTION_BYTES = 65_536
_LAYOUT = "\t\n\r\f\v\x1b"


def byte_order_encoding(start: bytes) -> str | None:
    """Returns the encoding that a file's byte-order mark names, or None."""
    return next((encoding for mark, encoding in BYTE_ORDER_MARKS if start.startswith(mark)), None)


def refuse_binary(start: bytes) -> None:
    """Checks the first bytes of a file for those of well-known formats that are no text.

    Raises:
        UnreadableInput: The file is one of them.
    """
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise UnreadableInput(f"the file is {what}, expected text", payload=start)


def decode_text(data: bytes, *, html: bool = False) -> str:
    """Returns the text that bytes stand for, without a byte-order mark.

    Tried in this order: byte-order mark, UTF-8 (strict; also before what a page declares, which is wrong where other
    than ASCII bytes happen to be UTF-8), the declaration of an HTML page, UTF-16 without a mark, UTF-8 with few
    damaged characters, charset-normalizer.

    Raises:
        UnreadableInput: They are binary, or no encoding fits.
    """
    refuse_binary(data)
    text = _decode(data, html)
    _refuse_controls(text, data)
    return text


def _decode(data: bytes, html: bool) -> str:
    marked = byte_order_encoding(data)
    if marked:
        return data.decode(marked, "replace").removeprefix("\ufeff")
    if b"\0" in data:
        return _decode_unmarked_utf16(data)
    declared = _declared_encoding(data) if html else None
    encodings = ("utf-8", declared) if not data.isascii() else (declared, "utf-8")
    for encoding in encodings:
        text = _strictly(data, encoding) if encoding else None
        if text is not None:
            return text
    return _guess(data)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _declared_encoding(data: bytes) -> str | None:
    found = _DECLARED.search(data[:_DECLARATION_BYTES])
    if not found:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii", "replace")).name
    except LookupError:
        return None
    name = _READ_AS.get(name, name)
    return name if name in _PAGE_ENCODINGS else None


def _decode_unmarked_utf16(data: bytes) -> str:
    """NUL bytes are half of UTF-16, or they are binary data."""
    nuls = (data[0::2].count(0), data[1::2].count(0))  # at even, at odd places
    encoding = "utf-16-be" if nuls[0] > nuls[1] else "utf-16-le"
    if sum(nuls) >= _MIN_NUL_SHARE * len(data) and max(nuls) >= _MIN_NULS_AT_ONE_SIDE * sum(nuls):
        text = _strictly(data, encoding)
        if text is not None and _odd_share(text) <= _MAX_ODD_SHARE and not _is_paired_ascii(text):
            return text
    raise UnreadableInput("the file is binary (it has NUL bytes), expected text", payload=data)


def _odd_share(text: str) -> float:
    odd = sum(unicodedata.category(c) in ("Cc", "Cn", "Co") and c not in _LAYOUT for c in text[:_DETECTION_BYTES])
    return odd / max(1, min(len(text), _DETECTION_BYTES))


def _is_paired_ascii(text: str) -> bool:
    """Returns whether most characters are two ASCII letters read as one: single bytes with a NUL among them."""
    start = text[:_DETECTION_BYTES]
    paired = sum(" " <= chr(ord(c) >> 8) <= "~" and " " <= chr(ord(c) & 0xFF) <= "~" for c in start)
    return paired > len(start) / 2


def _refuse_controls(text: str, data: bytes) -> None:
    start = text[:_DETECTION_BYTES]
    controls = sum((c < " " or "\x7f" <= c < "\xa0") and c not in _LAYOUT for c in start)
    if controls > _MAX_CONTROL_SHARE * len(start):
        raise UnreadableInput("the file is binary (many control characters), expected text", payload=data)


def _guess(data: bytes) -> str:
    text = _damaged_utf8(data)
    if text is not None:
        return text
    sample = _telling_lines(data)
    best = from_bytes(sample).best()
    guesses: Sequence[str] = (best.encoding,) if best else ()
    if sum(byte > 127 for byte in sample) <= _MAX_WESTERN_SHARE * len(sample):
        guesses = ("cp1252", *guesses)  # with so few other letters all western code pages look alike
    for encoding in guesses:
        text = _strictly(data, encoding)
        if text is not None:
            return text
    raise UnreadableInput("the encoding is not known; save the file as UTF-8", payload=data)


def _damaged_utf8(data: bytes) -> str | None:
    """Returns the text if it is UTF-8 but for a few bytes (a file cut short, one pasted byte), else None."""
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = len(text.encode("utf-8", "replace")) - len(text) - 2 * damaged  # bytes beyond the first of good letters
    return text if whole > 4 * damaged else None


def _telling_lines(data: bytes) -> bytes:
    """Returns the lines with other than ASCII bytes: all that tells one encoding from another."""
    if len(data) <= _DETECTION_BYTES:
        return data
    lines, size = [], 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line[:_DETECTION_BYTES])
            size += len(line)
        if size >= _DETECTION_BYTES:
            break
    return b"".join(lines)[:_DETECTION_BYTES]
