"""Compiles a query's tree to SQL: each node becomes a named set of documents, combined by INTERSECT, UNION, EXCEPT."""

# ruff: noqa: S608 - only names of our own tables and columns are put into SQL; every value is a parameter

import dataclasses
from collections.abc import Mapping, Sequence

from transforms.records import record
from transforms.store.analysis import keyword
from transforms.store.fields import FIELDS
from transforms.store.protocol import Collection, FieldType
from transforms.store.query import All, And, Equals, Exists, Node, Not, Or, Prefix, Range, Words

# SQLite takes 500 terms in a compound SELECT.
_MAX_TERMS = 200

# Above every character, so `value < prefix + _LAST` ends a range of values that begin with a prefix.
_LAST = "\U0010ffff"


@record
class Selection:
    """SQL for a set of documents: `with_sql` defines the table `name`, whose column `doc` holds each once."""

    with_sql: str
    name: str
    parameters: tuple[str, ...]


def select(collection: Collection, node: Node) -> Selection:
    """Returns the SQL that selects the documents of a collection that match a tree."""
    compiler = _Compiler(collection)
    name = compiler.compile(node)
    return Selection(with_sql="WITH " + ", ".join(compiler.sets), name=name, parameters=tuple(compiler.parameters))


def scan_condition(collection: Collection, where: Mapping[str, str], *, few: bool) -> tuple[str, tuple[str, ...]]:
    """Returns SQL (`AND ...`) and its parameters for documents whose keyword fields equal `where`.

    Args:
        collection: Whose documents.
        where: Values by field, checked already.
        few: Whether SQLite is to go from the values to the documents, or to look each document up as it comes along.
    """
    table = f"{collection}_keywords"
    one = f"AND doc IN (SELECT doc FROM {table} WHERE field = ? AND value = ?) "
    if not few:
        one = f"AND EXISTS (SELECT * FROM {table} WHERE field = ? AND value = ? AND doc = {collection}.doc) "
    return one * len(where), tuple(part for name, value in where.items() for part in (name, keyword(value)))


@dataclasses.dataclass
class _Compiler:
    collection: Collection
    sets: list[str] = dataclasses.field(default_factory=list)
    parameters: list[str] = dataclasses.field(default_factory=list)

    def compile(self, node: Node) -> str:
        """Adds the set of a node, and those it needs before it; returns its name."""
        match node:
            case All():
                return self._set(self._everything())
            case Exists():
                return self._exists(node.field)
            case Words() | Prefix():
                return self._keyword_prefix(node) if self._is_keyword_prefix(node) else self._match((node,), "AND")
            case Equals():
                return self._values((node,))
            case Range():
                return self._range(node)
            case And():
                return self._all_of(node)
            case Or():
                return self._any_of(node)
            case Not():
                return self._set(f"{self._everything()} EXCEPT SELECT doc FROM {self.compile(node.operand)}")

    def _set(self, select_sql: str, *parameters: str) -> str:
        name = f"set{len(self.sets)}"
        self.sets.append(f"{name}(doc) AS ({select_sql})")
        self.parameters.extend(parameters)
        return name

    def _everything(self) -> str:
        return f"SELECT doc FROM {self.collection}"

    def _all_of(self, node: And) -> str:
        wanted = self._merged([part for part in node.operands if not isinstance(part, Not)], "AND")
        unwanted = [self.compile(part.operand) for part in node.operands if isinstance(part, Not)]
        kept = self._combined(wanted, "INTERSECT") if wanted else self._set(self._everything())
        if not unwanted:
            return kept
        return self._set(f"SELECT doc FROM {kept} EXCEPT SELECT doc FROM {self._combined(unwanted, 'UNION')}")

    def _any_of(self, node: Or) -> str:
        values: dict[str, list[Equals]] = {}
        others: list[Node] = []
        for part in node.operands:
            if isinstance(part, Equals):
                values.setdefault(part.field, []).append(part)
            else:
                others.append(part)
        return self._combined(self._merged(others, "OR") + [self._values(same) for same in values.values()], "UNION")

    def _merged(self, parts: Sequence[Node], operator: str) -> list[str]:
        """Returns the parts' sets, with all words that one full-text index can answer in one set."""
        matches: dict[str, list[Words | Prefix]] = {}
        names = []
        for part in parts:
            if isinstance(part, Words | Prefix) and not self._is_keyword_prefix(part):
                matches.setdefault(_index(part), []).append(part)
            else:
                names.append(self.compile(part))
        for same in matches.values():
            names += [self._match(same[i : i + _MAX_TERMS], operator) for i in range(0, len(same), _MAX_TERMS)]
        return names

    def _combined(self, names: Sequence[str], operator: str) -> str:
        while len(names) > 1:
            groups = [names[i : i + _MAX_TERMS] for i in range(0, len(names), _MAX_TERMS)]
            names = [self._set(f" {operator} ".join(f"SELECT doc FROM {name}" for name in part)) for part in groups]
        return names[0]

    def _match(self, parts: Sequence[Words | Prefix], operator: str) -> str:
        table = f"{self.collection}_{_index(parts[0])}"
        expression = f" {operator} ".join(f"({_expression(part)})" for part in parts)
        return self._set(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", expression)

    def _is_keyword_prefix(self, node: Words | Prefix) -> bool:
        return isinstance(node, Prefix) and FIELDS[self.collection][node.fields[0]].type is FieldType.KEYWORD

    def _keyword_prefix(self, node: Words | Prefix) -> str:
        prefix = node.prefix if isinstance(node, Prefix) else ""
        return self._set(
            f"SELECT DISTINCT doc FROM {self.collection}_keywords WHERE field = ? AND value >= ? AND value < ?",
            node.fields[0],
            prefix,
            prefix + _LAST,
        )

    def _values(self, nodes: Sequence[Equals]) -> str:
        marks = ", ".join("?" * len(nodes))
        return self._set(
            f"SELECT DISTINCT doc FROM {self.collection}_keywords WHERE field = ? AND value IN ({marks})",
            nodes[0].field,
            *(node.value for node in nodes),
        )

    def _range(self, node: Range) -> str:
        """A stored interval is found when it has a day in common with the range."""
        conditions, parameters = ["field = ?"], [node.field]
        if node.last is not None:
            conditions.append("first <= ?")
            parameters.append(node.last)
        if node.first is not None:
            conditions.append("last >= ?")
            parameters.append(node.first)
        return self._set(
            f"SELECT DISTINCT doc FROM {self.collection}_dates WHERE {' AND '.join(conditions)}", *parameters
        )

    def _exists(self, name: str) -> str:
        field_type = FIELDS[self.collection][name].type
        if field_type is FieldType.TEXT:
            return self._set(f"SELECT doc FROM {self.collection}_words WHERE \"{name}\" <> ''")
        table = "dates" if field_type is FieldType.DATE else "keywords"
        return self._set(f"SELECT DISTINCT doc FROM {self.collection}_{table} WHERE field = ?", name)


def _index(node: Words | Prefix) -> str:
    return "exact" if isinstance(node, Prefix) or node.exact else "stems"


def _expression(node: Words | Prefix) -> str:
    """Returns FTS5's expression; words hold only letters, digits and marks, so nothing needs escaping."""
    words = f'"{node.prefix}" *' if isinstance(node, Prefix) else f'"{" ".join(node.words)}"'
    return f"{{{' '.join(node.fields)}}} : {words}"
