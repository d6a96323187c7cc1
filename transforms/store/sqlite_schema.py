"""The SQLite store's tables, made and migrated under a schema version.

A collection has up to five tables, and full-text rows are written in the transaction of their document:
`articles` (the documents), `articles_keywords` and `articles_dates` (values by field), `articles_words` (analysed text,
a column a field), and over the latter two FTS5 indexes, `articles_stems` and `articles_exact`.
"""

import sqlite3
from collections.abc import Callable, Iterator

from transforms.store.fields import fields_of
from transforms.store.protocol import Collection, FieldType, StoreError

# "Pact" in ASCII: tells our files from other programs' SQLite files.
APPLICATION_ID = 0x50616374

# Kept beside the body so that a listing sorts without reading every body (4 KB each).
SORTED_KEYS = {
    Collection.ARTICLES: ("published", "taken_in"),
    Collection.AGREEMENTS: ("reached",),
    Collection.DEADLINES: ("date",),
    Collection.ACTORS: ("name",),
    Collection.FAILURES: ("created",),
    Collection.ITEMS: ("taken_in",),
}


def text_columns(collection: Collection) -> tuple[str, ...]:
    """Returns the columns of a collection's words and full-text tables: its text fields."""
    return tuple(field.name for field in fields_of(collection, FieldType.TEXT))


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Brings a new or older store to this version; several processes may do so at once.

    Raises:
        StoreError: The file belongs to another program, or to a newer version of Pactwatch.
    """
    if _version(connection, path) == len(_MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for migration in _MIGRATIONS[_version(connection, path) :]:
            for statement in migration():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _version(connection: sqlite3.Connection, path: str) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise StoreError(f"{path} is another program's SQLite file: choose another path for the store")
    if version > len(_MIGRATIONS):
        raise StoreError(
            f"{path} was made by a newer version of Pactwatch (its schema is {version}, "
            f"this version knows up to {len(_MIGRATIONS)}): upgrade Pactwatch, or choose another store"
        )
    return int(version)


def _first_tables() -> Iterator[str]:
    for collection in Collection:
        yield from _document_table(collection)
        if fields_of(collection, FieldType.KEYWORD, FieldType.DATE):
            yield from _value_tables(collection)
        if text_columns(collection):
            yield from _word_tables(collection)


def _document_table(collection: Collection) -> Iterator[str]:
    sorted_columns = "".join(
        f'"{key}" GENERATED ALWAYS AS (json_extract(body, \'$."{key}"\')) STORED, '
        for key in SORTED_KEYS.get(collection, ())
    )
    yield (
        f"CREATE TABLE {collection} (doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, "
        f"{sorted_columns}body TEXT NOT NULL)"
    )


def _value_tables(collection: Collection) -> Iterator[str]:
    keywords, dates = f"{collection}_keywords", f"{collection}_dates"
    yield f"CREATE TABLE {keywords} (field, value, doc, PRIMARY KEY (field, value, doc)) WITHOUT ROWID"
    yield f"CREATE INDEX {keywords}_of ON {keywords} (doc)"
    yield f"CREATE TABLE {dates} (field, first, last, doc, PRIMARY KEY (field, first, last, doc)) WITHOUT ROWID"
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


_MIGRATIONS: tuple[Callable[[], Iterator[str]], ...] = (_first_tables,)
