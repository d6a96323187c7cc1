"""The SQLite store's tables: the documents of each collection, and the index by which they are found.

A collection has up to five tables: `articles` (the documents), `articles_keywords` and `articles_dates` (values by
field), `articles_words` (analysed text, a column a field), and over that two FTS5 indexes, `articles_stems` and
`articles_exact`. All but the first follow from `fields` and can be made anew at any time.
"""

import functools
from collections.abc import Iterator

from transforms.store.analysis import ANALYSIS_VERSION
from transforms.store.fields import fields_of
from transforms.store.protocol import Collection, FieldType

# Kept beside the body so that a listing sorts without reading every body (4 KB each); a change needs a migration.
SORTED_KEYS = {
    Collection.ARTICLES: ("published", "taken_in"),
    Collection.AGREEMENTS: ("reached",),
    Collection.DEADLINES: ("date",),
    Collection.ACTORS: ("name",),
    Collection.FAILURES: ("created",),
    Collection.ITEMS: ("taken_in",),
    Collection.ALERTS: ("created",),
    Collection.DELIVERIES: ("due", "sequence"),
}


# Small documents under ids that scatter, sixteen for each article: in one tree by id each costs a page less than in a
# table with an index beside it (a quarter of the time of writing it, at 800,000 documents).
_KEPT_BY_ID = frozenset({Collection.BANDS})


def text_columns(collection: Collection) -> tuple[str, ...]:
    """Returns the columns of a collection's words and full-text tables: its text fields."""
    return tuple(field.name for field in fields_of(collection, FieldType.TEXT))


@functools.cache
def has_values(collection: Collection) -> bool:
    """Returns whether a collection has keyword or date fields, and with them the tables of values."""
    return bool(fields_of(collection, FieldType.KEYWORD, FieldType.DATE))


def layout(collection: Collection) -> str:
    """Returns what a collection's index was made from: when this changes, the index must be made anew."""
    fields = [f"{field.name}:{field.type}={'+'.join(field.keys)}" for field in fields_of(collection, *FieldType)]
    return " ".join([f"analysis={ANALYSIS_VERSION}", *fields])


def document_table(collection: Collection) -> str:
    """Returns the SQL that makes the table of a collection's documents, where there is none."""
    if collection in _KEPT_BY_ID:
        return (
            f"CREATE TABLE IF NOT EXISTS {collection} (id TEXT PRIMARY KEY, version INTEGER NOT NULL, "
            "doc TEXT GENERATED ALWAYS AS (id) VIRTUAL, body TEXT NOT NULL) WITHOUT ROWID"
        )
    sorted_columns = "".join(
        f'"{key}" GENERATED ALWAYS AS (json_extract(body, \'$."{key}"\')) STORED, '
        for key in SORTED_KEYS.get(collection, ())
    )
    return (
        f"CREATE TABLE IF NOT EXISTS {collection} (doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        f"version INTEGER NOT NULL, {sorted_columns}body TEXT NOT NULL)"
    )


def index_tables(collection: Collection) -> Iterator[str]:
    """Yields the SQL that makes the tables of a collection's index, in place of any that are there."""
    for name in ("stems", "exact", "words", "keywords", "dates"):
        yield f"DROP TABLE IF EXISTS {collection}_{name}"
    if has_values(collection):
        yield from _value_tables(collection)
    if text_columns(collection):
        yield from _word_tables(collection)


def _value_tables(collection: Collection) -> Iterator[str]:
    # `doc` has its type because SQLite does not use an index to compare a typed column with an untyped one.
    keywords, dates = f"{collection}_keywords", f"{collection}_dates"
    yield (
        f"CREATE TABLE {keywords} (field TEXT, value TEXT, doc INTEGER, PRIMARY KEY (field, value, doc)) WITHOUT ROWID"
    )
    yield f"CREATE INDEX {keywords}_of ON {keywords} (doc)"
    yield (
        f"CREATE TABLE {dates} (field TEXT, first TEXT, last TEXT, doc INTEGER, "
        "PRIMARY KEY (field, first, last, doc)) WITHOUT ROWID"
    )
    yield f"CREATE INDEX {dates}_of ON {dates} (doc)"


def _word_tables(collection: Collection) -> Iterator[str]:
    words = f"{collection}_words"
    columns = ", ".join(f'"{name}"' for name in text_columns(collection))
    yield f"CREATE TABLE {words} (doc INTEGER PRIMARY KEY, {columns})"
    # `ascii` splits at spaces alone here, because `analysis` leaves no other sign: words do not depend on the version
    # of Unicode that SQLite knows. columnsize serves ranking, which nobody asks for.
    for index, tokenizer in (("stems", "porter ascii"), ("exact", "ascii")):
        yield (
            f"CREATE VIRTUAL TABLE {collection}_{index} USING fts5({columns}, content='{words}', content_rowid='doc', "
            f"tokenize='{tokenizer}', columnsize=0)"
        )
