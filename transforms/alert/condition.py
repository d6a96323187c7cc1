"""What a rule asks of an article, an agreement or a deadline, as a tree of the search language."""

from collections.abc import Iterable, Iterator, Sequence

from transforms.alert.rule import Keywords, Place, Rule, RuleQuery, Sameness, Searched, WantedActors
from transforms.store.analysis import keyword, split_words
from transforms.store.protocol import Collection
from transforms.store.query import And, Equals, Node, Not, Or, Prefix, Words, parse_query

_FIELDS = {Place.TITLE: ("title",), Place.TEXT: ("text",), Place.BOTH: ("title", "text")}
_COLLECTIONS = {
    Searched.ARTICLES: Collection.ARTICLES,
    Searched.AGREEMENTS: Collection.AGREEMENTS,
    Searched.DEADLINES: Collection.DEADLINES,
}


def tells_of_articles(rule: Rule) -> bool:
    """Returns whether a rule's alerts are about articles rather than about agreements and deadlines."""
    about_articles = rule.query is None or rule.query.searched is Searched.ARTICLES
    return rule.agreements is None and rule.deadlines is None and about_articles


def condition(rule: Rule, collection: Collection) -> Node | None:
    """Returns what a rule asks of the documents of a collection, or None where it asks nothing of them.

    Raises:
        QueryError: The rule's query cannot be understood.
    """
    parts: list[Node] = []
    if collection is Collection.ARTICLES:
        parts += _of_articles(rule)
    if rule.query is not None and _COLLECTIONS[rule.query.searched] is collection:
        parts.append(parsed_query(rule.query))
    return _all_of(parts) if parts else None


def parsed_query(query: RuleQuery) -> Node:
    """Returns the tree of a rule's query.

    Raises:
        QueryError: It cannot be understood.
    """
    return parse_query(_COLLECTIONS[query.searched], query.text)


def _of_articles(rule: Rule) -> Iterator[Node]:
    if rule.keywords is not None:
        yield from _keywords(rule.keywords)
    if rule.actors is not None:
        yield from _actors(rule.actors)
    if rule.sources:
        yield _any_of([Equals(field="source", value=keyword(source)) for source in rule.sources])
    if rule.languages:
        yield _any_of([node for language in rule.languages for node in _language(language)])


def _keywords(wanted: Keywords) -> Iterator[Node]:
    fields, exact = _FIELDS[wanted.place], wanted.match is Sameness.EXACT

    def words(text: str) -> Words:
        return Words(fields=fields, words=tuple(split_words(text)), exact=exact)

    if wanted.any:
        yield _any_of([words(text) for text in wanted.any])
    yield from map(words, wanted.all)
    if wanted.none:
        yield Not(operand=_any_of([words(text) for text in wanted.none]))


def _actors(wanted: WantedActors) -> Iterator[Node]:
    some = [_actor(name) for name in wanted.any]
    some += [Equals(field="actor_kinds", value=kind.value) for kind in wanted.kinds]
    if some:
        yield _any_of(some)
    yield from map(_actor, wanted.all)


def _actor(name: str) -> Node:
    value = keyword(name)
    return Or(operands=(Equals(field="actor_names", value=value), Equals(field="actor_ids", value=value)))


def _language(language: str) -> Iterator[Node]:
    yield Equals(field="language", value=keyword(language))
    yield Prefix(fields=("language",), prefix=keyword(language) + "-")


def _all_of(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else And(operands=tuple(_flat(nodes, And)))


def _any_of(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Or(operands=tuple(_flat(nodes, Or)))


def _flat(nodes: Iterable[Node], kind: type[And | Or]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, And | Or) and isinstance(node, kind):
            yield from node.operands
        else:
            yield node


def text_leaves(node: Node | None) -> Iterator[Words | Prefix]:
    """Yields the words a tree looks for in texts, as words to look for in a sentence; what it shuns is left out."""
    match node:
        case And() | Or():
            for operand in node.operands:
                yield from text_leaves(operand)
        case Words():
            yield Words(fields=("title", "text"), words=node.words, exact=node.exact)
        case Prefix() if {"title", "text"} & set(node.fields):
            yield Prefix(fields=("title", "text"), prefix=node.prefix)
        case _:
            return
