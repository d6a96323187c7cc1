"""Some documents in memory, searched as the store searches them; a set of them is a number with a bit for each.

What a field holds is made into words, values and days by the store's own analysis, and stems are those of its index, so
that a rule means in the stream what its query means in a search. Only fields that are asked are looked at.
"""

import bisect
import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from transforms.alert.stems import STEMS
from transforms.store.analysis import analysed_words, keyword
from transforms.store.dates import day_interval
from transforms.store.fields import FIELDS, field_values
from transforms.store.protocol import Collection, Document

# Above every character, so `prefix + _LAST` ends what begins with a prefix.
_LAST = "\U0010ffff"

type Values = Sequence[Sequence[str]]  # of one field, for each document
type Holders = Mapping[str, int]


class TextField:
    """A text field of some documents: which of them hold a word, a stem, or several in a row.

    Args:
        values: For each document.
        asked: The stems that will be asked for; None for any.
    """

    def __init__(self, values: Values, asked: frozenset[str] | None) -> None:
        self._words = [analysed_words(each) for each in values]
        self._asked = asked
        self._text = functools.cache(lambda place: f" {' '.join(self._words[place])} ")
        self._stemmed_text = functools.cache(lambda place: f" {' '.join(map(self._stem_of, self._words[place]))} ")

    @functools.cached_property
    def words(self) -> Holders:
        """For each word the documents that hold it."""
        return _holders(map(set, self._words))

    @functools.cached_property
    def stems(self) -> Holders:
        """For each stem that will be asked for the documents that hold a word of it."""
        words = frozenset[str]().union(*self._words)
        stems, asked = STEMS.of(words), self._asked
        # Most words of an article are in no rule: to pass them over in one step makes this three times as fast.
        wanted = words if asked is None else {word for word in words if stems[word] in asked}
        return _holders({stems[word] for word in wanted.intersection(each)} for each in self._words)

    @functools.cached_property
    def _stem_of(self) -> Callable[[str], str]:
        return STEMS.of(frozenset[str]().union(*self._words)).__getitem__

    def in_a_row(self, words: Sequence[str], *, exact: bool) -> int:
        """Returns the documents that hold words (or stems, where not exact) side by side."""
        masks = self.words if exact else self.stems
        found = functools.reduce(operator.and_, [masks.get(word, 0) for word in words])
        text, phrase = self._text if exact else self._stemmed_text, f" {' '.join(words)} "
        return sum(1 << place for place in places(found) if phrase in text(place))

    def any(self) -> int:
        """Returns the documents that hold a word."""
        return sum(1 << place for place, words in enumerate(self._words) if words)


class TextFields:
    """Some text fields of some documents, any of which will do."""

    def __init__(self, fields: Sequence[TextField]) -> None:
        self._fields = fields

    @functools.cached_property
    def words(self) -> Holders:
        """For each word the documents that hold it."""
        return _merged([field.words for field in self._fields])

    @functools.cached_property
    def stems(self) -> Holders:
        """For each stem the documents that hold a word of it."""
        return _merged([field.stems for field in self._fields])

    @functools.cached_property
    def _ordered(self) -> list[str]:
        return sorted(self.words)

    def in_a_row(self, words: Sequence[str], *, exact: bool) -> int:
        """Returns the documents that hold words (or stems, where not exact) side by side in one of the fields."""
        return _union(field.in_a_row(words, exact=exact) for field in self._fields)

    def beginning(self, prefix: str) -> int:
        """Returns the documents that hold a word that begins so."""
        return _beginning(prefix, self.words, self._ordered)

    def any(self) -> int:
        """Returns the documents that hold a word."""
        return _union(field.any() for field in self._fields)


class KeywordField:
    """A keyword field of some documents: which of them hold a value.

    Args:
        values: For each document.
    """

    def __init__(self, values: Values) -> None:
        self.values: Holders = _holders(set(filter(None, map(keyword, each))) for each in values)

    @functools.cached_property
    def _ordered(self) -> list[str]:
        return sorted(self.values)

    def beginning(self, prefix: str) -> int:
        """Returns the documents that hold a value that begins so."""
        return _beginning(prefix, self.values, self._ordered)

    def any(self) -> int:
        """Returns the documents that hold a value."""
        return _union(self.values.values())


class DateField:
    """A date field of some documents: which of them hold a day.

    Args:
        values: For each document.
    """

    def __init__(self, values: Values) -> None:
        self._days = [
            (*days, 1 << place) for place, each in enumerate(values) for days in map(day_interval, each) if days
        ]

    def within(self, first: str | None, last: str | None) -> int:
        """Returns the documents with a date of which some day lies between two days (YYYY-MM-DD); None is open."""
        return _union(
            holder
            for begins, ends, holder in self._days
            if (last is None or begins <= last) and (first is None or ends >= first)
        )

    def any(self) -> int:
        """Returns the documents that have a date."""
        return self.within(None, None)


class Batch:
    """Documents of one collection; their fields are made ready when first asked for.

    Args:
        collection: The documents'.
        documents: In the order in which they are found.
        asked: The stems that will be asked for; None for any.

    Attributes:
        all: The set of all of them; the first document has the lowest bit.
        ids: Returns the ids of a set of documents, in the order given.
        text: Returns text fields, by a tuple of names, any of which will do.
        keyword, date: Returns a field, by name.
    """

    def __init__(
        self, collection: Collection, documents: Sequence[Document], asked: frozenset[str] | None = None
    ) -> None:
        self._fields = FIELDS[collection]
        self._documents = documents
        self.all = (1 << len(documents)) - 1
        self._text = functools.cache(lambda name: TextField(self._values(name), asked))
        self.text = functools.cache(lambda names: TextFields([self._text(name) for name in names]))
        self.keyword = functools.cache(lambda name: KeywordField(self._values(name)))
        self.date = functools.cache(lambda name: DateField(self._values(name)))

        self.ids = functools.cache(lambda found: [self._documents[place].id for place in places(found)])

    def _values(self, name: str) -> Values:
        field = self._fields[name]
        return [field_values(field, document.id, document.body) for document in self._documents]


def places(found: int) -> Iterator[int]:
    """Yields the places of a set's documents in the batch."""
    while found:
        lowest = found & -found
        yield lowest.bit_length() - 1
        found ^= lowest


def _holders(values: Iterable[set[str]]) -> Holders:
    found: dict[str, int] = {}
    bit = 1
    for each in values:
        for value in each:
            found[value] = found.get(value, 0) | bit
        bit <<= 1
    return found


def _merged(masks: Sequence[Holders]) -> Holders:
    if len(masks) == 1:
        return masks[0]
    found: dict[str, int] = {}
    for each in masks:
        for value, holders in each.items():
            found[value] = found.get(value, 0) | holders
    return found


def _beginning(prefix: str, masks: Holders, ordered: Sequence[str]) -> int:
    first, end = bisect.bisect_left(ordered, prefix), bisect.bisect_left(ordered, prefix + _LAST)
    return _union(masks[each] for each in ordered[first:end])


def _union(masks: Iterable[int]) -> int:
    return functools.reduce(operator.or_, masks, 0)
