"""Makes of a text what it is compared by: word shingles, names and numbers, and a MinHash signature.

All of it follows from the text alone, so that it can be kept beside the text's hash and made anew at any time.
"""

import functools
import itertools
import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from transforms.dedupe.telling import sentences_of, telling_hashes
from transforms.records import record
from transforms.store.analysis import split_lines, split_words

# Words in a shingle. Of 4,950 pairs of unrelated articles (the gold and the invented ones) 1.2 in a million share one
# band of two rows at 4 words and 6 at 3; with 5 a tenth of the words changed would already halve what a pair shares.
SHINGLE_WORDS = 4

# Two rows a band and 16 bands find a pair that shares a quarter of its shingles 64 times of 100, a third 85, half 99:
# 1 - (1 - J^2)^16 (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4.2; measured the same).
SIGNATURE_ROWS = 32
ROW_BYTES = 4

_SEED = 1

_WORDS_KEPT = 65_536  # some 8 MB; the words of a hundred thousand articles are mostly the same

# Odd 64-bit constants that spread bits (the mixers of splitmix64 and xxHash).
_SPREAD = tuple(
    np.uint64(number)
    for number in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0xBF58476D1CE4E5B9)
)
_SHIFT = np.uint64(29)
_HALF = np.uint64(32)


# Capitalised words inside sentences, and numbers: what two reports made by one template differ in.
_NAME = re.compile(r" ([A-Z0-9À-ÖØ-Þ]\S*)")
_NUMBER = re.compile(r"\d+(?:[.:]\d+)*")


@record
class Fingerprint:
    """What a text is compared by.

    Attributes:
        shingles: Hashes of its word shingles: sorted unsigned 32-bit numbers.
        names: Hashes of its names and numbers: sorted unsigned 32-bit numbers.
        telling: Hashes of its sentences with a date or agreement word: sorted unsigned 64-bit numbers.
        signature: Its MinHash: `SIGNATURE_ROWS` unsigned 32-bit numbers.
        numbers: Hashes of the numbers in it, whole ("1.25"): sorted unsigned 32-bit numbers; empty where it was made
            before they were kept.
    """

    shingles: bytes
    names: bytes
    telling: bytes
    signature: bytes
    numbers: bytes = b""


def fingerprint(text: str) -> Fingerprint:
    """Returns what a text is compared by; letter case, accents and punctuation make no difference."""
    sentences = sentences_of(text)
    lines = "\n".join(sentences)
    words = split_lines(lines) if sentences else []
    shingles = _shingles([word for said in words for word in said])
    rows = RMinHash.digest_matrix_from_flat_token_hashes(
        shingles.astype(np.uint64), [0, len(shingles)], SIGNATURE_ROWS, _SEED
    ).to_rows()[0]
    return Fingerprint(
        shingles=shingles.tobytes(),
        names=_names(lines).tobytes(),
        telling=_distinct(np.array(telling_hashes(sentences, words), dtype=np.uint64)).tobytes(),
        signature=np.array(rows, dtype=np.uint32).tobytes(),
        numbers=_numbers(sentences, words).tobytes(),
    )


class _WordHashes(dict[str, int]):
    """The CRC-32 of words, remembered: a function that is the same for ever; `_shingles` spreads its bits."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _WORDS_KEPT:
            self.clear()
        return self.setdefault(word, zlib.crc32(word.encode("utf-8", "surrogatepass")))


_word_hash = _WordHashes().__getitem__


@functools.lru_cache(maxsize=_WORDS_KEPT)
def _name_hashes(name: str) -> tuple[int, ...]:
    """Returns the hashes of the words in a name as written ("U.S.-brokered" has three)."""
    return tuple(map(_word_hash, split_words(name)))


def _names(lines: str) -> NDArray[np.uint32]:
    """Returns the hashes of a text's names and numbers, each once."""
    found = itertools.chain.from_iterable(map(_name_hashes, _NAME.findall(lines)))
    return _distinct(np.fromiter(found, dtype=np.uint32))


def _numbers(sentences: Sequence[str], words: Sequence[Sequence[str]]) -> NDArray[np.uint32]:
    """Returns the hashes of a text's numbers, each once; most sentences have none, as their words tell at once."""
    said = "\n".join(sentence for sentence, own in zip(sentences, words, strict=True) if not "".join(own).isalpha())
    return _distinct(_hashes(_NUMBER.findall(said.replace(",", ""))).astype(np.uint32))


def _hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    return np.fromiter(map(_word_hash, words), dtype=np.uint64, count=len(words))


def _distinct[T: np.unsignedinteger](numbers: NDArray[T]) -> NDArray[T]:
    """Returns an array's numbers once each, sorted; for some hundreds eight times faster than `numpy.unique`."""
    numbers.sort()
    return numbers[:1] if len(numbers) < 2 else numbers[np.concatenate(([True], numbers[1:] != numbers[:-1]))]


def _shingles(words: Sequence[str]) -> NDArray[np.uint32]:
    """Returns the hashes of all runs of `SHINGLE_WORDS` words, each once; of a shorter text, the whole as one."""
    hashes = _hashes(words)
    missing = max(0, SHINGLE_WORDS - len(hashes))
    hashes = np.concatenate([hashes, np.zeros(missing, np.uint64)])
    count = len(hashes) - SHINGLE_WORDS + 1
    mixed = np.zeros(count, np.uint64)
    for place in range(SHINGLE_WORDS):
        mixed += hashes[place : place + count]
        mixed *= _SPREAD[place]
        mixed ^= mixed >> _SHIFT
    mixed *= _SPREAD[-1]
    return _distinct((mixed >> _HALF).astype(np.uint32))
