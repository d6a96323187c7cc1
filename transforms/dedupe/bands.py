"""Lists every text in the bands of its MinHash signature, so that texts like it are found by id.

A band is some rows of the signature; texts with the same rows share its document. A band in which too many texts are
listed holds what they all print (a notice, a template) and is closed: it finds nothing more, and its texts are listed
by twice as many rows instead, which only closer copies share. Whether a band is closed follows from how many texts
were ever listed in it, so it ends the same in whatever order they came.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence

from rensa import RMinHash

from transforms.dedupe.fingerprint import ROW_BYTES, SIGNATURE_ROWS
from transforms.store.change import Body, change_documents
from transforms.store.protocol import Collection, Document, Store

ROWS = 2
BANDS = SIGNATURE_ROWS // ROWS

# Rows of a band: 2, 4, 8, 16, 32. The widest are shared by near-identical texts alone.
LEVELS = 5

# Above this many texts a band is closed. A wire report has some dozens of versions; a template has thousands.
MOST_LISTED = 200

# Texts whose bands are kept at hand: one is asked for when it is judged, when it is done, and by its copies.
_KEPT = 1_024


# The numbers of the bands in which each of some texts is looked at, by hash.
type _Places = Mapping[str, Sequence[int]]


class Bands:
    """The bands of some texts, as read from the store once.

    What was listed before a text was itself is seen by it; whoever is listed later sees it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listed: dict[str, Sequence[str]] = {}
        self._left: set[str] = set()

    def found(self, signatures: Mapping[str, bytes]) -> dict[str, set[str]]:
        """Returns for each text (hash to signature) those that share an open band with it, itself too."""
        found: dict[str, set[str]] = {text: set() for text in signatures}
        for keys, places in self._levels(signatures, self._load):
            for text, numbers in places.items():
                for number in numbers:
                    listed = self._listed[keys[text][number]]
                    if not is_closed(listed):
                        found[text].update(listed)
        return found

    def list_texts(self, signatures: Mapping[str, bytes]) -> set[str]:
        """Lists texts (hash to signature) in their bands.

        Returns:
            The other texts of bands that one of these closed: they must be listed anew. Whoever closed a band can tell
            so ever after, so that a run that was killed in between does it when it is started again.
        """
        moved: set[str] = set()
        for keys, places in self._levels(signatures, self._append):
            for text, numbers in places.items():
                for key in (keys[text][number] for number in numbers):
                    listed = self._listed[key]
                    if is_closed(listed) and listed[-1] == text and key not in self._left:
                        self._left.add(key)
                        moved.update(listed[:-1])
        return moved

    def _levels(
        self, signatures: Mapping[str, bytes], settle: Callable[[Mapping[str, Sequence[str]], _Places], None]
    ) -> Iterator[tuple[Mapping[str, Sequence[str]], _Places]]:
        """Yields the keys of texts' bands and which of them count: all at first, then wider ones for those closed.

        Args:
            signatures: By the text's hash.
            settle: Brings the bands of a level to hand before they are yielded.
        """
        places: _Places = dict.fromkeys(signatures, range(BANDS))
        for level in range(LEVELS):
            keys = {text: _keys(signatures[text], level) for text in places}
            settle(keys, places)
            yield keys, places
            closed = {
                text: [number for number in numbers if is_closed(self._listed[keys[text][number]])]
                for text, numbers in places.items()
            }
            places = {text: numbers for text, numbers in closed.items() if numbers}
            if not places:
                return

    def _load(self, keys: Mapping[str, Sequence[str]], places: _Places) -> None:
        wanted = {keys[text][number] for text, numbers in places.items() for number in numbers}
        missing = list(wanted - self._listed.keys())
        stored = self._store.get(Collection.BANDS, missing) if missing else {}
        self._listed.update((key, stored[key].body["texts"] if key in stored else ()) for key in missing)

    def _append(self, keys: Mapping[str, Sequence[str]], places: _Places) -> None:
        """Appends texts to their bands; those somebody else changed meanwhile are read and tried again.

        Nine bands of ten are new, so all are made first, and only those that were there are read.
        """
        alone = {text: {"texts": [text]} for text in places}  # one body for the bands in which a text is alone
        made: dict[str, Body] = {}
        joining: dict[str, list[str]] = {}
        for text, numbers in places.items():
            for key in (keys[text][number] for number in numbers):
                first = made.setdefault(key, alone[text])
                if first is not alone[text]:
                    joining.setdefault(key, [*first["texts"]]).append(text)
        made |= {key: _body_with(texts, None) for key, texts in joining.items()}
        new = [(Document(id=key, body=made[key]), None) for key in sorted(made)]
        there = [
            document.id
            for (document, _), done in zip(new, self._store.compare_and_set_each(Collection.BANDS, new), strict=True)
            if not done
        ]
        changes = {key: functools.partial(_body_with, made[key]["texts"]) for key in there}
        bodies = made | change_documents(self._store, Collection.BANDS, changes)
        self._listed.update((key, body["texts"]) for key, body in bodies.items())


def _body_with(texts: Sequence[str], body: Body | None) -> Body:
    return {"texts": _appended(list(body["texts"]) if body else [], texts)}


def _appended(listed: list[str], texts: Sequence[str]) -> list[str]:
    """Returns a band's texts with further ones at the end; one that closes it is the last."""
    new = [text for text in dict.fromkeys(texts) if text not in listed]
    return listed + new[: max(0, MOST_LISTED + 1 - len(listed))]


def is_closed(listed: Sequence[str]) -> bool:
    """Whether a band with these texts finds nothing more."""
    return len(listed) > MOST_LISTED


@functools.lru_cache(maxsize=_KEPT)
def _keys(signature: bytes, level: int) -> tuple[str, ...]:
    """Returns the ids of the bands of a signature at one level."""
    rows = (signature + signature).hex()  # at once, as each band would be a slice of bytes else
    step, length = 2 * ROWS * ROW_BYTES, 2 * (ROWS << level) * ROW_BYTES
    return tuple(mark + rows[number * step : number * step + length] for number, mark in enumerate(_marks(level)))


@functools.cache
def _marks(level: int) -> tuple[str, ...]:
    return tuple(bytes((RMinHash.ALGORITHM_VERSION, level, number)).hex() for number in range(BANDS))
