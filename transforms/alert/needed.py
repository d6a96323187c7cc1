"""The words without which a rule cannot match: rules whose needed words a batch lacks need not be run.

Every tree is brought to groups of tokens such that a document can only match when it holds a token of each group. A
tree that can match without any word at all (a lone NOT, a date range) has no groups and is always run.
"""

from collections.abc import Iterable, Mapping, Sequence

from transforms.records import record
from transforms.store.query import And, Equals, Node, Not, Or, Words

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
        stems: The stem of every word in it (`transforms.alert.stems`).
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


@record
class AskedFields:
    """Fields in which trees look for stems, for exact words and for whole values."""

    stemmed: frozenset[str]
    exact: frozenset[str]
    values: frozenset[str]


def asked_fields(trees: Iterable[Node]) -> AskedFields:
    """Returns the fields whose tokens `groups` names, for all of some trees."""
    leaves = [leaf for tree in trees for leaf in _leaves(tree)]
    words = [leaf for leaf in leaves if isinstance(leaf, Words)]
    return AskedFields(
        stemmed=frozenset(name for leaf in words if not leaf.exact for name in leaf.fields),
        exact=frozenset(name for leaf in words if leaf.exact for name in leaf.fields),
        values=frozenset(leaf.field for leaf in leaves if isinstance(leaf, Equals)),
    )


def words_in(node: Node) -> Iterable[str]:
    """Yields the words of a tree that are looked for by their stems."""
    for leaf in _leaves(node):
        if isinstance(leaf, Words) and not leaf.exact:
            yield from leaf.words


def _leaves(node: Node) -> Iterable[Node]:
    match node:
        case And() | Or():
            for operand in node.operands:
                yield from _leaves(operand)
        case Not():
            yield from _leaves(node.operand)
        case _:
            yield node
