"""The words without which a rule cannot match: rules whose needed words a batch lacks need not be run.

Every tree is brought to groups of tokens such that a document can only match when it holds a token of each group. A
tree that can match without any word at all (a lone NOT, a date range) has no groups and is always run.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from transforms.store.query import And, Equals, Node, Or, Prefix, Words

type Group = frozenset[str]

_MARKS = {"stem": "~", "word": "=", "value": ":"}


def stem_token(stem: str) -> str:
    """Returns the token of a stem in a text field."""
    return _MARKS["stem"] + stem


def word_token(word: str) -> str:
    """Returns the token of a word as it stands in a text field."""
    return _MARKS["word"] + word


def value_token(field: str, value: str) -> str:
    """Returns the token of a keyword field's value."""
    return f"{_MARKS['value']}{field}{_MARKS['value']}{value}"


def groups(node: Node, stems: Mapping[str, str]) -> tuple[Group, ...]:
    """Returns the groups of tokens of which a matching document holds one each.

    Args:
        node: A rule's tree.
        stems: The stem of every word in it (`stems_of`).
    """
    match node:
        case Words():
            return tuple(
                frozenset({word_token(word) if node.exact else stem_token(stems[word])}) for word in set(node.words)
            )
        case Equals():
            return (frozenset({value_token(node.field, node.value)}),)
        case And():
            return tuple(group for operand in node.operands for group in groups(operand, stems))
        case Or():
            return _either([groups(operand, stems) for operand in node.operands])
        case _:
            return ()


def _either(operands: Sequence[tuple[Group, ...]]) -> tuple[Group, ...]:
    """Returns one group for alternatives, of the most telling group of each; none when one needs no word."""
    if not all(operands):
        return ()
    return (frozenset().union(*(min(each, key=_breadth) for each in operands)),)


def _breadth(group: Group) -> tuple[int, int]:
    """Fewer alternatives tell more; among words the longer ones, which are rarer."""
    return len(group), -max(map(len, group))


def words_in(node: Node) -> Iterable[str]:
    """Yields the words of a tree that are looked for by their stems."""
    match node:
        case Words() if not node.exact:
            yield from node.words
        case And() | Or():
            for operand in node.operands:
                yield from words_in(operand)
        case Prefix() | _:
            return


def stems_of(words: Iterable[str]) -> dict[str, str]:
    """Returns each word's stem, as the store's own index makes it."""
    unique = sorted(set(words))
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(word, content='', tokenize='porter ascii')")
        connection.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(words, 'instance')")
        connection.executemany("INSERT INTO words (rowid, word) VALUES (?, ?)", enumerate(unique))
        return {unique[row]: stem for stem, row in connection.execute("SELECT term, doc FROM stems")}
    finally:
        connection.close()
