"""Mends what keeps feedparser from reading a document whole, or from coming to an end."""

import html.entities
import re

from transforms.ingest.feeds.entities import declared_entities
from transforms.ingest.feeds.parsed import NotAFeedError

# feedparser looks for document types from the beginning of every line: blank ones cost it the square of their number
# (80,000 take 24 s).
_BLANK = re.compile(rb"\s{3,}")
_ROOT = re.compile(rb"<\w")
_MAX_HEAD_BYTES = 200_000  # before the first element: the longest, with a document type written out, have some 50,000
_MAX_DECLARATIONS = 2_000  # a document type with all letters of HTML has 250
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,40});")
_XML_ENTITIES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_LAST_LETTER = 0x10FFFF
_TAG = re.compile(rb"<(/?)[A-Za-z][^<>]*?(/?)>")
_BASE = b"xml:base"
_MAX_BASES = 500  # nested in each other: each is joined to the one around it, so they cost the square of their number


def mend_xml(body: bytes) -> bytes:
    """Returns a document without long blanks at its head and without document type.

    What its entities stand for, its own and those of HTML, is put in their place: of a document type that lies
    elsewhere feedparser drops the letters without a word.

    Raises:
        NotAFeedError: It is made to exhaust whoever reads it.
    """
    _refuse_nested_bases(body)
    root = _ROOT.search(body)
    start = root.start() if root else len(body)
    head = _BLANK.sub(b"\n", body[:start].lstrip())
    body = head + body[start:]
    if b"<!" not in head:
        return body
    if len(head) > _MAX_HEAD_BYTES or head.count(b"<!") > _MAX_DECLARATIONS:
        raise NotAFeedError("the feed is refused: its XML declarations go on without end")
    type_at = head.upper().find(b"<!DOCTYPE")
    doctype = _DOCTYPE.match(body, type_at) if type_at >= 0 else None
    if doctype is None:
        return body
    own = declared_entities(head)
    return _ENTITY.sub(lambda found: _meaning(found, own), body[:type_at] + body[doctype.end() :])


def _meaning(found: re.Match[bytes], own: dict[bytes, bytes]) -> bytes:
    name = found[1]
    letters = html.entities.html5.get(f"{name.decode()};") if name not in _XML_ENTITIES else None
    if name in own or letters is None:
        return own.get(name, found[0])
    return "".join(f"&#{ord(letter)};" for letter in letters).encode()


def without_impossible_letters(body: bytes) -> bytes:
    """Returns a document without references to letters that there are not (`&#99999999;`)."""
    return _REFERENCE.sub(lambda found: found[0] if _is_letter(found) else b"&#xFFFD;", body)


def _is_letter(found: re.Match[bytes]) -> bool:
    digits, base = (found[1], 16) if found[1] else (found[2], 10)
    return len(digits) < 10 and 0 < int(digits, base) <= _LAST_LETTER


def _refuse_nested_bases(body: bytes) -> None:
    if body.count(_BASE) <= _MAX_BASES:
        return
    bases: list[bool] = []  # of the elements that are open
    for found in _TAG.finditer(body):
        if found[1]:
            del bases[-1:]
        elif not found[2]:
            bases.append(_BASE in found[0])
            if len(bases) > _MAX_BASES and sum(bases[-2 * _MAX_BASES :]) > _MAX_BASES:
                raise NotAFeedError("the feed is refused: its elements with xml:base are nested without end")
