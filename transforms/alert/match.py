"""Which rules match which documents: a batch goes into an index in memory, and the rules are run over it.

The index has the tables of the SQLite store and rules are compiled as its searches are, so that a rule means in the
stream what its query means in a search.
"""

# ruff: noqa: S608 - only names of our own tables and columns are put into SQL; every value is a parameter

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from transforms.alert.needed import Group, groups, stem_token, stems_of, value_token, word_token, words_in
from transforms.records import record
from transforms.store.protocol import Collection, Document
from transforms.store.query import Node
from transforms.store.sqlite_index import indexed, put_index
from transforms.store.sqlite_query import Selection, select
from transforms.store.sqlite_schema import document_table, index_tables

# Rules of one shape share one SQL text: 1,000 shapes cover what people write, so that none is prepared twice.
_STATEMENTS = 1_000


class BatchIndex:
    """Some documents of one collection, in memory, searchable as in the store. Close it after use."""

    def __init__(self, collection: Collection, documents: Sequence[Document]) -> None:
        self._collection = collection
        self._ids = [document.id for document in documents]
        self._connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=_STATEMENTS)
        execute = self._connection.execute
        execute(document_table(collection))
        for statement in index_tables(collection):
            execute(statement)
        execute("BEGIN")
        for doc, document in enumerate(documents):
            # The body is not kept: who asks has the documents.
            execute(f"INSERT INTO {collection} (doc, id, version, body) VALUES (?, ?, 1, '{{}}')", (doc, str(doc)))
            put_index(self._connection, collection, doc, indexed(collection, document), is_new=True)
        execute("COMMIT")

    def matching(self, selection: Selection) -> list[str]:
        """Returns the ids of the documents that a compiled tree selects, in the order of the batch."""
        sql = f"{selection.with_sql} SELECT doc FROM {selection.name}"
        return [self._ids[doc] for (doc,) in sorted(self._connection.execute(sql, selection.parameters))]

    def tokens(self) -> set[str]:
        """Returns the tokens of all documents: stems, words and values (`transforms.alert.needed`)."""
        execute = self._connection.execute
        found: set[str] = set()
        for index, token in (("stems", stem_token), ("exact", word_token)):
            execute(f"CREATE VIRTUAL TABLE temp.{index}_row USING fts5vocab(main, {self._collection}_{index}, 'row')")
            found.update(token(term) for (term,) in execute(f"SELECT term FROM temp.{index}_row"))
        values = execute(f"SELECT DISTINCT field, value FROM {self._collection}_keywords")
        found.update(value_token(field, value) for field, value in values)
        return found

    def close(self) -> None:
        """Frees the index."""
        self._connection.close()


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
        batch = BatchIndex(self._collection, documents)
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
