"""Reads and writes OPML, the format in which feed readers exchange their lists of feeds."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence

from lxml import etree

from transforms.errors import UsageError
from transforms.ingest.feeds.records import Feed
from transforms.ingest.urls import canonical_url


class OpmlError(UsageError):
    """A file is no OPML."""


def read_opml(data: bytes, name: str) -> tuple[list[Feed], int]:
    """Returns the feeds that an OPML document lists, at any depth, and how many outlines had no usable address.

    Args:
        data: The document.
        name: What to call it in a message.

    Raises:
        OpmlError: It is no OPML, or names no feeds.
    """
    # Entities are left alone and nothing is loaded: a document of somebody else may be hostile.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise OpmlError(f"{name}: is no OPML: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise OpmlError(f"{name}: is no OPML; expected a file that a feed reader exported")
    outlines = [outline for outline in map(_attributes, root.iter("{*}outline")) if outline.get("xmlurl")]
    if not outlines:
        raise OpmlError(f"{name}: names no feeds; expected outlines with xmlUrl, as a feed reader exports them")
    feeds = [_feed(outline) for outline in outlines if canonical_url(outline["xmlurl"]) is not None]
    return feeds, len(outlines) - len(feeds)


def _attributes(outline: etree._Element) -> dict[str, str]:
    """Returns the attributes by lower-case name: readers write xmlUrl, xmlURL and xmlurl."""
    return {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}


def _feed(outline: Mapping[str, str]) -> Feed:
    name = " ".join((outline.get("title") or outline.get("text") or "").split()) or None
    return Feed(url=outline["xmlurl"], name=name)


def write_opml(feeds: Sequence[Feed]) -> str:
    """Returns an OPML 2.0 document of feeds."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Feeds of Pactwatch"
    body = ElementTree.SubElement(root, "body")
    for feed in feeds:
        name = feed.name or feed.url
        ElementTree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
