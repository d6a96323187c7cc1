"""Says with which symbols a word pattern can begin, and which it cannot do without.

Most patterns have nothing to find in most articles. What is known here lets them be passed over without a search, and
fail at once where they cannot begin.
"""

import functools
from collections.abc import Iterator, Sequence

from transforms.extract.timex.lexer import data, items_of, symbols_of
from transforms.records import record

_REPEATED = ("?", "*", "+", "{")
_OPTIONAL = ("?", "*", "{0")  # repeated as often as one likes, or not at all


@record
class Needs:
    """What a pattern needs of a text.

    Attributes:
        first: The symbols it can begin with; None for any symbol.
        without: Groups of symbols: where a text has none of a group, the pattern matches nowhere in it.
        empty: Whether it can match nothing at all.
    """

    first: frozenset[str] | None
    without: tuple[frozenset[str], ...] = ()
    empty: bool = False


_NOTHING = Needs(first=frozenset(), empty=True)


@functools.cache
def needs_of(pattern: str) -> Needs:
    """Returns what a pattern of `patterns.yaml` needs.

    Args:
        pattern: In the language described at the head of `patterns.yaml`.

    Raises:
        KeyError: The pattern names an unknown class.
    """
    return _alternatives(_Reader(items_of(pattern)))


class _Reader:
    """The items of a pattern, read one after the other."""

    def __init__(self, items: Sequence[str]) -> None:
        self._items = iter(items)
        self.next: str | None = next(self._items, None)

    def take(self) -> str:
        item = self.next or ""
        self.next = next(self._items, None)
        return item


def _alternatives(items: _Reader) -> Needs:
    found = [_sequence(items)]
    while items.next == "|":
        items.take()
        found.append(_sequence(items))
    return found[0] if len(found) == 1 else _either(found)


def _either(found: Sequence[Needs]) -> Needs:
    anything = any(one.first is None for one in found)
    each = all(one.without for one in found)
    return Needs(
        first=None if anything else frozenset().union(*(one.first or () for one in found)),
        without=(frozenset().union(*(one.without[-1] for one in found)),) if each else (),
        empty=any(one.empty for one in found),
    )


def _sequence(items: _Reader) -> Needs:
    return functools.reduce(_after, _elements(items), _NOTHING)


def _after(before: Needs, behind: Needs) -> Needs:
    """Returns the needs of two patterns that follow each other."""
    first = before.first
    if before.empty:
        first = None if first is None or behind.first is None else first | behind.first
    return Needs(first=first, without=before.without + behind.without, empty=before.empty and behind.empty)


def _elements(items: _Reader) -> Iterator[Needs]:
    while items.next not in (None, "|", ")", ">"):
        found = _element(items)
        repeated = items.take() if items.next is not None and items.next.startswith(_REPEATED) else ""
        yield Needs(first=found.first, empty=True) if repeated.startswith(_OPTIONAL) else found


def _element(items: _Reader) -> Needs:
    item = items.take()
    if item in ("(", "NOT(") or item.startswith("<"):
        inside = _alternatives(items)
        items.take()
        return _NOTHING if item == "NOT(" else inside  # what must not follow takes up nothing
    if item == "ANY":
        return Needs(first=None)
    macros = data()["macros"]
    if item in macros:
        return needs_of(macros[item])
    symbols = frozenset(symbols_of(item))
    return Needs(first=symbols, without=(symbols,))
