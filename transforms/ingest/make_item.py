"""Makes the item of a document: what it holds, with what its sidecar says put over what it says itself."""

import datetime

from transforms.ingest.json_records import Document, read_record
from transforms.ingest.metadata import Metadata, overlay
from transforms.ingest.unreadable import PAYLOAD_CHARACTERS, UnreadableInput, make_failure, storable
from transforms.records import Failure, Item, PublishedHow, digest

STAGE = "read_file"


def make_item(
    locator: str,
    document: Document,
    said: Metadata | None,
    now: datetime.datetime,
    how: PublishedHow = PublishedHow.FEED,
) -> Item:
    """Returns the item of a document; its id comes from all that is read of it, not from where it lies.

    Args:
        locator: Where it lies.
        document: What it holds and says of itself.
        said: What its sidecar says, or None.
        now: When it is taken in.
        how: How the date that the document says itself is known.
    """
    metadata = overlay(document.metadata, said) if said else document.metadata
    content = storable(document.content).replace("\r\n", "\n").replace("\r", "\n")
    identity = (metadata.url, metadata.title, metadata.published, metadata.source, metadata.language)
    return Item(
        id=digest("item", document.media_type, *(value or "" for value in identity), content),
        locator=locator,
        media_type=document.media_type,
        content=content,
        title=metadata.title,
        url=metadata.url,
        source=metadata.source,
        published=metadata.published,
        published_how=_published_how(document.metadata, said, how),
        language=metadata.language,
        taken_in=now,
    )


def _published_how(of_document: Metadata, said: Metadata | None, how: PublishedHow) -> PublishedHow:
    if said and said.published:
        return PublishedHow.SIDECAR
    return how if of_document.published else PublishedHow.UNKNOWN


def item_of_value(
    locator: str, value: object, said: Metadata | None, now: datetime.datetime, payload: str | bytes
) -> Item | Failure:
    """Returns the item of a JSON record, or the Failure that says what is wrong with it."""
    try:
        return make_item(locator, read_record(value, now=now), said, now)
    except UnreadableInput as error:
        return read_failure(locator, error, now, payload or _shown(value))


def read_failure(locator: str, error: UnreadableInput, now: datetime.datetime, payload: str | bytes) -> Failure:
    """Returns the Failure of a file, record or line that cannot be read."""
    return make_failure(STAGE, locator, str(error), now=now, payload=payload)


def _shown(value: object) -> str:
    """Returns the start of a record as JSON-like text; long texts in it are cut first."""
    if isinstance(value, dict):
        return str({key: text[:PAYLOAD_CHARACTERS] if isinstance(text, str) else text for key, text in value.items()})
    return str(value)
