"""Which rules match which documents: a batch goes into an index in memory, and the rules are run over it.

The index has the tables of the SQLite store and rules are compiled as its searches are, so that a rule means in the
stream what its query means in a search.
"""

# ruff: noqa: S608 - only names of our own tables and columns are put into SQL; every value is a parameter

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from transforms.alert.needed import Group, groups, stem_token, stems_of, value_token, word_token, words_in
from transforms.records import record
from transforms.store.protocol import Collection, Document
from transforms.store.query import And, Node, Not, Or, Prefix, Words
from transforms.store.sqlite_index import Indexed, indexed
from transforms.store.sqlite_query import Selection, select
from transforms.store.sqlite_schema import text_columns

# Rules of one shape share one SQL text: 1,000 shapes cover what people write, so that none is prepared twice.
_STATEMENTS = 1_000

STEMS, EXACT = "stems", "exact"


def _tables(collection: Collection, indexes: Iterable[str]) -> Iterator[str]:
    """Yields the SQL of the store's tables by the same names, without what only changing and listing needs."""
    columns = ", ".join(f'"{name}"' for name in text_columns(collection))
    yield f"CREATE TABLE {collection} (doc INTEGER PRIMARY KEY)"
    yield f"CREATE TABLE {collection}_keywords (field TEXT, value TEXT, doc INTEGER)"
    yield f"CREATE TABLE {collection}_dates (field TEXT, first TEXT, last TEXT, doc INTEGER)"
    yield f"CREATE TABLE {collection}_words (doc INTEGER PRIMARY KEY, {columns})"
    for index in indexes:
        tokenizer = {STEMS: "porter ascii", EXACT: "ascii"}[index]
        yield (
            f"CREATE VIRTUAL TABLE {collection}_{index} USING fts5({columns}, content='', "
            f"tokenize='{tokenizer}', columnsize=0)"
        )


def _first(text: str) -> str:
    return text[:1]


class BatchIndex:
    """Some documents of one collection, in memory, searchable as in the store. Close it after use.

    Args:
        collection: Of a kind that has text.
        documents: The batch.
        indexes: Which full-text indexes are asked: making one costs as much as asking thousands of rules.
    """

    def __init__(
        self, collection: Collection, documents: Sequence[Document], indexes: Iterable[str] = (STEMS, EXACT)
    ) -> None:
        self._collection = collection
        self._indexes = tuple(indexes)
        self._ids = [document.id for document in documents]
        self._connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=_STATEMENTS)
        for statement in _tables(collection, self._indexes):
            self._connection.execute(statement)
        self._connection.execute("BEGIN")
        self._fill([indexed(collection, document, with_body=False) for document in documents])
        self._connection.execute("COMMIT")

    def _fill(self, rows: Sequence[Indexed]) -> None:
        many, name = self._connection.executemany, self._collection
        numbered = list(enumerate(rows))
        many(f"INSERT INTO {name} VALUES (?)", [(doc,) for doc, _ in numbered])
        keywords = [(*pair, doc) for doc, row in numbered for pair in row.keywords]
        many(f"INSERT INTO {name}_keywords VALUES (?, ?, ?)", keywords)
        dates = [(*interval, doc) for doc, row in numbered for interval in row.dates]
        many(f"INSERT INTO {name}_dates VALUES (?, ?, ?, ?)", dates)
        columns = ", ".join(f'"{column}"' for column in text_columns(name))
        marks = ", ".join("?" * len(text_columns(name)))
        words = [(doc, *row.words) for doc, row in numbered]
        # Beside the full-text indexes only whether a field is empty is ever asked.
        filled = [(doc, *map(_first, row.words)) for doc, row in numbered]
        many(f"INSERT INTO {name}_words VALUES (?, {marks})", filled)
        for index in self._indexes:
            many(f"INSERT INTO {name}_{index} (rowid, {columns}) VALUES (?, {marks})", words)

    def matching(self, selection: Selection) -> list[str]:
        """Returns the ids of the documents that a compiled tree selects, in the order of the batch."""
        sql = f"{selection.with_sql} SELECT doc FROM {selection.name}"
        found = self._connection.execute(sql, selection.parameters).fetchall()
        return [self._ids[doc] for (doc,) in sorted(found)] if found else []

    def tokens(self) -> set[str]:
        """Returns the tokens of all documents: stems, words and values (`transforms.alert.needed`)."""
        execute = self._connection.execute
        found: set[str] = set()
        for index in self._indexes:
            token = {STEMS: stem_token, EXACT: word_token}[index]
            execute(f"CREATE VIRTUAL TABLE temp.{index}_row USING fts5vocab(main, {self._collection}_{index}, 'row')")
            found.update(token(term) for (term,) in execute(f"SELECT term FROM temp.{index}_row"))
        values = execute(f"SELECT DISTINCT field, value FROM {self._collection}_keywords")
        found.update(value_token(field, value) for field, value in values)
        return found

    def close(self) -> None:
        """Frees the index."""
        self._connection.close()


def _asked(node: Node) -> Iterator[str]:
    """Yields the full-text indexes that a tree asks."""
    match node:
        case Words():
            yield EXACT if node.exact else STEMS
        case Prefix():
            yield EXACT
        case Not():
            yield from _asked(node.operand)
        case And() | Or():
            for operand in node.operands:
                yield from _asked(operand)
        case _:
            return


@record
class _Compiled:
    name: str
    selection: Selection
    needed: tuple[Group, ...]


class Matcher:
    """Rules' trees over one collection, compiled once and run over any number of batches; holds nothing open.

    Args:
        collection: What the trees are about.
        trees: By rule name.
    """

    def __init__(self, collection: Collection, trees: Mapping[str, Node]) -> None:
        self._collection = collection
        stems = stems_of(word for tree in trees.values() for word in words_in(tree))
        self._indexes = sorted({index for tree in trees.values() for index in _asked(tree)})
        self._always: list[_Compiled] = []
        self._by_token: dict[str, list[_Compiled]] = {}
        for name, tree in trees.items():
            self._add(_Compiled(name=name, selection=select(collection, tree), needed=groups(tree, stems)))

    def _add(self, rule: _Compiled) -> None:
        if not rule.needed:
            self._always.append(rule)
            return
        first, *_ = ordered = sorted(rule.needed, key=lambda group: (len(group), -max(map(len, group))))
        kept = _Compiled(name=rule.name, selection=rule.selection, needed=tuple(ordered[1:]))
        for token in first:
            self._by_token.setdefault(token, []).append(kept)

    def match(self, documents: Sequence[Document]) -> dict[str, list[str]]:
        """Returns for each rule that matches the ids of the documents it matches, in the order of the batch."""
        if not documents or not (self._always or self._by_token):
            return {}
        batch = BatchIndex(self._collection, documents, self._indexes)
        try:
            found = {rule.name: batch.matching(rule.selection) for rule in self._candidates(batch)}
        finally:
            batch.close()
        return {name: ids for name, ids in found.items() if ids}

    def _candidates(self, batch: BatchIndex) -> Iterable[_Compiled]:
        tokens = batch.tokens()
        candidates = {rule.name: rule for rule in self._always}
        for token in tokens & self._by_token.keys():
            for rule in self._by_token[token]:
                if all(not group.isdisjoint(tokens) for group in rule.needed):
                    candidates[rule.name] = rule
        return candidates.values()
