"""Reads Markdown as a reader sees it: without marks, with what its front matter says."""

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from transforms.ingest.metadata import FIELDS, Metadata
from transforms.ingest.sidecar import load_mapping
from transforms.ingest.unreadable import UnreadableInput
from transforms.records import record

# Front matter is written for other programs, with other names and many more keys.
_SYNONYMS = {
    "url": ("canonical_url", "link", "permalink"),
    "published": ("date", "pubdate", "publish_date"),
    "language": ("lang",),
}
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_PARSER = MarkdownIt("commonmark")


@record
class MarkdownText:
    """The text that Markdown stands for, its first heading, and what its front matter says."""

    text: str
    heading: str | None
    metadata: Metadata


def read_markdown(content: str) -> MarkdownText:
    """Returns the text of a Markdown document: paragraphs, headings and list items, parted by blank lines.

    Front matter (YAML between lines of `---` at the beginning) is read for title, url, source, published and
    language; values of other kinds are passed over. Links keep their words, pictures their description.
    """
    metadata, body = _split_front_matter(content)
    tokens = _PARSER.parse(body)
    text = "\n\n".join(block for block in map(_block_text, tokens) if block)
    headings = (tokens[n + 1] for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1")
    heading = next((title for token in headings if (title := _block_text(token))), None)
    return MarkdownText(text=text, heading=heading, metadata=metadata)


def _split_front_matter(content: str) -> tuple[Metadata, str]:
    found = _FRONT_MATTER.match(content)
    if not found:
        return Metadata(), content
    try:
        values = load_mapping(found[1])
    except UnreadableInput:
        return Metadata(), content  # a text between two rules, not front matter
    said = Metadata()
    for name in FIELDS:
        texts = (values.get(key) for key in (name, *_SYNONYMS.get(name, ())))
        said = replace(said, **{name: next((text for text in texts if isinstance(text, str) and text.strip()), None)})
    return said, content[found.end() :]


def _block_text(token: Token) -> str:
    if token.type == "inline":
        return "".join(_inline_text(token.children or [])).strip()
    if token.type in ("fence", "code_block"):
        return token.content.strip("\n")
    return _TAG.sub(" ", token.content).strip() if token.type == "html_block" else ""


def _inline_text(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type == "image":
            yield from _inline_text(token.children or [])
        elif token.type == "softbreak":
            yield " "  # a line break in the source, not in the text
        elif token.type == "hardbreak":
            yield "\n"
