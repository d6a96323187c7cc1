"""Words' stems, as the full-text index of the SQLite store makes them, remembered because news repeats its words."""

import sqlite3
from collections.abc import Iterable, Mapping

# English news of a year has some 300,000 different words; so many take 30 MB.
MAX_REMEMBERED = 300_000


class Stems:
    """The stems of words met before, and of new ones at some microseconds each. Safe in several threads."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, words: Iterable[str]) -> Mapping[str, str]:
        """Returns stems by word: those of the words given, and others."""
        asked = frozenset(words)
        known = self._known
        new = [word for word in asked if word not in known]
        if len(known) + len(new) > MAX_REMEMBERED:
            self._known = known = {}
            new = list(asked)
        if new:
            known.update(stems_of(new))
        return known


def stems_of(words: Iterable[str]) -> dict[str, str]:
    """Returns each word's stem, as the store's own index makes it."""
    unique = sorted(set(words))
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(word, content='', tokenize='porter ascii')")
        connection.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(words, 'instance')")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO words (rowid, word) VALUES (?, ?)", enumerate(unique))
        return {unique[row]: stem for stem, row in connection.execute("SELECT term, doc FROM stems")}
    finally:
        connection.close()


STEMS = Stems()
