"""How an odd feed is written down, and pieces that many of them are made of."""

import dataclasses
import json

ATOM_1 = 'xmlns="http://www.w3.org/2005/Atom"'
HOST = "wire.example"
A = f"https://{HOST}/a"
B = f"https://{HOST}/b"
BASE = f"https://{HOST}/feeds/"

type Known = tuple[str | None, str | None, str]


@dataclasses.dataclass(frozen=True)
class Odd:
    """A feed and the entries it is known to hold, in their order.

    Attributes:
        text: Of the document; lone surrogates stand for damaged bytes.
        entries: As (title, link, a piece of what its item holds); a title of None is not compared.
        encoding: How the text is written.
        kind: What the server calls it.
    """

    name: str
    text: str
    entries: tuple[Known, ...]
    encoding: str = "utf-8"
    kind: str = "application/xml"

    def body(self, host: str = HOST) -> bytes:
        """Returns the document as a host serves it."""
        return self.text.replace(HOST, host).encode(self.encoding, "surrogateescape")


def odd(name: str, text: str, *entries: Known, encoding: str = "utf-8", kind: str = "application/xml") -> Odd:
    """Returns an odd feed."""
    return Odd(name=name, text=text, entries=entries, encoding=encoding, kind=kind)


def rss(content: str, attributes: str = 'version="2.0"', head: str = "") -> str:
    """Returns an RSS document."""
    channel = f"<channel><title>Wire</title><link>https://{HOST}/</link>{content}</channel>"
    return f"{head}<rss {attributes}>{channel}</rss>"


def item(title: str = "Pact signed", link: str = A, more: str = "") -> str:
    """Returns an entry of an RSS document."""
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def atom(content: str, attributes: str = ATOM_1, head: str = "") -> str:
    """Returns an Atom document."""
    return f"{head}<feed {attributes}><title>Wire</title><id>urn:wire</id>{content}</feed>"


def entry(more: str = "", title: str = "<title>Pact signed</title>", link: str = f'<link href="{A}"/>') -> str:
    """Returns an entry of an Atom document."""
    return f"<entry>{title}{link}{more}</entry>"


def json_feed(*items: object, **feed: object) -> str:
    """Returns a JSON Feed."""
    return json.dumps({"version": "https://jsonfeed.org/version/1", "title": "Wire", "items": list(items)} | feed)


SIGNED: Known = ("Pact signed", A, "Pact signed")
ENDED: Known = ("Talks ended", B, "Talks ended")
TWO = item() + item("Talks ended", B)
