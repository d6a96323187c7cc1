"""Which rules match which documents: rules are compiled once, and run over batches of documents in memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from transforms.alert.batch import Batch
from transforms.alert.needed import Group, asked_fields, groups, stem_token, value_token, word_token, words_in
from transforms.alert.stems import STEMS
from transforms.records import record
from transforms.store.fields import FIELDS
from transforms.store.protocol import Collection, Document, FieldType
from transforms.store.query import All, And, Equals, Exists, Node, Not, Or, Prefix, Range, Words

type Test = Callable[[Batch], int]  # gives the set of the documents that match


def compiled(collection: Collection, node: Node) -> Test:
    """Returns what finds the documents of a batch that match a tree.

    Args:
        collection: The batches'.
        node: A tree; its words are stemmed once, here.
    """
    match node:
        case All():
            return lambda batch: batch.all
        case Words():
            return _words(node)
        case Prefix():
            return _prefix(collection, node)
        case Equals(field=name, value=value):
            return lambda batch: batch.keyword(name).values.get(value, 0)
        case Range(field=name, first=first, last=last):
            return lambda batch: batch.date(name).within(first, last)
        case Exists(field=name):
            return _exists(collection, name)
        case And():
            return _all_of([compiled(collection, operand) for operand in node.operands])
        case Or():
            return _any_of([compiled(collection, operand) for operand in node.operands])
        case Not():
            test = compiled(collection, node.operand)
            return lambda batch: batch.all & ~test(batch)


def _words(node: Words) -> Test:
    exact, names = node.exact, node.fields
    stems = STEMS.of(() if exact else node.words)
    words = node.words if exact else tuple(stems[word] for word in node.words)
    if len(words) > 1:
        return lambda batch: batch.text(names).in_a_row(words, exact=exact)
    word = "".join(words)
    if exact:
        return lambda batch: batch.text(names).words.get(word, 0)
    return lambda batch: batch.text(names).stems.get(word, 0)


def _prefix(collection: Collection, node: Prefix) -> Test:
    names, prefix = node.fields, node.prefix
    if FIELDS[collection][names[0]].type is FieldType.KEYWORD:
        return lambda batch: batch.keyword(names[0]).beginning(prefix)
    return lambda batch: batch.text(names).beginning(prefix)


def _exists(collection: Collection, name: str) -> Test:
    match FIELDS[collection][name].type:
        case FieldType.TEXT:
            return lambda batch: batch.text((name,)).any()
        case FieldType.KEYWORD:
            return lambda batch: batch.keyword(name).any()
        case FieldType.DATE:
            return lambda batch: batch.date(name).any()


def _all_of(tests: Sequence[Test]) -> Test:
    def test(batch: Batch) -> int:
        found = batch.all
        for each in tests:
            found &= each(batch)
            if not found:
                return 0
        return found

    return test


def _any_of(tests: Sequence[Test]) -> Test:
    def test(batch: Batch) -> int:
        found = 0
        for each in tests:
            found |= each(batch)
        return found

    return test


@record
class _Rule:
    name: str
    test: Test
    needed: tuple[Group, ...]


class Matcher:
    """Rules' trees over one collection, compiled once and run over any number of batches.

    Args:
        collection: What the trees are about.
        trees: By rule name.
    """

    def __init__(self, collection: Collection, trees: Mapping[str, Node]) -> None:
        self._collection = collection
        self._fields = asked_fields(trees.values())
        self._always: list[_Rule] = []
        self._by_token: dict[str, list[_Rule]] = {}
        words = {word for tree in trees.values() for word in words_in(tree)}
        stems = STEMS.of(words)  # of all at once: one by one, as the trees are compiled, takes four times as long
        self._asked = frozenset(stems[word] for word in words)
        for name, tree in trees.items():
            self._add(_Rule(name=name, test=compiled(collection, tree), needed=groups(tree, stems)))

    def _add(self, rule: _Rule) -> None:
        if not rule.needed:
            self._always.append(rule)
            return
        first, *others = sorted(rule.needed, key=lambda group: (len(group), -max(map(len, group))))
        kept = _Rule(name=rule.name, test=rule.test, needed=tuple(others))
        for token in first:
            self._by_token.setdefault(token, []).append(kept)

    def match(self, documents: Sequence[Document]) -> dict[str, list[str]]:
        """Returns for each rule that matches the ids of the documents it matches, in the order of the batch."""
        if not documents or not (self._always or self._by_token):
            return {}
        batch = Batch(self._collection, documents, self._asked)
        found = {rule.name: rule.test(batch) for rule in self._candidates(batch)}
        return {name: batch.ids(matching) for name, matching in found.items() if matching}

    def _candidates(self, batch: Batch) -> Iterable[_Rule]:
        tokens = self._tokens(batch)
        candidates = {rule.name: rule for rule in self._always}
        for token in tokens & self._by_token.keys():
            for rule in self._by_token[token]:
                if rule.name not in candidates and not any(map(tokens.isdisjoint, rule.needed)):
                    candidates[rule.name] = rule
        return candidates.values()

    def _tokens(self, batch: Batch) -> set[str]:
        """Returns what the documents hold of what rules ask: stems, words and values (`transforms.alert.needed`)."""
        found = {stem_token(stem) for name in self._fields.stemmed for stem in batch.text((name,)).stems}
        found.update(word_token(word) for name in self._fields.exact for word in batch.text((name,)).words)
        found.update(value_token(name, value) for name in self._fields.values for value in batch.keyword(name).values)
        return found
