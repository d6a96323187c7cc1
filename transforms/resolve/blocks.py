"""The blocks in which mentions are listed, so that all that may be the same agreement are found by id."""

import datetime
import functools
import itertools
from collections.abc import Iterable

from transforms.records import digest
from transforms.resolve.sketch import FOLLOWED_DAYS, KEPT, PARTIAL_FOLLOWED_DAYS, Sketch, is_partial, tokens

# Pairs of parties a mention is listed under; a summit of forty is found by its first ones as well.
_MAX_PARTIES = 6

_WINDOW_DAYS = PARTIAL_FOLLOWED_DAYS + 1  # whatever may be the same is in the same window or the next

_YEAR_DAYS = 366


def _pairs(sketch: Sketch) -> set[tuple[str, str]]:
    return set(itertools.combinations(sketch.parties[:_MAX_PARTIES], 2))


def _near_blocks(sketch: Sketch, windows: Iterable[int]) -> set[str]:
    """Returns the blocks of what parties are known by: their ids, countries and surnames."""
    return {digest("near", token, str(window)) for token in tokens(sketch, _MAX_PARTIES) for window in windows}


def _window(sketch: Sketch) -> int:
    return (sketch.day or 0) // _WINDOW_DAYS


@functools.lru_cache(maxsize=KEPT)
def near_in(sketch: Sketch) -> frozenset[str]:
    """Returns the blocks that list, beside many others, all of about the same days that have a side in common."""
    window = _window(sketch)
    return frozenset() if sketch.day is None else frozenset(_near_blocks(sketch, range(window - 1, window + 2)))


def at_hand(sketch: Sketch) -> frozenset[str]:
    """Returns names by which those find each other at hand that `near_in` finds in the store."""
    window = _window(sketch)  # of two windows, so that neighbours share one
    return frozenset() if sketch.day is None else frozenset(_near_blocks(sketch, (window, window + 1)))


def _year(day: int) -> int:
    return datetime.date.fromordinal(day).year


def _pair_blocks(sketch: Sketch, years: Iterable[int | None]) -> set[str]:
    return {digest("pair", *pair, str(year)) for pair in _pairs(sketch) for year in years}


def _lone_blocks(sketch: Sketch, windows: Iterable[int]) -> set[str]:
    return {digest("lone", party, str(window)) for party in sketch.parties[:_MAX_PARTIES] for window in windows}


def is_lone(sketch: Sketch) -> bool:
    """Whether the pairs of parties by which others find a mention may not be all it has in common with them."""
    return is_partial(sketch) or len(sketch.parties) > _MAX_PARTIES


def listed_in(sketch: Sketch) -> frozenset[str]:
    """Returns the blocks that list a mention: its pairs of parties by year, its sides by window, its names and label.

    One without any of these is listed by itself.
    """
    blocks = {digest("label", sketch.label)} if sketch.label else set()
    blocks |= {digest("name", name) for name in sketch.names}
    if sketch.day is None:
        blocks |= _pair_blocks(sketch, [None])
    else:
        blocks |= _pair_blocks(sketch, [_year(sketch.day)])
        blocks |= _near_blocks(sketch, [_window(sketch)])
        blocks |= _lone_blocks(sketch, [_window(sketch)]) if is_lone(sketch) else set()
    return frozenset(blocks or {digest("mention", sketch.key)})


@functools.lru_cache(maxsize=KEPT)
def sought_in(sketch: Sketch) -> frozenset[str]:
    """Returns the blocks in which all mentions are listed that may be the same agreement as this one."""
    if sketch.day is None:
        return listed_in(sketch)
    last = sketch.reached[1] if sketch.reached else sketch.day
    # One that may have been reached any day of a year is filed under its first.
    years = range(_year(sketch.day - FOLLOWED_DAYS - _YEAR_DAYS), _year(last + FOLLOWED_DAYS) + 1)
    window = _window(sketch)
    lone = _lone_blocks(sketch, range(window - 1, window + 2))
    return listed_in(sketch) | _pair_blocks(sketch, years) | lone | near_in(sketch)
