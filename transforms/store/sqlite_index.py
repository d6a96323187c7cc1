"""What a document adds to the SQLite store's index: its words, keywords and dates."""

# ruff: noqa: S608 - only names of our own tables and columns are put into SQL; every value is a parameter

import functools
import sqlite3
from typing import NamedTuple

from transforms.store.analysis import analyse, keyword
from transforms.store.bodies import body_json, checked_id
from transforms.store.dates import day_interval
from transforms.store.fields import field_values, fields_of
from transforms.store.protocol import Collection, Document, FieldType
from transforms.store.sqlite_schema import has_values, text_columns


class Indexed(NamedTuple):  # 16 bands for each article, and cheaper to make than a record
    """A document made ready to write, so that the transaction itself is short."""

    id: str
    body: str
    words: tuple[str, ...] = ()
    keywords: frozenset[tuple[str, str]] = frozenset()
    dates: frozenset[tuple[str, str, str]] = frozenset()


@functools.cache
def is_searched(collection: Collection) -> bool:
    """Returns whether a collection has fields; others are read by id alone, and by the dozen for each article."""
    return bool(fields_of(collection, *FieldType))


def indexed(collection: Collection, document: Document) -> Indexed:
    """Returns a document's JSON and all that it is found by.

    Raises:
        ValueError: The id is empty or not Unicode text, or the body is not JSON (see `body_json`).
    """
    body = document.body
    if not is_searched(collection):
        return Indexed(checked_id(document.id), body_json(body))
    return Indexed(
        id=checked_id(document.id),
        body=body_json(body),
        words=tuple(analyse(field_values(f, document.id, body)) for f in fields_of(collection, FieldType.TEXT)),
        keywords=frozenset(
            (field.name, value)
            for field in fields_of(collection, FieldType.KEYWORD)
            for value in map(keyword, field_values(field, document.id, body))
            if value
        ),
        dates=frozenset(
            (field.name, *interval)
            for field in fields_of(collection, FieldType.DATE)
            for interval in map(day_interval, field_values(field, document.id, body))
            if interval
        ),
    )


def put_index(
    connection: sqlite3.Connection, collection: Collection, doc: int, document: Indexed, *, is_new: bool
) -> None:
    """Writes a document's index rows in place of those it had."""
    if has_values(collection):
        if not is_new:
            _remove_values(connection, collection, doc)
        connection.executemany(
            f"INSERT INTO {collection}_keywords VALUES (?, ?, ?)", [(*pair, doc) for pair in document.keywords]
        )
        connection.executemany(
            f"INSERT INTO {collection}_dates VALUES (?, ?, ?, ?)", [(*interval, doc) for interval in document.dates]
        )
    if document.words and (is_new or _words(connection, collection, doc) != document.words):
        if not is_new:
            _remove_words(connection, collection, doc)
        _put_words(connection, collection, doc, document.words)


def remove_index(connection: sqlite3.Connection, collection: Collection, doc: int) -> None:
    """Removes a document's index rows."""
    if has_values(collection):
        _remove_values(connection, collection, doc)
    if text_columns(collection):
        _remove_words(connection, collection, doc)


def _words(connection: sqlite3.Connection, collection: Collection, doc: int) -> tuple[str, ...]:
    row: tuple[int, *tuple[str, ...]] = connection.execute(
        f"SELECT * FROM {collection}_words WHERE doc = ?", (doc,)
    ).fetchone()
    return row[1:]


def _put_words(connection: sqlite3.Connection, collection: Collection, doc: int, words: tuple[str, ...]) -> None:
    columns = ", ".join(f'"{name}"' for name in text_columns(collection))
    marks = ", ".join("?" * len(words))
    connection.execute(f"INSERT INTO {collection}_words (doc, {columns}) VALUES (?, {marks})", (doc, *words))
    for index in ("stems", "exact"):
        connection.execute(f"INSERT INTO {collection}_{index} (rowid, {columns}) VALUES (?, {marks})", (doc, *words))


def _remove_words(connection: sqlite3.Connection, collection: Collection, doc: int) -> None:
    """FTS5 over an outside table must be told the words it forgets; they are kept just for that."""
    columns = ", ".join(f'"{name}"' for name in text_columns(collection))
    for index in ("stems", "exact"):
        table = f"{collection}_{index}"
        connection.execute(
            f"INSERT INTO {table} ({table}, rowid, {columns}) "
            f"SELECT 'delete', doc, {columns} FROM {collection}_words WHERE doc = ?",
            (doc,),
        )
    connection.execute(f"DELETE FROM {collection}_words WHERE doc = ?", (doc,))


def _remove_values(connection: sqlite3.Connection, collection: Collection, doc: int) -> None:
    connection.execute(f"DELETE FROM {collection}_keywords WHERE doc = ?", (doc,))
    connection.execute(f"DELETE FROM {collection}_dates WHERE doc = ?", (doc,))
