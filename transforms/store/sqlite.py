"""The store in a SQLite file (or in memory): documents, their versions and their full-text index in one transaction."""

# ruff: noqa: S608 - only names of our own tables and columns are put into SQL; every value is a parameter

import contextlib
import itertools
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from transforms.store.bodies import body_json
from transforms.store.protocol import Collection, Document, Page, Stored, StoreError
from transforms.store.query import All, Node, all_equal, parse_query
from transforms.store.sqlite_index import Indexed, indexed, is_searched, put_index, remove_index
from transforms.store.sqlite_migrate import migrate
from transforms.store.sqlite_query import scan_condition, select
from transforms.store.sqlite_schema import SORTED_KEYS

MEMORY = ":memory:"

# A writer holds the lock for milliseconds; this long only when a machine is stuck.
BUSY_SECONDS = 30.0

# Documents read at once: 500 articles of 4 KB are 2 MB, and SQLite of before 2020 took 999 parameters.
_CHUNK = 500

# A scan sorts so few matching documents anew for each chunk (10 times 5,000); more are looked up one by one along all
# ids, which takes about a microsecond for each document of the collection, once.
_FEW = 5_000

# 64 MB of pages, 32 times SQLite's default: with 100,000 articles the bands of each batch are all over 200 MB.
_CACHE_KIB = 64_000

# 256 MB of pages in the write-ahead log before they go to the file, 64 times SQLite's default. A batch of articles
# writes thousands of pages all over the bands; those met again before the log is emptied go to the file once, which
# saves a quarter of what bands cost against 32 MB.
_LOG_PAGES = 64_000


