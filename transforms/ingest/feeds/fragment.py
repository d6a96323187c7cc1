"""Takes the text out of a piece of HTML that a feed carries: short, without the frame of a page."""

import re

from lxml import etree

_MARKUP = re.compile(r"[<&]")
_TAG = re.compile(r"<(?:script|style)\b.*?(?:</|$)|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_BLOCK_NAMES = (
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main ol "
    "p pre section table td th tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_UNREAD = frozenset({"script", "style", "template", "noscript", "head", "title", "iframe", "svg", "form", "button"})
MAX_FRAGMENT_CHARACTERS = 1_000_000  # as much as an article may have


def fragment_text(html: str) -> str:
    """Returns the text of a fragment, paragraphs parted by blank lines; of broken HTML what can be read of it."""
    html = html[:MAX_FRAGMENT_CHARACTERS]
    if not _MARKUP.search(html):
        return _paragraphs(html)
    try:
        root = etree.HTML(html.replace("\0", " "))
    except (etree.LxmlError, ValueError):
        root = None
    text = _paragraphs("".join(_pieces(root))) if root is not None else ""
    return text or _paragraphs(_TAG.sub(" ", html))  # nested beyond what lxml reads


def _pieces(root: etree._Element) -> list[str]:
    """Walks by events, for a fragment may be nested deeper than functions can call each other."""
    pieces: list[str] = []
    unread = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            pieces.append("" if unread else element.tail or "")
            continue
        is_unread = element.tag in _UNREAD
        if event == "start":
            unread += is_unread
            pieces.append("\n\n" if element.tag in _BLOCKS else "")
            pieces.append("" if unread else element.text or "")
        else:
            unread -= is_unread
            pieces.append("\n\n" if element.tag in _BLOCKS else "")
            pieces.append("" if unread or element is root else element.tail or "")
    return pieces


def _paragraphs(text: str) -> str:
    lines = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return "\n\n".join(line for line in lines if line)
