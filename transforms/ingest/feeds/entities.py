"""Refuses XML whose entities would grow without bound (billion laughs), before any parser sees it."""

import re

from transforms.ingest.feeds.parsed import NotAFeedError

MAX_EXPANDED_BYTES = 1_000_000  # what a feed's own entities may add; real ones stand for single letters

_DECLARATION = re.compile(rb"<!ENTITY\s+(%\s+)?([^\s\"'>]{1,200})\s+(?:\"([^\"]*)\"|'([^']*)')")


class EntityBombError(NotAFeedError):
    """A document is made to exhaust whoever reads it."""


def declared_entities(body: bytes) -> dict[bytes, bytes]:
    """Returns what the entities that a document declares itself stand for, by their names."""
    return {found[2]: found[3] or found[4] or b"" for found in _DECLARATION.finditer(body)}


def refuse_entity_bomb(body: bytes) -> None:
    """Checks the entities that a document declares itself.

    Raises:
        EntityBombError: They stand for other entities, or are used so often that the text would grow enormous.
    """
    plain = body.replace(b"\0", b"")  # UTF-16 and UTF-32 of ASCII markup
    if b"<!ENTITY" not in plain:
        return
    declared = declared_entities(plain)
    expanded = 0
    for name, value in declared.items():
        if any(b"&" + other + b";" in value for other in declared):
            raise EntityBombError("the feed is refused: its XML entities stand for each other (an entity bomb)")
        expanded += len(value) * plain.count(b"&" + name + b";")
        if expanded > MAX_EXPANDED_BYTES:
            raise EntityBombError(f"the feed is refused: its XML entities grow over {MAX_EXPANDED_BYTES:,} bytes")
