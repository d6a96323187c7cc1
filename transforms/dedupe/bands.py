"""Lists every text in the bands of its MinHash signature, so that texts like it are found by id.

A band is some rows of the signature; texts with the same rows share its document. A band in which too many texts are
listed holds what they all print (a notice, a template) and is closed: it finds nothing more, and its texts are listed
by twice as many rows instead, which only closer copies share. Whether a band is closed follows from how many texts
were ever listed in it, so it ends the same in whatever order they came.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

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


class Band(NamedTuple):  # 16 for each article, and cheaper to make than a record
    """One band of a text's signature: the text's hash, which band, how often it was widened, its document's id."""

    text: str
    number: int
    level: int
    key: str


def _band(text: str, signature: bytes, number: int, level: int) -> Band:
    start = number * ROWS * ROW_BYTES
    rows = (signature + signature)[start : start + (ROWS << level) * ROW_BYTES]
    return Band(text, number, level, (bytes((RMinHash.ALGORITHM_VERSION, level, number)) + rows).hex())


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
        bands = _first(signatures)
        while bands:
            self._load(bands)
            closed = [band for band in bands if is_closed(self._listed[band.key])]
            for band in bands:
                if not is_closed(self._listed[band.key]):
                    found[band.text].update(self._listed[band.key])
            bands = _wider(closed, signatures)
        return found

    def list_texts(self, signatures: Mapping[str, bytes]) -> set[str]:
        """Lists texts (hash to signature) in their bands.

        Returns:
            The other texts of bands that one of these closed: they must be listed anew. Whoever closed a band can tell
            so ever after, so that a run that was killed in between does it when it is started again.
        """
        moved: set[str] = set()
        bands = _first(signatures)
        while bands:
            self._append(bands)
            closed = [band for band in bands if is_closed(self._listed[band.key])]
            for band in closed:
                listed = self._listed[band.key]
                if listed[-1] == band.text and band.key not in self._left:
                    self._left.add(band.key)
                    moved.update(listed[:-1])
            bands = _wider(closed, signatures)
        return moved

    def _load(self, bands: Iterable[Band]) -> None:
        missing = list({band.key for band in bands} - self._listed.keys())
        stored = self._store.get(Collection.BANDS, missing) if missing else {}
        self._listed.update((key, stored[key].body["texts"] if key in stored else ()) for key in missing)

    def _append(self, bands: Sequence[Band]) -> None:
        """Appends texts to their bands; those somebody else changed meanwhile are read and tried again.

        Nine bands of ten are new, so all are made first, and only those that were there are read.
        """
        joining: dict[str, list[str]] = {}
        for band in bands:
            joining.setdefault(band.key, []).append(band.text)
        made = {key: _body_with(texts, None) for key, texts in sorted(joining.items())}
        new = [(Document(id=key, body=body), None) for key, body in made.items()]
        there = [
            document.id
            for (document, _), done in zip(new, self._store.compare_and_set_each(Collection.BANDS, new), strict=True)
            if not done
        ]
        changes = {key: functools.partial(_body_with, joining[key]) for key in there}
        bodies = made | change_documents(self._store, Collection.BANDS, changes)
        self._listed.update((key, body["texts"]) for key, body in bodies.items())


def _body_with(texts: Sequence[str], body: Body | None) -> Body:
    if body is None and len(texts) == 1:  # as nearly always
        return {"texts": texts}
    return {"texts": _appended(list(body["texts"]) if body else [], texts)}


def _appended(listed: list[str], texts: Sequence[str]) -> list[str]:
    """Returns a band's texts with further ones at the end; one that closes it is the last."""
    new = [text for text in dict.fromkeys(texts) if text not in listed]
    return listed + new[: max(0, MOST_LISTED + 1 - len(listed))]


def is_closed(listed: Sequence[str]) -> bool:
    """Whether a band with these texts finds nothing more."""
    return len(listed) > MOST_LISTED


@functools.lru_cache(maxsize=_KEPT)
def _narrowest(text: str, signature: bytes) -> tuple[Band, ...]:
    return tuple(_band(text, signature, number, 0) for number in range(BANDS))


def _first(signatures: Mapping[str, bytes]) -> list[Band]:
    return [band for text, signature in signatures.items() for band in _narrowest(text, signature)]


def _wider(closed: Sequence[Band], signatures: Mapping[str, bytes]) -> list[Band]:
    return [
        _band(band.text, signatures[band.text], band.number, band.level + 1)
        for band in closed
        if band.level + 1 < LEVELS
    ]
