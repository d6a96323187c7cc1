"""Decides from two texts' fingerprints whether one copies the other, or tells of the same event in part alike."""

import functools
from enum import IntEnum

import numpy as np

from transforms.dedupe.fingerprint import Fingerprint

# See tests/dedupe/test_recall.py for how the thresholds were calibrated.
COPY_OVERLAP = 0.35
ABRIDGED_OVERLAP = 0.8
ABRIDGED_LEAST = 0.15
STORY_OVERLAP = 0.15
SHARED_SHINGLES = 16
NAMES_OVERLAP = 0.5
FEWEST_NAMES = 4

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
    shared, mine, theirs = _shared(one.names, other.names, np.uint32)
    fewest = min(mine, theirs)
    return fewest < FEWEST_NAMES or shared >= NAMES_OVERLAP * fewest


@functools.lru_cache(maxsize=_PAIRS_KEPT)
def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Returns how alike two texts are, by the exact overlap of their shingles; the same either way round."""
    shared, mine, theirs = _shared(one.shingles, other.shingles, np.uint32)
    overlap = shared / (mine + theirs - shared)
    held = shared / min(mine, theirs)
    if shared < SHARED_SHINGLES or overlap < STORY_OVERLAP or not _names_agree(one, other):
        return Likeness.NONE
    if overlap >= COPY_OVERLAP or (held >= ABRIDGED_OVERLAP and overlap >= ABRIDGED_LEAST):
        return Likeness.COPY
    return Likeness.STORY
