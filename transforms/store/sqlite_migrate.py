"""Brings a SQLite store to this version: a new one, an older one, or one whose fields have changed since."""

# ruff: noqa: S608 - only names of our own tables are put into SQL; every value is a parameter

import json
import sqlite3
from collections.abc import Callable, Iterator

from transforms.store.protocol import Collection, Document, StoreError
from transforms.store.sqlite_index import indexed, put_index
from transforms.store.sqlite_schema import document_table, index_tables, layout

# "Pact" in ASCII: tells our files from other programs' SQLite files.
APPLICATION_ID = 0x50616374

_CHUNK = 500  # documents indexed between two reads: 2 MB of articles of 4 KB


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Brings a store to this version in one transaction; several processes may do so at once.

    Args:
        connection: In autocommit mode.
        path: Where the store is, for messages.

    Raises:
        StoreError: The file belongs to another program, or to a newer version of Pactwatch.
    """
    if _version(connection, path) == len(_MIGRATIONS) and not _outdated(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for migration in _MIGRATIONS[_version(connection, path) :]:
            for statement in migration():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
        for collection in _outdated(connection):
            _index_anew(connection, collection)
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


def _outdated(connection: sqlite3.Connection) -> list[Collection]:
    """Returns the collections whose index was made from other fields than today's."""
    made_from = dict(connection.execute("SELECT collection, layout FROM layouts"))
    return [collection for collection in Collection if made_from.get(collection.value) != layout(collection)]


def _index_anew(connection: sqlite3.Connection, collection: Collection) -> None:
    connection.execute(document_table(collection))  # a collection that is new in this version has none yet
    for statement in index_tables(collection):
        connection.execute(statement)
    last = 0
    while rows := connection.execute(
        f"SELECT doc, id, body FROM {collection} WHERE doc > ? ORDER BY doc LIMIT {_CHUNK}", (last,)
    ).fetchall():
        for doc, id_, body in rows:
            document = indexed(collection, Document(id=id_, body=json.loads(body)))
            put_index(connection, collection, doc, document, is_new=True)
        last = rows[-1][0]
    connection.execute(
        "REPLACE INTO layouts (collection, layout) VALUES (?, ?)", (collection.value, layout(collection))
    )


def _first_tables() -> Iterator[str]:
    yield "CREATE TABLE layouts (collection TEXT PRIMARY KEY, layout TEXT NOT NULL)"
    yield from _further_tables()


def _further_tables() -> Iterator[str]:
    """Makes the tables of collections that this version knows and an older one did not."""
    for collection in Collection:
        yield document_table(collection)


def _bands_by_id() -> Iterator[str]:
    """Puts the bands into the table they have now."""
    bands = Collection.BANDS
    yield f"ALTER TABLE {bands} RENAME TO former_{bands}"
    yield document_table(bands)
    yield f"INSERT INTO {bands} (id, version, body) SELECT id, version, body FROM former_{bands} ORDER BY id"
    yield f"DROP TABLE former_{bands}"


# An entry more whenever a collection is added: `document_table` makes only what is not there.
_MIGRATIONS: tuple[Callable[[], Iterator[str]], ...] = (
    _first_tables,
    _further_tables,
    _further_tables,
    _bands_by_id,
)
