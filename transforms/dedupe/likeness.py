"""Decides from two texts' fingerprints whether one copies the other, or tells of the same event in part alike."""

import functools
from enum import IntEnum

import numpy as np

from transforms.dedupe.fingerprint import Fingerprint

# Calibrated on the 92 invented articles of tests/quality/invented, each edited in 17 ways (tests/dedupe/edits.py), and
# on all pairs of them and the gold articles as what must stay apart. Overlap (Jaccard, shingles of four words), mean
# and least, and how many are found as copies (in shared bands, too):
#
#   headline 0.94 0.90 100%     insert      0.83 0.73 100%     words  5% 0.69 0.53 100%
#   byline   1.00 1.00 100%     reorder     0.84 0.53 100%     words 10% 0.50 0.30  97%
#   dateline 0.98 0.95 100%     writethru   0.77 0.52 100%     words 15% 0.36 0.22  51%
#   cut 20%  0.79 0.78 100%     boilerplate 0.83 0.73 100%     words 20% 0.27 0.14   4%
#   cut 40%  0.59 0.57 100%     respell     0.97 0.87 100%     words 30% 0.14 0.07   0%
#   cut 60%  0.39 0.37  89%                                    words 40% 0.07 0.03   0%
#
# No two different articles overlap by more than 0.04. With a word in eight changed, three-word shingles overlap by half
# and four-word ones by 0.41: the threshold lies below that.
COPY_OVERLAP = 0.35

# Short versions: nearly all of the shorter is in the longer.
ABRIDGED_OVERLAP = 0.8
ABRIDGED_LEAST = 0.15

# Reports of one event that share paragraphs; bands find a pair at 0.15 three times of ten, at 0.3 eight of ten.
STORY_OVERLAP = 0.15

# Less is a phrase or two, not a text.
SHARED_SHINGLES = 16

# Two reports made by one template (a dividend, a fixture, a signing) share their words but not their names and numbers:
# at most 0.63 of them in 4,950 pairs of tests/synthetic.py that overlap by 0.35; edited copies share at least 0.8.
NAMES_OVERLAP = 0.65
FEWEST_NAMES = 4

# Pages that print one report among headlines of their own have other names around it: of 198 pairs of copies between
# such lists 23 failed by their names alone, at overlaps of 0.68 and more, and shared at least 0.8 of their telling
# sentences. Reports made by one template share at most 0.72 of them, by a notice that all of them end with.
SENTENCES_OVERLAP = 0.75
FEWEST_SENTENCES = 3

# Yesterday's market report has the same names and other figures: in 2,175 pairs made by five templates at most 0.6 of
# them are the same, in edited copies and updates at least 0.83 (tests/dedupe/templates.py, edits.py).
NUMBERS_OVERLAP = 0.65
FEWEST_NUMBERS = 6

_PAIRS_KEPT = 16_384


class Likeness(IntEnum):
    """How alike two texts are, from nothing to one being a copy of the other."""

    NONE = 0
    STORY = 1
    COPY = 2


def _shared(one: bytes, other: bytes, dtype: type[np.unsignedinteger]) -> tuple[int, int, int]:
    a, b = np.frombuffer(one, dtype), np.frombuffer(other, dtype)
    return len(np.intersect1d(a, b, assume_unique=True)), len(a), len(b)


def _names_agree(one: Fingerprint, other: Fingerprint) -> bool:
    return _agree(one.names, other.names, FEWEST_NAMES, NAMES_OVERLAP)


def _sentences_agree(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether most sentences with a date, a number or an agreement word are the same in the text that has fewer."""
    shared, mine, theirs = _shared(one.telling, other.telling, np.uint64)
    return shared >= FEWEST_SENTENCES and shared >= SENTENCES_OVERLAP * min(mine, theirs)


def _numbers_agree(one: Fingerprint, other: Fingerprint) -> bool:
    return _agree(one.numbers, other.numbers, FEWEST_NUMBERS, NUMBERS_OVERLAP)


def _agree(one: bytes, other: bytes, least: int, share: float) -> bool:
    """Whether two texts share enough of the shorter list; too short a list tells nothing."""
    shared, mine, theirs = _shared(one, other, np.uint32)
    fewest = min(mine, theirs)
    return fewest < least or shared >= share * fewest


def overlap(one: Fingerprint, other: Fingerprint) -> float:
    """Returns the share of two texts' shingles that both have (Jaccard)."""
    shared, mine, theirs = _shared(one.shingles, other.shingles, np.uint32)
    return shared / (mine + theirs - shared)


@functools.lru_cache(maxsize=_PAIRS_KEPT)
def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Returns how alike two texts are, by the exact overlap of their shingles; the same either way round."""
    shared, mine, theirs = _shared(one.shingles, other.shingles, np.uint32)
    overlap = shared / (mine + theirs - shared)
    held = shared / min(mine, theirs)
    if shared < SHARED_SHINGLES or overlap < STORY_OVERLAP:
        return Likeness.NONE
    if not _names_agree(one, other) and not _sentences_agree(one, other):
        return Likeness.NONE
    if overlap >= COPY_OVERLAP or (held >= ABRIDGED_OVERLAP and overlap >= ABRIDGED_LEAST):
        return Likeness.COPY if _numbers_agree(one, other) else Likeness.STORY
    return Likeness.STORY