class SqliteStore:
    """A `Store` in one SQLite file. One instance serves one thread and one process, and cannot be pickled.

    Args:
        path: The file, made with its folders where it does not exist, or ":memory:".

    Raises:
        StoreError: The file cannot be used as a store; the message says why.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._process = os.getpid()
        with self._explained():
            self._connection = _connect(path)
            try:
                _set_up(self._connection, path)
            except BaseException:
                self._connection.close()
                raise

    def create(self, collection: Collection, documents: Sequence[Document]) -> list[bool]:
        """Writes each document unless its id exists; returns for each whether it was created."""
        there = self._bodies(collection, [document.id for document in documents])
        created = [False] * len(documents)
        new = [(at, indexed(collection, d)) for at, d in enumerate(documents) if d.id not in there]
        if new:
            with self._writing():
                for at, row in new:
                    created[at] = self._insert(collection, row)
        return created

    def replace(self, collection: Collection, documents: Sequence[Document]) -> None:
        """Writes each document, whether its id exists or not; an unchanged body is not written again."""
        last = {document.id: document for document in documents}
        there = self._bodies(collection, list(last))
        changed = [d for d in last.values() if d.id not in there or there[d.id] != body_json(d.body)]
        if not changed:
            return
        rows = [indexed(collection, document) for document in changed]
        with self._writing():
            if not is_searched(collection):
                self._put_all(collection, rows)
                return
            for row in rows:
                if not self._insert(collection, row):
                    self._update(collection, row, "id = ? AND body <> ?", (row.id, row.body))

    def compare_and_set(self, collection: Collection, document: Document, version: int | None) -> bool:
        """Writes the document if the stored version is still `version` (None: if its id does not exist)."""
        return self.compare_and_set_each(collection, [(document, version)])[0]

    def compare_and_set_each(
        self, collection: Collection, changes: Sequence[tuple[Document, int | None]]
    ) -> list[bool]:
        """Does `compare_and_set` for each (document, version), all in one transaction."""
        rows = [(indexed(collection, document), version) for document, version in changes]
        with self._writing():
            new = self._insert_all(collection, [row for row, version in rows if version is None])
            return [
                next(new)
                if version is None
                else self._update(collection, row, "id = ? AND version = ?", (row.id, version))
                for row, version in rows
            ]

    def delete(self, collection: Collection, ids: Sequence[str]) -> int:
        """Removes documents by id; returns how many there were."""
        if not ids:
            return 0
        with self._writing():
            docs = [
                doc
                for chunk in _chunks(ids)
                for (doc,) in self._connection.execute(
                    f"DELETE FROM {collection} WHERE id IN ({_marks(chunk)}) RETURNING doc", chunk
                ).fetchall()
            ]
            for doc in docs:
                remove_index(self._connection, collection, doc)
        return len(docs)

    def get(self, collection: Collection, ids: Sequence[str]) -> dict[str, Stored]:
        """Returns the documents that exist among `ids`, by id, as last written."""
        return {stored.id: stored for stored in self._read(collection, "id", ids)}

    def find(
        self,
        collection: Collection,
        query: str | None = None,
        *,
        sort: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Page:
        """Returns the documents that match a query of the search language, sorted; see the protocol."""
        node: Node = All() if query is None else parse_query(collection, query)
        found = select(collection, node)
        order = _order(collection, sort)
        with self._reading():
            (total,) = self._one(f"{found.with_sql} SELECT count(*) FROM {found.name}", found.parameters)
            docs = [
                doc
                for (doc,) in self._connection.execute(
                    f"{found.with_sql} SELECT doc FROM {collection} WHERE doc IN (SELECT doc FROM {found.name}) "
                    f"ORDER BY {order} LIMIT ? OFFSET ?",
                    (*found.parameters, -1 if limit is None else limit, offset),
                )
            ]
            documents = tuple(self._read(collection, "doc", docs))
        return Page(total=total, documents=documents)

    def scan(self, collection: Collection, where: Mapping[str, str] | None = None) -> Iterator[Stored]:
        """Yields every document (whose keyword fields equal `where`), in the order of ids, in bounded memory."""
        few = bool(where) and self.count(collection, where) <= _FEW
        condition, parameters = scan_condition(collection, where or {}, few=few)
        last = ""
        while True:
            with self._explained():
                rows = self._connection.execute(
                    f"SELECT id, version, body FROM {collection} WHERE id > ? {condition} ORDER BY id LIMIT {_CHUNK}",
                    (last, *parameters),
                ).fetchall()
            yield from map(_stored, rows)
            if len(rows) < _CHUNK:
                return
            last = rows[-1][0]

    def count(self, collection: Collection, where: Mapping[str, str] | None = None) -> int:
        """Returns how many documents there are (whose keyword fields equal `where`)."""
        found = select(collection, all_equal(collection, where))
        with self._explained():
            return int(self._one(f"{found.with_sql} SELECT count(*) FROM {found.name}", found.parameters)[0])

    def close(self) -> None:
        """Gives back the file; the store cannot be used afterwards."""
        self._connection.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a store is not pickled: pass its URL and open it in `setup` (transforms.store.open.store_for)")

    def __del__(self) -> None:
        # A connection that came over a fork belongs to the parent: closing it here could drop the parent's locks.
        if getattr(self, "_process", None) == os.getpid() and hasattr(self, "_connection"):
            self._connection.close()

    def _one(self, sql: str, parameters: Sequence[Any]) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self._connection.execute(sql, parameters).fetchone()
        return row

    def _read(self, collection: Collection, column: str, keys: Sequence[Any]) -> list[Stored]:
        """Returns documents by id or row number, in the order of `keys`."""
        found: dict[Any, Stored] = {}
        with self._explained():
            for chunk in _chunks(keys):
                rows = self._connection.execute(
                    f"SELECT {column}, id, version, body FROM {collection} WHERE {column} IN ({_marks(chunk)})", chunk
                )
                found.update((key, _stored(row)) for key, *row in rows)
        return [found[key] for key in keys if key in found]

    def _bodies(self, collection: Collection, ids: Sequence[str]) -> dict[str, str]:
        """Returns the JSON of the documents that exist, by id."""
        with self._explained():
            return {
                id_: body
                for chunk in _chunks(ids)
                for id_, body in self._connection.execute(
                    f"SELECT id, body FROM {collection} WHERE id IN ({_marks(chunk)})", chunk
                )
            }

    def _insert(self, collection: Collection, row: Indexed) -> bool:
        inserted = self._connection.execute(
            f"INSERT INTO {collection} (id, version, body) VALUES (?, 1, ?) ON CONFLICT (id) DO NOTHING RETURNING doc",
            (row.id, row.body),
        ).fetchone()
        if inserted:
            put_index(self._connection, collection, inserted[0], row, is_new=True)
        return bool(inserted)

    def _insert_all(self, collection: Collection, rows: Sequence[Indexed]) -> Iterator[bool]:
        """Yields for each row whether it was inserted; those of a collection without an index go in together."""
        if is_searched(collection):
            yield from (self._insert(collection, row) for row in rows)
            return
        there = self._there(collection, [row.id for row in rows])
        new: dict[str, str] = {}
        for row in rows:
            if row.id not in there:
                new.setdefault(row.id, row.body)
        self._connection.executemany(f"INSERT INTO {collection} (id, version, body) VALUES (?, 1, ?)", new.items())
        for row in rows:
            yield new.pop(row.id, None) is not None

    def _there(self, collection: Collection, ids: Sequence[str]) -> set[str]:
        """Returns the ids that exist."""
        return {
            id_
            for chunk in _chunks(ids)
            for (id_,) in self._connection.execute(f"SELECT id FROM {collection} WHERE id IN ({_marks(chunk)})", chunk)
        }

    def _put_all(self, collection: Collection, rows: Sequence[Indexed]) -> None:
        """Inserts or updates rows of a collection without an index, by one statement for all."""
        self._connection.executemany(
            f"INSERT INTO {collection} (id, version, body) VALUES (?, 1, ?) ON CONFLICT (id) DO UPDATE "
            "SET body = excluded.body, version = version + 1 WHERE body <> excluded.body",
            [(row.id, row.body) for row in rows],
        )

    def _update(self, collection: Collection, row: Indexed, condition: str, parameters: Sequence[Any]) -> bool:
        update = f"UPDATE {collection} SET body = ?, version = version + 1 WHERE {condition}"
        values = (row.body, *parameters)
        if not is_searched(collection):
            return self._connection.execute(update, values).rowcount > 0
        updated = self._connection.execute(f"{update} RETURNING doc", values).fetchone()
        if updated:
            put_index(self._connection, collection, updated[0], row, is_new=False)
        return bool(updated)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        # IMMEDIATE: a transaction that reads and then writes fails at once when another wrote in between.
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        with self._transaction("BEGIN"):
            yield

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._explained():
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"the store {self._path} cannot be used: {error}") from error


def _connect(path: str) -> sqlite3.Connection:
    if path != MEMORY:
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            if Path(path).is_dir():
                raise StoreError(f"{path} is a folder: name a file for the store")
        except OSError as error:
            raise StoreError(f"no store can be made at {path}: {error.strerror}") from error
    # isolation_level None: transactions are begun by hand. check_same_thread off: the collector may close it anywhere.
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _set_up(connection: sqlite3.Connection, path: str) -> None:
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    if path != MEMORY:
        _log_ahead(connection, path)
    # With a write-ahead log NORMAL survives kill -9 whole; a power cut may undo the last commits, never tear them.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    migrate(connection, path)


def _log_ahead(connection: sqlite3.Connection, path: str) -> None:
    """Turns the write-ahead log on; SQLite does not wait here while another process does the same, so this does."""
    give_up = time.monotonic() + BUSY_SECONDS
    for pause in itertools.count(1):
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(min(pause, 10) / 100)
            continue
        if mode != "wal":
            raise StoreError(f"{path} cannot keep a write-ahead log: put the store on a local, writable disk")
        return


def _order(collection: Collection, sort: Sequence[str]) -> str:
    """Returns the ORDER BY terms; missing values last, ties by id.

    Raises:
        StoreError: A name to sort by is no plain body field.
    """
    terms = []
    for name in sort:
        field = name.removeprefix("-")
        if not field.isidentifier():
            raise StoreError(f"cannot sort {collection} by {name!r}: name a field of the body, '-' in front to reverse")
        is_column = field == "id" or field in SORTED_KEYS.get(collection, ())
        value = f'"{field}"' if is_column else f"json_extract(body, '$.\"{field}\"')"
        terms.append(f"{value} {'DESC' if name.startswith('-') else 'ASC'} NULLS LAST")
    return ", ".join([*terms, "id"])


def _stored(row: Sequence[Any]) -> Stored:
    return Stored(id=row[0], version=row[1], body=json.loads(row[2]))


def _chunks[T](keys: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _marks(keys: Sequence[Any]) -> str:
    return ", ".join("?" * len(keys))
