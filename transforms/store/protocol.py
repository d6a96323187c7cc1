"""What every store can do: create once, replace, compare and set, get by id, find by query.

Whatever decides (items, texts, the registry) is read by id. `find`, `scan` and `count` see what this process wrote and
what others wrote before the store was opened; of what others write meanwhile they may lag a second behind in some
stores, so there their answers may only suggest (DESIGN.md, rule 4).
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from transforms.errors import PactwatchError
from transforms.records import record


class Collection(StrEnum):
    """The kinds of documents a store keeps, each with ids of its own."""

    ITEMS = "items"
    ARTICLES = "articles"
    ACTORS = "actors"
    AGREEMENTS = "agreements"
    DEADLINES = "deadlines"
    TEXTS = "texts"  # by content hash: the articles that have this text, and what it is compared by
    BANDS = "bands"  # by a part of the texts' MinHash: the texts that share it
    READINGS = "readings"  # by article: what it says of agreements
    REGISTRY = "registry"  # by block: the mentions that may be one agreement; by agreement: its mentions
    REDIRECTS = "redirects"  # by an id that is no more: the id it leads to
    DECISIONS = "decisions"  # by mention or actor: what a person decided of it
    CHANGES = "changes"  # by agreement: whether its events are to be matched by rules, and how far they were told of
    RULES = "rules"  # by rule: when it was made
    ALERTS = "alerts"
    DELIVERIES = "deliveries"  # by alert and channel
    QUIETS = "quiets"  # by rule and subject: the quiet period
    FAILURES = "failures"
    RUNS = "runs"
    FEEDS = "feeds"  # by feed: where polling it stands
    ENTRIES = "entries"  # by feed: the entries met
    CLAIMS = "claims"  # by host: who asks it now, and when it was last asked
    FILES = "files"  # by path: how a file looked when it was taken in, and how far an archive was
    WATCHES = "watches"  # by watch: its last ticks, for `pactwatch status`


class FieldType(StrEnum):
    """How a field is searched: analysed words, whole values, or dates."""

    TEXT = "text"
    KEYWORD = "keyword"
    DATE = "date"


@record
class Document:
    """What is written: an id and a JSON-ready body. Searchable fields are the body's own, by name."""

    id: str
    body: Mapping[str, Any]


@record
class Stored:
    """What is read: the document and the version that `compare_and_set` asks for.

    The version is a token that another write of the id changes; it has no other meaning, and no order.
    """

    id: str
    body: Mapping[str, Any]
    version: int


@record
class Page:
    """One page of found documents, and how many there are in all."""

    total: int
    documents: tuple[Stored, ...]


class StoreError(PactwatchError):
    """The store cannot be used: its message is one clear line for a person."""


class Store(Protocol):
    """Memory behind the pipeline. Safe with several processes; one instance serves one thread."""

    def create(self, collection: Collection, documents: Sequence[Document]) -> list[bool]:
        """Writes each document unless its id exists; returns for each whether it was created."""

    def replace(self, collection: Collection, documents: Sequence[Document]) -> None:
        """Writes each document, whether its id exists or not.

        A body that is there already need not be written again, so its version may stay.
        """

    def compare_and_set(self, collection: Collection, document: Document, version: int | None) -> bool:
        """Writes the document if the stored version is still `version` (None: if its id does not exist).

        Returns:
            Whether it was written; False means that somebody else was faster: read again and decide again.
        """

    def compare_and_set_each(
        self, collection: Collection, changes: Sequence[tuple[Document, int | None]]
    ) -> list[bool]:
        """Does `compare_and_set` for each (document, version), in one go but each by itself.

        Returns:
            For each whether it was written.
        """

    def delete(self, collection: Collection, ids: Sequence[str]) -> int:
        """Removes documents by id; returns how many there were."""

    def get(self, collection: Collection, ids: Sequence[str]) -> dict[str, Stored]:
        """Returns the documents that exist among `ids`, by id, as last written."""

    def find(
        self,
        collection: Collection,
        query: str | None = None,
        *,
        sort: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Page:
        """Returns the documents that match a query of the search language, sorted.

        Args:
            collection: Where to look.
            query: Lucene syntax over the collection's fields (`transforms.store.fields`); None for all.
            sort: Body fields (or `id`) to sort by, a leading `-` for descending; missing values last; ties by id.
            limit: At most this many documents; None for all.
            offset: How many to pass over first.

        Raises:
            QueryError: The query cannot be understood; it says where (`transforms.store.query`).
            StoreError: A name in `sort` is no plain field name.
        """

    def scan(self, collection: Collection, where: Mapping[str, str] | None = None) -> Iterator[Stored]:
        """Yields every document (whose keyword fields equal `where`), in the order of ids, in bounded memory.

        Documents may be written meanwhile, also by the caller; whether those are seen is open.

        Raises:
            StoreError: A name in `where` is no keyword field of the collection.
        """

    def count(self, collection: Collection, where: Mapping[str, str] | None = None) -> int:
        """Returns how many documents there are (whose keyword fields equal `where`).

        Raises:
            StoreError: A name in `where` is no keyword field of the collection.
        """

    def close(self) -> None:
        """Gives back what the store holds open."""
