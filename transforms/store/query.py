"""The query language: Lucene syntax to a small checked tree that any store can compile.

Differences from Lucene, all towards the plain meaning: words side by side must all be there; AND, OR and NOT are
boolean (`a OR NOT b` is what it says); a word with punctuation inside (`cease-fire`, `U.S.`) is a phrase.
"""

import difflib
import functools
import re
from collections.abc import Mapping

from luqum import tree as lucene
from luqum.exceptions import ParseError
from luqum.thread import parse as parse_lucene

from transforms.records import record
from transforms.store.analysis import keyword, split_words
from transforms.store.dates import day_after, day_before, day_interval
from transforms.store.fields import EXACT_SUFFIX, FIELDS, Field, default_fields
from transforms.store.protocol import Collection, FieldType, StoreError

# Far above what people write, far below what makes a store slow: 10,000 characters parse in 0.1 s, Elasticsearch
# takes at least 1,024 clauses, and Python stops at 1,000 calls within calls (three a level here).
MAX_CHARACTERS = 10_000
MAX_CLAUSES = 1_000
MAX_DEPTH = 50

_LEXER_POSITION = re.compile(r"at position (\d+)!?$")
_REFUSED_SIGNS = {"&&": "AND", "||": "OR", "!": "NOT"}


class QueryError(ValueError):
    """A query cannot be understood.

    Attributes:
        message: One line for a person, without the place.
        position: The character of the query that it is about, from 0; its length for the end.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return f"{self.message} (at character {self.position + 1})"


@record
class All:
    """Every document."""


@record
class Exists:
    """Documents that have a value in a field."""

    field: str


@record
class Words:
    """A word, or several in a row, in any one of some text fields.

    Attributes:
        fields: Names of text fields.
        words: Analysed, not stemmed.
        exact: Whether the words must be there as they are, else any word of the same stem will do.
    """

    fields: tuple[str, ...]
    words: tuple[str, ...]
    exact: bool = False


@record
class Prefix:
    """A word (text fields) or a whole value (one keyword field) that begins with an analysed `prefix`."""

    fields: tuple[str, ...]
    prefix: str


@record
class Equals:
    """A whole value of a keyword field, folded as `analysis.keyword` folds it."""

    field: str
    value: str


@record
class Range:
    """Dates of which some day lies between two days (YYYY-MM-DD), both included; None is open."""

    field: str
    first: str | None
    last: str | None


@record
class And:
    """Documents that match every operand; at least two."""

    operands: tuple["Node", ...]


@record
class Or:
    """Documents that match an operand; at least two."""

    operands: tuple["Node", ...]


@record
class Not:
    """Documents that do not match."""

    operand: "Node"


type Node = All | Exists | Words | Prefix | Equals | Range | And | Or | Not


@functools.lru_cache(maxsize=1024)  # rules and pages of one search are parsed again and again
def parse_query(collection: Collection, query: str) -> Node:
    """Returns the checked tree of a query over a collection's fields.

    Args:
        collection: Whose fields the query names.
        query: Lucene syntax, at most `MAX_CHARACTERS`, `MAX_CLAUSES` words or values, `MAX_DEPTH` deep.

    Raises:
        QueryError: The query is not Lucene syntax, names a field that is not there, or asks for what no store does.
    """
    if len(query) > MAX_CHARACTERS:
        raise QueryError(f"the query is too long: more than {MAX_CHARACTERS:,} characters", MAX_CHARACTERS)
    if not query.strip():
        raise QueryError("the query is empty: write a word, or *:* for everything", 0)
    return _Reader(collection).node(_parsed(query), None, 0)


def all_equal(collection: Collection, where: Mapping[str, str] | None) -> Node:
    """Returns the tree for documents whose keyword fields equal `where`.

    Raises:
        StoreError: A name in `where` is no keyword field of the collection.
    """
    for name in where or {}:
        field = FIELDS[collection].get(name)
        if field is None or field.type is not FieldType.KEYWORD:
            raise StoreError(f"{collection} have no keyword field {name!r}")
    parts = tuple(Equals(field=name, value=keyword(value)) for name, value in (where or {}).items())
    return All() if not parts else parts[0] if len(parts) == 1 else And(operands=parts)


def _parsed(query: str) -> lucene.Item:
    try:
        return parse_lucene(query)
    except ParseError as error:
        raise _syntax_error(query, str(error)) from error


def _syntax_error(query: str, message: str) -> QueryError:
    found = _LEXER_POSITION.search(message)
    if found is None:
        return QueryError("the query ends too early: a word, value or closing bracket is missing", len(query))
    position = int(found[1])
    sign = query[position]
    if sign == '"':
        return QueryError("the quotation mark is not closed", position)
    if sign in "'/<>":
        return QueryError(f"unexpected {sign}: put quotation marks around text that holds it", position)
    return QueryError(f"unexpected {query[position:].split()[0][:20]!r}", position)


class _Reader:
    """Turns luqum's tree into ours; made anew for each query because it counts clauses."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._clauses = 0

    def node(self, item: lucene.Item, field: str | None, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise QueryError(f"the query is nested too deeply: more than {MAX_DEPTH} levels", item.pos or 0)
        match item:
            case lucene.BaseGroup():
                return self.node(item.expr, field, depth + 1)
            case lucene.AndOperation() | lucene.UnknownOperation():
                return And(operands=self._operands(item, field, depth, And))
            case lucene.OrOperation():
                _refuse_plus(item)
                return Or(operands=self._operands(item, field, depth, Or))
            case lucene.Not() | lucene.Prohibit():
                return Not(operand=self.node(item.a, field, depth + 1))
            case lucene.Plus():
                return self.node(item.a, field, depth + 1)
            case lucene.SearchField():
                return self._in_field(item, field, depth)
            case _:
                return self._clause(item, field)

    def _operands(
        self, item: lucene.BaseOperation, field: str | None, depth: int, kind: type[And | Or]
    ) -> tuple[Node, ...]:
        nodes: list[Node] = []
        for operand in item.operands:
            node = self.node(operand, field, depth)
            nodes.extend(node.operands if isinstance(node, And | Or) and isinstance(node, kind) else (node,))
        return tuple(nodes)

    def _in_field(self, item: lucene.SearchField, outer: str | None, depth: int) -> Node:
        name, position = item.name, item.pos or 0
        if outer is not None:
            raise QueryError(f"field {name!r} stands inside field {outer!r}: name one field a clause", position)
        if name == "*":
            if isinstance(item.expr, lucene.Word) and item.expr.value == "*":
                return All()
            raise QueryError("'*' as a field goes only with '*:*', which finds everything", position)
        if name.removesuffix(EXACT_SUFFIX) not in FIELDS[self._collection] or (
            name.endswith(EXACT_SUFFIX) and self._field(name).type is not FieldType.TEXT
        ):
            raise QueryError(self._unknown_field(name), position)
        return self.node(item.expr, name, depth)

    def _unknown_field(self, name: str) -> str:
        known = list(FIELDS[self._collection])
        near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"its fields are {', '.join(known) or 'none'}"
        return f"{self._collection} have no field {name!r}: {hint}"

    def _field(self, name: str) -> Field:
        return FIELDS[self._collection][name.removesuffix(EXACT_SUFFIX)]

    def _clause(self, item: lucene.Item, name: str | None) -> Node:
        position = item.pos or 0
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            raise QueryError(f"the query holds more than {MAX_CLAUSES:,} words and values", position)
        _refuse_unsupported(item, position)
        if isinstance(item, lucene.Range | lucene.OpenRange):
            return self._range(item, name, position)
        return self._value(_Value(item), name)

    def _value(self, value: "_Value", name: str | None) -> Node:
        if name is None:
            return All() if value.is_anything else self._words(value, default_fields(self._collection), exact=False)
        if value.is_anything:
            return Exists(field=name.removesuffix(EXACT_SUFFIX))
        match self._field(name).type:
            case FieldType.TEXT:
                return self._words(value, (name.removesuffix(EXACT_SUFFIX),), exact=name.endswith(EXACT_SUFFIX))
            case FieldType.KEYWORD:
                return _keyword(value, name)
            case FieldType.DATE:
                first, last = _days(value)
                return Range(field=name, first=first, last=last)

    def _words(self, value: "_Value", fields: tuple[str, ...], *, exact: bool) -> Node:
        if not fields:
            raise QueryError(f"{self._collection} have no text to search: name a field", value.position)
        if value.hides_prefix:
            raise QueryError("a '*' inside quotation marks finds nothing: write the words one by one", value.position)
        words = tuple(split_words(value.text))
        if not words:
            raise QueryError(f"{value.text!r} holds no letter or digit to search for: leave it out", value.position)
        if not value.is_prefix:
            return Words(fields=fields, words=words, exact=exact)
        if len(words) > 1:
            raise QueryError(f"{value.text!r} before '*' is more than one word", value.position)
        return Prefix(fields=fields, prefix=words[0])

    def _range(self, item: lucene.Range | lucene.OpenRange, name: str | None, position: int) -> Node:
        if name is None or self._field(name).type is not FieldType.DATE:
            dates = [field.name for field in FIELDS[self._collection].values() if field.type is FieldType.DATE]
            raise QueryError(f"a range needs a date field in front ({', '.join(dates) or 'there is none'})", position)
        first, last = _bounds(item)
        if first is not None and last is not None and first > last:
            raise QueryError(f"the range holds no day: it runs from {first} to {last}", position)
        return Range(field=name, first=first, last=last)


class _Value:
    """A word or phrase of a query: its text without escapes, and whether it ends in a `*` that means anything."""

    def __init__(self, item: lucene.Term) -> None:
        self.position: int = item.pos or 0
        phrase = isinstance(item, lucene.Phrase)
        raw: str = item.value[1:-1] if phrase else item.value
        if not phrase:
            _refuse_signs(raw, self.position)
        wildcards = [] if phrase else _wildcards(raw)
        self.hides_prefix = phrase and re.search(r"\w\*", raw) is not None
        self.is_prefix = wildcards == [len(raw) - 1]
        if wildcards and not (self.is_prefix and raw.endswith("*")):
            raise QueryError("a wildcard can only be a '*' at the end of a word", self.position + wildcards[0])
        self.text = re.sub(r"\\(.)", r"\1", raw[:-1] if self.is_prefix else raw, flags=re.DOTALL)
        self.is_anything = self.is_prefix and not self.text


def _wildcards(raw: str) -> list[int]:
    """Returns where unescaped wildcards stand."""
    return [found.start() for found in re.finditer(r"\\.|[*?]", raw, re.DOTALL) if len(found[0]) == 1]


def _refuse_signs(raw: str, position: int) -> None:
    for sign, operator in _REFUSED_SIGNS.items():
        if raw.startswith(sign):
            raise QueryError(f"write {operator} instead of {sign!r}", position)


def _refuse_unsupported(item: lucene.Item, position: int) -> None:
    match item:
        case lucene.BaseApprox():
            raise QueryError("fuzzy and proximity search ('~') are not supported", position)
        case lucene.Boost():
            raise QueryError("boosting ('^') is not supported: results are sorted, not ranked", position)
        case lucene.Regex():
            raise QueryError("regular expressions are not supported: put quotation marks around '/'", position)


def _refuse_plus(item: lucene.OrOperation) -> None:
    for operand in item.operands:
        if isinstance(operand, lucene.Plus):
            raise QueryError("'+' has no meaning beside OR: use AND and brackets", operand.pos or 0)


def _keyword(value: _Value, name: str) -> Node:
    text = keyword(value.text)
    if not text:
        raise QueryError("an empty value finds nothing", value.position)
    return Prefix(fields=(name,), prefix=text) if value.is_prefix else Equals(field=name, value=text)


def _days(value: _Value) -> tuple[str, str]:
    interval = None if value.is_prefix or "T" in value.text else day_interval(value.text)
    if interval is None:
        raise QueryError(f"{value.text!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD", value.position)
    return interval


def _bounds(item: lucene.Range | lucene.OpenRange) -> tuple[str | None, str | None]:
    """Returns the first and last day of a range, both included."""
    if isinstance(item, lucene.Range):
        return _first(item.low, included=item.include_low), _last(item.high, included=item.include_high)
    if isinstance(item, lucene.From):
        return _first(item.a, included=item.include), None
    return None, _last(item.a, included=item.include)


def _first(bound: lucene.Item, *, included: bool) -> str | None:
    value = _bound(bound)
    if value.is_anything:
        return None
    first, last = _days(value)
    return first if included else day_after(last) or _out_of_time(value)


def _last(bound: lucene.Item, *, included: bool) -> str | None:
    value = _bound(bound)
    if value.is_anything:
        return None
    first, last = _days(value)
    return last if included else day_before(first) or _out_of_time(value)


def _bound(bound: lucene.Item) -> _Value:
    if not isinstance(bound, lucene.Term):
        raise QueryError("a range runs between two dates: write YYYY, YYYY-MM, YYYY-MM-DD or *", bound.pos or 0)
    return _Value(bound)


def _out_of_time(value: _Value) -> str:
    raise QueryError(f"there is no day beyond {value.text}: dates run from 0001-01-01 to 9999-12-31", value.position)
